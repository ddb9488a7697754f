// Whatever the graph, it is drawn: boxes do not overlap, and every edge runs from box to box without turning
// back. The first byte is the number of nodes, then three bytes are an edge: from, to, weight and span.
#include "reports/layout.h"

#include <algorithm>
#include <cmath>

namespace {

void expect(bool promise) {
  if (!promise) __builtin_trap();
}

void check_boxes(std::span<const memsnap::LayoutNode> nodes, const memsnap::GraphLayout& picture) {
  expect(picture.nodes.size() == nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double across = std::abs(picture.nodes[i].x - picture.nodes[j].x);
      double down = std::abs(picture.nodes[i].y - picture.nodes[j].y);
      expect(across >= (nodes[i].width + nodes[j].width) / 2 ||
             down >= (nodes[i].height + nodes[j].height) / 2);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  std::vector<memsnap::LayoutNode> nodes;
  for (std::size_t i = 0; i < data[0] % 64u; ++i)
    nodes.push_back({10.0 + double(i * 37 % 90), 8.0 + double(i * 53 % 70)});
  std::vector<memsnap::LayoutEdge> edges;
  constexpr std::size_t kMostEdges = 200;
  for (std::size_t at = 1; !nodes.empty() && at + 2 < size && edges.size() < kMostEdges; at += 3)
    edges.push_back({.from = std::uint32_t(data[at] % nodes.size()),
                     .to = std::uint32_t(data[at + 1] % nodes.size()),
                     .weight = 1 + (data[at + 2] & 63),
                     .span = 1 + (data[at + 2] >> 6),
                     .label_width = data[at + 2] % 2 != 0 ? 30.0 : 0.0,
                     .label_height = 12});
  memsnap::GraphLayout picture = memsnap::lay_out(nodes, edges);
  expect(std::isfinite(picture.width) && std::isfinite(picture.height));
  check_boxes(nodes, picture);
  expect(picture.edges.size() == edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const std::vector<memsnap::LayoutPoint>& points = picture.edges[i].points;
    if (edges[i].from == edges[i].to) {
      expect(points.empty());
      continue;
    }
    expect(points.size() >= 4 && points.size() % 3 == 1);
    double way = points.back().y > points.front().y ? 1 : -1;
    for (std::size_t p = 1; p < points.size(); ++p) expect((points[p].y - points[p - 1].y) * way >= -1e-6);
  }
  return 0;
}
