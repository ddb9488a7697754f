// Types of a hand-written heap (heap_text.h): made from the way Go writes them, laid out as Go does.
#pragma once

#include "base/result.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

class TypeBook {
 public:
  explicit TypeBook(StringPool& strings);

  // The type Go writes that way. A name that nobody declared is a struct of no known size.
  Result<TypeId> type(std::string_view name);
  // A part of a container. `of`: the element of an array or buffer, the map, the struct of a closure.
  TypeId part(Role role, TypeId of);
  // A part that has a name only: bytes of a string, a list element, a pool.
  TypeId named_part(Role role, std::string_view name);

  struct NewField {
    std::string name;
    TypeId type{0};
    std::optional<std::uint64_t> offset;
  };
  Result<void> declare_struct(std::string_view name, const std::vector<NewField>& fields);
  Result<void> declare(std::string_view name, Kind kind, std::uint64_t size, TypeId elem = TypeId{0});
  void code(TypeId map, std::uint32_t deletes, std::uint32_t evicts);

  const std::string& name(TypeId type) const { return rows_[std::size_t(type)].name; }
  std::uint64_t size(TypeId type) const { return rows_[std::size_t(type)].size; }
  Kind kind(TypeId type) const { return rows_[std::size_t(type)].kind; }
  Role role(TypeId type) const { return rows_[std::size_t(type)].role; }
  TypeId elem(TypeId type) const { return rows_[std::size_t(type)].elem; }
  // Offset and type of .a.b; of an array or buffer, in an element.
  Result<std::pair<std::uint64_t, TypeId>> field(TypeId type, std::string_view path) const;

  void store(Heap& heap) const;

 private:
  struct Field {
    std::string name;
    std::uint64_t offset = 0;
    TypeId type{0};
  };
  struct Row {
    std::string name;
    std::uint64_t size = 0, align = 8;
    Kind kind = Kind::kStruct;
    Role role = Role::kPlain;
    TypeId elem{0}, key{0};
    std::vector<Field> fields;
    std::uint32_t deletes = kNoRow, evicts = kNoRow;
    bool declared = false;
  };

  Result<TypeId> make(std::string_view name, int depth);
  Result<bool> describe(Row& row, int depth);
  TypeId add(Row row);

  StringPool& strings_;
  std::vector<Row> rows_;
  std::map<std::pair<Role, std::string>, TypeId, std::less<>> known_;
};

}  // namespace memsnap
