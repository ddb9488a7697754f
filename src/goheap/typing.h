// Gives every object of a captured heap a type. Types spread from typed roots (package variables, locals, the
// headers that the allocator keeps for large objects) along typed pointers; each claim is checked against the
// allocator's own pointer bitmap before it is believed. Method and figures: graph.md section 3 of the design.
#pragma once

#include "goheap/parts.h"
#include "goheap/raw_heap.h"
#include "goheap/type_programs.h"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace memsnap {

// Static memory of known type: a package variable, or what the typed pointers of one lead to (the T of
// `var x = &T{…}` lies in data without a name of its own).
struct StaticRegion {
  std::uint64_t from = 0, to = 0;
  TypeId type{};                  // of a value; several of them when it is the array of a slice
  std::uint32_t global = kNoRow;  // DwarfIndex::globals of the variable that owns it
  std::uint32_t parent = kNoRow;  // region whose pointer leads here; kNoRow for variables
  std::uint64_t parent_at = 0;    // address of that pointer
};

struct HeapTypes {
  Typing typing;
  std::vector<StaticRegion> regions;  // sorted by address
};

// What to look at besides the variables.
struct TypingRoots {
  std::span<const StackRoot> stacks;
  std::span<const StaticRoot> statics;
  std::span<const SpecialRoot> specials;
};

// The model must be attached to this heap.
HeapTypes type_heap(const RawHeap& heap, TypePrograms& programs, const TypingRoots& roots);

// One per static root, in their order: who owns the word, and what of the owner it is. Texts are "",
// ".field",
// "[…].field", " -> .field" behind a pointer.
std::vector<StaticOwner> static_owners(TypeModel& model, const HeapTypes& types,
                                       std::span<const StaticRoot> roots, StringPool& strings);
// Fields on the way to an offset in a value: ".a.b", "[…]" for an element.
std::string path_in(TypeModel& model, TypeId type, std::uint64_t offset);

}  // namespace memsnap
