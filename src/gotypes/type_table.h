// The types of a program, each once: two TypeIds are equal exactly when the types are identical, but for
// types that hold a struct literal, which is a type of its own at each place where it is written, so that its
// fields are the declared ones (Program::identical looks through that). Aliases are looked through and never
// stored. Names are those of go/types.
#pragma once

#include "gosrc/ast.h"
#include "gotypes/ids.h"
#include "gotypes/pool.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap::types {

enum class TypeKind : std::uint8_t {
  kUnknown,  // nothing is guessed: a missing module, cgo, a program with errors
  kBasic,
  kNamed,
  kPointer,
  kSlice,
  kArray,
  kMap,
  kChan,
  kStruct,
  kSignature,
  kInterface,
  kTuple,  // the results of a call; parameters
  kTypeParam,
  kUnion,
};

enum class Basic : std::uint8_t {
  kNotBasic,
  kBool,
  kInt,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUint,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kUintptr,
  kFloat32,
  kFloat64,
  kComplex64,
  kComplex128,
  kString,
  kUnsafePointer,
  kUntypedBool,
  kUntypedInt,
  kUntypedRune,
  kUntypedFloat,
  kUntypedComplex,
  kUntypedString,
  kUntypedNil,
};
constexpr int kBasics = int(Basic::kUntypedNil) + 1;
std::string_view word(Basic basic);  // "int", "untyped rune"

struct Field {
  NameId name = kNoName;
  TypeId type = kUnknownType;
  ObjectId object = kNoObject;  // the declared field, also in an instance of a generic struct
  bool embedded = false;
};

struct Method {  // of an interface
  NameId name = kNoName;
  PackageId package = kNoPackage;  // for names that are not exported
  TypeId type = kUnknownType;      // Signature
  ObjectId object = kNoObject;
};

struct Term {  // of a union, or an embedded element of an interface
  TypeId type = kUnknownType;
  bool tilde = false;
};

class TypeTable {
 public:
  TypeTable();
  TypeTable(const TypeTable&) = delete;
  TypeTable& operator=(const TypeTable&) = delete;

  // The basic type itself; Named types are not looked through here (Program::underlying is).
  TypeKind kind(TypeId t) const { return row(t).kind; }
  Basic basic(TypeId t) const { return row(t).kind == TypeKind::kBasic ? Basic(row(t).a) : Basic::kNotBasic; }

  TypeId elem(TypeId t) const;          // of Pointer, Slice, Array, Map, Chan; else unknown
  TypeId key(TypeId map) const;         // of Map
  std::int64_t length(TypeId t) const;  // of Array; -1 when not known
  ast::ChanDir direction(TypeId chan) const { return ast::ChanDir(row(chan).flags >> 4 & 3); }
  std::span<const Field> fields(TypeId t) const;           // of Struct
  std::span<const std::string_view> tags(TypeId t) const;  // of Struct, as written; empty when it has none
  std::span<const TypeId> parts(TypeId t) const;  // of Tuple: its types; of Named: its type arguments
  TypeId params(TypeId signature) const;          // Tuple
  TypeId results(TypeId signature) const;         // Tuple
  bool variadic(TypeId signature) const { return (row(signature).flags & kVariadic) != 0; }
  std::span<const TypeId> type_params(TypeId signature) const;  // of a generic function not yet instantiated
  std::span<const Method> methods(TypeId interface) const;      // the explicit ones, by name
  std::span<const Term> embedded(TypeId interface) const;       // embedded types and unions, in source order
  std::span<const Term> terms(TypeId union_type) const;
  ObjectId object(TypeId t) const;  // of Named and TypeParam: its type name

  bool has_type_params(TypeId t) const { return (row(t).flags & kHasTypeParams) != 0; }
  // Something that it is made of is not known. What a Named type stands for is not looked at.
  bool has_unknown(TypeId t) const { return t == kUnknownType || (row(t).flags & kHasUnknown) != 0; }
  int depth(TypeId t) const { return row(t).depth; }  // of nesting; bounds what instantiation may build
  std::size_t size() const { return rows_.size(); }

  // ---- Makers. Each gives the one TypeId of that type; kUnknownType for one that nests deeper than
  // kMaxDepth.
  static constexpr int kMaxDepth = 1'000;
  TypeId basic(Basic b) const { return TypeId{std::uint32_t(b)}; }
  TypeId pointer(TypeId elem);
  TypeId slice(TypeId elem);
  TypeId array(TypeId elem, std::int64_t length);
  TypeId map(TypeId key, TypeId value);
  TypeId chan(TypeId elem, ast::ChanDir dir);
  TypeId tuple(std::span<const TypeId> parts);
  TypeId signature(TypeId params, TypeId results, bool variadic, std::span<const TypeId> type_params = {});
  TypeId named(ObjectId name, std::span<const TypeId> arguments = {});
  TypeId type_param(ObjectId name);
  TypeId union_of(std::span<const Term> terms);
  TypeId interface(std::span<const Method> methods, std::span<const Term> embedded);  // sorts the methods
  TypeId structure(std::span<const Field> fields, std::span<const std::string_view> tags);

 private:
  // Bits 4 and 5 are the direction of a Chan.
  static constexpr std::uint8_t kVariadic = 1, kHasTypeParams = 2, kHasUnknown = 8;
  struct Row {
    TypeKind kind = TypeKind::kUnknown;
    std::uint8_t flags = 0;
    std::uint16_t depth = 0;
    std::uint32_t a = 0, b = 0, c = 0, d = 0;  // by kind; see type_table.cc
    std::uint32_t hash = 0, key = 0, key_size = 0;
  };
  using Word = std::uint32_t;
  const Row& row(TypeId t) const { return rows_[std::size_t(t)]; }
  // The row with this kind, these flags and key_; `fill` completes a new one.
  template <class Fill>
  TypeId intern(Row row, Fill&& fill);
  void grow();
  void note(Row& row, TypeId part) const;

  std::vector<Row> rows_;
  std::vector<Word> slots_;  // open addressing: rows by hash
  std::vector<Word> keys_;   // what makes a row different from others of its kind
  std::vector<Word> key_;    // of the type that is being made
  Pool<TypeId> parts_;       // of tuples, arguments, type parameters
  Pool<Field> fields_;
  Pool<std::string_view> tags_;
  Pool<Method> methods_;
  Pool<Term> terms_;
};

}  // namespace memsnap::types
