#include "graph/graph.h"

#include "graph/random_graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace memsnap {
namespace {

constexpr std::uint32_t kNone = ~0u;

// The rules of RootedGraph as plainly as possible: which edges count, given the phase of each node.
struct Plain {
  explicit Plain(const RootedGraph& g) : graph(g), nodes(std::uint32_t(g.nodes())), phase(g.nodes(), 255) {
    last = g.root_phase.back();
    for (std::uint8_t p = 0; p <= last; ++p) {
      std::vector<std::uint32_t> open;
      auto visit = [&](std::uint32_t from, std::uint32_t to) {
        if (phase[to] == 255 && passes(from, to, p)) phase[to] = p, open.push_back(to);
      };
      for (std::uint32_t r = 0; r < g.labels(); ++r)
        if (g.root_phase[r] == p) each(nodes + r, [&](std::uint32_t to) { visit(nodes + r, to); });
      while (!open.empty()) {
        std::uint32_t node = open.back();
        open.pop_back();
        each(node, [&](std::uint32_t to) { visit(node, to); });
      }
    }
  }

  template <class Visit>
  void each(std::uint32_t from, Visit visit) const {
    auto first = from < nodes ? graph.first : graph.root_first;
    auto target = from < nodes ? graph.target : graph.root_target;
    std::uint32_t row = from < nodes ? from : from - nodes;
    for (std::uint32_t e = first[row]; e < first[row + 1]; ++e) visit(target[e]);
  }
  bool passes(std::uint32_t from, std::uint32_t to, std::uint8_t p) const {
    if (p == last) return true;
    for (const Barrier& barrier : graph.barriers)
      if (barrier.node == to) return from >= nodes && barrier.label == from - nodes;
    return true;
  }
  // Nodes and labels that are reached while `gone` is taken away.
  std::vector<bool> reached(std::uint32_t gone) const {
    std::vector<bool> seen(nodes + graph.labels());
    std::vector<std::uint32_t> open;
    for (std::uint32_t r = 0; r < graph.labels(); ++r)
      if (nodes + r != gone) seen[nodes + r] = true, open.push_back(nodes + r);
    while (!open.empty()) {
      std::uint32_t from = open.back();
      open.pop_back();
      std::uint8_t p = from < nodes ? phase[from] : graph.root_phase[from - nodes];
      each(from, [&](std::uint32_t to) {
        if (to == gone || seen[to] || phase[to] < p || !passes(from, to, p)) return;
        seen[to] = true;
        open.push_back(to);
      });
    }
    return seen;
  }

  const RootedGraph& graph;
  std::uint32_t nodes;
  std::vector<std::uint8_t> phase;
  std::uint8_t last = 0;
};

// By removal: a node dominates those that are not reached without it.
Dominators by_removal(const RootedGraph& graph) {
  Plain plain(graph);
  std::uint32_t nodes = plain.nodes, top = nodes + std::uint32_t(graph.labels());
  std::vector<bool> all = plain.reached(kNone);
  std::vector<std::vector<std::uint32_t>> below(top);
  std::vector<std::uint32_t> depth(top);
  for (std::uint32_t node = 0; node < top; ++node) {
    if (!all[node]) continue;
    std::vector<bool> rest = plain.reached(node);
    for (std::uint32_t other = 0; other < top; ++other)
      if (other != node && all[other] && !rest[other]) below[node].push_back(other), ++depth[other];
  }
  Dominators out{.idom = std::vector<std::uint32_t>(top + 1, kUnreached),
                 .retained = std::vector<std::uint64_t>(top + 1),
                 .label_count = std::vector<std::uint32_t>(graph.labels())};
  out.idom[top] = top;
  for (std::uint32_t node = 0; node < top; ++node) {
    if (!all[node]) continue;
    if (depth[node] == 0) out.idom[node] = top;
    std::vector<std::uint32_t> held = below[node];
    held.push_back(node);
    for (std::uint32_t other : held) {
      if (other != node && depth[other] == depth[node] + 1) out.idom[other] = node;
      if (other >= nodes) continue;
      out.retained[node] += std::uint64_t(graph.bytes[other]) * 8;
      if (node >= nodes) ++out.label_count[node - nodes];
    }
    if (node < nodes) out.retained[top] += std::uint64_t(graph.bytes[node]) * 8;
  }
  return out;
}

TEST(Dominators, EqualRemovalOnRandomGraphs) {
  std::mt19937 random(7);
  for (int i = 0; i < 4000; ++i) {
    OwnGraph own = random_graph(random);
    RootedGraph graph = own.rows();
    Dominators got = dominators(graph), want = by_removal(graph);
    ASSERT_EQ(got.idom, want.idom) << "graph " << i;
    ASSERT_EQ(got.retained, want.retained) << "graph " << i;
    ASSERT_EQ(got.label_count, want.label_count) << "graph " << i;
  }
}

TEST(Dominators, VirtualRootRetainsWhatIsReached) {
  std::mt19937 random(11);
  for (int i = 0; i < 500; ++i) {
    OwnGraph own = random_graph(random);
    // A barrier's own label leads to its node: without that it could hide what is reached.
    for (const Barrier& barrier : own.barriers) own.roots[barrier.label].push_back(barrier.node);
    RootedGraph graph = own.rows();
    std::vector<std::uint8_t> seen = reachable(graph);
    std::uint64_t bytes = 0;
    for (std::size_t node = 0; node < seen.size(); ++node) bytes += seen[node] * graph.bytes[node] * 8ull;
    ASSERT_EQ(dominators(graph).retained.back(), bytes) << "graph " << i;
  }
}

TEST(Dominators, LongChainsNeedNoCallStack) {
  constexpr std::uint32_t kLong = 300'000;
  OwnGraph own;
  own.edges.resize(kLong);
  for (std::uint32_t i = 0; i + 1 < kLong; ++i) own.edges[i] = {i + 1};
  own.edges[kLong - 1] = {kLong / 2, 0};  // edges back up
  own.edges[0].push_back(kLong - 1);      // and one down
  own.roots = {{0}};
  own.phase = {0};
  own.words.assign(kLong, 1);
  Dominators got = dominators(own.rows());
  EXPECT_EQ(got.idom[kLong - 1], 0u);
  EXPECT_EQ(got.idom[kLong / 2], 0u);
  EXPECT_EQ(got.idom[kLong / 2 + 1], kLong / 2);
  EXPECT_EQ(got.retained[0], kLong * 8ull);
}

TEST(Dominators, NothingAtAll) {
  OwnGraph own;
  own.roots = {{}};
  own.phase = {2};
  Dominators got = dominators(own.rows());
  EXPECT_EQ(got.idom, (std::vector<std::uint32_t>{1, 1}));
  EXPECT_EQ(got.retained, (std::vector<std::uint64_t>{0, 0}));
}

TEST(Dominators, AStackDoesNotTakeFromAVariable) {
  OwnGraph own;  // variable 0 -> 0 -> 1; goroutine 1 -> 1
  own.edges = {{1}, {}};
  own.roots = {{0}, {1}};
  own.words = {1, 10};
  own.phase = {0, 2};
  EXPECT_EQ(dominators(own.rows()).idom[1], 0u);
  EXPECT_EQ(strictly_retained(own.rows(), std::vector<std::uint32_t>{0}), 8u);
  own.phase = {0, 0};
  EXPECT_EQ(dominators(own.rows()).idom[1], 4u);
}

TEST(Dominators, ABarrierLeavesAGoroutineToItself) {
  OwnGraph own;  // runtime.allgs (label 2) and a channel's queue (node 1) lead to the g (node 0); it holds 2
  own.edges = {{2}, {0}, {}};
  own.roots = {{1}, {0}, {0}};
  own.phase = {0, 2, 3};
  own.words = {1, 1, 1};
  own.barriers = {{.node = 0, .label = 1}};
  Dominators got = dominators(own.rows());
  EXPECT_EQ(got.idom[0], 4u);
  EXPECT_EQ(got.idom[2], 0u);
  EXPECT_EQ(shortest_paths(own.rows()).phase, (std::vector<std::uint8_t>{2, 0, 2}));
}

TEST(Reachable, StrictBytesAreThoseThatGo) {
  std::mt19937 random(5);
  for (int i = 0; i < 500; ++i) {
    OwnGraph own = random_graph(random);
    RootedGraph graph = own.rows();
    std::set<std::uint32_t> set;
    for (int k = 0; k < 3; ++k) set.insert(std::uint32_t(random() % graph.nodes()));
    std::vector<std::uint32_t> gone(set.begin(), set.end());
    OwnGraph cut = own;  // the same graph with the nodes emptied and nobody pointing to them
    auto drop = [&](std::vector<std::uint32_t>& list) {
      std::erase_if(list, [&](std::uint32_t to) { return set.contains(to); });
    };
    for (auto& list : cut.edges) drop(list);
    for (auto& list : cut.roots) drop(list);
    std::vector<std::uint8_t> before = reachable(graph), after = reachable(cut.rows());
    std::uint64_t bytes = 0;
    for (std::size_t node = 0; node < before.size(); ++node)
      if (before[node] && !after[node]) bytes += graph.bytes[node] * 8ull;
    ASSERT_EQ(strictly_retained(graph, gone), bytes) << "graph " << i;
    ASSERT_EQ(reachable(graph, gone), after) << "graph " << i;
  }
}

TEST(Paths, AreShortestFromTheFirstPhaseThatReaches) {
  std::mt19937 random(3);
  for (int i = 0; i < 500; ++i) {
    OwnGraph own = random_graph(random);
    RootedGraph graph = own.rows();
    PathForest forest = shortest_paths(graph);
    Plain plain(graph);
    ASSERT_EQ(forest.phase, plain.phase);
    std::vector<std::uint32_t> steps(graph.nodes() + graph.labels(), kNone);  // by relaxing, to a fixpoint
    for (std::uint32_t r = 0; r < graph.labels(); ++r) steps[graph.nodes() + r] = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::uint32_t from = 0; from < steps.size(); ++from) {
        if (steps[from] == kNone) continue;
        std::uint8_t p = from < plain.nodes ? plain.phase[from] : graph.root_phase[from - plain.nodes];
        plain.each(from, [&](std::uint32_t to) {
          if (plain.phase[to] != p || !plain.passes(from, to, p) || steps[to] <= steps[from] + 1) return;
          steps[to] = steps[from] + 1;
          changed = true;
        });
      }
    }
    for (std::uint32_t node = 0; node < graph.nodes(); ++node) {
      std::vector<std::uint32_t> path = forest.path(node);
      if (plain.phase[node] == 255) {
        ASSERT_TRUE(path.empty());
        continue;
      }
      ASSERT_EQ(path.size(), steps[node] + 1) << "graph " << i << " node " << node;
      ASSERT_EQ(graph.root_phase[path.front() - graph.nodes()], plain.phase[node]);
      for (std::size_t k = 0; k + 1 < path.size(); ++k) {
        bool edge = false;
        plain.each(path[k], [&](std::uint32_t to) { edge |= to == path[k + 1]; });
        ASSERT_TRUE(edge);
      }
    }
  }
}

TEST(Paths, MergeByGroup) {
  OwnGraph own;  // label -> 0 -> {1, 2}; 1 -> 3, 2 -> 4; 1 and 2 are of one type, 3 and 4 of another
  own.edges = {{1, 2}, {3}, {4}, {}, {}};
  own.roots = {{0}};
  own.phase = {0};
  own.words = {1, 1, 1, 2, 3};
  RootedGraph graph = own.rows();
  PathForest forest = shortest_paths(graph);
  std::vector<std::uint32_t> wanted = {3, 4}, group = {0, 1, 1, 2, 2};
  auto merged = merged_paths(graph, forest, wanted, group);
  ASSERT_EQ(merged.size(), 4u);
  EXPECT_EQ(merged[0].node, 5u);
  EXPECT_EQ(merged[3].count, 2u);
  EXPECT_EQ(merged[3].bytes, 40u);
  EXPECT_EQ(merged[0].bytes, 40u);
  EXPECT_EQ(merged_paths(graph, forest, wanted).size(), 6u);
}

}  // namespace
}  // namespace memsnap
