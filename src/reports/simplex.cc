#include "reports/simplex.h"

#include <algorithm>
#include <queue>

namespace memsnap {
namespace {

constexpr std::uint32_t kNone = ~0u;

// Edges of a graph by node.
class Incidence {
 public:
  Incidence(std::span<const SimplexEdge> edges, std::size_t nodes) : first_(nodes + 1) {
    for (const SimplexEdge& edge : edges) ++first_[edge.from + 1], ++first_[edge.to + 1];
    for (std::size_t i = 0; i < nodes; ++i) first_[i + 1] += first_[i];
    std::vector<std::uint32_t> at(first_.begin(), first_.end() - 1);
    rows_.resize(edges.size() * 2);
    for (std::uint32_t i = 0; i < edges.size(); ++i) {
      rows_[at[edges[i].from]++] = i;
      rows_[at[edges[i].to]++] = i;
    }
  }
  std::span<const std::uint32_t> of(std::uint32_t node) const {
    return std::span(rows_).subspan(first_[node], first_[node + 1] - first_[node]);
  }

 private:
  std::vector<std::uint32_t> first_, rows_;
};

class Simplex {
 public:
  Simplex(std::span<const SimplexEdge> edges, std::vector<std::int64_t>& places)
      : edges_(edges),
        places_(places),
        incidence_(edges, places.size()),
        tree_of_(places.size()),
        is_tree_(edges.size()),
        cut_(edges.size()),
        up_(places.size(), kNone),
        low_(places.size()),
        last_(places.size()),
        order_(places.size()) {}

  void run(std::size_t work) {
    grow_tree();
    number(0, kNone, 0);
    find_cuts();
    while (steps_ < work) {
      std::uint32_t leaving = leaving_edge();
      if (leaving == kNone) return;
      std::uint32_t entering = entering_edge(leaving);
      if (entering == kNone) return;
      exchange(leaving, entering);
    }
  }

 private:
  std::int64_t slack(std::uint32_t edge) const {
    const SimplexEdge& e = edges_[edge];
    return places_[e.to] - places_[e.from] - e.length;
  }
  std::uint32_t other(std::uint32_t edge, std::uint32_t node) const {
    return edges_[edge].from == node ? edges_[edge].to : edges_[edge].from;
  }

  // A spanning tree of edges without slack. The tree moves as a whole until an edge to a node outside is
  // tight. Both heaps hold what the slack would be if the tree had not moved.
  void grow_tree() {
    using Entry = std::pair<std::int64_t, std::uint32_t>;
    using Heap = std::priority_queue<Entry, std::vector<Entry>, std::greater<>>;
    Heap leaving, coming;
    std::int64_t moved = 0;
    std::vector<bool> inside(places_.size());
    auto take = [&](std::uint32_t node) {
      inside[node] = true;
      places_[node] -= moved;  // the tree's nodes are kept without its movement
      for (std::uint32_t edge : incidence_.of(node)) {
        std::uint32_t far = other(edge, node);
        if (!inside[far]) (edges_[edge].from == node ? leaving : coming).push({slack(edge), edge});
      }
    };
    auto drop_inner = [&](Heap& heap) {
      while (!heap.empty() && inside[edges_[heap.top().second].from] && inside[edges_[heap.top().second].to])
        heap.pop();
    };
    take(0);
    while (true) {
      drop_inner(leaving);
      drop_inner(coming);
      if (leaving.empty() && coming.empty()) break;
      bool out =
          coming.empty() || (!leaving.empty() && leaving.top().first - moved <= coming.top().first + moved);
      auto [key, edge] = out ? leaving.top() : coming.top();
      moved = out ? key : -key;
      add_to_tree(edge);
      take(inside[edges_[edge].from] ? edges_[edge].to : edges_[edge].from);
    }
    for (std::int64_t& place : places_) place += moved;
  }

  void add_to_tree(std::uint32_t edge) {
    is_tree_[edge] = true;
    tree_of_[edges_[edge].from].push_back(edge);
    tree_of_[edges_[edge].to].push_back(edge);
  }
  void drop_from_tree(std::uint32_t edge) {
    is_tree_[edge] = false;
    std::erase(tree_of_[edges_[edge].from], edge);
    std::erase(tree_of_[edges_[edge].to], edge);
  }

  // Numbers the subtree in postorder from `next`: the nodes below one are order_[low_] .. order_[last_].
  void number(std::uint32_t root, std::uint32_t up, std::uint32_t next) {
    struct Level {
      std::uint32_t node, at;
    };
    std::vector<Level> levels = {{root, 0}};
    up_[root] = up;
    low_[root] = next;
    while (!levels.empty()) {
      ++steps_;
      std::uint32_t node = levels.back().node;
      if (levels.back().at == tree_of_[node].size()) {
        last_[node] = next;
        order_[next++] = node;
        levels.pop_back();
        continue;
      }
      std::uint32_t edge = tree_of_[node][levels.back().at++];
      if (edge == up_[node]) continue;
      std::uint32_t child = other(edge, node);
      up_[child] = edge;
      low_[child] = next;
      levels.push_back({child, 0});
    }
  }
  bool is_below(std::uint32_t node, std::uint32_t top) const {
    return low_[top] <= last_[node] && last_[node] <= last_[top];
  }
  // The end of a tree edge that is farther from the root.
  std::uint32_t child_of(std::uint32_t edge) const {
    std::uint32_t from = edges_[edge].from;
    return up_[from] == edge ? from : edges_[edge].to;
  }

  // What the sum grows by when a tree edge gets longer by one: the weight that leaves the side of its tail.
  // It is a sum over the nodes of that side, since edges within cancel out.
  void find_cuts() {
    std::vector<std::int64_t> net(places_.size());
    for (const SimplexEdge& edge : edges_) net[edge.from] += edge.weight, net[edge.to] -= edge.weight;
    for (std::uint32_t node : order_) {
      std::uint32_t edge = up_[node];
      if (edge == kNone) continue;
      cut_[edge] = edges_[edge].from == node ? net[node] : -net[node];
      net[other(edge, node)] += net[node];
    }
  }

  // The best of the next few edges that win by getting longer.
  std::uint32_t leaving_edge() {
    constexpr int kEnough = 30;
    std::uint32_t best = kNone;
    int found = 0;
    for (std::size_t i = 0; i < order_.size() && found < kEnough; ++i, ++steps_) {
      if (++next_ >= order_.size()) next_ = 0;
      std::uint32_t edge = up_[next_];
      if (edge == kNone || cut_[edge] >= 0) continue;
      ++found;
      if (best == kNone || cut_[edge] < cut_[best]) best = edge;
    }
    return best;
  }

  // The tightest edge that leads from the side of the head to the side of the tail.
  std::uint32_t entering_edge(std::uint32_t leaving) {
    std::uint32_t child = child_of(leaving), best = kNone;
    bool below_is_tail = edges_[leaving].from == child;
    std::int64_t least = 0;
    for (std::uint32_t i = low_[child]; i <= last_[child]; ++i) {
      std::uint32_t node = order_[i];
      for (std::uint32_t edge : incidence_.of(node)) {
        ++steps_;
        bool comes_in = edges_[edge].to == node;
        if (comes_in != below_is_tail || is_below(other(edge, node), child)) continue;
        if (best != kNone && slack(edge) >= least) continue;
        best = edge;
        least = slack(edge);
        if (least == 0) return best;
      }
    }
    return best;
  }

  // Adds to the cuts on the way from a node to the lowest that has both below; gives that node.
  std::uint32_t add_on_way(std::uint32_t node, std::uint32_t goal, std::int64_t add) {
    while (!is_below(goal, node)) {
      std::uint32_t edge = up_[node];
      cut_[edge] += edges_[edge].from == node ? add : -add;
      node = other(edge, node);
    }
    return node;
  }

  void exchange(std::uint32_t leaving, std::uint32_t entering) {
    std::int64_t gap = slack(entering), value = cut_[leaving];
    std::uint32_t child = child_of(leaving);
    std::int64_t move = edges_[leaving].from == child ? -gap : gap;
    if (gap != 0)
      for (std::uint32_t i = low_[child]; i <= last_[child]; ++i) places_[order_[i]] += move;
    std::uint32_t from = edges_[entering].from, to = edges_[entering].to;
    std::uint32_t top = add_on_way(from, to, value);
    add_on_way(to, from, -value);
    cut_[entering] = -value;
    cut_[leaving] = 0;
    drop_from_tree(leaving);
    add_to_tree(entering);
    number(top, up_[top], low_[top]);
  }

  std::span<const SimplexEdge> edges_;
  std::vector<std::int64_t>& places_;
  Incidence incidence_;
  std::vector<std::vector<std::uint32_t>> tree_of_;  // tree edges of each node
  std::vector<bool> is_tree_;
  std::vector<std::int64_t> cut_;
  std::vector<std::uint32_t> up_;  // the tree edge to the parent
  std::vector<std::uint32_t> low_, last_, order_;
  std::size_t steps_ = 0, next_ = 0;
};

}  // namespace

void improve_places(std::span<const SimplexEdge> edges, std::vector<std::int64_t>& places, std::size_t work) {
  if (places.size() > 1) Simplex(edges, places).run(work);
}

}  // namespace memsnap
