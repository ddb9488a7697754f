// Graphs made by chance, for tests and benches.
#pragma once

#include "graph/graph.h"

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace memsnap {

// A graph that owns its rows. add nodes with edges in any order, then call rows().
struct OwnGraph {
  std::vector<std::vector<std::uint32_t>> edges, roots;
  std::vector<std::uint8_t> phase;   // per label
  std::vector<std::uint32_t> words;  // per node
  std::vector<Barrier> barriers;     // sorted by node

  std::vector<std::uint32_t> first, target, root_first, root_target;

  RootedGraph rows() {
    auto pack = [](const std::vector<std::vector<std::uint32_t>>& lists, std::vector<std::uint32_t>& begin,
                   std::vector<std::uint32_t>& to) {
      begin.assign(1, 0);
      to.clear();
      for (const auto& list : lists) {
        to.insert(to.end(), list.begin(), list.end());
        begin.push_back(std::uint32_t(to.size()));
      }
    };
    pack(edges, first, target);
    pack(roots, root_first, root_target);
    return {first, target, root_first, root_target, phase, words, barriers};
  }
};

// 1 to 40 nodes; several labels in up to four phases, self loops, double edges, unreached parts, barriers.
inline OwnGraph random_graph(std::mt19937& random) {
  auto below = [&](std::uint32_t n) { return std::uint32_t(random() % n); };
  OwnGraph graph;
  std::uint32_t nodes = 1 + below(40), edges = below(nodes * 3 + 1), labels = 1 + below(6);
  bool forward = below(3) == 0, barriers = below(3) == 0;
  graph.edges.resize(nodes);
  graph.roots.resize(labels);
  for (std::uint32_t i = 0; i < edges; ++i) {
    std::uint32_t from = below(nodes), to = below(nodes);
    if (forward && to < from) std::swap(from, to);
    graph.edges[from].push_back(to);
    if (below(8) == 0) graph.edges[from].push_back(to);
  }
  std::uint32_t phase = 0;
  for (auto& label : graph.roots) {
    if (below(2) == 0) phase = std::min(3u, phase + below(3));
    graph.phase.push_back(std::uint8_t(phase));
    for (std::uint32_t i = below(4); i > 0; --i) label.push_back(below(nodes));
  }
  for (std::uint32_t i = 0; i < nodes; ++i) graph.words.push_back(1 + below(100));
  if (barriers)
    for (std::uint32_t i = 0; i < nodes; ++i)
      if (below(5) == 0) graph.barriers.push_back({i, below(labels)});
  return graph;
}

}  // namespace memsnap
