// A tree of Go source, checked by the rules of memsnap check.
#pragma once

#include "base/result.h"
#include "gosrc/source_file.h"
#include "lint/print.h"
#include "verbs/check_look.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace memsnap {

// What was found, and the files that it names.
class CheckedTree {
 public:
  static Result<CheckedTree> open(const TreeOptions& options);

  misuse::CheckResult& result() { return look_.result; }
  const CacheUse& cache_use() const { return look_.use; }
  LintReport report(bool notes);  // takes the diagnostics
  LineSource lines() const;       // as long as the tree lives
  // A file that a diagnostic names, parsed anew; null when there is none of that name.
  const SourceFile* file(const std::string& shown);
  bool is_generated(const std::string& shown);
  std::string path_of(const std::string& shown) const;  // "" likewise

 private:
  struct Text {
    std::string bytes;
    std::vector<std::size_t> lines;  // where each begins
  };
  std::string_view line(const std::string& shown, int number) const;

  Look look_;
  std::vector<std::string> rules_;
  mutable std::map<std::string, Text, std::less<>> texts_;  // by path
  std::unique_ptr<NameTable> names_;
  std::map<std::string, SourceFile, std::less<>> files_;  // by path
};

}  // namespace memsnap
