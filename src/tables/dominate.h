// Who holds what: from the pointers of a capture to its dominator columns.
#pragma once

#include "graph/graph.h"
#include "tables/heap.h"

#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

// The graph of a capture with its labels in the order of their phases, as RootedGraph wants them. It looks
// into the heap, which must stay as it is.
class HeapGraph {
 public:
  // barriers: objects (runtime.g, m and p) into which, before the last phase, only the label of that RootId
  // may lead; sorted by object.
  explicit HeapGraph(const Heap& heap, std::span<const Barrier> barriers = {});

  RootedGraph graph() const;
  // Label r of the graph is this row of the root table, and the other way round.
  RootId root(std::uint32_t label) const { return RootId(order_[label]); }
  // A node of the graph as the heap numbers nodes.
  NodeId node(std::uint32_t graph_node) const;

 private:
  const Heap& heap_;
  std::vector<std::uint32_t> order_;  // label -> RootId
  std::vector<std::uint32_t> root_first_, root_target_;
  std::vector<std::uint8_t> phase_;
  std::vector<Barrier> barriers_;
};

// Sets the flag kReached on what some label reaches.
void mark(Heap& heap);
// Fills objects.idom, objects.retained, the flag kReached, roots.retained and roots.objects.
void dominate(Heap& heap, std::span<const Barrier> barriers = {});

}  // namespace memsnap
