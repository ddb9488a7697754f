// Lines of the source files that a profile names.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

class SourceFiles {
 public:
  // Folders of `search` are separated by ':'; "" is the working folder. An absolute path must exist as it is
  // (once `trim` or the heuristic of trim_path made it no shorter); a relative one is looked for in each
  // folder and in its parents. Unless `go_compat`, what is not found that way is looked for in the module
  // cache and in GOROOT, where a build on another machine or with -trimpath had it.
  SourceFiles(std::string search, std::string trim, bool go_compat);

  // One line, from 1, without its end; null beyond the end or when there is no such file.
  const std::string* line(const std::string& file, std::int64_t number);
  // Why the file could not be read; "" when it was.
  const std::string& error(const std::string& file);

 private:
  struct File {
    std::vector<std::string> lines;
    std::string error;
  };
  File& read(const std::string& file);
  Result<std::string> find(const std::string& file) const;

  std::string search_, trim_;
  bool go_compat_;
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace memsnap
