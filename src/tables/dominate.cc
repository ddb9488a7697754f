#include "tables/dominate.h"

#include <algorithm>
#include <numeric>

namespace memsnap {

namespace {

// Ids and words have the same bits as the graph's plain numbers.
template <class Id>
std::span<const std::uint32_t> plain(const Column<Id>& column) {
  static_assert(sizeof(Id) == sizeof(std::uint32_t));
  return {reinterpret_cast<const std::uint32_t*>(column.data()), column.size()};
}

}  // namespace

HeapGraph::HeapGraph(const Heap& heap, std::span<const Barrier> barriers) : heap_(heap) {
  std::size_t labels = heap.roots.rows(), edges = heap.root_edges.rows();
  order_.resize(labels);
  std::iota(order_.begin(), order_.end(), 0u);
  std::ranges::stable_sort(order_, {}, [&](std::uint32_t root) { return heap.roots.phase[root]; });
  std::vector<std::uint32_t> label_of(labels);
  for (std::uint32_t label = 0; label < labels; ++label) {
    label_of[order_[label]] = label;
    phase_.push_back(heap.roots.phase[order_[label]]);
  }
  root_first_.assign(labels + 1, 0);
  for (RootId root : heap.root_edges.root) ++root_first_[label_of[std::size_t(root)] + 1];
  std::partial_sum(root_first_.begin(), root_first_.end(), root_first_.begin());
  std::vector<std::uint32_t> next(root_first_.begin(), root_first_.end() - 1);
  root_target_.resize(edges);
  for (std::size_t e = 0; e < edges; ++e)
    root_target_[next[label_of[std::size_t(heap.root_edges.root[e])]]++] =
        std::uint32_t(heap.root_edges.target[e]);
  barriers_.assign(barriers.begin(), barriers.end());
  for (Barrier& barrier : barriers_) barrier.label = label_of[barrier.label];
}

RootedGraph HeapGraph::graph() const {
  static constexpr std::uint32_t kEmpty[1] = {};
  std::span<const std::uint32_t> first = plain(heap_.edges.first);
  if (first.empty()) first = kEmpty;
  return {first,  plain(heap_.edges.target),  root_first_, root_target_,
          phase_, heap_.objects.words.view(), barriers_};
}

NodeId HeapGraph::node(std::uint32_t graph_node) const {
  std::size_t objects = heap_.objects.rows();
  if (graph_node < objects) return NodeId(graph_node);
  std::size_t label = graph_node - objects;
  return label < order_.size() ? heap_.node(RootId(order_[label])) : heap_.virtual_root();
}

void mark(Heap& heap) {
  std::vector<std::uint8_t> seen = reachable(HeapGraph(heap).graph());
  heap.objects.flags.resize(seen.size());
  auto flags = heap.objects.flags.mine();
  for (std::size_t i = 0; i < seen.size(); ++i)
    flags[i] = std::uint8_t(seen[i] != 0 ? flags[i] | kReached : flags[i] & ~kReached);
}

void dominate(Heap& heap, std::span<const Barrier> barriers) {
  HeapGraph graph(heap, barriers);
  Dominators found = dominators(graph.graph());
  std::size_t objects = heap.objects.rows(), labels = heap.roots.rows();
  heap.objects.idom.resize(objects);
  heap.objects.retained.resize(objects);
  heap.objects.flags.resize(objects);
  auto idom = heap.objects.idom.mine();
  auto retained = heap.objects.retained.mine();
  auto flags = heap.objects.flags.mine();
  for (std::size_t i = 0; i < objects; ++i) {
    bool reached = found.idom[i] != kUnreached;
    idom[i] = reached ? graph.node(found.idom[i]) : kNoNode;
    retained[i] = reached ? found.retained[i] : 0;
    flags[i] = std::uint8_t(reached ? flags[i] | kReached : flags[i] & ~kReached);
  }
  heap.roots.retained.resize(labels);
  heap.roots.objects.resize(labels);
  auto bytes = heap.roots.retained.mine();
  auto counts = heap.roots.objects.mine();
  for (std::uint32_t label = 0; label < labels; ++label) {
    std::size_t root = std::size_t(graph.root(label));
    bytes[root] = found.retained[objects + label];
    counts[root] = found.label_count[label];
  }
}

}  // namespace memsnap
