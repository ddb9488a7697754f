// What the rules about slices and strings ask of the array table: which part of an array somebody can see,
// which kind of leftover the rest is, and arrays of the same kind in the same place taken together.
#pragma once

#include "analysis/claim.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace memsnap {

// What the part that no slice shows is. One array is one of these, so that no byte is counted by two rules.
enum class Rest : std::uint8_t {
  kNone,     // too small to speak of, in use otherwise, or between two uses (a pool, a stack)
  kPin,      // data that nobody can see any more: the slice was cut out of something larger
  kPopped,   // elements before the first one: s = s[1:]
  kEmptied,  // length 0 and data behind it: s = s[:0]
  kRoom,     // never written: capacity that is not used
};
Rest rest_of(const Heap& heap, std::size_t row);

std::uint64_t array_bytes(const Heap& heap, std::size_t row);
std::uint64_t shown_bytes(const Heap& heap, std::size_t row);
// What only pointers outside the shown part keep: it goes when the array is copied or cleared.
std::uint64_t hidden_retained(const Heap& heap, std::size_t row);

// Arrays of one element type whose longest view lies in the same field of the same type of object, or in the
// same variable.
struct ArrayGroup {
  std::vector<ObjectId> arrays;  // sorted
  std::size_t largest = 0;       // row of ArrayTable with the most waste
  std::uint64_t bytes = 0;       // of the arrays
  std::uint64_t shown = 0;       // of those, what slices show
  std::uint64_t hidden = 0;      // retained through pointers that nobody can see
  std::uint64_t pointers = 0;    // those pointers
  std::uint64_t wasted() const { return bytes - shown + hidden; }
};
// Largest waste first.
std::vector<ArrayGroup> group_arrays(const Heap& heap, const std::function<bool(std::size_t row)>& wanted);

// A finding about a group: holder, type and allocating line of its largest array.
Finding claim_arrays(const Case& what, const char* rule, const ArrayGroup& group);
// How the number of elements shown there moved between captures; row is null when it was not followed.
Rise array_rise(const Case& what, const ArrayGroup& group);
// Whether that number changed at all: then the array is in use.
bool in_use(const Case& what, const ArrayGroup& group);

}  // namespace memsnap
