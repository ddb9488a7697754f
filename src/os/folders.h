// Folders and streams: what goes to and comes from places that are not simply a file of ours.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Everything that a file, pipe or device gives until it ends; "-" is standard input. Waits for who writes.
Result<std::string> read_input(const std::string& path, std::size_t limit);

// A file that is written as a shell's > does it: links are followed, what was there is gone.
class OutputFile {
 public:
  static Result<OutputFile> open(const std::string& path);
  // The first of folder/prefix001suffix, folder/prefix002suffix … that is not there yet; mode 0600.
  static Result<OutputFile> open_new(const std::string& folder, const std::string& prefix,
                                     const std::string& suffix);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  const std::string& path() const { return path_; }
  int write(std::string_view text);  // gives 0 or an errno
  Result<void> close();              // the first error of all writes

 private:
  OutputFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_ = -1;
  int error_ = 0;
  std::string path_;
};

// The folder and those above it.
Result<void> make_folders(const std::string& path, std::uint32_t mode);
std::vector<std::string> names_in(
    const std::string& folder);  // without . and ..; empty when it cannot be read

// One row of a folder, as readdir gives it: no stat per file, but for links and file systems without d_type.
struct FolderEntry {
  std::string name;
  bool folder = false;  // a real one; a link to a folder is a link
  bool link = false;
  bool file = false;  // a regular file, or a link to one
};
// In order of names, without . and ..
Result<std::vector<FolderEntry>> entries_in(const std::string& folder);
// The absolute path without links; empty when there is nothing.
std::string real_path(const std::string& path);

}  // namespace memsnap
