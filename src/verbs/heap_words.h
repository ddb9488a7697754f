// Words for rows of a heap that several verbs print, and the dominator tree as lists of children.
#pragma once

#include "analysis/case.h"
#include "tables/heap.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// The object that holds this address; kNoObject when none does.
ObjectId object_at(const Heap& heap, std::uint64_t address);

// 0xc0001a2000, with or without the 0x.
std::optional<std::uint64_t> parse_address(std::string_view text);

// Go's package of a type: that of the first qualified name, elements before keys; "" for []byte.
std::string_view package_of(std::string_view type);

// Whether `text` fits a pattern with * (any run) and ? (any character).
bool matches(std::string_view pattern, std::string_view text);
// As the user of a verb means it: a pattern without * and ? fits anywhere inside.
bool matches_loosely(std::string_view pattern, std::string_view text);

// Children of every node in the dominator tree, in the order of their numbers, and all reached nodes from the
// root down (a parent before its children).
struct HeapTree {
  std::vector<std::uint32_t> first;  // nodes + 1
  std::vector<std::uint32_t> child;
  std::vector<std::uint32_t> down;
  std::vector<std::uint32_t> parent;  // ~0u for the virtual root and what is not reached
  explicit HeapTree(const Heap& heap);
};

// variable.field[…].field of whatever holds this node, in one line.
std::string holder_line(const Case& what, NodeId node);

}  // namespace memsnap
