// Names and shapes of single types, read from their entries when they are asked for: in any language, without
// a pass over .debug_info.
#pragma once

#include "dwarf/sections.h"

#include <string>
#include <unordered_map>

namespace memsnap::dw {

struct TypeShape {
  enum class Kind : std::uint8_t {
    kUnknown,
    kBool,
    kSigned,
    kUnsigned,
    kFloat,
    kComplex,
    kCharacter,
    kPointer,  // what is held by address: of Go also maps, channels, functions
    kString,   // of Go
    kSlice,    // of Go
    kInterface,
    kStruct,
    kArray,
  };
  struct Field {
    std::string_view name;
    std::uint64_t offset = 0, type = 0;
  };
  Kind kind = Kind::kUnknown;
  std::uint64_t size = 0;
  std::uint64_t element = 0;  // entry of the type pointed to or of the elements
  std::uint64_t count = 0;    // of an array
  std::vector<Field> fields;  // of structs, strings, slices, interfaces; without bit fields
};

class TypeTexts {
 public:
  explicit TypeTexts(const Units& units) : units_(units) {}

  // As its language writes it: *main.T, map[string]int, const char*, Shelf<long>&. "void" for entry 0.
  const std::string& name(std::uint64_t entry);
  const TypeShape& shape(std::uint64_t entry);

 private:
  struct Entry {  // of one type
    std::uint16_t tag = 0;
    std::uint8_t go_kind = 0;
    std::uint64_t size = 0, encoding = 0, target = 0, element = 0, count = 0;
    std::string_view name;
    std::uint64_t children = 0;  // offset of the first; 0 when it has none
    const Unit* unit = nullptr;
  };
  Entry read(std::uint64_t entry) const;
  void read_children(const Entry& entry, TypeShape& shape) const;
  std::uint64_t array_count(const Entry& entry) const;
  std::uint64_t behind_names(std::uint64_t entry) const;
  TypeShape make_shape(std::uint64_t entry) const;
  std::string make_name(std::uint64_t entry) const;

  const Units& units_;
  std::unordered_map<std::uint64_t, std::string> names_;
  std::unordered_map<std::uint64_t, TypeShape> shapes_;
};

}  // namespace memsnap::dw
