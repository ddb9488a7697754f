// The line number program of a unit (DWARF 5 section 6.2; versions 2 to 5): which line each instruction is
// of.
#pragma once

#include "dwarf/sections.h"

#include <string>

namespace memsnap::dw {

struct LinePlace {
  std::string_view file;  // as the path was written, below the unit's folder when it was relative
  std::uint32_t line = 0, column = 0, discriminator = 0;
};

class LineTable {
 public:
  // Of the unit's DW_AT_stmt_list; an empty table when it has none.
  static Result<LineTable> read(const Units& units, const Unit& unit);

  // False when no sequence holds this pc.
  bool place_at(std::uint64_t pc, LinePlace& place) const;
  // The path of a file by its number in this unit's entries; "" when there is none. Lives as long as the
  // table.
  std::string_view file(std::uint64_t number) const;

  std::size_t rows() const { return rows_.size(); }

 private:
  friend class LineProgram;
  struct Row {
    std::uint32_t offset = 0;  // from the start of the sequence
    std::uint32_t file = 0, line = 0;
    std::uint16_t column = 0, discriminator = 0;
  };
  struct Sequence {  // code without gaps
    std::uint64_t from = 0, to = 0;
    std::uint32_t first = 0, count = 0;  // rows, ascending
  };
  struct File {
    std::string_view name;
    std::uint64_t folder = 0;
  };

  std::string path_of(const File& file) const;

  std::vector<Row> rows_;
  std::vector<Sequence> sequences_;
  std::vector<std::string_view> folders_;
  std::vector<File> files_;
  mutable std::vector<std::string> paths_;  // made when they are asked for
  std::string_view unit_folder_;
  bool counts_from_zero_ = false;  // version 5: files and folders, the unit's own among them
};

}  // namespace memsnap::dw
