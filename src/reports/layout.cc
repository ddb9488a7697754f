#include "reports/layout.h"

#include "reports/layers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace memsnap {
namespace {

constexpr double kGap = 15;  // between a layer of nodes and the layer of labels below it, at least

class Drawer {
 public:
  Drawer(const LayeredGraph& graph, std::span<const LayoutNode> nodes, std::span<const LayoutEdge> edges)
      : graph_(graph), nodes_(nodes), edges_(edges) {}

  GraphLayout run() {
    find_sides();
    find_heights();
    for (std::size_t i = 0; i < nodes_.size(); ++i) picture_.nodes.push_back(point_of(std::uint32_t(i)));
    picture_.edges.resize(edges_.size());
    find_ports();
    for (std::uint32_t i = 0; i < edges_.size(); ++i) route(i);
    picture_.width = width_;
    picture_.height = bottom_.empty() ? 0 : bottom_.back();
    return std::move(picture_);
  }

 private:
  const LayerVertex& vertex(std::uint32_t row) const { return graph_.vertices[row]; }
  LayoutPoint point_of(std::uint32_t row) const {
    std::uint32_t layer = vertex(row).layer;
    return {double(vertex(row).x) + shift_, (top_[layer] + bottom_[layer]) / 2};
  }

  void find_sides() {
    double left = 0, right = 0;
    bool any = false;
    for (const LayerVertex& v : graph_.vertices) {
      left = any ? std::min(left, double(v.x) - v.left) : double(v.x) - v.left;
      right = any ? std::max(right, double(v.x) + v.right) : double(v.x) + v.right;
      any = true;
    }
    shift_ = -left;
    width_ = right - left;
  }

  // Where links are flat, their layers move apart.
  void find_heights() {
    std::vector<double> widest(graph_.layers.size());
    for (const LayerLink& link : graph_.links) {
      double& most = widest[vertex(link.upper).layer];
      most = std::max(most, std::abs(double(vertex(link.upper).x - vertex(link.lower).x)));
    }
    double at = 0;
    for (std::size_t i = 0; i < graph_.layers.size(); ++i) {
      double height = 0;
      for (std::uint32_t row : graph_.layers[i]) height = std::max(height, vertex(row).height);
      top_.push_back(at);
      bottom_.push_back(at + height);
      at += height + kGap + std::min(24.0, widest[i] / 16);
    }
  }

  // Edges leave a box below the place they go to, as far as it is wide, so that they do not meet in a point.
  void find_ports() {
    upper_port_.resize(edges_.size());
    lower_port_.resize(edges_.size());
    struct End {
      double wanted;
      std::uint32_t edge;
    };
    std::vector<std::vector<End>> below(nodes_.size()), above(nodes_.size());
    for (std::uint32_t i = 0; i < edges_.size(); ++i) {
      const std::vector<std::uint32_t>& chain = graph_.chains[i].vertices;
      if (chain.empty()) continue;
      below[vertex(chain.front()).node].push_back({point_of(chain[1]).x, i});
      above[vertex(chain.back()).node].push_back({point_of(chain[chain.size() - 2]).x, i});
    }
    auto spread = [&](std::vector<End>& ends, std::uint32_t node, std::vector<double>& ports) {
      constexpr double kApart = 9, kBorder = 6;
      double middle = picture_.nodes[node].x, room = std::max(0.0, nodes_[node].width / 2 - kBorder);
      std::ranges::stable_sort(ends, {}, &End::wanted);
      double apart = ends.size() > 1 ? std::min(kApart, 2 * room / double(ends.size() - 1)) : 0;
      double least = middle - room;
      for (std::size_t i = 0; i < ends.size(); ++i) {
        double most = middle + room - apart * double(ends.size() - 1 - i);
        double wish = middle + std::clamp((ends[i].wanted - middle) * 0.4, -room, room);
        double port = std::max(least, std::min(wish, most));  // they may cross by a rounding
        ports[ends[i].edge] = port;
        least = port + apart;
      }
    };
    for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
      spread(below[node], node, upper_port_);
      spread(above[node], node, lower_port_);
    }
  }

  // Beside a point of an edge, the box or label that reaches highest and lowest: the edge goes by straight.
  double height_beside(std::uint32_t row) const {
    const LayerVertex& v = vertex(row);
    const auto& layer = graph_.layers[v.layer];
    double height = v.height;
    constexpr double kNear = 60;
    if (v.position > 0) {
      const LayerVertex& left = vertex(layer[v.position - 1]);
      if (double(v.x - left.x) - left.right < kNear) height = std::max(height, left.height);
    }
    if (v.position + 1 < layer.size()) {
      const LayerVertex& right = vertex(layer[v.position + 1]);
      if (double(right.x - v.x) - right.left - v.right < kNear) height = std::max(height, right.height);
    }
    return height;
  }

  // The height that an edge has to clear in the layer of its end before it turns to where it goes.
  double height_on_way(std::uint32_t end, double from_x, double to_x) const {
    constexpr int kMostLooked = 12;
    const LayerVertex& v = vertex(end);
    const auto& layer = graph_.layers[v.layer];
    double height = v.height;
    bool right = to_x > from_x;
    std::uint32_t at = v.position;
    for (int i = 0; i < kMostLooked; ++i) {
      if (right ? at + 1 >= layer.size() : at == 0) break;
      at = right ? at + 1 : at - 1;
      const LayerVertex& beside = vertex(layer[at]);
      double x = double(beside.x) + shift_;
      if (right ? x - beside.left > to_x + 4 : x + beside.right < to_x - 4) break;
      height = std::max(height, beside.height);
    }
    return height;
  }

  void route(std::uint32_t row) {
    const Chain& chain = graph_.chains[row];
    if (chain.vertices.empty()) return;
    std::uint32_t first = chain.vertices.front(), last = chain.vertices.back();
    LayoutPoint from = point_of(first), to = point_of(last);
    from.x = upper_port_[row];
    to.x = lower_port_[row];
    std::vector<LayoutPoint> stops = {{from.x, from.y + vertex(first).height / 2}};
    double clear = height_on_way(first, from.x, point_of(chain.vertices[1]).x);
    if (clear > vertex(first).height) stops.push_back({from.x, from.y + clear / 2});
    for (std::size_t i = 1; i + 1 < chain.vertices.size(); ++i) {
      LayoutPoint at = point_of(chain.vertices[i]);
      double height = height_beside(chain.vertices[i]);
      if (height > 0) stops.push_back({at.x, at.y - height / 2});
      stops.push_back({at.x, at.y + height / 2});
    }
    clear = height_on_way(last, to.x, point_of(chain.vertices[chain.vertices.size() - 2]).x);
    if (clear > vertex(last).height) stops.push_back({to.x, to.y - clear / 2});
    stops.push_back({to.x, to.y - vertex(last).height / 2});
    LayoutRoute& route = picture_.edges[row];
    drop_idle(stops);
    route.points = smooth(stops);
    if (chain.label != kNoVertex) {
      LayoutPoint at = point_of(chain.label);
      route.label = {at.x + 4, at.y};
    } else {
      route.label = {(from.x + to.x) / 2 + 4, (from.y + to.y) / 2};
    }
    if (chain.reversed) std::ranges::reverse(route.points);
  }

  // Stops in the middle of a straight piece say nothing.
  static void drop_idle(std::vector<LayoutPoint>& stops) {
    std::size_t to = 1;
    for (std::size_t i = 1; i + 1 < stops.size(); ++i)
      if (stops[i].x != stops[to - 1].x || stops[i].x != stops[i + 1].x) stops[to++] = stops[i];
    stops[to++] = stops.back();
    stops.resize(to);
  }

  // A curve through the stops whose x never overshoots: cubic in y, with the slopes of Fritsch and Carlson.
  static std::vector<LayoutPoint> smooth(const std::vector<LayoutPoint>& stops) {
    std::size_t count = stops.size();
    std::vector<double> slope(count), secant(count);
    for (std::size_t i = 0; i + 1 < count; ++i) {
      double dy = stops[i + 1].y - stops[i].y;
      secant[i] = dy > 0 ? (stops[i + 1].x - stops[i].x) / dy : 0;
    }
    for (std::size_t i = 1; i + 1 < count; ++i)
      if (secant[i - 1] * secant[i] > 0)
        slope[i] = 2 * secant[i - 1] * secant[i] / (secant[i - 1] + secant[i]);
    if (count > 1) {
      slope[0] = secant[0] * 0.6;
      slope[count - 1] = secant[count - 2] * 0.6;
    }
    std::vector<LayoutPoint> points = {stops[0]};
    for (std::size_t i = 0; i + 1 < count; ++i) {
      double third = (stops[i + 1].y - stops[i].y) / 3;
      points.push_back({stops[i].x + slope[i] * third, stops[i].y + third});
      points.push_back({stops[i + 1].x - slope[i + 1] * third, stops[i + 1].y - third});
      points.push_back(stops[i + 1]);
    }
    return points;
  }

  const LayeredGraph& graph_;
  std::span<const LayoutNode> nodes_;
  std::span<const LayoutEdge> edges_;
  GraphLayout picture_;
  std::vector<double> top_, bottom_;  // of layers
  std::vector<double> upper_port_, lower_port_;
  double shift_ = 0, width_ = 0;
};

}  // namespace

GraphLayout lay_out(std::span<const LayoutNode> nodes, std::span<const LayoutEdge> edges) {
  LayeredGraph graph = make_layers(nodes, edges);
  order_layers(graph);
  place_vertices(graph);
  return Drawer(graph, nodes, edges).run();
}

}  // namespace memsnap
