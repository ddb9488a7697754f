#include "graph/graph.h"

#include <algorithm>
#include <unordered_map>

namespace memsnap {

std::vector<Barrier> one_per_node(std::vector<Barrier> barriers) {
  std::ranges::reverse(barriers);
  std::ranges::stable_sort(barriers, {}, &Barrier::node);
  auto again = std::ranges::unique(barriers, {}, &Barrier::node);
  barriers.erase(again.begin(), again.end());
  return barriers;
}

std::vector<std::uint8_t> reachable(const RootedGraph& graph, std::span<const std::uint32_t> without) {
  std::vector<std::uint8_t> seen(graph.nodes());
  for (std::uint32_t node : without) seen[node] = 2;
  std::vector<std::uint32_t> open;
  auto visit = [&](std::uint32_t node) {
    if (seen[node] != 0) return;
    seen[node] = 1;
    if (graph.first[node] != graph.first[node + 1]) open.push_back(node);
  };
  for (std::uint32_t root : graph.root_target) {
    visit(root);
    while (!open.empty()) {
      std::uint32_t node = open.back();
      open.pop_back();
      for (std::uint32_t e = graph.first[node]; e < graph.first[node + 1]; ++e) visit(graph.target[e]);
    }
  }
  for (std::uint32_t node : without) seen[node] = 0;
  return seen;
}

std::uint64_t strictly_retained(const RootedGraph& graph, std::span<const std::uint32_t> set) {
  std::vector<std::uint8_t> with = reachable(graph), rest = reachable(graph, set);
  std::uint64_t words = 0;
  for (std::size_t node = 0; node < with.size(); ++node)
    if (with[node] != 0 && rest[node] == 0) words += graph.bytes[node];
  return words * 8;
}

std::vector<std::uint32_t> PathForest::path(std::uint32_t node) const {
  std::vector<std::uint32_t> way;
  while (node < parent.size()) {
    if (parent[node] == kUnreached) return {};
    way.push_back(node);
    node = parent[node];
  }
  way.push_back(node);
  std::ranges::reverse(way);
  return way;
}

PathForest shortest_paths(const RootedGraph& graph) {
  PathForest forest{std::vector<std::uint32_t>(graph.nodes(), kUnreached),
                    std::vector<std::uint8_t>(graph.nodes(), 255)};
  BarrierIndex barriers(graph);
  std::vector<std::uint32_t> queue;
  std::size_t labels = graph.labels(), next = 0;
  std::uint8_t phase = 0;
  auto visit = [&](std::uint32_t target, std::uint32_t from, bool passes) {
    if (forest.parent[target] != kUnreached) return;
    if (!passes && barriers.has(target)) return;
    forest.parent[target] = from;
    forest.phase[target] = phase;
    queue.push_back(target);
  };
  for (std::size_t begin = 0; begin < labels; begin = next) {
    phase = graph.root_phase[begin];
    bool last = phase == graph.root_phase.back();
    queue.clear();
    for (next = begin; next < labels && graph.root_phase[next] == phase; ++next) {
      auto label = std::uint32_t(next);
      for (std::uint32_t e = graph.root_first[label]; e < graph.root_first[label + 1]; ++e) {
        std::uint32_t target = graph.root_target[e];
        bool own = barriers.has(target) && barriers.label(target) == label;
        visit(target, std::uint32_t(graph.nodes()) + label, last || own);
      }
    }
    for (std::size_t at = 0; at < queue.size(); ++at)
      for (std::uint32_t e = graph.first[queue[at]]; e < graph.first[queue[at] + 1]; ++e)
        visit(graph.target[e], queue[at], last);
  }
  return forest;
}

namespace {

// Rows of a merged tree, made on the way from a label to a node.
class Merger {
 public:
  Merger(const PathForest& forest, std::span<const std::uint32_t> group) : forest_(forest), group_(group) {}

  std::uint32_t row_of(std::uint32_t node) {
    std::vector<std::uint32_t> way;  // not known yet, deepest first
    auto known = rows_of_.find(node);
    for (; known == rows_of_.end(); known = rows_of_.find(node)) {
      way.push_back(node);
      if (node >= forest_.parent.size()) break;
      node = forest_.parent[node];
    }
    std::uint32_t row = known == rows_of_.end() ? ~0u : known->second;
    for (; !way.empty(); way.pop_back()) rows_of_.emplace(way.back(), row = child(row, way.back()));
    return row;
  }

  std::vector<MergedPath> rows;

 private:
  std::uint32_t child(std::uint32_t parent, std::uint32_t node) {
    bool label = node >= forest_.parent.size();
    std::uint64_t kind = label || group_.empty() ? std::uint64_t(node) | kOwn : group_[node];
    auto [at, fresh] = children_.try_emplace({parent, kind}, std::uint32_t(rows.size()));
    if (fresh) rows.push_back({.node = node, .parent = parent});
    return at->second;
  }

  static constexpr std::uint64_t kOwn = std::uint64_t(1) << 32;
  struct Key {
    std::uint32_t parent;
    std::uint64_t kind;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      std::uint64_t mixed =
          (key.kind + 1) * 0x9e3779b97f4a7c15ull ^ std::uint64_t(key.parent) * 0xff51afd7ed558ccdull;
      return std::size_t(mixed ^ (mixed >> 29));
    }
  };
  const PathForest& forest_;
  std::span<const std::uint32_t> group_;
  std::unordered_map<Key, std::uint32_t, Hash> children_;
  std::unordered_map<std::uint32_t, std::uint32_t> rows_of_;
};

}  // namespace

std::vector<MergedPath> merged_paths(const RootedGraph& graph, const PathForest& forest,
                                     std::span<const std::uint32_t> wanted,
                                     std::span<const std::uint32_t> group) {
  Merger merger(forest, group);
  for (std::uint32_t node : wanted) {
    if (forest.parent[node] == kUnreached) continue;
    MergedPath& row = merger.rows[merger.row_of(node)];
    ++row.count;
    row.bytes += std::uint64_t(graph.bytes[node]) * 8;
  }
  std::vector<MergedPath> rows = std::move(merger.rows);
  for (std::size_t i = rows.size(); i-- > 0;)
    if (rows[i].parent != ~0u) {
      rows[rows[i].parent].count += rows[i].count;
      rows[rows[i].parent].bytes += rows[i].bytes;
    }
  return rows;
}

}  // namespace memsnap
