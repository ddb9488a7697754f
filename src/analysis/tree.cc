#include "analysis/tree.h"

#include <algorithm>
#include <unordered_set>

namespace memsnap {

namespace {

// A node that retains less has at most 2,048 objects below it, since the smallest has 8 bytes.
constexpr std::uint64_t kListed = 16 << 10;

std::uint32_t raw(NodeId node) { return std::uint32_t(node); }

}  // namespace

DominatorTree::DominatorTree(const Heap& heap) : heap_(heap) {}

std::uint64_t DominatorTree::retained(NodeId node) const {
  if (node == kNoNode || raw(node) > raw(heap_.virtual_root())) return 0;
  if (heap_.is_object(node)) return heap_.objects.retained[raw(node)];
  if (heap_.is_root(node)) return heap_.roots.retained[std::size_t(heap_.root_of(node))];
  std::uint64_t all = 0;
  for (NodeId child : all_children(node)) all += retained(child);
  return all;
}

NodeId DominatorTree::parent(NodeId node) const {
  if (node == kNoNode || raw(node) >= raw(heap_.virtual_root())) return kNoNode;
  return heap_.is_object(node) ? heap_.objects.idom[raw(node)] : heap_.virtual_root();
}

void DominatorTree::build() const {
  if (!listed_.empty()) return;
  std::uint32_t objects = std::uint32_t(heap_.objects.rows()), nodes = raw(heap_.virtual_root()) + 1;
  listed_.resize(nodes);
  for (std::uint32_t i = 0; i < objects; ++i)
    if (heap_.objects.retained[i] >= kListed && heap_.objects.idom[i] != kNoNode) listed_.add(i);
  for (std::uint32_t i = objects; i < nodes; ++i) listed_.add(i);
  listed_.number();
  begin_.assign(listed_.count() + 1, 0);
  auto each = [&](auto visit) {
    for (std::uint32_t node = 0; node + 1 < nodes; ++node)
      if (NodeId up = parent(NodeId(node)); up != kNoNode && listed_.contains(raw(up)))
        visit(listed_.rank(raw(up)), node);
  };
  each([&](std::size_t row, std::uint32_t) { ++begin_[row + 1]; });
  for (std::size_t i = 1; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  child_.resize(begin_.back());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  each([&](std::size_t row, std::uint32_t node) { child_[next[row]++] = node; });
}

// Everything a node dominates can be reached from it without leaving what it dominates.
std::vector<NodeId> DominatorTree::found_below(NodeId node) const {
  std::vector<NodeId> children;
  std::unordered_set<std::uint32_t> seen{raw(node)};
  std::vector<std::uint32_t> open{raw(node)};
  while (!open.empty()) {
    std::uint32_t from = open.back();
    open.pop_back();
    for (std::uint32_t e = heap_.edges.first[from]; e < heap_.edges.first[from + 1]; ++e) {
      std::uint32_t target = std::uint32_t(heap_.edges.target[e]);
      NodeId up = heap_.objects.idom[target];
      if (up == kNoNode || !seen.contains(raw(up)) || !seen.insert(target).second) continue;
      if (up == node) children.push_back(NodeId(target));
      open.push_back(target);
    }
  }
  return children;
}

std::vector<NodeId> DominatorTree::all_children(NodeId node) const {
  if (node == kNoNode || raw(node) > raw(heap_.virtual_root())) return {};
  if (heap_.is_object(node) && heap_.objects.idom[raw(node)] == kNoNode) return {};
  if (heap_.is_object(node) && heap_.objects.retained[raw(node)] < kListed) return found_below(node);
  build();
  std::size_t row = listed_.rank(raw(node));
  std::vector<NodeId> children;
  for (std::uint32_t i = begin_[row]; i < begin_[row + 1]; ++i) children.push_back(NodeId(child_[i]));
  return children;
}

std::vector<NodeId> DominatorTree::children(NodeId node, std::size_t most) const {
  std::vector<NodeId> all = all_children(node);
  auto larger = [&](NodeId a, NodeId b) {
    std::uint64_t left = retained(a), right = retained(b);
    return left != right ? left > right : raw(a) < raw(b);
  };
  if (most < all.size()) {
    std::ranges::partial_sort(all, all.begin() + std::ptrdiff_t(most), larger);
    all.resize(most);
  } else {
    std::ranges::sort(all, larger);
  }
  return all;
}

NodeId DominatorTree::largest_child(NodeId node) const {
  std::vector<NodeId> one = children(node, 1);
  return one.empty() ? kNoNode : one.front();
}

NodeId DominatorTree::top(NodeId node) const {
  if (node == kNoNode || raw(node) >= raw(heap_.virtual_root())) return kNoNode;
  if (!heap_.is_object(node)) return node;
  if (heap_.objects.idom[raw(node)] == kNoNode) return kNoNode;
  if (top_.empty()) top_.resize(heap_.objects.rows());
  std::vector<std::uint32_t> way;  // no call stack: chains are as long as the program made them
  NodeId at = node, found = kNoNode;
  while (found == kNoNode) {
    if (!heap_.is_object(at))
      found = at;
    else if (top_[raw(at)] != 0)
      found = NodeId(top_[raw(at)] - 1);
    else if (heap_.objects.idom[raw(at)] == heap_.virtual_root())
      found = at;
    if (found != kNoNode) break;
    way.push_back(raw(at));
    at = heap_.objects.idom[raw(at)];
  }
  for (std::uint32_t step : way) top_[step] = raw(found) + 1;
  return found;
}

std::vector<NodeId> DominatorTree::path(NodeId node) const {
  std::vector<NodeId> way;
  for (NodeId at = node; at != kNoNode && at != heap_.virtual_root(); at = parent(at)) way.push_back(at);
  std::ranges::reverse(way);
  return way;
}

bool DominatorTree::more_below(NodeId node, std::size_t n) const {
  std::vector<NodeId> open{node};
  for (std::size_t at = 0; at < open.size() && open.size() <= n + 1; ++at)
    for (NodeId child : children(open[at], n + 1)) open.push_back(child);
  return open.size() > n + 1;
}

}  // namespace memsnap
