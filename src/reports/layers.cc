// Which layer every node is in: cycles are opened, edges made short.
#include "reports/layers.h"

#include "reports/simplex.h"

#include <algorithm>
#include <numeric>

namespace memsnap {
namespace {

// Points of long edges that a picture may have; the longest edges beyond go straight.
constexpr std::size_t kPointsPerPart = 8, kFreePoints = 60'000, kMostPoints = 400'000;

// An order of the nodes in which only edges that close a cycle lead back: that of a walk along heavy edges
// first, from heavy sources first. So a cycle begins where it is entered most.
class CycleBreaker {
 public:
  CycleBreaker(std::size_t nodes, std::span<const LayoutEdge> edges)
      : edges_(edges), by_source_(nodes), roots_(nodes), place_(nodes, kNoVertex) {
    std::vector<std::int64_t> in(nodes), out(nodes);
    for (std::uint32_t i = 0; i < edges.size(); ++i) {
      if (edges[i].from == edges[i].to) continue;
      out[edges[i].from] += edges[i].weight;
      in[edges[i].to] += edges[i].weight;
      by_source_[edges[i].from].push_back(i);
    }
    for (auto& rows : by_source_)
      std::ranges::stable_sort(rows, std::greater{}, [&](std::uint32_t i) { return edges[i].weight; });
    std::iota(roots_.begin(), roots_.end(), 0u);
    std::ranges::stable_sort(roots_, std::greater{}, [&](std::uint32_t node) {
      return std::pair(in[node] == 0, out[node] - in[node]);
    });
  }

  // The place of each node in the order: the walk leaves the last one first.
  std::vector<std::uint32_t> run() {
    std::uint32_t next = std::uint32_t(place_.size());
    std::vector<bool> seen(place_.size());
    std::vector<std::pair<std::uint32_t, std::size_t>> path;  // a node, and how many of its edges were walked
    for (std::uint32_t root : roots_) {
      if (seen[root]) continue;
      seen[root] = true;
      path.emplace_back(root, 0);
      while (!path.empty()) {
        auto& [node, walked] = path.back();
        if (walked == by_source_[node].size()) {
          place_[node] = --next;
          path.pop_back();
          continue;
        }
        std::uint32_t to = edges_[by_source_[node][walked++]].to;
        if (seen[to]) continue;
        seen[to] = true;
        path.emplace_back(to, 0);
      }
    }
    return place_;
  }

 private:
  std::span<const LayoutEdge> edges_;
  std::vector<std::vector<std::uint32_t>> by_source_;
  std::vector<std::uint32_t> roots_, place_;
};

struct DownEdge {
  std::uint32_t upper, lower, row;
  bool reversed;
};

std::vector<DownEdge> down_edges(std::span<const LayoutEdge> edges, const std::vector<std::uint32_t>& place) {
  std::vector<DownEdge> down;
  for (std::uint32_t i = 0; i < edges.size(); ++i) {
    auto [from, to] = std::pair(edges[i].from, edges[i].to);
    if (from == to) continue;
    bool reversed = place[from] > place[to];
    down.push_back({reversed ? to : from, reversed ? from : to, i, reversed});
  }
  return down;
}

std::vector<std::int64_t> rank_nodes(std::size_t nodes, std::span<const LayoutEdge> edges,
                                     const std::vector<DownEdge>& down,
                                     const std::vector<std::uint32_t>& place) {
  std::vector<std::int64_t> rank(nodes + 1);
  std::vector<std::uint32_t> order(nodes);
  for (std::uint32_t node = 0; node < nodes; ++node) order[place[node]] = node;
  std::vector<std::vector<std::uint32_t>> by_upper(nodes);
  std::vector<bool> has_upper(nodes);
  std::vector<SimplexEdge> lengths;
  for (std::uint32_t i = 0; i < down.size(); ++i) {
    const LayoutEdge& edge = edges[down[i].row];
    by_upper[down[i].upper].push_back(i);
    has_upper[down[i].lower] = true;
    lengths.push_back({down[i].upper, down[i].lower, edge.span, edge.weight});
  }
  for (std::uint32_t node : order)
    for (std::uint32_t i : by_upper[node]) {
      std::int64_t& lower = rank[down[i].lower];
      lower = std::max(lower, rank[node] + edges[down[i].row].span);
    }
  // A root above all sources, which wants nothing, connects what is not connected.
  for (std::uint32_t node = 0; node < nodes; ++node)
    if (!has_upper[node]) lengths.push_back({std::uint32_t(nodes), node, 0, 0});
  improve_places(lengths, rank, 20'000'000);
  rank.pop_back();
  std::int64_t least = *std::ranges::min_element(rank);
  for (std::int64_t& each : rank) each -= least;
  return rank;
}

// Which edges may have points in the layers they cross: the short ones, as far as the room goes.
std::vector<bool> with_points(std::span<const DownEdge> down, const std::vector<std::int64_t>& rank,
                              std::size_t nodes) {
  std::vector<std::uint32_t> order(down.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  auto length = [&](std::uint32_t i) { return rank[down[i].lower] - rank[down[i].upper]; };
  std::ranges::stable_sort(order, {}, length);
  std::size_t room = std::min(kFreePoints + kPointsPerPart * (nodes + down.size()), kMostPoints);
  std::vector<bool> yes(down.size());
  for (std::uint32_t i : order) {
    std::size_t points = std::size_t(2 * length(i));
    if (points > room) break;
    room -= points;
    yes[i] = true;
  }
  return yes;
}

class LayerMaker {
 public:
  LayerMaker(LayeredGraph& graph, std::span<const LayoutEdge> edges) : graph_(graph), edges_(edges) {}

  void add_chain(const DownEdge& down, bool points) {
    const LayoutEdge& edge = edges_[down.row];
    Chain& chain = graph_.chains[down.row];
    chain.reversed = down.reversed;
    std::uint32_t from = graph_.vertices[down.upper].layer, to = graph_.vertices[down.lower].layer;
    chain.vertices.push_back(down.upper);
    if (points) {
      std::uint32_t middle = (from + to) / 2 | 1;  // labels stand in odd layers
      for (std::uint32_t layer = from + 1; layer < to; ++layer) {
        LayerVertex point{.left = 1, .right = 1, .layer = layer};
        if (layer == middle && edge.label_width > 0) {
          point.right = edge.label_width + 4;
          point.height = edge.label_height;
          chain.label = std::uint32_t(graph_.vertices.size());
        }
        chain.vertices.push_back(std::uint32_t(graph_.vertices.size()));
        graph_.vertices.push_back(point);
      }
    }
    chain.vertices.push_back(down.lower);
    if (!points) return;
    for (std::size_t i = 0; i + 1 < chain.vertices.size(); ++i)
      graph_.links.push_back({chain.vertices[i], chain.vertices[i + 1], edge.weight});
  }

  void link() {
    auto index = [&](std::vector<std::uint32_t>& first, std::vector<std::uint32_t>& rows, auto end) {
      first.assign(graph_.vertices.size() + 1, 0);
      for (const LayerLink& link : graph_.links) ++first[link.*end + 1];
      for (std::size_t i = 0; i + 1 < first.size(); ++i) first[i + 1] += first[i];
      rows.resize(graph_.links.size());
      std::vector<std::uint32_t> at(first.begin(), first.end() - 1);
      for (std::uint32_t i = 0; i < graph_.links.size(); ++i) rows[at[graph_.links[i].*end]++] = i;
    };
    index(graph_.up_first, graph_.up, &LayerLink::lower);
    index(graph_.down_first, graph_.down, &LayerLink::upper);
  }

 private:
  LayeredGraph& graph_;
  std::span<const LayoutEdge> edges_;
};

}  // namespace

LayeredGraph make_layers(std::span<const LayoutNode> nodes, std::span<const LayoutEdge> edges) {
  LayeredGraph graph;
  graph.chains.resize(edges.size());
  if (nodes.empty()) return graph;
  std::vector<std::uint32_t> place = CycleBreaker(nodes.size(), edges).run();
  std::vector<DownEdge> down = down_edges(edges, place);
  std::vector<std::int64_t> rank = rank_nodes(nodes.size(), edges, down, place);
  for (std::uint32_t i = 0; i < nodes.size(); ++i)
    graph.vertices.push_back({.left = nodes[i].width / 2,
                              .right = nodes[i].width / 2,
                              .height = nodes[i].height,
                              .layer = std::uint32_t(2 * rank[i]),
                              .node = i});
  std::vector<bool> points = with_points(down, rank, nodes.size());
  LayerMaker maker(graph, edges);
  for (std::size_t i = 0; i < down.size(); ++i) maker.add_chain(down[i], points[i]);
  maker.link();
  std::uint32_t last = 0;
  for (const LayerVertex& vertex : graph.vertices) last = std::max(last, vertex.layer);
  graph.layers.resize(last + 1);
  return graph;
}

}  // namespace memsnap
