#include "dwarf/variable.h"

#include <utility>

namespace memsnap::dw {

void read_variable(DieReader& in, const Units& units, const Unit& unit, const Abbreviation& a, Variable& v) {
  for (const AttributeSpec& spec : unit.abbreviations->attributes_of(a)) {
    Value value = units.value(in, spec, unit);
    switch (spec.name) {
      case kAtName:
        if (v.name.empty()) v.name = value.text;
        break;
      case kAtType:
        if (v.type == 0) v.type = Units::target(value, unit);
        break;
      case kAtDeclFile:
        if (v.file == 0) v.file = value.number;
        break;
      case kAtDeclLine:
        if (v.line == 0) v.line = std::uint32_t(value.number);
        break;
      case kAtLocation:
        if (v.location.form == 0) v.location = value;
        break;
      case kAtConstValue:
        if (v.constant.form == 0) v.constant = value;
        break;
      case kAtArtificial: v.artificial = v.artificial || value.number != 0; break;
      case kAtSpecification:
      case kAtAbstractOrigin: v.origin = Units::target(value, unit); break;
      default: break;
    }
  }
}

void read_origin(const Units& units, Variable& v) {
  constexpr int kDeepest = 4;  // compilers point straight to the abstract entry
  for (int i = 0; i < kDeepest && v.origin != 0; ++i) {
    std::uint64_t at = std::exchange(v.origin, 0);
    const Unit* unit = units.containing(at);
    if (!unit || !unit->abbreviations) return;
    DieReader in(units.sections().info, at, unit->end);
    const Abbreviation* a = unit->abbreviations->find(in.varint());
    if (!a) return;
    read_variable(in, units, *unit, *a, v);
  }
}

}  // namespace memsnap::dw
