// Which function, which calls inlined into it and which line an instruction is of, in any language: from
// .debug_info and .debug_line, DWARF 4 and 5. A unit is read when the first of its addresses is asked for.
#pragma once

#include "dwarf/code_parts.h"
#include "dwarf/expression.h"
#include "dwarf/line_program.h"

#include <memory>
#include <unordered_map>

namespace memsnap::dw {

struct DwarfFrame {
  std::string_view function;  // linkage name, else its name; "" not known
  LinePlace place;
  std::uint64_t entry = 0;  // offset in .debug_info of the function or inlined call; 0 when there is none
};

struct CodeVariable {
  std::string_view name;
  std::uint64_t type = 0;  // entry in .debug_info, for TypeTexts; 0: none
  bool parameter = false;
  bool artificial = false;  // made by the compiler: this
  std::string_view file;    // of its declaration
  std::uint32_t line = 0;
  std::size_t depth = 0;  // 0: of the function that holds the pc, 1: of a call inlined into that …
  CodeRange scope;        // its scope around the pc, without gaps
  CodeRange held;         // the part of that for which the location is the same; empty when it has none
  std::vector<LocationPiece> pieces;
};

class CodeIndex {
 public:
  // Borrows from the file's sections. Refused when it has no .debug_info.
  static Result<CodeIndex> read(ElfFile& file);
  CodeIndex(CodeIndex&&) noexcept;
  CodeIndex& operator=(CodeIndex&&) noexcept;
  ~CodeIndex();

  // Replaces `frames` by those of this (unrelocated) pc, the innermost inlined call first. None when no unit
  // holds it; one without a name where only its line is known. Text lives as long as the index.
  void frames_at(std::uint64_t pc, std::vector<DwarfFrame>& frames);
  // Variables of the scopes around this pc, in the function that holds it and in the calls inlined there;
  // from the outermost scope to the innermost. add_locations() comes first.
  Result<std::vector<CodeVariable>> variables_at(std::uint64_t pc);
  Result<void> add_locations(ElfFile& file) { return units_->add_locations(file); }
  const Units& units() const { return *units_; }
  // What could not be read; "" when all could.
  const std::string& damage() const { return damage_; }

 private:
  struct UnitCode;

  CodeIndex();
  void index_units();
  // Units by falling numbers, and back: an inline function that several units have is kept once by the
  // linker, and all of them say that it is theirs.
  std::uint32_t first_wins(std::size_t unit) const { return std::uint32_t(codes_.size() - 1 - unit); }
  UnitCode& code_of(std::size_t unit);
  struct Code {
    std::uint64_t function = 0;  // entry of the function that holds the pc; 0: none
    const LineTable* lines = nullptr;
  };
  Code code_at(std::size_t unit, std::uint64_t pc);
  std::string_view name_of(std::uint64_t entry);
  void note(const Error& error);

  std::unique_ptr<Units> units_;
  std::vector<CodePart> parts_;  // of units
  std::vector<std::unique_ptr<UnitCode>> codes_;
  std::unordered_map<std::uint64_t, std::string_view> names_;
  std::size_t pieces_left_ = 0;
  std::string damage_;
};

}  // namespace memsnap::dw
