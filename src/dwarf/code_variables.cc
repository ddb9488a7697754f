// Variables in scope at a pc, in any language. The entries below one function are read again each time; a
// scope that does not hold the pc is passed over with all that is in it.
#include "dwarf/code_index.h"
#include "dwarf/lists.h"
#include "dwarf/variable.h"

namespace memsnap::dw {
namespace {

class ScopeWalk {
 public:
  ScopeWalk(const Units& units, const Unit& unit, const LineTable& lines, std::uint64_t pc)
      : units_(units), unit_(unit), lines_(lines), pc_(pc) {}

  Result<std::vector<CodeVariable>> run(std::uint64_t function);

 private:
  struct Scope {
    bool holds = false;
    std::size_t depth = 0;  // calls around it in this function
    CodeRange around;       // the part of its code that holds the pc
  };

  Scope enter(const Abbreviation& a, const Scope& outer);
  void variable(const Abbreviation& a, const Scope& scope);

  const Units& units_;
  const Unit& unit_;
  const LineTable& lines_;
  std::uint64_t pc_;
  DieReader in_;
  Bytes frame_base_;
  std::vector<CodeVariable> found_;
};

Result<std::vector<CodeVariable>> ScopeWalk::run(std::uint64_t function) {
  in_ = DieReader(units_.sections().info, function, unit_.end);
  std::vector<Scope> open;
  do {
    std::uint64_t offset = in_.at(), code = in_.varint();
    if (code == 0) {
      if (!open.empty()) open.pop_back();
      continue;
    }
    const Abbreviation* a = unit_.abbreviations->find(code);
    if (!a)
      return fail(Cause::bad_input,
                  "DWARF: the entry at offset {} is of kind {}, which its unit does not declare", offset,
                  code);
    Scope scope = open.empty() ? Scope{.holds = true} : open.back();
    bool first = open.empty();
    bool nested = a->tag == kTagLexicalBlock || a->tag == kTagInlinedSubroutine;
    if (scope.holds && (first || nested)) {
      scope = enter(*a, scope);
      if (a->tag == kTagInlinedSubroutine && scope.holds) ++scope.depth;
    } else if (scope.holds && (a->tag == kTagVariable || a->tag == kTagFormalParameter)) {
      variable(*a, scope);
    } else {
      Units::skip(in_, *a, unit_);
      scope.holds = scope.holds && !a->children;  // what is inside of other entries is not of this scope
    }
    if (a->children) open.push_back(scope);
  } while (!open.empty() && !in_.done());
  if (!in_.ok()) return fail(Cause::bad_input, "DWARF: the function at offset {} is cut short", function);
  return std::move(found_);
}

ScopeWalk::Scope ScopeWalk::enter(const Abbreviation& a, const Scope& outer) {
  Value low, high, ranges;
  for (const AttributeSpec& spec : unit_.abbreviations->attributes_of(a)) {
    Value v = units_.value(in_, spec, unit_);
    switch (spec.name) {
      case kAtLowPc: low = v; break;
      case kAtHighPc: high = v; break;
      case kAtRanges: ranges = v; break;
      case kAtFrameBase: frame_base_ = v.block; break;
      default: break;
    }
  }
  Scope scope{.holds = false, .depth = outer.depth, .around = {}};
  auto look = [&](const CodeRange& range) {
    if (range.holds(pc_)) scope.holds = true, scope.around = range;
    return !scope.holds;
  };
  if (ranges.form != 0) {
    find_range(units_, unit_, ranges, look);
  } else if (low.form != 0 && high.form != 0) {
    std::uint64_t from = units_.address(low, unit_), to = units_.address(high, unit_);
    look({from, to != 0 ? to : from + high.number});
  }
  return scope;
}

void ScopeWalk::variable(const Abbreviation& a, const Scope& scope) {
  Variable v;
  read_variable(in_, units_, unit_, a, v);
  if (!in_.ok()) return;
  read_origin(units_, v);
  if (v.name.empty()) return;
  CodeVariable row{.name = v.name,
                   .type = v.type,
                   .parameter = a.tag == kTagFormalParameter,
                   .artificial = v.artificial,
                   .file = v.file == 0 ? std::string_view() : lines_.file(v.file),
                   .line = v.line,
                   .depth = scope.depth,
                   .scope = scope.around};
  Bytes expression;
  if (v.location.form != 0) expression = location_at(units_, unit_, v.location, pc_, &row.held);
  if (v.location.form == 0 && v.constant.form != 0) {
    bool text = v.constant.block.empty() && !v.constant.text.empty();
    LocationPiece piece{.kind = LocationPiece::Kind::kValue, .offset = std::int64_t(v.constant.number)};
    if (!v.constant.block.empty()) piece = {.kind = LocationPiece::Kind::kBytes, .bytes = v.constant.block};
    if (!text) row.pieces.push_back(piece);
    row.held = scope.around;
  } else {
    row.pieces = location_pieces(units_, unit_, expression, frame_base_);
  }
  row.held = {std::max(row.held.from, scope.around.from), std::min(row.held.to, scope.around.to)};
  bool gone = std::ranges::all_of(
      row.pieces, [](const LocationPiece& p) { return p.kind == LocationPiece::Kind::kGone; });
  if (gone || row.held.from >= row.held.to) row.held = {};
  found_.push_back(std::move(row));
}

}  // namespace

Result<std::vector<CodeVariable>> CodeIndex::variables_at(std::uint64_t pc) {
  std::uint32_t owner = owner_at(parts_, pc);
  if (owner == kNobody) return std::vector<CodeVariable>{};
  std::size_t number = first_wins(owner);
  const Code code = code_at(number, pc);
  if (code.function == 0) return std::vector<CodeVariable>{};
  return ScopeWalk(*units_, units_->all()[number], *code.lines, pc).run(code.function);
}

}  // namespace memsnap::dw
