// Variables at a pc: the entries below one function are read again, each time they are asked for. A scope
// (lexical block, inlined call) that does not contain the pc is passed over with all that is in it.
#include "dwarf/impl.h"
#include "dwarf/lists.h"
#include "dwarf/variable.h"

namespace memsnap {
namespace {

using dw::Value;
using dw::Variable;

class FunctionWalk {
 public:
  FunctionWalk(const dw::Units& units, const dw::TypeNumbers& numbers, std::span<const DwarfTypeInfo> types,
               std::uint64_t pc)
      : units_(units), numbers_(numbers), types_(types), pc_(pc) {}

  Result<std::vector<DwarfLocal>> run(std::uint64_t function);

 private:
  bool scope_holds(const dw::Abbreviation& a);
  void variable(const dw::Abbreviation& a);
  DwarfType type_of(const Variable& v) const;

  const dw::Units& units_;
  const dw::TypeNumbers& numbers_;
  std::span<const DwarfTypeInfo> types_;
  std::uint64_t pc_;
  const dw::Unit* unit_ = nullptr;
  DieReader in_;
  Bytes frame_base_;
  std::vector<DwarfLocal> found_;
};

Result<std::vector<DwarfLocal>> FunctionWalk::run(std::uint64_t function) {
  unit_ = units_.containing(function);
  CHECK(unit_ && unit_->abbreviations);
  in_ = DieReader(units_.sections().info, function, unit_->end);
  std::vector<bool> holds;  // one per scope that is open: does it contain the pc
  do {
    std::uint64_t offset = in_.at(), code = in_.varint();
    if (code == 0) {
      if (!holds.empty()) holds.pop_back();
      continue;
    }
    const dw::Abbreviation* a = unit_->abbreviations->find(code);
    if (!a)
      return fail(Cause::bad_input,
                  "DWARF: the entry at offset {} is of kind {}, which its unit does not declare", offset,
                  code);
    bool inside = holds.empty() || holds.back();
    bool is_scope =
        a->tag == dw::kTagSubprogram || a->tag == dw::kTagLexicalBlock || a->tag == dw::kTagInlinedSubroutine;
    if (is_scope && inside)
      inside = scope_holds(*a);
    else if (inside && (a->tag == dw::kTagVariable || a->tag == dw::kTagFormalParameter))
      variable(*a);
    else
      dw::Units::skip(in_, *a, *unit_);
    if (a->children) holds.push_back(inside);
  } while (!holds.empty() && !in_.done());
  if (!in_.ok()) return fail(Cause::bad_input, "DWARF: the function at offset {} is cut short", function);
  return std::move(found_);
}

// Also takes the frame base of the function itself, which is the outermost scope.
bool FunctionWalk::scope_holds(const dw::Abbreviation& a) {
  Value low, high, ranges;
  for (const dw::AttributeSpec& spec : unit_->abbreviations->attributes_of(a)) {
    Value value = units_.value(in_, spec, *unit_);
    switch (spec.name) {
      case dw::kAtLowPc: low = value; break;
      case dw::kAtHighPc: high = value; break;
      case dw::kAtRanges: ranges = value; break;
      case dw::kAtFrameBase: frame_base_ = value.block; break;
      default: break;
    }
  }
  if (ranges.form != 0) return dw::ranges_contain(units_, *unit_, ranges, pc_);
  if (low.form == 0 || high.form == 0) return false;
  std::uint64_t from = units_.address(low, *unit_), to = units_.address(high, *unit_);
  if (to == 0) to = from + high.number;
  return from <= pc_ && pc_ < to;
}

DwarfType FunctionWalk::type_of(const Variable& v) const {
  DwarfType row = numbers_.row_at(v.type);
  bool alias = types_[row].tag == dw::kTagTypedef && types_[row].go_kind == 0;
  return alias ? types_[row].elem : row;
}

void FunctionWalk::variable(const dw::Abbreviation& a) {
  Variable v;
  dw::read_variable(in_, units_, *unit_, a, v);
  if (v.location.form == 0 || !in_.ok()) return;
  Bytes expression = dw::location_at(units_, *unit_, v.location, pc_);
  std::vector<dw::FramePiece> pieces = dw::frame_pieces(expression, frame_base_);
  if (pieces.empty()) return;
  dw::read_origin(units_, v);
  DwarfType type = type_of(v);
  for (const dw::FramePiece& piece : pieces) {
    found_.push_back({.name = v.name,
                      .type = type,
                      .cfa_offset = piece.cfa_offset,
                      .type_offset = piece.into,
                      .size = piece.size != 0 ? piece.size : types_[type].size,
                      .is_parameter = a.tag == dw::kTagFormalParameter,
                      .line = v.line});
  }
}

}  // namespace

Result<std::vector<DwarfLocal>> DwarfIndex::locals_at(std::uint64_t pc) const {
  const auto& functions = impl_->rows.functions;
  auto next = std::ranges::upper_bound(functions, pc, {}, &dw::FunctionRow::low);
  if (next == functions.begin() || pc >= (next - 1)->high) return std::vector<DwarfLocal>{};
  return FunctionWalk(impl_->units, impl_->numbers, impl_->rows.types, pc).run((next - 1)->entry);
}

}  // namespace memsnap
