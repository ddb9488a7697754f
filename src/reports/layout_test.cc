#include "reports/layout.h"

#include "reports/random_layout.h"
#include "reports/simplex.h"

#include <gtest/gtest.h>

#include <cmath>

namespace memsnap {
namespace {

GraphLayout drawn(const DrawnGraph& graph) { return lay_out(graph.nodes, graph.edges); }

void expect_no_overlap(const DrawnGraph& graph, const GraphLayout& picture) {
  std::vector<std::uint32_t> order(graph.nodes.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  auto top = [&](std::uint32_t i) { return picture.nodes[i].y - graph.nodes[i].height / 2; };
  std::ranges::sort(order, {}, top);
  std::size_t meetings = 0;
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size(); ++b) {
      std::uint32_t i = order[a], j = order[b];
      if (top(j) >= top(i) + graph.nodes[i].height) break;
      double apart = std::abs(picture.nodes[i].x - picture.nodes[j].x);
      meetings += apart < (graph.nodes[i].width + graph.nodes[j].width) / 2;
    }
  }
  EXPECT_EQ(meetings, 0u);
}

// Ends on the borders of its boxes, within the picture, and never turns back.
void expect_good_route(const DrawnGraph& graph, const GraphLayout& picture, std::size_t row) {
  const LayoutEdge& edge = graph.edges[row];
  const std::vector<LayoutPoint>& points = picture.edges[row].points;
  if (edge.from == edge.to) {
    EXPECT_TRUE(points.empty());
    return;
  }
  ASSERT_GE(points.size(), 4u);
  ASSERT_EQ(points.size() % 3, 1u);
  auto on_border = [&](LayoutPoint point, std::uint32_t node) {
    double dx = std::abs(point.x - picture.nodes[node].x), dy = std::abs(point.y - picture.nodes[node].y);
    return dx <= graph.nodes[node].width / 2 && std::abs(dy - graph.nodes[node].height / 2) < 1e-6;
  };
  EXPECT_TRUE(on_border(points.front(), edge.from));
  EXPECT_TRUE(on_border(points.back(), edge.to));
  double way = points.back().y > points.front().y ? 1 : -1;
  for (std::size_t i = 1; i < points.size(); ++i) {
    EXPECT_GE((points[i].y - points[i - 1].y) * way, -1e-6);
    EXPECT_GE(points[i].x, -1e-6);
    EXPECT_LE(points[i].x, picture.width + 1e-6);
  }
}

// The middle of a curve through boxes that are not its own is a fault that one sees.
std::size_t routes_through_boxes(const DrawnGraph& graph, const GraphLayout& picture) {
  std::size_t faults = 0;
  for (std::size_t row = 0; row < graph.edges.size(); ++row) {
    const auto& points = picture.edges[row].points;
    bool meets = false;
    for (std::size_t i = 0; i + 3 < points.size(); i += 3) {
      LayoutPoint at{(points[i].x + 3 * points[i + 1].x + 3 * points[i + 2].x + points[i + 3].x) / 8,
                     (points[i].y + 3 * points[i + 1].y + 3 * points[i + 2].y + points[i + 3].y) / 8};
      for (std::uint32_t node = 0; node < graph.nodes.size(); ++node) {
        if (node == graph.edges[row].from || node == graph.edges[row].to) continue;
        meets |= std::abs(at.x - picture.nodes[node].x) < graph.nodes[node].width / 2 - 2 &&
                 std::abs(at.y - picture.nodes[node].y) < graph.nodes[node].height / 2 - 2;
      }
    }
    faults += meets;
  }
  return faults;
}

TEST(Layout, CallGraphsHaveNoOverlapsAndGoodRoutes) {
  for (std::size_t nodes : {1, 2, 3, 10, 80, 300}) {
    for (unsigned seed = 1; seed <= 5; ++seed) {
      SCOPED_TRACE(nodes * 10 + seed);
      DrawnGraph graph = random_calls(nodes, seed);
      GraphLayout picture = drawn(graph);
      ASSERT_EQ(picture.nodes.size(), nodes);
      expect_no_overlap(graph, picture);
      for (std::size_t i = 0; i < graph.edges.size(); ++i) expect_good_route(graph, picture, i);
      EXPECT_LE(routes_through_boxes(graph, picture), graph.edges.size() / 20);
    }
  }
}

TEST(Layout, NothingIsEmpty) {
  GraphLayout picture = lay_out({}, {});
  EXPECT_EQ(picture.width, 0);
  EXPECT_TRUE(picture.nodes.empty());
}

TEST(Layout, ATreeIsDrawnWithoutCrossingsAndTheHeavyPathStraight) {
  DrawnGraph graph;
  graph.nodes.assign(31, {50, 30});
  for (std::size_t i = 1; i < 31; ++i) graph.add((i - 1) / 2, i, i % 2 == 0 ? 100 : 1);
  GraphLayout picture = drawn(graph);
  for (std::size_t i = 2; i < 31; i = i * 2 + 2) EXPECT_EQ(picture.nodes[i].x, picture.nodes[0].x) << i;
  // Siblings' subtrees do not mix: in each layer parents' order is children's order.
  for (std::size_t a = 1; a < 31; ++a)
    for (std::size_t b = a + 1; b < 31; ++b) {
      if (picture.nodes[a].y != picture.nodes[b].y) continue;
      std::size_t up_a = (a - 1) / 2, up_b = (b - 1) / 2;
      if (up_a == up_b) continue;
      EXPECT_EQ(picture.nodes[a].x < picture.nodes[b].x, picture.nodes[up_a].x < picture.nodes[up_b].x);
    }
}

TEST(Layout, TheEdgeThatClosesACycleLeadsUp) {
  DrawnGraph graph;
  graph.nodes.assign(4, {50, 30});
  graph.add(0, 1, 10);
  graph.add(1, 2, 10);
  graph.add(2, 3, 10);
  graph.add(3, 1, 50);
  GraphLayout picture = drawn(graph);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_LT(picture.nodes[i].y, picture.nodes[i + 1].y);
  EXPECT_GT(picture.edges[3].points.front().y, picture.edges[3].points.back().y);
}

TEST(Layout, TheSameGraphGivesTheSamePicture) {
  DrawnGraph graph = random_calls(120, 7);
  GraphLayout a = drawn(graph), b = drawn(graph);
  for (std::size_t i = 0; i < a.nodes.size(); ++i) {
    EXPECT_EQ(a.nodes[i].x, b.nodes[i].x);
    EXPECT_EQ(a.nodes[i].y, b.nodes[i].y);
  }
}

// Each would take minutes if anything in it were quadratic.
TEST(Layout, StrangeGraphsTakeNoLongerThanOthers) {
  for (const char* shape : {"star", "chain", "ladder", "ring", "two layers", "bows", "dense"}) {
    SCOPED_TRACE(shape);
    DrawnGraph graph = strange_graph(shape, shape == std::string_view("dense") ? 800 : 6000);
    GraphLayout picture = drawn(graph);
    expect_no_overlap(graph, picture);
    EXPECT_TRUE(std::isfinite(picture.width + picture.height));
  }
}

// Against all placements of a small graph.
TEST(Simplex, FindsTheLeastSum) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<SimplexEdge> edges;
    for (std::uint32_t to = 1; to < 5; ++to)
      for (std::uint32_t from = 0; from < to; ++from)
        if (from == to - 1 || random() % 2 == 0)
          edges.push_back({from, to, std::int64_t(random() % 3), std::int64_t(random() % 9)});
    std::vector<std::int64_t> places(5);
    for (const SimplexEdge& edge : edges)
      places[edge.to] = std::max(places[edge.to], places[edge.from] + edge.length);
    improve_places(edges, places, 1 << 20);
    auto cost = [&](const std::vector<std::int64_t>& at) {
      std::int64_t sum = 0;
      for (const SimplexEdge& edge : edges) {
        if (at[edge.to] - at[edge.from] < edge.length) return std::int64_t(1) << 40;
        sum += edge.weight * (at[edge.to] - at[edge.from]);
      }
      return sum;
    };
    std::int64_t least = std::int64_t(1) << 40;
    for (int code = 0; code < 9 * 9 * 9 * 9; ++code) {
      std::vector<std::int64_t> at = {0, code % 9, code / 9 % 9, code / 81 % 9, code / 729};
      least = std::min(least, cost(at));
    }
    EXPECT_EQ(cost(places), least);
  }
}

}  // namespace
}  // namespace memsnap
