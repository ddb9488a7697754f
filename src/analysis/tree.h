// The dominator tree of a capture, downwards. The columns say who dominates an object; this says whom an
// object dominates. Lists are kept for nodes that retain much; for the others, which are nearly all, the few
// objects below them are found by following pointers.
#pragma once

#include "analysis/node_set.h"
#include "tables/heap.h"

#include <cstdint>
#include <vector>

namespace memsnap {

class DominatorTree {
 public:
  explicit DominatorTree(const Heap& heap);

  const Heap& heap() const { return heap_; }
  std::uint64_t retained(NodeId node) const;
  // Immediate dominator; kNoNode above the virtual root and of what no root reaches.
  NodeId parent(NodeId node) const;
  // Largest first, at most `most`.
  std::vector<NodeId> children(NodeId node, std::size_t most) const;
  NodeId largest_child(NodeId node) const;  // kNoNode when there is none
  // The ancestor right below the virtual root: a label, or an object that several labels share.
  NodeId top(NodeId node) const;
  // From the top to the node, both included.
  std::vector<NodeId> path(NodeId node) const;
  // Whether more than n nodes are below it.
  bool more_below(NodeId node, std::size_t n) const;

 private:
  void build() const;
  std::vector<NodeId> found_below(NodeId node) const;
  std::vector<NodeId> all_children(NodeId node) const;

  const Heap& heap_;
  // All made on first use; the tree itself never changes.
  mutable NodeSet listed_;  // nodes whose children are listed
  mutable std::vector<std::uint32_t> begin_, child_;
  mutable std::vector<std::uint32_t> top_;  // 0 unknown, else node + 1
};

}  // namespace memsnap
