#include "dwarf/type_texts.h"

#include <fmt/format.h>

namespace memsnap::dw {
namespace {

constexpr int kDeepest = 32;               // qualifiers and typedefs around one type
constexpr std::size_t kMostFields = 4096;  // of one struct
using Kind = TypeShape::Kind;

// internal/abi.Kind of Go.
Kind kind_of_go(unsigned kind) {
  switch (kind) {
    case 1: return Kind::kBool;
    case 2:
    case 3:
    case 4:
    case 5:
    case 6: return Kind::kSigned;
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 12: return Kind::kUnsigned;
    case 13:
    case 14: return Kind::kFloat;
    case 15:
    case 16: return Kind::kComplex;
    case 17: return Kind::kArray;
    case 18:
    case 19:
    case 21:
    case 22:
    case 26: return Kind::kPointer;
    case 20: return Kind::kInterface;
    case 23: return Kind::kSlice;
    case 24: return Kind::kString;
    case 25: return Kind::kStruct;
    default: return Kind::kUnknown;
  }
}

// DW_ATE_*.
Kind kind_of_encoding(std::uint64_t encoding) {
  switch (encoding) {
    case 0x01: return Kind::kPointer;
    case 0x02: return Kind::kBool;
    case 0x03: return Kind::kComplex;
    case 0x04: return Kind::kFloat;
    case 0x05: return Kind::kSigned;
    case 0x06:
    case 0x08:
    case 0x10: return Kind::kCharacter;
    case 0x07: return Kind::kUnsigned;
    default: return Kind::kUnknown;
  }
}

bool is_record(std::uint16_t tag) { return tag == kTagStructure || tag == kTagClass || tag == kTagUnion; }
bool is_qualifier(std::uint16_t tag) {
  return tag == kTagConst || tag == kTagVolatile || tag == kTagRestrict || tag == kTagAtomic;
}
bool is_reference(std::uint16_t tag) {
  return tag == kTagPointer || tag == kTagReference || tag == kTagRvalueReference;
}

}  // namespace

TypeTexts::Entry TypeTexts::read(std::uint64_t at) const {
  Entry e;
  const Unit* unit = at == 0 ? nullptr : units_.containing(at);
  if (!unit || !unit->abbreviations) return e;
  DieReader in(units_.sections().info, at, unit->end);
  const Abbreviation* a = unit->abbreviations->find(in.varint());
  if (!a) return e;
  e.unit = unit;
  e.tag = a->tag;
  for (const AttributeSpec& spec : unit->abbreviations->attributes_of(*a)) {
    Value v = units_.value(in, spec, *unit);
    switch (spec.name) {
      case kAtName: e.name = v.text; break;
      case kAtByteSize: e.size = v.number; break;
      case kAtEncoding: e.encoding = v.number; break;
      case kAtType: e.target = Units::target(v, *unit); break;
      case kAtGoKind: e.go_kind = std::uint8_t(v.number); break;
      case kAtGoElem: e.element = Units::target(v, *unit); break;
      default: break;
    }
  }
  if (in.ok() && a->children) e.children = in.at();
  return e;
}

// Through typedefs and qualifiers that do not say what the type is.
std::uint64_t TypeTexts::behind_names(std::uint64_t at) const {
  for (int i = 0; i < kDeepest; ++i) {
    Entry e = read(at);
    bool goes_on = is_qualifier(e.tag) || (e.tag == kTagTypedef && e.go_kind == 0);
    if (!goes_on || e.target == 0) break;
    at = e.target;
  }
  return at;
}

std::uint64_t TypeTexts::array_count(const Entry& e) const {
  if (e.children == 0) return 0;
  DieReader in(units_.sections().info, e.children, e.unit->end);
  std::uint64_t count = 1;
  bool known = false;
  for (int dimension = 0; dimension < kDeepest && in.ok(); ++dimension) {
    const Abbreviation* a = e.unit->abbreviations->find(in.varint());
    if (!a) break;
    for (const AttributeSpec& spec : e.unit->abbreviations->attributes_of(*a)) {
      Value v = units_.value(in, spec, *e.unit);
      if (a->tag != kTagSubrange || (spec.name != kAtCount && spec.name != kAtUpperBound)) continue;
      std::uint64_t here = spec.name == kAtCount ? v.number : v.number + 1;
      known = !__builtin_mul_overflow(count, here, &count);
    }
  }
  return known ? count : 0;
}

void TypeTexts::read_children(const Entry& e, TypeShape& shape) const {
  if (e.children == 0) return;
  DieReader in(units_.sections().info, e.children, e.unit->end);
  std::size_t depth = 0;
  while (in.ok() && !in.done() && shape.fields.size() < kMostFields) {
    std::uint64_t code = in.varint();
    if (code == 0) {
      if (depth-- == 0) break;
      continue;
    }
    const Abbreviation* a = e.unit->abbreviations->find(code);
    if (!a) break;
    bool field = depth == 0 && (a->tag == kTagMember || a->tag == kTagInheritance);
    if (a->children) ++depth;
    if (!field) {
      Units::skip(in, *a, *e.unit);
      continue;
    }
    TypeShape::Field row;
    bool placed = e.tag == kTagUnion;
    for (const AttributeSpec& spec : e.unit->abbreviations->attributes_of(*a)) {
      Value v = units_.value(in, spec, *e.unit);
      if (spec.name == kAtName) row.name = v.text;
      if (spec.name == kAtType) row.type = Units::target(v, *e.unit);
      if (spec.name == kAtDataMemberLocation && v.block.empty()) row.offset = v.number, placed = true;
    }
    if (placed && row.type != 0) shape.fields.push_back(row);
  }
}

TypeShape TypeTexts::make_shape(std::uint64_t at) const {
  Entry e = read(behind_names(at));
  TypeShape shape{.size = e.size};
  if (e.go_kind != 0)
    shape.kind = kind_of_go(e.go_kind);
  else if (e.tag == kTagBase)
    shape.kind = kind_of_encoding(e.encoding);
  else if (e.tag == kTagEnumeration)
    shape.kind = Kind::kSigned;
  else if (is_reference(e.tag))
    shape.kind = Kind::kPointer;
  else if (is_record(e.tag))
    shape.kind = Kind::kStruct;
  else if (e.tag == kTagArray)
    shape.kind = Kind::kArray;
  shape.element = e.element != 0 ? e.element : e.target;
  if (shape.kind == Kind::kPointer && shape.size == 0) shape.size = 8;
  if (shape.kind == Kind::kInterface && shape.size == 0) shape.size = 16;
  if (is_record(e.tag)) read_children(e, shape);
  if (shape.kind == Kind::kArray) {
    shape.count = array_count(e);
    Entry element = read(behind_names(shape.element));
    if (shape.size == 0 && __builtin_mul_overflow(shape.count, element.size, &shape.size)) shape.size = 0;
  }
  return shape;
}

// Outermost first: what stands behind a name (*, &, [3]) and before it (const) is put around what is inside.
std::string TypeTexts::make_name(std::uint64_t at) const {
  std::string before, behind;
  for (int i = 0; i < kDeepest; ++i) {
    Entry e = read(at);
    if (at == 0 || e.tag == 0) return before + "void" + behind;
    if (!e.name.empty()) return before + std::string(e.name) + behind;
    switch (e.tag) {
      case kTagPointer: behind.insert(0, "*"); break;
      case kTagReference: behind.insert(0, "&"); break;
      case kTagRvalueReference: behind.insert(0, "&&"); break;
      case kTagConst:
        // Of a pointer it stands behind, of what is pointed to before.
        if (is_reference(read(e.target).tag))
          behind.insert(0, " const");
        else
          before.insert(0, "const ");
        break;
      case kTagVolatile: before.insert(0, "volatile "); break;
      case kTagRestrict:
      case kTagAtomic: break;
      case kTagArray: behind += fmt::format("[{}]", array_count(e)); break;
      case kTagSubroutineType: behind = " (" + behind + ")(...)"; break;
      case kTagStructure: return before + "struct {...}" + behind;
      case kTagClass: return before + "class {...}" + behind;
      case kTagUnion: return before + "union {...}" + behind;
      case kTagEnumeration: return before + "enum {...}" + behind;
      default: return before + "?" + behind;
    }
    at = e.target;
  }
  return before + "..." + behind;
}

const std::string& TypeTexts::name(std::uint64_t entry) {
  auto [row, fresh] = names_.try_emplace(entry);
  if (fresh) row->second = make_name(entry);
  return row->second;
}

const TypeShape& TypeTexts::shape(std::uint64_t entry) {
  auto [row, fresh] = shapes_.try_emplace(entry);
  if (fresh) row->second = make_shape(entry);
  return row->second;
}

}  // namespace memsnap::dw
