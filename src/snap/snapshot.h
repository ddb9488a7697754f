// The snapshot file: the columns of a Heap as they are, each with its checksum, so that a file is mapped and
// used in place. README.md has the bytes on a page.
#pragma once

#include "base/result.h"
#include "os/files.h"
#include "tables/heap.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Names of the tables that will be looked at (those of Heap::tables); empty means all of them.
// Strings, counters and facts are always among them.
using Needs = std::vector<std::string_view>;

// A snapshot and the file that its columns lie in.
class OpenSnapshot {
 public:
  // Tables that neither open_snapshot nor verify was asked for must not be looked at beyond their row counts.
  const Heap& heap() const { return heap_; }
  // Checks tables on their first use: the checksum of every column, then that every row number leads to a row
  // and every list is in order, so that code may index without fear. Costs a pass over their bytes, once.
  Result<void> verify(const Needs& needs);

 private:
  friend Result<OpenSnapshot> open_snapshot(const std::string& path, const Needs& needs);
  friend Result<OpenSnapshot> open_snapshot_bytes(Bytes file, const Needs& needs);
  struct Column {
    std::string_view table, name;  // names of Heap::tables and of the table's columns
    Bytes bytes;
    std::uint64_t checksum = 0;
  };
  OpenSnapshot() = default;
  Result<void> find_columns(Bytes file);

  std::optional<MappedFile> file_;
  Heap heap_;
  std::vector<Column> columns_;
  std::vector<std::string_view> verified_;
};

// Whether a file begins as a snapshot does; it may still be broken.
bool is_snapshot_file(Bytes file);

// Looks at the header alone, then verifies what is needed. An error is one line that names what is wrong.
Result<OpenSnapshot> open_snapshot(const std::string& path, const Needs& needs = {});
// The same for bytes that the caller keeps; they begin at an address that is a multiple of 64.
Result<OpenSnapshot> open_snapshot_bytes(Bytes file, const Needs& needs = {});

// Mode 0600, whole or not at all, never through a symlink; an existing file is replaced only with `force`.
Result<void> write_snapshot(const Heap& heap, const std::string& path, bool force);

}  // namespace memsnap
