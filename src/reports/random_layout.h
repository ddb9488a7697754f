// Graphs to draw, for tests and benchmarks: call graphs as they are, and shapes nobody would call by.
#pragma once

#include "reports/layout.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace memsnap {

struct DrawnGraph {
  std::vector<LayoutNode> nodes;
  std::vector<LayoutEdge> edges;

  void add(std::size_t from, std::size_t to, int weight = 1) {
    edges.push_back({.from = std::uint32_t(from),
                     .to = std::uint32_t(to),
                     .weight = weight,
                     .label_width = 30,
                     .label_height = 13});
  }
};

// Nodes call mostly nodes that are a little deeper; every twentieth edge leads anywhere, so there are cycles.
inline DrawnGraph random_calls(std::size_t nodes, unsigned seed) {
  std::mt19937 random(seed);
  DrawnGraph graph;
  for (std::size_t i = 0; i < nodes; ++i)
    graph.nodes.push_back({40.0 + double(random() % 120), 30.0 + double(random() % 60)});
  for (std::size_t i = 1; i < nodes; ++i) {
    std::size_t near = 1 + nodes / 12;
    graph.add(i - 1 - random() % std::min(i, near), i, int(1 + random() % 100));
    if (random() % 3 == 0) graph.add(i - 1 - random() % std::min(i, near), i, int(1 + random() % 20));
    if (random() % 20 == 0) graph.add(i, random() % nodes);
  }
  return graph;
}

inline DrawnGraph strange_graph(std::string_view shape, std::size_t size) {
  DrawnGraph graph;
  graph.nodes.assign(size, {60, 30});
  for (std::size_t i = 1; i < size; ++i) {
    if (shape == "star") graph.add(0, i);
    if (shape == "chain" || shape == "ladder" || shape == "ring") graph.add(i - 1, i);
    if (shape == "ladder") graph.add(0, i), graph.add(i - 1, size - 1);
    if (shape == "two layers")
      for (std::size_t k = 0; k < 8; ++k)
        if (i % 2 == 1) graph.add(i, (i * (k * 7919 + 1) + k) % size / 2 * 2);
    if (shape == "bows")  // every edge back and forth
      graph.add(i / 2, i), graph.add(i, i / 2);
    if (shape == "dense")
      for (std::size_t k = 1; k * k <= i; ++k) graph.add(i - k * k, i);
  }
  if (shape == "ring") graph.add(size - 1, 0);
  return graph;
}

}  // namespace memsnap
