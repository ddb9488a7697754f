// The order within the layers: weighted medians and exchanges of neighbours, until crossings get no fewer.
#include "reports/layers.h"

#include <algorithm>
#include <numeric>

namespace memsnap {
namespace {

class Orderer {
 public:
  explicit Orderer(LayeredGraph& graph) : graph_(graph), key_(graph.vertices.size()) {
    for (std::uint32_t link : graph.up) above_.push_back(graph.links[link].upper);
    for (std::uint32_t link : graph.down) below_.push_back(graph.links[link].lower);
  }

  void run() {
    // Rounds for the work that a picture is worth: all that help for a hundred nodes, few for thousands.
    std::size_t size = graph_.vertices.size() + graph_.links.size();
    std::size_t rounds = std::clamp<std::size_t>(1'500'000 / (size + 1), 3, 24);
    Layers best;
    std::size_t fewest = ~std::size_t(0);
    for (bool from_sources : {true, false}) {
      start(from_sources);
      std::size_t idle = 0;
      for (std::size_t round = 0; round < rounds && fewest > 0 && idle < 6; ++round) {
        std::size_t crossings = count_crossings();
        if (crossings < fewest) {
          fewest = crossings;
          best = graph_.layers;
          idle = 0;
        } else {
          ++idle;
        }
        sweep(round % 2 == 0, round % 4 < 2);
        exchange_neighbours();
      }
      if (count_crossings() < fewest) {
        fewest = count_crossings();
        best = graph_.layers;
      }
    }
    graph_.layers = std::move(best);
    number();
  }

 private:
  using Layers = std::vector<std::vector<std::uint32_t>>;

  std::span<std::uint32_t> above(std::uint32_t vertex) {
    return std::span(above_).subspan(graph_.up_first[vertex], graph_.above(vertex).size());
  }
  std::span<std::uint32_t> below(std::uint32_t vertex) {
    return std::span(below_).subspan(graph_.down_first[vertex], graph_.below(vertex).size());
  }
  std::uint32_t position(std::uint32_t vertex) const { return graph_.vertices[vertex].position; }

  void number() {
    for (const auto& layer : graph_.layers) number(layer);
  }
  void number(const std::vector<std::uint32_t>& layer) {
    for (std::uint32_t i = 0; i < layer.size(); ++i) graph_.vertices[layer[i]].position = i;
  }

  // In the order of a walk along heavy links first: what belongs together stands together.
  void start(bool from_sources) {
    for (auto& layer : graph_.layers) layer.clear();
    std::vector<bool> seen(graph_.vertices.size());
    auto ahead = [&](std::uint32_t v) { return from_sources ? graph_.below(v) : graph_.above(v); };
    auto behind = [&](std::uint32_t v) { return from_sources ? graph_.above(v) : graph_.below(v); };
    std::vector<std::uint32_t> stack, next;
    for (std::uint32_t root = 0; root < graph_.vertices.size(); ++root) {
      if (seen[root] || !behind(root).empty()) continue;
      stack.push_back(root);
      while (!stack.empty()) {
        std::uint32_t vertex = stack.back();
        stack.pop_back();
        if (seen[vertex]) continue;
        seen[vertex] = true;
        graph_.layers[graph_.vertices[vertex].layer].push_back(vertex);
        next.assign(ahead(vertex).begin(), ahead(vertex).end());
        std::ranges::stable_sort(next, {}, [&](std::uint32_t link) { return graph_.links[link].weight; });
        for (std::uint32_t link : next)
          stack.push_back(from_sources ? graph_.links[link].lower : graph_.links[link].upper);
      }
    }
    number();
  }

  // Between one layer and the next: pairs of links that are in order above and out of order below.
  std::size_t crossings_below(const std::vector<std::uint32_t>& layer, std::size_t width) {
    tree_.assign(width + 1, 0);
    std::size_t crossings = 0, seen = 0;
    for (std::uint32_t vertex : layer) {
      for (std::uint32_t lower : below(vertex)) {
        std::size_t not_right = 0;  // of those seen, how many do not end to the right of this one
        for (std::size_t i = position(lower) + 1; i > 0; i &= i - 1) not_right += tree_[i];
        crossings += seen - not_right;
      }
      for (std::uint32_t lower : below(vertex)) {
        for (std::size_t i = position(lower) + 1; i <= width; i += i & (~i + 1)) ++tree_[i];
        ++seen;
      }
    }
    return crossings;
  }
  std::size_t count_crossings() {
    std::size_t crossings = 0;
    for (std::size_t i = 0; i + 1 < graph_.layers.size(); ++i)
      crossings += crossings_below(graph_.layers[i], graph_.layers[i + 1].size());
    return crossings;
  }

  // Neighbours from left to right; mostly they are in that order already.
  void settle(std::span<std::uint32_t> neighbours) {
    auto place = [&](std::uint32_t vertex) { return position(vertex); };
    if (!std::ranges::is_sorted(neighbours, {}, place)) std::ranges::sort(neighbours, {}, place);
  }

  // The weighted median of where the neighbours are; below 0 when there are none.
  double median(std::span<std::uint32_t> neighbours) {
    if (neighbours.empty()) return -1;
    settle(neighbours);
    std::size_t count = neighbours.size(), middle = count / 2;
    auto at = [&](std::size_t i) { return double(position(neighbours[i])); };
    if (count % 2 == 1) return at(middle);
    if (count == 2) return (at(0) + at(1)) / 2;
    double left = at(middle - 1) - at(0), right = at(count - 1) - at(middle);
    if (left + right == 0) return at(middle);
    return (at(middle - 1) * right + at(middle) * left) / (left + right);
  }

  // Sorts each layer by the one before it. What has no neighbour there stays where it is.
  void sweep(bool down, bool equal_swap) {
    std::size_t count = graph_.layers.size();
    for (std::size_t i = 1; i < count; ++i) {
      auto& layer = graph_.layers[down ? i : count - 1 - i];
      movable_.clear();
      for (std::uint32_t vertex : layer) {
        key_[vertex] = median(down ? above(vertex) : below(vertex));
        if (key_[vertex] >= 0) movable_.push_back(vertex);
      }
      if (equal_swap) std::ranges::reverse(movable_);
      std::ranges::stable_sort(movable_, {}, [&](std::uint32_t vertex) { return key_[vertex]; });
      std::size_t at = 0;
      for (std::uint32_t& vertex : layer)
        if (key_[vertex] >= 0) vertex = movable_[at++];
      number(layer);
    }
  }

  // Crossings that go when two vertices change places, which stand left and right now; less than 0 when
  // there will be more. Neighbours are settled.
  std::int64_t gain(std::span<const std::uint32_t> left, std::span<const std::uint32_t> right) const {
    if (left.empty() || right.empty() || position(left.back()) < position(right.front())) {
      return -std::int64_t(left.size() * right.size());
    }
    std::int64_t sum = 0;
    std::size_t before = 0, not_behind = 0;
    for (std::uint32_t vertex : left) {
      std::uint32_t place = position(vertex);
      while (before < right.size() && position(right[before]) < place) ++before;
      not_behind = std::max(not_behind, before);
      while (not_behind < right.size() && position(right[not_behind]) <= place) ++not_behind;
      sum += std::int64_t(before) - std::int64_t(right.size() - not_behind);
    }
    return sum;
  }

  bool exchange_in(std::vector<std::uint32_t>& layer) {
    bool any = false;
    for (std::uint32_t vertex : layer) settle(above(vertex)), settle(below(vertex));
    for (std::size_t i = 0; i + 1 < layer.size(); ++i) {
      std::uint32_t left = layer[i], right = layer[i + 1];
      if (gain(above(left), above(right)) + gain(below(left), below(right)) <= 0) continue;
      std::swap(layer[i], layer[i + 1]);
      any = true;
    }
    if (any) number(layer);
    return any;
  }
  void exchange_neighbours() {
    constexpr int kMostRounds = 4;
    bool any = true;
    for (int round = 0; round < kMostRounds && any; ++round) {
      any = false;
      for (auto& layer : graph_.layers) any |= exchange_in(layer);
    }
  }

  LayeredGraph& graph_;
  std::vector<double> key_;
  std::vector<std::size_t> tree_;
  std::vector<std::uint32_t> movable_;
  std::vector<std::uint32_t> above_, below_;  // neighbours by vertex, from left to right once settled
};

}  // namespace

void order_layers(LayeredGraph& graph) {
  if (!graph.layers.empty()) Orderer(graph).run();
}

}  // namespace memsnap
