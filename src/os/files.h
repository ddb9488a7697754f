// Files as the house needs them: mapped for reading, written whole or not at all.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace memsnap {

class MappedFile {
 public:
  static Result<MappedFile> open(const std::string& path);  // regular files only; says what else it is
  MappedFile(MappedFile&&) noexcept;
  MappedFile& operator=(MappedFile&&) noexcept;
  ~MappedFile();
  Bytes bytes() const { return bytes_; }

 private:
  MappedFile() = default;
  Bytes bytes_;
};

// Writes to a temporary file of mode 0600 beside the goal, fsyncs and renames it; on any failure the goal
// is untouched and nothing is left behind. Never goes through a symlink; an existing file is replaced
// only with `force`. `fill` is given a sink that takes pieces in order and answers false when it cannot
// write.
using Sink = std::function<bool(Bytes)>;
Result<void> write_file(const std::string& path, bool force,
                        const std::function<Result<void>(const Sink&)>& fill);
Result<void> write_file(const std::string& path, bool force, std::string_view text);
// The same, and does not wait for the disk: after a crash of the machine the file may be cut or empty. For
// what has a checksum and can be made anew.
Result<void> replace_cached_file(const std::string& path, std::span<const std::string_view> pieces);

// The error that write_file would begin with; leaves nothing behind. For work that would be in vain.
Result<void> can_write_file(const std::string& path, bool force);
bool is_there(const std::string& path);  // whatever it is
bool is_folder(const std::string& path);

Result<std::string> read_small_file(const std::string& path, std::size_t limit = 16 << 20);
// What changes when somebody writes to a file.
struct FileStamp {
  std::uint64_t size = 0, inode = 0;
  std::int64_t changed_ns = 0;  // mtime, nanoseconds since 1970
  bool operator==(const FileStamp&) const = default;
};
Result<FileStamp> stamp_of(const std::string& path);  // of what a link leads to
// A regular file, in as many bytes as it has and one read; for many files of some KiB.
Result<std::string> read_regular_file(const std::string& path, std::size_t limit);

}  // namespace memsnap
