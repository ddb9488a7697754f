// The pass over .debug_info. Depth 1 of a unit holds types, package variables and functions; the only
// deeper entries of interest are the members of structs, the ranges of arrays, and in functions the
// variables that come from a closure. Everything else is passed over as fast as bytes allow.
#include "dwarf/type_rows.h"

namespace memsnap::dw {
namespace {

class UnitWalk {
 public:
  UnitWalk(const Units& units, const Unit& unit, Rows& rows)
      : units_(units), unit_(unit), rows_(rows), in_(units.sections().info, unit.root, unit.end) {}

  Result<void> run();

 private:
  Result<void> step();
  void entry(const Abbreviation& a, std::uint64_t offset);
  void type(const Abbreviation& a, std::uint64_t offset);
  void set_type_attribute(DwarfTypeInfo& type, std::uint16_t name, const Value& v);
  void array_range(const Abbreviation& a);
  void member(const Abbreviation& a);
  void global(const Abbreviation& a);
  void function(const Abbreviation& a, std::uint64_t offset);
  void captured(const Abbreviation& a);
  // Every entry of these kinds takes several bytes; more rows than that is damage, and memory.
  bool plausible() const { return (rows_.types.size() + rows_.fields.size()) * 5 <= in_.at() + 64; }

  const Units& units_;
  const Unit& unit_;
  Rows& rows_;
  DieReader in_;
  unsigned depth_ = 0;          // of the entry that comes next
  std::uint16_t owner_ = 0;     // tag of the depth 1 entry around it
  std::uint64_t function_ = 0;  // where that entry's code begins; 0 when it has none
};

Result<void> UnitWalk::run() {
  while (!in_.done()) {
    TRY_VOID(step());
    if (depth_ == 0) break;  // what follows the last child of the unit is padding
  }
  if (!in_.ok())
    return fail(Cause::bad_input, "DWARF: an entry of the unit at offset {} is cut short", unit_.offset);
  return {};
}

Result<void> UnitWalk::step() {
  std::uint64_t offset = in_.at();
  std::uint64_t code = in_.varint();
  if (code == 0) {
    if (depth_ > 0) --depth_;
    return {};
  }
  const Abbreviation* a = unit_.abbreviations->find(code);
  if (!a)
    return fail(Cause::bad_input,
                "DWARF: the entry at offset {} is of kind {}, which its unit does not declare", offset, code);
  entry(*a, offset);
  if (!plausible())
    return fail(Cause::bad_input, "DWARF: more types and fields than {} bytes can hold", in_.at());
  if (a->children) ++depth_;
  return {};
}

void UnitWalk::entry(const Abbreviation& a, std::uint64_t offset) {
  if (depth_ == 1) {
    owner_ = a.tag;
    switch (a.tag) {
      case kTagArray:
      case kTagPointer:
      case kTagStructure:
      case kTagSubroutineType:
      case kTagTypedef:
      case kTagBase:
      case kTagUnspecifiedType: return type(a, offset);
      case kTagVariable: return global(a);
      case kTagSubprogram: return function(a, offset);
      default: break;
    }
  } else if (depth_ > 1) {
    if (a.tag == kTagMember && owner_ == kTagStructure) return member(a);
    if (a.tag == kTagSubrange && owner_ == kTagArray) return array_range(a);
    if (a.tag == kTagVariable && owner_ == kTagSubprogram) return captured(a);
    // Generic functions name the types of their parameters by typedefs of their own.
    if (a.tag == kTagTypedef && owner_ == kTagSubprogram) return type(a, offset);
  }
  Units::skip(in_, a, unit_);
}

void UnitWalk::type(const Abbreviation& a, std::uint64_t offset) {
  DwarfTypeInfo row;
  row.tag = a.tag;
  row.first_field = std::uint32_t(rows_.fields.size());
  if (a.tag == kTagPointer) row.size = unit_.address_size;
  for (const AttributeSpec& spec : unit_.abbreviations->attributes_of(a)) {
    switch (spec.name) {
      case kAtName:
      case kAtType:
      case kAtByteSize:
      case kAtGoKind:
      case kAtGoKey:
      case kAtGoElem:
      case kAtGoRuntimeType: set_type_attribute(row, spec.name, units_.value(in_, spec, unit_)); break;
      default: Units::skip(in_, spec.form, unit_);
    }
  }
  rows_.types.push_back(row);
  rows_.type_at.push_back(std::uint32_t(offset));
}

void UnitWalk::set_type_attribute(DwarfTypeInfo& type, std::uint16_t name, const Value& v) {
  switch (name) {
    case kAtName: type.name = v.text; break;
    case kAtByteSize: type.size = v.number; break;
    case kAtGoKind: type.go_kind = std::uint8_t(v.number); break;
    case kAtGoRuntimeType: type.runtime_type = v.number; break;
    case kAtGoKey: type.key = DwarfType(Units::target(v, unit_)); break;
    case kAtGoElem: type.elem = DwarfType(Units::target(v, unit_)); break;
    case kAtType: type.underlying = DwarfType(Units::target(v, unit_)); break;
    default: break;
  }
}

void UnitWalk::array_range(const Abbreviation& a) {
  for (const AttributeSpec& spec : unit_.abbreviations->attributes_of(a)) {
    Value v = units_.value(in_, spec, unit_);
    if (spec.name == kAtCount) rows_.types.back().count = v.number;
  }
}

void UnitWalk::member(const Abbreviation& a) {
  DwarfField row;
  for (const AttributeSpec& spec : unit_.abbreviations->attributes_of(a)) {
    Value v = units_.value(in_, spec, unit_);
    switch (spec.name) {
      case kAtName: row.name = v.text; break;
      case kAtDataMemberLocation: row.offset = v.number; break;
      case kAtType: row.type = DwarfType(Units::target(v, unit_)); break;
      case kAtGoEmbeddedField: row.embedded = v.number != 0; break;
      default: break;
    }
  }
  rows_.fields.push_back(row);
  ++rows_.types.back().fields;
}

void UnitWalk::global(const Abbreviation& a) {
  DwarfGlobal row;
  Bytes location;
  for (const AttributeSpec& spec : unit_.abbreviations->attributes_of(a)) {
    Value v = units_.value(in_, spec, unit_);
    switch (spec.name) {
      case kAtName: row.name = v.text; break;
      case kAtType: row.type = DwarfType(Units::target(v, unit_)); break;
      case kAtLocation: location = v.block; break;
      default: break;
    }
  }
  if (location.empty()) return;
  DieReader at(location, 1);
  if (location[0] == std::byte{kOpAddr})
    row.addr = at.number(unit_.address_size);
  else if (location[0] == std::byte{kOpAddrx})
    row.addr = units_.address_number(at.varint(), unit_);
  if (at.ok() && at.done() && row.addr != 0) rows_.globals.push_back(row);
}

void UnitWalk::function(const Abbreviation& a, std::uint64_t offset) {
  FunctionRow row{.entry = std::uint32_t(offset)};
  Value high;
  function_ = 0;
  for (const AttributeSpec& spec : unit_.abbreviations->attributes_of(a)) {
    if (spec.name == kAtLowPc)
      row.low = units_.address(units_.value(in_, spec, unit_), unit_);
    else if (spec.name == kAtHighPc)
      high = units_.value(in_, spec, unit_);
    else
      Units::skip(in_, spec.form, unit_);
  }
  if (row.low == 0 || high.form == 0) return;  // abstract: only inlined
  std::uint64_t end = units_.address(high, unit_);
  row.high = end != 0 ? end : row.low + high.number;
  if (row.high <= row.low) return;
  function_ = row.low;
  rows_.functions.push_back(row);
}

void UnitWalk::captured(const Abbreviation& a) {
  auto specs = unit_.abbreviations->attributes_of(a);
  if (std::ranges::find(specs, std::uint16_t(kAtGoClosureOffset), &AttributeSpec::name) == specs.end())
    return Units::skip(in_, a, unit_);
  DwarfField row;
  for (const AttributeSpec& spec : specs) {
    Value v = units_.value(in_, spec, unit_);
    switch (spec.name) {
      case kAtName: row.name = v.text; break;
      case kAtGoClosureOffset: row.offset = v.number; break;
      case kAtType: row.type = DwarfType(Units::target(v, unit_)); break;
      default: break;
    }
  }
  if (function_ == 0) return;
  if (rows_.closures.empty() || rows_.closures.back().entry != function_)
    rows_.closures.push_back({function_, std::uint32_t(rows_.fields.size()), 0});
  rows_.fields.push_back(row);
  ++rows_.closures.back().fields;
}

}  // namespace

Result<Rows> walk_units(const Units& units) {
  Rows rows;
  rows.types.emplace_back();  // row 0: none
  rows.type_at.push_back(0);
  for (const Unit& unit : units.all()) {
    if (unit.language == kLanguageGo) TRY_VOID(UnitWalk(units, unit, rows).run());
  }
  return rows;
}

}  // namespace memsnap::dw
