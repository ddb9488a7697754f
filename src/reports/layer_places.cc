// How far to the right: first each layer is placed as its neighbours like it, over and over; then, where the
// graph is not too large, exactly, so that weighted bends are least.
#include "reports/layers.h"

#include "reports/simplex.h"

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

// A link between two points of edges wants to be straight more than one between nodes: bends of long edges
// are what one sees.
std::int64_t straightness(const LayeredGraph& graph, const LayerLink& link) {
  int points =
      (graph.vertices[link.upper].node == kNoVertex) + (graph.vertices[link.lower].node == kNoVertex);
  constexpr int kFactor[] = {1, 2, 8};
  return std::int64_t(link.weight) * kFactor[points];
}

std::int64_t whole_gap(const LayeredGraph& graph, std::uint32_t left, std::uint32_t right) {
  return std::int64_t(std::ceil(least_gap(graph.vertices[left], graph.vertices[right])));
}

class Sweeper {
 public:
  explicit Sweeper(LayeredGraph& graph)
      : graph_(graph), x_(graph.vertices.size()), offset_(graph.vertices.size()) {}

  void run() {
    for (const auto& layer : graph_.layers) {
      double at = 0;
      for (std::size_t i = 0; i < layer.size(); ++i) {
        if (i > 0) at += double(whole_gap(graph_, layer[i - 1], layer[i]));
        x_[layer[i]] = offset_[layer[i]] = at;
      }
      for (std::uint32_t vertex : layer) x_[vertex] -= at / 2;
    }
    std::size_t count = graph_.layers.size(), size = graph_.vertices.size() + graph_.links.size();
    std::size_t rounds = std::clamp<std::size_t>(1'500'000 / (size + 1), 6, 16);
    for (std::size_t round = 0; round < rounds; ++round) {
      bool last = round + 3 >= rounds;
      for (std::size_t i = 0; i < count; ++i) place(graph_.layers[i], true, last);
      for (std::size_t i = count; i-- > 0;) place(graph_.layers[i], last, true);
    }
    round_places();
  }

 private:
  struct Block {
    double sum = 0, weight = 0;  // of wanted places, as if the layer had no widths
    std::size_t first = 0;
    double place() const { return sum / weight; }
  };

  // The places of one layer that are nearest to what its neighbours want, by squares: blocks that would
  // overlap are put together.
  void place(const std::vector<std::uint32_t>& layer, bool above, bool below) {
    blocks_.clear();
    for (std::size_t i = 0; i < layer.size(); ++i) {
      Block block = wish(layer[i], above, below);
      block.sum -= offset_[layer[i]] * block.weight;
      block.first = i;
      blocks_.push_back(block);
      while (blocks_.size() > 1 && blocks_[blocks_.size() - 2].place() > blocks_.back().place()) {
        Block& left = blocks_[blocks_.size() - 2];
        left.sum += blocks_.back().sum;
        left.weight += blocks_.back().weight;
        blocks_.pop_back();
      }
    }
    std::size_t end = layer.size();
    for (std::size_t b = blocks_.size(); b-- > 0; end = blocks_[b].first)
      for (std::size_t i = blocks_[b].first; i < end; ++i)
        x_[layer[i]] = blocks_[b].place() + offset_[layer[i]];
  }

  Block wish(std::uint32_t vertex, bool above, bool below) const {
    Block block;
    auto add = [&](std::uint32_t link, std::uint32_t other) {
      double weight = double(straightness(graph_, graph_.links[link]));
      block.sum += x_[other] * weight;
      block.weight += weight;
    };
    if (above)
      for (std::uint32_t link : graph_.above(vertex)) add(link, graph_.links[link].upper);
    if (below)
      for (std::uint32_t link : graph_.below(vertex)) add(link, graph_.links[link].lower);
    constexpr double kStay = 0.01;  // what nothing pulls stays
    block.sum += x_[vertex] * kStay;
    block.weight += kStay;
    return block;
  }

  void round_places() {
    for (const auto& layer : graph_.layers) {
      for (std::size_t i = 0; i < layer.size(); ++i) {
        std::int64_t x = std::llround(x_[layer[i]]);
        if (i > 0)
          x = std::max(x, graph_.vertices[layer[i - 1]].x + whole_gap(graph_, layer[i - 1], layer[i]));
        graph_.vertices[layer[i]].x = x;
      }
    }
  }

  LayeredGraph& graph_;
  std::vector<double> x_, offset_;  // offset: from the layer's left end, when all stand close
  std::vector<Block> blocks_;
};

// For each link a node of its own left of both its ends: its distance to one of them is the bend.
void place_exactly(LayeredGraph& graph) {
  std::size_t count = graph.vertices.size();
  std::vector<std::int64_t> places(count + graph.links.size() + 1);
  std::vector<SimplexEdge> edges;
  std::int64_t least = 0;
  for (std::size_t i = 0; i < count; ++i) {
    places[i] = graph.vertices[i].x;
    least = std::min(least, places[i]);
  }
  for (std::uint32_t i = 0; i < graph.links.size(); ++i) {
    const LayerLink& link = graph.links[i];
    std::uint32_t own = std::uint32_t(count + i);
    std::int64_t weight = straightness(graph, link);
    edges.push_back({own, link.upper, 0, weight});
    edges.push_back({own, link.lower, 0, weight});
    places[own] = std::min(places[link.upper], places[link.lower]);
  }
  std::uint32_t border = std::uint32_t(places.size() - 1);  // connects all layers
  places[border] = least;
  for (const auto& layer : graph.layers) {
    for (std::size_t i = 0; i + 1 < layer.size(); ++i)
      edges.push_back({layer[i], layer[i + 1], whole_gap(graph, layer[i], layer[i + 1]), 0});
    if (!layer.empty()) edges.push_back({border, layer[0], 0, 0});
  }
  improve_places(edges, places, 40'000'000);
  for (std::size_t i = 0; i < count; ++i) graph.vertices[i].x = places[i];
}

}  // namespace

void place_vertices(LayeredGraph& graph) {
  constexpr std::size_t kMostExact = 20'000;
  Sweeper(graph).run();
  if (graph.vertices.size() + graph.links.size() < kMostExact) place_exactly(graph);
}

}  // namespace memsnap
