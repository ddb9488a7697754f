// Draws a directed graph in layers, from the sources down: which layer a node is in, where in it, and the
// ways of the edges around the nodes. Sugiyama's method with the refinements of Gansner and others (dot). The
// same graph always gives the same picture; the work grows with nodes and edges, whatever the graph.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

struct LayoutNode {
  double width = 0, height = 0;
};
struct LayoutEdge {
  std::uint32_t from = 0, to = 0;
  int weight = 1;  // how much it wants to be short and straight
  int span = 1;    // layers from its source to its target, at least
  double label_width = 0, label_height = 0;
};

struct LayoutPoint {
  double x = 0, y = 0;
};
struct LayoutRoute {
  std::vector<LayoutPoint> points;  // Bézier curves: a start, then three points each; none for a loop
  LayoutPoint label;                // the middle of its left side
};
struct GraphLayout {
  double width = 0, height = 0;
  std::vector<LayoutPoint> nodes;  // their centres
  std::vector<LayoutRoute> edges;  // from border to border
};

GraphLayout lay_out(std::span<const LayoutNode> nodes, std::span<const LayoutEdge> edges);

}  // namespace memsnap
