// Names for holders that are the same in every capture of a process: the root, then at most six steps of
// field and type, containers folded, no indices.
#pragma once

#include "analysis/node_set.h"
#include "tables/heap.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace memsnap {

inline constexpr std::uint32_t kNoKey = ~0u;

// Bytes of objects: all of them, those that were there one capture earlier, and of these the ones of sizes
// that turn over fast.
struct Amounts {
  double all = 0, kept = 0, fast = 0;
  Amounts& operator+=(const Amounts& other) {
    all += other.all;
    kept += other.kept;
    fast += other.fast;
    return *this;
  }
};

class HolderKeys {
 public:
  // Only nodes that retain at least so much get a name.
  HolderKeys(const Heap& heap, std::uint64_t least_bytes);

  std::size_t keys() const { return texts_.size(); }
  const std::string& text(std::uint32_t key) const { return texts_[key]; }
  // Of an object or label; kNoKey when it is too small or too deep.
  std::uint32_t key(NodeId node) const;
  // The node a finding should name: the largest with this key.
  NodeId node(std::uint32_t key) const { return nodes_[key]; }

  // Per key what `amounts` gives for every reached object below the topmost nodes with that key.
  template <class Of>
  std::vector<Amounts> sum(Of amounts) const;

 private:
  void collect(std::uint64_t least_bytes);
  void order_by_depth();
  void name_all();
  void name(std::uint32_t row);
  void note_edges(std::uint32_t row);
  std::uint32_t intern(std::uint32_t parent, const std::string& step, int depth);
  void offer(std::uint32_t key, NodeId node);
  std::uint32_t row_of(NodeId node) const { return large_.rank(std::uint32_t(node)); }
  bool has(NodeId node) const {
    return node != kNoNode && node != heap_.virtual_root() && large_.contains(std::uint32_t(node));
  }

  const Heap& heap_;
  NodeSet large_;
  std::vector<std::uint32_t> node_of_, up_, order_;  // by row; up_ is kNoKey at the top
  std::vector<std::uint32_t> key_of_, word_;         // by row; word_ of the parent that points here
  std::vector<std::string> texts_;
  std::vector<int> depths_;
  std::vector<NodeId> nodes_;
  std::unordered_map<std::string, std::uint32_t> known_;
};

template <class Of>
std::vector<Amounts> HolderKeys::sum(Of amounts) const {
  std::vector<Amounts> below(node_of_.size()), of_key(texts_.size());
  for (std::uint32_t id = 0; id < heap_.objects.rows(); ++id) {
    if (heap_.objects.idom[id] == kNoNode) continue;
    NodeId at{id};  // up to the first node that has a name; few steps, as little lies below a small object
    while (at != heap_.virtual_root() && !large_.contains(std::uint32_t(at)))
      at = heap_.is_object(at) ? heap_.objects.idom[std::size_t(at)] : heap_.virtual_root();
    if (at != heap_.virtual_root()) below[row_of(at)] += amounts(id);
  }
  for (std::size_t i = order_.size(); i-- > 0;) {
    std::uint32_t row = order_[i], up = up_[row];
    if (up != kNoKey) below[up] += below[row];
    bool topmost = up == kNoKey || key_of_[up] != key_of_[row];
    if (topmost && key_of_[row] != kNoKey) of_key[key_of_[row]] += below[row];
  }
  return of_key;
}

}  // namespace memsnap
