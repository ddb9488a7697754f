#include "dwarf/type_rows.h"

namespace memsnap::dw {
namespace {

constexpr int kDeepest = 16;  // typedefs of typedefs; Go writes two at most

bool is_alias(const DwarfTypeInfo& type) { return type.tag == kTagTypedef && type.go_kind == 0; }

DwarfType behind_aliases(const std::vector<DwarfTypeInfo>& types, DwarfType row) {
  for (int i = 0; i < kDeepest && is_alias(types[row]) && types[row].underlying != 0; ++i)
    row = types[row].underlying;
  return row;
}

// DWARF gives no size to maps, channels and interfaces: it is that of the struct or pointer behind them.
void fill_size(std::vector<DwarfTypeInfo>& types, DwarfTypeInfo& type) {
  DwarfType row = type.underlying;
  for (int i = 0; i < kDeepest && row != 0; ++i) {
    const DwarfTypeInfo& behind = types[row];
    if (behind.tag != kTagTypedef) {
      type.size = behind.size;
      return;
    }
    row = behind.underlying;
  }
}

}  // namespace

TypeNumbers::TypeNumbers(std::vector<std::uint32_t> type_at, std::uint64_t info_size)
    : type_at_(std::move(type_at)), first_(std::size_t(info_size >> kShift) + 2) {
  std::size_t row = 1;
  for (std::size_t i = 0; i < first_.size(); ++i) {
    while (row < type_at_.size() && type_at_[row] < (std::uint64_t(i) << kShift)) ++row;
    first_[i] = std::uint32_t(row);
  }
}

DwarfType TypeNumbers::row_at(std::uint64_t offset) const {
  std::uint64_t slot = offset >> kShift;
  if (offset == 0 || slot >= first_.size()) return 0;
  for (std::size_t row = first_[std::size_t(slot)]; row < type_at_.size() && type_at_[row] <= offset; ++row) {
    if (type_at_[row] == offset) return DwarfType(row);
  }
  return 0;
}

void resolve_references(Rows& rows, const TypeNumbers& numbers) {
  std::vector<DwarfTypeInfo>& types = rows.types;
  for (DwarfTypeInfo& type : types) type.underlying = numbers.row_at(type.underlying);
  auto row_of = [&](DwarfType offset) { return behind_aliases(types, numbers.row_at(offset)); };
  for (DwarfTypeInfo& type : types) {
    type.key = row_of(type.key);
    // Pointers, arrays and typedefs name their element by DW_AT_type alone.
    type.elem = type.elem != 0 ? row_of(type.elem) : behind_aliases(types, type.underlying);
    if (type.tag == kTagTypedef && type.size == 0) fill_size(types, type);
  }
  for (DwarfField& field : rows.fields) field.type = row_of(field.type);
  for (DwarfGlobal& global : rows.globals) global.type = row_of(global.type);
  std::ranges::sort(rows.globals, {}, &DwarfGlobal::addr);
  std::ranges::sort(rows.closures, {}, &DwarfClosure::entry);
  std::ranges::sort(rows.functions, {}, &FunctionRow::low);
}

}  // namespace memsnap::dw
