// What the rules about maps ask of one row of the map table.
#pragma once

#include "analysis/claim.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace memsnap {

// The header's object, or the object or label in whose memory the header lies.
NodeId map_node(const Heap& heap, std::size_t row);
// Bytes that go with the entries: what the map's own parts dominate.
std::uint64_t map_retained(const Case& what, std::size_t row);
// Bytes of values that these maps of one type lead to and do not hold alone, because a second index, a list
// or another variable leads to them too. They go when both let go. One walk over all objects.
std::uint64_t shared_values(const Case& what, std::span<const std::size_t> rows);
// Where the map is, as a programmer would write it: session.store.byUser. The field too when the header lies
// in the middle of a struct.
std::string map_place(const Case& what, const Holder& holder, std::size_t row);
// How the number of entries moved; a rise of fewer than 16 entries is not looked at.
Rise map_rise(const Case& what, std::size_t row);
inline constexpr double kLeastEntriesRise = 16;

// The list that a context keeps of the children it has to cancel (context/context.go).
bool is_context_children(const Heap& heap, std::size_t row);

// Keys of the map that are only another spelling of a key it has.
struct Spellings {
  std::uint64_t keys = 0, distinct = 0;
  std::size_t row = 0;  // of KeyTable
  double redundant() const { return keys == 0 ? 0 : double(keys - distinct) / double(keys); }
  bool many() const;  // enough of them to call it the reason of the map's size
};
Spellings spellings_at(const Heap& heap, std::size_t key_row);

// Objects that belong to this map's storage (directory, tables, groups), sorted; at most `most`.
std::vector<ObjectId> map_storage(const Heap& heap, std::size_t row, std::size_t most = 1 << 16);

// A map that many values of one struct type have in the same field.
struct Sharing {
  std::size_t map = 0;        // row of MapTable
  TypeId type{0};             // the struct
  std::string field;          // Tags
  std::uint64_t holders = 0;  // values of it that point to the map
};
// Maps worth speaking of with at least 16 such holders, by row.
std::vector<Sharing> shared_maps(const Heap& heap);

}  // namespace memsnap
