#include "tables/heap_text_types.h"

#include <algorithm>
#include <array>

namespace memsnap {

namespace {

struct Basic {
  std::string_view name;
  Kind kind;
  std::uint64_t size;
};
constexpr std::array<Basic, 21> kBasics = {{{"bool", Kind::kBool, 1},
                                            {"int", Kind::kInt, 8},
                                            {"int8", Kind::kInt8, 1},
                                            {"int16", Kind::kInt16, 2},
                                            {"int32", Kind::kInt32, 4},
                                            {"int64", Kind::kInt64, 8},
                                            {"uint", Kind::kUint, 8},
                                            {"uint8", Kind::kUint8, 1},
                                            {"uint16", Kind::kUint16, 2},
                                            {"uint32", Kind::kUint32, 4},
                                            {"uint64", Kind::kUint64, 8},
                                            {"uintptr", Kind::kUintptr, 8},
                                            {"float32", Kind::kFloat32, 4},
                                            {"float64", Kind::kFloat64, 8},
                                            {"complex64", Kind::kComplex64, 8},
                                            {"complex128", Kind::kComplex128, 16},
                                            {"string", Kind::kString, 16},
                                            {"unsafe.Pointer", Kind::kUnsafePointer, 8},
                                            {"interface {}", Kind::kInterface, 16},
                                            {"error", Kind::kInterface, 16},
                                            {"struct {}", Kind::kStruct, 0}}};

// The end of what stands in brackets that open at 0.
std::size_t closing(std::string_view text) {
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    depth += text[at] == '[';
    depth -= text[at] == ']';
    if (depth == 0) return at;
  }
  return std::string_view::npos;
}

std::uint64_t aligned(std::uint64_t offset, std::uint64_t align) {
  return (offset + align - 1) / align * align;
}

}  // namespace

TypeBook::TypeBook(StringPool& strings) : strings_(strings) {
  rows_.push_back({.name = "", .kind = Kind::kInvalid, .declared = true});
}

TypeId TypeBook::add(Row row) {
  TypeId id{std::uint32_t(rows_.size())};
  known_.emplace(std::pair(row.role, row.name), id);
  rows_.push_back(std::move(row));
  return id;
}

Result<TypeId> TypeBook::type(std::string_view name) { return make(name, 0); }

Result<TypeId> TypeBook::make(std::string_view name, int depth) {
  constexpr int kDeep = 32;
  if (name == "any") name = "interface {}";
  if (name.empty() || depth > kDeep) return fail(Cause::bad_input, "\"{}\" is not a type", name);
  if (auto known = known_.find(std::pair(Role::kPlain, std::string(name))); known != known_.end())
    return known->second;
  Row row{.name = std::string(name)};
  row.declared = TRY(describe(row, depth));
  return add(std::move(row));
}

// What the name itself says; false when it is only a name.
Result<bool> TypeBook::describe(Row& row, int depth) {
  std::string_view name = row.name;
  if (auto basic = std::ranges::find(kBasics, name, &Basic::name); basic != kBasics.end()) {
    row.kind = basic->kind;
    row.size = basic->size;
    row.align = std::clamp<std::uint64_t>(row.size, 1, 8);
    return true;
  }
  auto with_elem = [&](Kind kind, std::uint64_t size, std::string_view elem) -> Result<bool> {
    row.kind = kind;
    row.size = size;
    row.elem = TRY(make(elem, depth + 1));
    return true;
  };
  if (name.starts_with('*')) return with_elem(Kind::kPointer, 8, name.substr(1));
  if (name.starts_with("[]")) return with_elem(Kind::kSlice, 24, name.substr(2));
  for (std::string_view word : {"chan ", "<-chan ", "chan<- "})
    if (name.starts_with(word)) return with_elem(Kind::kChan, 8, name.substr(word.size()));
  if (name.starts_with("func(")) {
    row.kind = Kind::kFunc;
    row.size = 8;
    return true;
  }
  if (name.starts_with("interface {")) {
    row.kind = Kind::kInterface;
    row.size = 16;
    return true;
  }
  if (name.starts_with("map[")) {
    std::size_t end = closing(name.substr(3));
    if (end == std::string_view::npos) return fail(Cause::bad_input, "{}: brackets do not close", name);
    row.key = TRY(make(name.substr(4, end - 1), depth + 1));
    return with_elem(Kind::kMap, 8, name.substr(end + 4));
  }
  if (name.starts_with('[')) {
    std::size_t end = closing(name);
    if (end == std::string_view::npos) return fail(Cause::bad_input, "{}: brackets do not close", name);
    std::string_view digits = name.substr(1, end - 1);
    std::uint64_t length = 0;
    for (char c : digits) {
      if (c < '0' || c > '9' || length > 1u << 30) return fail(Cause::bad_input, "{}: not a length", digits);
      length = length * 10 + std::uint64_t(c - '0');
    }
    row.elem = TRY(make(name.substr(end + 1), depth + 1));
    row.kind = Kind::kArray;
    row.size = size(row.elem) * length;
    row.align = rows_[std::size_t(row.elem)].align;
    return true;
  }
  return false;
}

// Rows look as those of a real capture do (goheap/type_parts.cc).
TypeId TypeBook::part(Role role, TypeId of) {
  Row row = rows_[std::size_t(of)];
  row.role = role;
  switch (role) {
    case Role::kSliceArray:
      row = Row{.name = "[]" + row.name, .kind = Kind::kSlice, .role = role, .elem = of, .declared = true};
      break;
    case Role::kChanBuffer:
      row = Row{.name = "chan " + row.name, .kind = Kind::kChan, .role = role, .elem = of, .declared = true};
      break;
    case Role::kClosure:
      row.name = "func " + row.name;
      row.kind = Kind::kFunc;
      break;
    case Role::kListElement:
    case Role::kRuntime: break;
    default: row.size = 0;  // map and channel headers and the rest of a map, of which the text gives the size
  }
  if (auto known = known_.find(std::pair(role, row.name)); known != known_.end()) return known->second;
  return add(std::move(row));
}

TypeId TypeBook::named_part(Role role, std::string_view name) {
  if (auto known = known_.find(std::pair(role, std::string(name))); known != known_.end())
    return known->second;
  return add({.name = std::string(name), .kind = Kind::kStruct, .role = role, .declared = true});
}

Result<void> TypeBook::declare_struct(std::string_view name, const std::vector<NewField>& fields) {
  Row row{.name = std::string(name), .align = 1, .declared = true};
  for (const NewField& field : fields) {
    const Row& type = rows_[std::size_t(field.type)];
    if (!type.declared)
      return fail(Cause::bad_input, "field {} of {}: {} must be declared first", field.name, name, type.name);
    std::uint64_t offset = field.offset.value_or(aligned(row.size, type.align));
    row.fields.push_back({field.name, offset, field.type});
    row.align = std::max(row.align, type.align);
    row.size = std::max(row.size, offset + type.size);
  }
  std::ranges::stable_sort(row.fields, {}, &Field::offset);
  row.size = aligned(row.size, row.align);
  TypeId id = TRY(type(name));
  if (rows_[std::size_t(id)].declared) return fail(Cause::bad_input, "{} is declared twice", name);
  rows_[std::size_t(id)] = std::move(row);
  return {};
}

Result<void> TypeBook::declare(std::string_view name, Kind kind, std::uint64_t size, TypeId elem) {
  TypeId id = TRY(type(name));
  Row& row = rows_[std::size_t(id)];
  if (row.declared) return fail(Cause::bad_input, "{} is declared twice", name);
  if (elem != TypeId{0}) {  // another name for that type
    Row other = rows_[std::size_t(elem)];
    other.name = row.name;
    row = std::move(other);
    return {};
  }
  row.kind = kind;
  row.size = size;
  row.align = std::clamp<std::uint64_t>(size & (~size + 1), 1, 8);
  row.declared = true;
  return {};
}

void TypeBook::code(TypeId map, std::uint32_t deletes, std::uint32_t evicts) {
  for (Row& row : rows_)
    if (row.name == rows_[std::size_t(map)].name) row.deletes = deletes, row.evicts = evicts;
}

Result<std::pair<std::uint64_t, TypeId>> TypeBook::field(TypeId type, std::string_view path) const {
  std::uint64_t offset = 0;
  TypeId now = type;
  if (role(type) == Role::kSliceArray || role(type) == Role::kChanBuffer) now = elem(type);
  std::string_view rest = path;
  while (!rest.empty()) {
    if (rest.front() != '.') return fail(Cause::bad_input, "{}: a field begins with a dot", path);
    std::size_t end = std::min(rest.find('.', 1), rest.size());
    std::string_view name = rest.substr(1, end - 1);
    rest = rest.substr(end);
    const Row& row = rows_[std::size_t(now)];
    auto at = std::ranges::find(row.fields, name, &Field::name);
    if (at == row.fields.end()) return fail(Cause::bad_input, "{} has no field {}", row.name, name);
    offset += at->offset;
    now = at->type;
  }
  return std::pair(offset, now);
}

void TypeBook::store(Heap& heap) const {
  TypeTable& types = heap.types;
  for (const Row& row : rows_) {
    types.name.push_back(strings_.add(row.name));
    types.size.push_back(row.size);
    types.kind.push_back(row.kind);
    types.role.push_back(row.role);
    types.elem.push_back(row.elem);
    types.key.push_back(row.key);
    types.first_field.push_back(std::uint32_t(heap.fields.rows()));
    types.deletes.push_back(row.deletes);
    types.evicts.push_back(row.evicts);
    for (const Field& field : row.fields) {
      heap.fields.name.push_back(strings_.add(field.name));
      heap.fields.offset.push_back(field.offset);
      heap.fields.type.push_back(field.type);
    }
  }
  types.first_field.push_back(std::uint32_t(heap.fields.rows()));
}

}  // namespace memsnap
