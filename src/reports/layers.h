// The graph of a layered drawing while it is made: an edge over several layers is a chain of points. Part of
// layout.h.
#pragma once

#include "reports/layout.h"

#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

inline constexpr std::uint32_t kNoVertex = ~0u;

struct LayerVertex {
  double left = 0, right = 0, height = 0;  // from its line to its sides
  std::uint32_t layer = 0, position = 0;   // in the layer, from the left
  std::uint32_t node = kNoVertex;          // a row of the nodes; none for a point of an edge
  std::int64_t x = 0;
};

// Between neighbouring layers.
struct LayerLink {
  std::uint32_t upper = 0, lower = 0;
  int weight = 1;
};

struct Chain {
  bool reversed = false;  // it leads up, against a cycle
  std::vector<std::uint32_t>
      vertices;                     // from its upper end down; only the ends when it has no room of its own
  std::uint32_t label = kNoVertex;  // the one that has the label beside it
};

// Nodes stand in even layers, labels in odd ones.
struct LayeredGraph {
  std::vector<LayerVertex> vertices;  // first the nodes
  std::vector<LayerLink> links;
  std::vector<std::vector<std::uint32_t>> layers;  // vertices from left to right
  std::vector<Chain> chains;                       // of each edge; none for a loop
  // Links by vertex: up[up_first[v]] .. up[up_first[v + 1]] are rows of links that lead up.
  std::vector<std::uint32_t> up_first, up, down_first, down;

  std::span<const std::uint32_t> above(std::uint32_t vertex) const {
    return std::span(up).subspan(up_first[vertex], up_first[vertex + 1] - up_first[vertex]);
  }
  std::span<const std::uint32_t> below(std::uint32_t vertex) const {
    return std::span(down).subspan(down_first[vertex], down_first[vertex + 1] - down_first[vertex]);
  }
};

// The least distance between the lines of two neighbours in a layer.
inline double least_gap(const LayerVertex& left, const LayerVertex& right) {
  auto blank = [](const LayerVertex& vertex) { return vertex.node == kNoVertex ? 5 : 9; };
  return left.right + blank(left) + blank(right) + right.left;
}

LayeredGraph make_layers(std::span<const LayoutNode> nodes, std::span<const LayoutEdge> edges);
void order_layers(LayeredGraph& graph);    // fewer crossings
void place_vertices(LayeredGraph& graph);  // x: straight edges, small distances

}  // namespace memsnap
