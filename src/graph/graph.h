// A directed graph in compressed rows under labelled roots, its depth-first tree and its dominators.
// Knows no Go. Method: one depth-first search numbers the nodes and records the edges outside its tree;
// Semi-NCA (Georgiadis, Tarjan, Werneck) then looks at those edges only, since a node with one
// predecessor is dominated by it. Heaps are nearly trees, so that is a few percent of the nodes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

struct Barrier {
  std::uint32_t node = 0, label = 0;
};

// Nodes 0 .. nodes - 1 with edges target[first[i]] .. target[first[i + 1]]. Root label r stands for node
// nodes + r; its edges are root_target[root_first[r]] .. Labels come in the order of their phases: a node
// belongs to the first phase that reaches it, and edges from a later phase into an earlier one do not
// count for dominance.
struct RootedGraph {
  std::span<const std::uint32_t> first;  // nodes + 1
  std::span<const std::uint32_t> target;
  std::span<const std::uint32_t> root_first;  // labels + 1
  std::span<const std::uint32_t> root_target;
  std::span<const std::uint8_t> root_phase;  // one per label, non-decreasing
  std::span<const std::uint32_t> bytes;      // size of each node in units of 8 bytes

  // Sorted by node, each node once. An edge into such a node counts only when it comes from the label named
  // here, from a node of the last phase, or from a label of the last phase.
  std::span<const Barrier> barriers;

  std::size_t nodes() const { return first.size() - 1; }
  std::size_t labels() const { return root_first.size() - 1; }
};

// Barriers as RootedGraph wants them; of several for one node the last one counts.
std::vector<Barrier> one_per_node(std::vector<Barrier> barriers);

inline constexpr std::uint32_t kUnreached = ~0u;

// Which nodes have a barrier, by bit: nearly all have none.
class BarrierIndex {
 public:
  explicit BarrierIndex(const RootedGraph& graph) : barriers_(graph.barriers) {
    if (barriers_.empty()) return;
    has_.resize(graph.nodes() / 64 + 1);
    for (const Barrier& barrier : barriers_)
      has_[barrier.node / 64] |= std::uint64_t(1) << (barrier.node % 64);
  }
  bool has(std::uint32_t node) const { return !has_.empty() && (has_[node / 64] >> (node % 64)) & 1; }
  // Of a node that has one.
  std::uint32_t label(std::uint32_t node) const {
    return std::ranges::lower_bound(barriers_, node, {}, &Barrier::node)->label;
  }

 private:
  std::span<const Barrier> barriers_;
  std::vector<std::uint64_t> has_;
};

struct Dominators {
  // One entry per node, then one per label, then the virtual root (its own immediate dominator).
  std::vector<std::uint32_t> idom;         // kUnreached when no root reaches the node
  std::vector<std::uint64_t> retained;     // bytes of the dominated subtree
  std::vector<std::uint32_t> label_count;  // per label: nodes that it dominates
};

// Needs 24 bytes per node at its peak, beside the graph and three words per edge outside the tree.
Dominators dominators(const RootedGraph& graph);

// ---- Reachability without phases and cuts, as the collector sees it.

// Per node 1 when some label reaches it while the nodes of `without` are gone.
std::vector<std::uint8_t> reachable(const RootedGraph& graph, std::span<const std::uint32_t> without = {});

// Bytes that would be freed if the nodes of `set` went now and every label stayed.
std::uint64_t strictly_retained(const RootedGraph& graph, std::span<const std::uint32_t> set);

// ---- Shortest paths: a forest under the labels, breadth first, labels of earlier phases first, so that a
// node hangs under the best label that reaches it. Cuts count.
struct PathForest {
  std::vector<std::uint32_t> parent;  // per node: a node, a label (nodes + r), or kUnreached
  std::vector<std::uint8_t> phase;    // per node: of that label, 255 when not reached

  // From a label to the node, both included; empty when it is not reached.
  std::vector<std::uint32_t> path(std::uint32_t node) const;
};
PathForest shortest_paths(const RootedGraph& graph);

// The paths to many nodes as one tree: how many of them pass through each node, and their bytes.
struct MergedPath {
  std::uint32_t node = 0;      // or nodes + r
  std::uint32_t parent = ~0u;  // row of the same list; ~0u for a label
  std::uint32_t count = 0;     // of the wanted nodes at or below
  std::uint64_t bytes = 0;     // of those
};
// Parents before their children. `same` says whether two nodes may become one step (the same type, say), by a
// group number per node; nodes below one parent with equal groups are merged. Empty: every node is its own.
std::vector<MergedPath> merged_paths(const RootedGraph& graph, const PathForest& forest,
                                     std::span<const std::uint32_t> wanted,
                                     std::span<const std::uint32_t> group = {});

}  // namespace memsnap
