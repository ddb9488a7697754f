#include "dwarf/lists.h"

namespace memsnap::dw {
namespace {

// Where a list begins: the attribute is an offset, or an index into the table of offsets at the base.
std::uint64_t list_offset(const Value& value, std::uint16_t index_form, Bytes section, std::uint64_t base,
                          const Unit& unit) {
  if (value.form != index_form) return value.number;
  if (value.number > section.size()) return section.size();
  DieReader in(section, base + value.number * unit.offset_size);
  std::uint64_t relative = in.number(unit.offset_size);
  return in.ok() ? base + relative : section.size();
}

// The entries of both list formats up to DWARF 4: pairs of addresses relative to a base, (~0, base) sets it,
// (0, 0) ends the list.
class OldList {
 public:
  OldList(Bytes section, std::uint64_t offset, const Unit& unit)
      : in_(section, offset), unit_(unit), base_(unit.low_pc) {}
  bool next(CodeRange& span) {
    const std::uint64_t kSetsBase = unit_.address_size == 4 ? 0xffffffff : ~std::uint64_t(0);
    while (true) {
      std::uint64_t from = in_.number(unit_.address_size), to = in_.number(unit_.address_size);
      if (!in_.ok() || (from == 0 && to == 0)) return false;
      if (from != kSetsBase) {
        span = {base_ + from, base_ + to};
        return true;
      }
      base_ = to;
    }
  }
  Bytes expression() { return in_.take(in_.fixed<std::uint16_t>()); }

 private:
  DieReader in_;
  const Unit& unit_;
  std::uint64_t base_;
};

// DWARF 5: the kinds up to offset_pair are the same in both lists.
class NewList {
 public:
  NewList(const Units& units, Bytes section, std::uint64_t offset, const Unit& unit)
      : units_(units), unit_(unit), in_(section, offset), base_(unit.low_pc) {}

  bool next_range(CodeRange& span) {
    while (true) {
      unsigned kind = in_.fixed<std::uint8_t>();
      if (!in_.ok() || kind == kEndOfList) return false;
      if (common(kind, span)) return in_.ok();
      if (kind == kRangeBaseAddress)
        base_ = address();
      else if (kind == kRangeStartEnd)
        return start_end(span);
      else if (kind == kRangeStartLength)
        return start_length(span);
      else if (kind != kBaseAddressx)
        return false;
    }
  }
  bool next_location(CodeRange& span) {
    while (true) {
      unsigned kind = in_.fixed<std::uint8_t>();
      if (!in_.ok() || kind == kEndOfList) return false;
      if (common(kind, span)) return in_.ok();
      if (kind == kLocationBaseAddress)
        base_ = address();
      else if (kind == kLocationStartEnd)
        return start_end(span);
      else if (kind == kLocationStartLength)
        return start_length(span);
      else if (kind == kLocationDefault)
        return span = {0, ~std::uint64_t(0)}, true;
      else if (kind != kBaseAddressx)
        return false;
    }
  }
  Bytes expression() { return in_.take(in_.varint()); }

 private:
  std::uint64_t address() { return in_.number(unit_.address_size); }
  std::uint64_t indexed() { return units_.address_number(in_.varint(), unit_); }
  bool start_end(CodeRange& span) {
    span.from = address();
    span.to = address();
    return in_.ok();
  }
  bool start_length(CodeRange& span) {
    span.from = address();
    span.to = span.from + in_.varint();
    return in_.ok();
  }
  // True when the entry gives a span; a base entry is taken in and gives none.
  bool common(unsigned kind, CodeRange& span) {
    switch (kind) {
      case kBaseAddressx: base_ = indexed(); return false;
      case kStartxEndx:
        span.from = indexed();
        span.to = indexed();
        return true;
      case kStartxLength:
        span.from = indexed();
        span.to = span.from + in_.varint();
        return true;
      case kOffsetPair:
        span.from = base_ + in_.varint();
        span.to = base_ + in_.varint();
        return true;
      default: return false;
    }
  }

  const Units& units_;
  const Unit& unit_;
  DieReader in_;
  std::uint64_t base_;
};

struct Expression {
  DieReader in;
  Bytes frame_base;

  // What the stack of the expression holds: nothing, a place in the frame, a number, or something else.
  enum class Kind { kNothing, kFrame, kNumber, kOther } kind = Kind::kNothing;
  std::int64_t value = 0;

  void frame(std::int64_t offset) {
    bool alone =
        kind == Kind::kNothing && frame_base.size() == 1 && frame_base[0] == std::byte{kOpCallFrameCfa};
    kind = alone ? Kind::kFrame : Kind::kOther;
    value = offset;
  }
  void plus(std::int64_t more) {
    if (kind != Kind::kFrame)
      kind = Kind::kOther;
    else
      value = std::int64_t(std::uint64_t(value) + std::uint64_t(more));
  }
  // A number is only ever added to or taken from the place before it.
  void number(std::int64_t n) {
    unsigned next = in.fixed<std::uint8_t>();
    if (next == kOpPlus)
      plus(n);
    else if (next == kOpMinus)
      plus(std::int64_t(0 - std::uint64_t(n)));
    else
      kind = Kind::kOther, in.fail();
  }
};

// One operation; false when what follows cannot be read because the operation is not known here.
bool step(Expression& e, unsigned op) {
  switch (op) {
    case kOpCallFrameCfa: e.frame(0); return true;
    case kOpFbreg: e.frame(e.in.signed_varint()); return true;
    case kOpPlusUconst: e.plus(std::int64_t(e.in.varint())); return true;
    case kOpConsts: e.number(e.in.signed_varint()); return true;
    case kOpConstu: e.number(std::int64_t(e.in.varint())); return true;
    case kOpConst1u: e.number(e.in.fixed<std::uint8_t>()); return true;
    case kOpConst1s: e.number(e.in.fixed<std::int8_t>()); return true;
    case kOpConst2u: e.number(e.in.fixed<std::uint16_t>()); return true;
    case kOpConst2s: e.number(e.in.fixed<std::int16_t>()); return true;
    case kOpConst4u: e.number(e.in.fixed<std::uint32_t>()); return true;
    case kOpConst4s: e.number(e.in.fixed<std::int32_t>()); return true;
    case kOpConst8u:
    case kOpConst8s: e.number(e.in.fixed<std::int64_t>()); return true;
    case kOpRegx:
      e.in.varint();
      e.kind = Expression::Kind::kOther;
      return true;
    default: break;
  }
  e.kind = Expression::Kind::kOther;
  if (op >= kOpReg0 && op <= kOpReg31) return true;
  return false;
}

}  // namespace

namespace {

// Calls visit for each range until it answers false.
template <class Visit>
void each_range(const Units& units, const Unit& unit, const Value& ranges, Visit&& visit) {
  CodeRange span;
  if (unit.version < 5) {
    OldList list(units.sections().ranges, ranges.number, unit);
    while (list.next(span) && visit(span)) continue;
    return;
  }
  Bytes section = units.sections().rnglists;
  std::uint64_t at = list_offset(ranges, kFormRnglistx, section, unit.rnglists_base, unit);
  NewList list(units, section, at, unit);
  while (list.next_range(span) && visit(span)) continue;
}

}  // namespace

bool ranges_contain(const Units& units, const Unit& unit, const Value& ranges, std::uint64_t pc) {
  bool held = false;
  each_range(units, unit, ranges, [&](const CodeRange& range) { return !(held = range.holds(pc)); });
  return held;
}

void find_range(const Units& units, const Unit& unit, const Value& ranges,
                const std::function<bool(const CodeRange&)>& look) {
  each_range(units, unit, ranges, look);
}

void append_ranges(const Units& units, const Unit& unit, const Value& ranges, std::size_t most,
                   std::vector<CodeRange>& found) {
  each_range(units, unit, ranges, [&](const CodeRange& range) {
    found.push_back(range);
    return --most != 0;
  });
}

Bytes location_at(const Units& units, const Unit& unit, const Value& location, std::uint64_t pc,
                  CodeRange* held) {
  bool listed = location.form == kFormSecOffset || location.form == kFormLoclistx;
  CodeRange span{0, ~std::uint64_t(0)};
  if (held) *held = listed ? CodeRange{} : span;
  if (!listed) return location.block;
  auto found = [&](Bytes expression) {
    if (held) *held = span;
    return expression;
  };
  if (unit.version < 5) {
    for (OldList list(units.sections().loc, location.number, unit); list.next(span);) {
      Bytes expression = list.expression();
      if (span.holds(pc)) return found(expression);
    }
    return {};
  }
  Bytes section = units.sections().loclists;
  std::uint64_t at = list_offset(location, kFormLoclistx, section, unit.loclists_base, unit);
  for (NewList list(units, section, at, unit); list.next_location(span);) {
    Bytes expression = list.expression();
    if (span.holds(pc)) return found(expression);
  }
  return {};
}

std::vector<FramePiece> frame_pieces(Bytes expression, Bytes frame_base) {
  std::vector<FramePiece> pieces;
  Expression e{.in = DieReader(expression, 0), .frame_base = frame_base};
  std::uint64_t into = 0;
  bool in_pieces = false;
  while (e.in.ok() && !e.in.done()) {
    unsigned op = e.in.fixed<std::uint8_t>();
    if (op != kOpPiece) {
      if (!step(e, op)) return pieces;
      continue;
    }
    in_pieces = true;
    std::uint64_t size = e.in.varint();
    if (!e.in.ok() || size > UINT32_MAX) break;
    if (e.kind == Expression::Kind::kFrame) pieces.push_back({e.value, into, size});
    into += size;
    e.kind = Expression::Kind::kNothing;
  }
  if (e.in.ok() && !in_pieces && e.kind == Expression::Kind::kFrame) pieces.push_back({e.value, 0, 0});
  return pieces;
}

}  // namespace memsnap::dw
