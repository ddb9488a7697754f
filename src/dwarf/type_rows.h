// What one pass over .debug_info finds, in rows. References are offsets in .debug_info until the pass is
// over; then they become row numbers.
#pragma once

#include "dwarf/dwarf.h"
#include "dwarf/sections.h"

namespace memsnap::dw {

struct FunctionRow {
  std::uint64_t low = 0, high = 0;
  std::uint32_t entry = 0;  // offset in .debug_info
};

struct Rows {
  std::vector<DwarfTypeInfo> types;
  std::vector<std::uint32_t> type_at;  // offset in .debug_info of each type, ascending
  std::vector<DwarfField> fields;
  std::vector<DwarfGlobal> globals;
  std::vector<DwarfClosure> closures;
  std::vector<FunctionRow> functions;
};

// All units in the language Go.
Result<Rows> walk_units(const Units& units);

// Offset of a type in .debug_info to its row: one look into a coarse table, then a few neighbours.
class TypeNumbers {
 public:
  TypeNumbers() = default;
  TypeNumbers(std::vector<std::uint32_t> type_at, std::uint64_t info_size);
  DwarfType row_at(std::uint64_t offset) const;  // 0 when no type begins there

 private:
  static constexpr unsigned kShift = 6;  // a type takes about 60 bytes
  std::vector<std::uint32_t> type_at_;
  std::vector<std::uint32_t> first_;  // first row at or behind each 64 bytes
};

// Makes rows of the offsets, leads references past typedefs that only repeat a name, fills in the sizes that
// DWARF leaves out, sorts globals, closures and functions.
void resolve_references(Rows& rows, const TypeNumbers& numbers);

}  // namespace memsnap::dw
