// Where memory was allocated, by the objects that the runtime sampled.
#pragma once

#include "analysis/tree.h"
#include "findings/finding.h"

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace memsnap {

class Sites {
 public:
  explicit Sites(const DominatorTree& tree);

  // Of the bytes below the node, largest share first. Without a sample there, of objects of the node's type
  // (of what the container holds) below the same holder; the source of such a site says so.
  std::vector<Site> below(NodeId node, std::size_t most) const;

 private:
  void build() const;
  std::vector<std::uint32_t> samples_below(NodeId node) const;
  std::vector<std::uint32_t> samples_alike(NodeId node) const;
  std::vector<Site> places(const std::vector<std::uint32_t>& samples, const char* source,
                           std::size_t most) const;

  const DominatorTree& tree_;
  const Heap& heap_;
  // Samples in the order of a walk over the dominator tree, and which of them lie below each node that has
  // any.
  mutable bool built_ = false;
  mutable std::vector<std::uint32_t> order_;  // rows of LiveSampleTable
  mutable std::unordered_map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> range_;
};

// Frames that the programmer wrote or chose: not of the runtime, not of the standard library.
bool is_user_frame(const Heap& heap, std::uint32_t frame);

}  // namespace memsnap
