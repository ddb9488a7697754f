// Rows by kind:
//   Basic a: Basic · Pointer, Slice, Chan a: elem · Array a: elem, b and c: length · Map a: key, b: value
//   Struct a, b: fields, c: tags, counted from 1, or 0 · Signature a: params, b: results, c, d: type
//   parameters Interface a, b: methods, c, d: embedded · Tuple a, b: parts · Named a: object, b, c: arguments
//   TypeParam a: object · Union a, b: terms            (x, y: first and count in the arena of that sort)
#include "gotypes/type_table.h"

#include <algorithm>
#include <array>
#include <utility>

namespace memsnap::types {
namespace {

constexpr std::array<std::string_view, std::size_t(kBasics)> kBasicWords = {
    "invalid type",   "bool",         "int",         "int8",         "int16",         "int32",
    "int64",          "uint",         "uint8",       "uint16",       "uint32",        "uint64",
    "uintptr",        "float32",      "float64",     "complex64",    "complex128",    "string",
    "unsafe.Pointer", "untyped bool", "untyped int", "untyped rune", "untyped float", "untyped complex",
    "untyped string", "untyped nil"};

std::uint32_t mix(std::uint32_t hash, std::uint32_t word) {
  std::uint64_t x = (std::uint64_t(hash) << 32 | word) * 0x9e3779b97f4a7c15ull;
  return std::uint32_t(x >> 32) ^ std::uint32_t(x >> 7);
}

}  // namespace

std::string_view word(Basic basic) { return kBasicWords[std::size_t(basic)]; }

TypeTable::TypeTable() : slots_(1 << 12) {
  rows_.emplace_back();
  for (int i = 1; i < kBasics; ++i) rows_.push_back({.kind = TypeKind::kBasic, .a = Word(i)});
}

void TypeTable::grow() {
  std::vector<Word> wider(slots_.size() * 2);
  std::size_t mask = wider.size() - 1;
  for (Word id : slots_) {
    if (id == 0) continue;
    std::size_t at = rows_[id].hash & mask;
    while (wider[at] != 0) at = (at + 1) & mask;
    wider[at] = id;
  }
  slots_ = std::move(wider);
}

void TypeTable::note(Row& row, TypeId part) const {
  const Row& below = rows_[std::size_t(part)];
  row.depth = std::max(row.depth, std::uint16_t(std::min(below.depth + 1, 65535)));
  row.flags |= below.flags & (kHasTypeParams | kHasUnknown);
  if (part == kUnknownType) row.flags |= kHasUnknown;
}

template <class Fill>
TypeId TypeTable::intern(Row row, Fill&& fill) {
  if (row.depth > kMaxDepth) return kUnknownType;
  std::uint32_t hash = mix(std::uint32_t(row.kind), row.flags);
  for (Word w : key_) hash = mix(hash, w);
  std::size_t mask = slots_.size() - 1, at = hash & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    const Row& there = rows_[slots_[at]];
    if (there.hash == hash && there.kind == row.kind && there.flags == row.flags &&
        there.key_size == key_.size() && std::equal(key_.begin(), key_.end(), keys_.begin() + there.key))
      return TypeId{slots_[at]};
  }
  row.hash = hash;
  row.key = Word(keys_.size());
  row.key_size = Word(key_.size());
  keys_.insert(keys_.end(), key_.begin(), key_.end());
  fill(row);
  TypeId id{Word(rows_.size())};
  slots_[at] = Word(id);
  rows_.push_back(row);
  if (rows_.size() * 2 > slots_.size()) grow();
  return id;
}

// ---- Readers

TypeId TypeTable::elem(TypeId t) const {
  const Row& r = row(t);
  switch (r.kind) {
    case TypeKind::kPointer:
    case TypeKind::kSlice:
    case TypeKind::kArray:
    case TypeKind::kChan: return TypeId{r.a};
    case TypeKind::kMap: return TypeId{r.b};
    default: return kUnknownType;
  }
}

TypeId TypeTable::key(TypeId map) const {
  return row(map).kind == TypeKind::kMap ? TypeId{row(map).a} : kUnknownType;
}

std::int64_t TypeTable::length(TypeId t) const {
  const Row& r = row(t);
  return r.kind == TypeKind::kArray ? std::int64_t(std::uint64_t(r.c) << 32 | r.b) : -1;
}

std::span<const Field> TypeTable::fields(TypeId t) const {
  const Row& r = row(t);
  if (r.kind != TypeKind::kStruct) return {};
  return fields_.get(r.a, r.b);
}

std::span<const std::string_view> TypeTable::tags(TypeId t) const {
  const Row& r = row(t);
  if (r.kind != TypeKind::kStruct || r.c == 0) return {};
  return tags_.get(r.c - 1, r.b);
}

std::span<const TypeId> TypeTable::parts(TypeId t) const {
  const Row& r = row(t);
  if (r.kind == TypeKind::kTuple) return parts_.get(r.a, r.b);
  if (r.kind == TypeKind::kNamed) return parts_.get(r.b, r.c);
  return {};
}

TypeId TypeTable::params(TypeId signature) const {
  return row(signature).kind == TypeKind::kSignature ? TypeId{row(signature).a} : kUnknownType;
}

TypeId TypeTable::results(TypeId signature) const {
  return row(signature).kind == TypeKind::kSignature ? TypeId{row(signature).b} : kUnknownType;
}

std::span<const TypeId> TypeTable::type_params(TypeId signature) const {
  const Row& r = row(signature);
  if (r.kind != TypeKind::kSignature) return {};
  return parts_.get(r.c, r.d);
}

std::span<const Method> TypeTable::methods(TypeId interface) const {
  const Row& r = row(interface);
  if (r.kind != TypeKind::kInterface) return {};
  return methods_.get(r.a, r.b);
}

std::span<const Term> TypeTable::embedded(TypeId interface) const {
  const Row& r = row(interface);
  if (r.kind != TypeKind::kInterface) return {};
  return terms_.get(r.c, r.d);
}

std::span<const Term> TypeTable::terms(TypeId union_type) const {
  const Row& r = row(union_type);
  if (r.kind != TypeKind::kUnion) return {};
  return terms_.get(r.a, r.b);
}

ObjectId TypeTable::object(TypeId t) const {
  const Row& r = row(t);
  return r.kind == TypeKind::kNamed || r.kind == TypeKind::kTypeParam ? ObjectId{r.a} : kNoObject;
}

// ---- Makers

TypeId TypeTable::pointer(TypeId elem) {
  key_ = {Word(elem)};
  Row row{.kind = TypeKind::kPointer, .a = Word(elem)};
  note(row, elem);
  return intern(row, [](Row&) {});
}

TypeId TypeTable::slice(TypeId elem) {
  key_ = {Word(elem)};
  Row row{.kind = TypeKind::kSlice, .a = Word(elem)};
  note(row, elem);
  return intern(row, [](Row&) {});
}

TypeId TypeTable::array(TypeId elem, std::int64_t length) {
  Row row{
      .kind = TypeKind::kArray, .a = Word(elem), .b = Word(length), .c = Word(std::uint64_t(length) >> 32)};
  key_ = {row.a, row.b, row.c};
  note(row, elem);
  return intern(row, [](Row&) {});
}

TypeId TypeTable::map(TypeId key, TypeId value) {
  key_ = {Word(key), Word(value)};
  Row row{.kind = TypeKind::kMap, .a = Word(key), .b = Word(value)};
  note(row, key), note(row, value);
  return intern(row, [](Row&) {});
}

TypeId TypeTable::chan(TypeId elem, ast::ChanDir dir) {
  key_ = {Word(elem)};
  Row row{.kind = TypeKind::kChan, .flags = std::uint8_t(int(dir) << 4), .a = Word(elem)};
  note(row, elem);
  return intern(row, [](Row&) {});
}

TypeId TypeTable::tuple(std::span<const TypeId> parts) {
  Row row{.kind = TypeKind::kTuple};
  key_.clear();
  for (TypeId part : parts) key_.push_back(Word(part)), note(row, part);
  return intern(row, [&](Row& r) { r.a = parts_.add(parts), r.b = Word(parts.size()); });
}

TypeId TypeTable::signature(TypeId params, TypeId results, bool variadic,
                            std::span<const TypeId> type_params) {
  Row row{.kind = TypeKind::kSignature,
          .flags = std::uint8_t(variadic ? kVariadic : 0),
          .a = Word(params),
          .b = Word(results)};
  key_ = {Word(params), Word(results)};
  for (TypeId t : type_params) key_.push_back(Word(t));
  note(row, params), note(row, results);
  return intern(row, [&](Row& r) { r.c = parts_.add(type_params), r.d = Word(type_params.size()); });
}

TypeId TypeTable::named(ObjectId name, std::span<const TypeId> arguments) {
  Row row{.kind = TypeKind::kNamed, .a = Word(name)};
  key_ = {Word(name)};
  for (TypeId t : arguments) key_.push_back(Word(t)), note(row, t);
  return intern(row, [&](Row& r) { r.b = parts_.add(arguments), r.c = Word(arguments.size()); });
}

TypeId TypeTable::type_param(ObjectId name) {
  key_ = {Word(name)};
  Row row{.kind = TypeKind::kTypeParam, .flags = kHasTypeParams, .a = Word(name)};
  return intern(row, [](Row&) {});
}

TypeId TypeTable::union_of(std::span<const Term> terms) {
  Row row{.kind = TypeKind::kUnion};
  key_.clear();
  for (Term t : terms) key_.push_back(Word(t.type)), key_.push_back(t.tilde), note(row, t.type);
  return intern(row, [&](Row& r) { r.a = terms_.add(terms), r.b = Word(terms.size()); });
}

TypeId TypeTable::interface(std::span<const Method> methods, std::span<const Term> embedded) {
  Row row{.kind = TypeKind::kInterface};
  std::vector<Method> sorted(methods.begin(), methods.end());
  std::ranges::sort(sorted, {}, [](const Method& m) { return std::pair(m.name, m.package); });
  key_ = {Word(sorted.size()), sorted.empty() ? 0 : Word(sorted[0].object)};
  for (const Method& m : sorted) {
    key_.insert(key_.end(), {Word(m.name), Word(m.package), Word(m.type)});
    note(row, m.type);
  }
  for (Term t : embedded) key_.push_back(Word(t.type)), key_.push_back(t.tilde), note(row, t.type);
  return intern(row, [&](Row& r) {
    r.a = methods_.add(sorted), r.b = Word(sorted.size());
    r.c = terms_.add(embedded), r.d = Word(embedded.size());
  });
}

TypeId TypeTable::structure(std::span<const Field> fields, std::span<const std::string_view> tags) {
  Row row{.kind = TypeKind::kStruct};
  key_.clear();
  for (const Field& f : fields)
    key_.push_back(Word(f.object)), key_.push_back(Word(f.type)), note(row, f.type);
  return intern(row, [&](Row& r) {
    r.a = fields_.add(fields), r.b = Word(fields.size());
    if (tags.empty()) return;
    r.c = tags_.add(tags) + 1;
  });
}

}  // namespace memsnap::types
