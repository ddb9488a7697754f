#include "profile/callgraph.h"

#include "profile/graph_nodes.h"
#include "profile/units.h"

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

// Of each location its node when it is just one, else ~0: most are, and stacks are long.
std::vector<std::uint32_t> only_nodes(const LocationNodes& of_location) {
  std::vector<std::uint32_t> only(of_location.first.size() - 1, ~0u);
  for (std::size_t i = 0; i < only.size(); ++i) {
    std::span<const std::uint32_t> nodes = of_location.of(LocationId(std::uint32_t(i)));
    if (nodes.size() == 1) only[i] = nodes[0];
  }
  return only;
}

// Values of all nodes. A node's cum counts a sample once, however often the node is on its stack. A stack's
// order does not matter for that, so it is read as it lies there.
void add_values(const Profile& profile, const GraphOptions& options, const LocationNodes& of_location,
                std::vector<GraphNode>& nodes) {
  struct Sum {
    std::int64_t cum = 0;
    std::uint32_t last = ~0u;  // the sample that was added last
  };
  std::vector<Sum> sums(nodes.size());
  std::vector<std::uint32_t> only = only_nodes(of_location);
  bool divides = options.divisor != GraphOptions::kNoDivisor;
  SampleTags tags(profile, options);
  for (std::uint32_t row = 0; row < profile.samples.rows(); ++row) {
    SampleWeight weight = weight_of(profile, options, row);
    if (weight.nothing()) continue;
    if (options.tags) tags.read(row);
    std::uint32_t leaf = ~0u;
    auto add = [&](std::uint32_t node) {
      if (leaf == ~0u) leaf = node;
      Sum& sum = sums[node];
      if (sum.last == row) return;
      sum.last = row;
      sum.cum = wrap_add(sum.cum, weight.value);
      if (divides) nodes[node].cum_divisor = wrap_add(nodes[node].cum_divisor, weight.divisor);
      if (options.tags) tags.add_to(nodes[node], weight, false);
    };
    profile.samples.stacks[row].each([&](LocationId location) {
      if (std::uint32_t node = only[std::size_t(location)]; node != ~0u) return add(node);
      for (std::uint32_t node : of_location.of(location)) add(node);
    });
    if (leaf == ~0u) continue;
    nodes[leaf].flat = wrap_add(nodes[leaf].flat, weight.value);
    nodes[leaf].flat_divisor = wrap_add(nodes[leaf].flat_divisor, weight.divisor);
    if (options.tags) tags.add_to(nodes[leaf], weight, true);
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].cum = sums[i].cum;
}

// Edges by source and target, open addressing: a sample of forty frames asks forty times.
class EdgeFinder {
 public:
  explicit EdgeFinder(std::vector<GraphEdge>& edges) : edges_(edges), slots_(1 << 10) {}

  // The edge, made when it is new; nothing when sample `row` had it already.
  GraphEdge* once(std::uint32_t source, std::uint32_t target, std::uint32_t row) {
    std::uint64_t key = std::uint64_t(source) << 32 | target;
    std::size_t mask = slots_.size() - 1, at = hash(key) & mask;
    for (; slots_[at].edge != ~0u; at = (at + 1) & mask) {
      if (slots_[at].key != key) continue;
      if (slots_[at].last == row) return nullptr;
      slots_[at].last = row;
      return &edges_[slots_[at].edge];
    }
    slots_[at] = {key, std::uint32_t(edges_.size()), row};
    edges_.push_back({.source = source, .target = target});
    if (edges_.size() * 2 > slots_.size()) grow();
    return &edges_.back();
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t edge = ~0u, last = ~0u;
  };
  static std::size_t hash(std::uint64_t key) { return (key * 0x9e3779b97f4a7c15ull) >> 20; }
  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.edge == ~0u) continue;
      std::size_t at = hash(slot.key) & mask;
      while (slots_[at].edge != ~0u) at = (at + 1) & mask;
      slots_[at] = slot;
    }
  }

  std::vector<GraphEdge>& edges_;
  std::vector<Slot> slots_;
};

// Nodes that are an inlined call somewhere.
std::vector<bool> ever_inlined(const LocationNodes& of_location, std::size_t nodes) {
  std::vector<bool> inlined(nodes);
  for (std::size_t i = 0; i + 1 < of_location.first.size(); ++i)
    for (std::uint32_t at = of_location.first[i]; at + 1 < of_location.first[i + 1]; ++at)
      inlined[of_location.node[at]] = true;
  return inlined;
}

void link_edges(CallGraph& graph) {
  for (GraphNode& node : graph.nodes) node.in.clear(), node.out.clear();
  for (std::uint32_t i = 0; i < graph.edges.size(); ++i) {
    graph.nodes[graph.edges[i].source].out.push_back(i);
    graph.nodes[graph.edges[i].target].in.push_back(i);
  }
}

// Edges between the nodes that are kept. Each sample counts once per edge, with what its occurrence nearest
// to the root says of inlining.
void add_edges(const Profile& profile, const GraphOptions& options, const LocationNodes& of_location,
               const std::vector<bool>& kept, CallGraph& graph) {
  graph.edges.clear();
  std::vector<bool> wanted = kept;
  if (options.inlined_edges_only) {
    std::vector<bool> inlined = ever_inlined(of_location, graph.nodes.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = wanted[i] && inlined[i];
    if (std::ranges::find(wanted, true) == wanted.end()) return link_edges(graph);
  }
  // Most locations are one node that is kept and that no edge to is asked for; those need no second look.
  std::vector<std::uint32_t> plain = only_nodes(of_location);
  for (std::uint32_t& node : plain)
    if (node != ~0u && (!kept[node] || wanted[node])) node = ~0u;
  EdgeFinder finder(graph.edges);
  for (std::uint32_t row = 0; row < profile.samples.rows(); ++row) {
    SampleWeight weight = weight_of(profile, options, row);
    if (weight.nothing()) continue;
    std::uint32_t parent = ~0u;
    bool residual = false;
    profile.samples.stacks[row].each_from_root([&](LocationId location) {
      if (std::uint32_t node = plain[std::size_t(location)]; node != ~0u) {
        parent = node;
        residual = false;
        return;
      }
      std::span<const std::uint32_t> nodes = of_location.of(location);
      for (std::size_t i = nodes.size(); i-- > 0;) {
        std::uint32_t node = nodes[i];
        if (!kept[node]) {
          residual = true;
          continue;
        }
        if (parent != ~0u && parent != node && wanted[node]) {
          if (GraphEdge* edge = finder.once(parent, node, row)) {
            edge->weight = wrap_add(edge->weight, weight.value);
            edge->divisor = wrap_add(edge->divisor, weight.divisor);
            edge->residual |= residual;
            edge->inlined &= i + 1 != nodes.size();
          }
        }
        parent = node;
        residual = false;
      }
    });
  }
  link_edges(graph);
}

void trim_tags(CallGraph& graph, std::int64_t cutoff) {
  auto light = [&](const auto& entry) {
    return magnitude(entry.second.flat) < cutoff && magnitude(entry.second.cum) < cutoff;
  };
  for (std::uint32_t row : graph.shown) {
    std::erase_if(graph.nodes[row].text_tags, light);
    for (auto& [text, numbers] : graph.nodes[row].numbers) std::erase_if(numbers, light);
  }
}

std::size_t trim_edges(CallGraph& graph, std::int64_t cutoff) {
  std::size_t dropped = 0;
  for (std::uint32_t row : graph.shown) {
    for (std::uint32_t i : graph.nodes[row].in) {
      GraphEdge& edge = graph.edges[i];
      if (edge.removed || magnitude(edge.weight) >= cutoff) continue;
      edge.removed = true;
      ++dropped;
    }
  }
  return dropped;
}

// How many of the nodes in order make a picture of so many boxes: up to four labels of a node are boxes too.
std::size_t count_for_picture(const CallGraph& graph, std::int64_t limit) {
  constexpr std::int64_t kMostTags = 4;
  std::int64_t boxes = 0;
  for (std::size_t i = 0; i < graph.shown.size(); ++i) {
    const GraphNode& node = graph.nodes[graph.shown[i]];
    std::int64_t tags = 0;
    for (const auto& [name, tag] : node.text_tags) tags += tag.flat != 0;
    for (const auto& [text, numbers] : node.numbers)
      for (const auto& [name, tag] : numbers) tags += tag.flat != 0;
    boxes += std::min(tags, kMostTags) + 1;
    if (boxes >= limit) return i + 1;
  }
  return std::size_t(limit);
}

// Whether there is another way from the edge's source to its target.
bool is_redundant(const CallGraph& graph, std::uint32_t row) {
  const GraphEdge& edge = graph.edges[row];
  std::vector<bool> seen(graph.nodes.size());
  std::vector<std::uint32_t> queue = {edge.target};
  seen[edge.target] = true;
  for (std::size_t at = 0; at < queue.size(); ++at) {
    for (std::uint32_t i : graph.nodes[queue[at]].in) {
      const GraphEdge& up = graph.edges[i];
      if (up.removed || i == row || seen[up.source]) continue;
      if (up.source == edge.source) return true;
      seen[up.source] = true;
      queue.push_back(up.source);
    }
  }
  return false;
}

// Residual edges go when another path connects the same two nodes, the lightest first, and never one that is
// heavier than a real call.
void remove_redundant_edges(const Profile& profile, CallGraph& graph) {
  for (std::size_t i = graph.shown.size(); i-- > 0;) {
    std::vector<std::uint32_t> in = graph.sorted_in(profile, graph.shown[i]);
    for (std::size_t j = in.size(); j-- > 0 && graph.edges[in[j]].residual;)
      if (is_redundant(graph, in[j])) graph.edges[in[j]].removed = true;
  }
}

std::int64_t cutoff_of(std::int64_t total, double fraction) {
  return magnitude(whole(double(total) * fraction));
}

// Takes a node out of a tree; its children hang on its parent then, by residual edges.
void bridge_node(CallGraph& graph, std::uint32_t row) {
  GraphNode& node = graph.nodes[row];
  std::uint32_t up = ~0u;
  for (std::uint32_t i : node.in)
    if (!graph.edges[i].removed) up = i;
  for (std::uint32_t i : node.out) {
    GraphEdge& down = graph.edges[i];
    if (down.removed) continue;
    if (up == ~0u) {
      down.removed = true;
      continue;
    }
    down.source = graph.edges[up].source;
    down.residual = true;
    down.inlined = down.inlined && graph.edges[up].inlined;
    graph.nodes[down.source].out.push_back(i);
  }
  node.out.clear();
  if (up == ~0u) return;
  graph.edges[up].removed = true;
  std::erase(graph.nodes[graph.edges[up].source].out, up);
}

void trim_tree(const Profile& profile, CallGraph& graph, const std::vector<bool>& kept) {
  std::vector<std::uint32_t> left;
  for (std::uint32_t row : graph.shown) {
    if (kept[row])
      left.push_back(row);
    else
      bridge_node(graph, row);
  }
  graph.shown = std::move(left);
  remove_redundant_edges(profile, graph);
}

// Nodes, their values, and which of them stay; the edges are counted anew for those.
class Trimmer {
 public:
  Trimmer(const Profile& profile, const GraphOptions& options, const TrimOptions& trim)
      : profile_(profile), options_(options), trim_(trim) {
    if (options.call_tree) {
      graph_ = build_call_tree(profile, options);
    } else {
      of_location_ = make_nodes(profile, options, graph_.nodes);
      add_values(profile, options, of_location_, graph_.nodes);
    }
    select_nodes(graph_, options.drop_negative);
  }

  CallGraph run() {
    std::int64_t total = 0;
    for (std::uint32_t row : graph_.shown) total = wrap_add(total, graph_.nodes[row].flat);
    std::int64_t node_cutoff = cutoff_of(total, trim_.node_fraction);
    std::int64_t edge_cutoff = cutoff_of(total, trim_.edge_fraction);
    drop_light_nodes(node_cutoff);
    graph_.nodes_before_limit = graph_.shown.size();
    if (!options_.call_tree) connect();
    sort();
    if (trim_.node_count > 0) limit_nodes(node_cutoff, edge_cutoff);
    trim_tags(graph_, node_cutoff);
    graph_.dropped_edges = trim_edges(graph_, edge_cutoff);
    if (trim_.visual) remove_redundant_edges(profile_, graph_);
    return std::move(graph_);
  }

 private:
  void keep(const std::vector<std::uint32_t>& rows) {
    kept_.assign(graph_.nodes.size(), false);
    for (std::uint32_t row : rows) kept_[row] = true;
    restricted_ = true;
  }
  void connect() {
    if (!restricted_) kept_.assign(graph_.nodes.size(), true);
    add_edges(profile_, options_, of_location_, kept_, graph_);
  }
  void drop_light_nodes(std::int64_t cutoff) {
    if (cutoff <= 0) return;
    std::vector<std::uint32_t> heavy;
    for (std::uint32_t row : graph_.shown)
      if (magnitude(graph_.nodes[row].cum) >= cutoff) heavy.push_back(row);
    if (heavy.size() == graph_.shown.size()) return;
    graph_.dropped_nodes = graph_.shown.size() - heavy.size();
    keep(heavy);
    if (options_.call_tree)
      trim_tree(profile_, graph_, kept_);
    else
      graph_.shown = heavy;
  }
  void limit_nodes(std::int64_t node_cutoff, std::int64_t edge_cutoff) {
    trim_tags(graph_, node_cutoff);
    trim_edges(graph_, edge_cutoff);
    std::size_t most =
        trim_.visual ? count_for_picture(graph_, trim_.node_count) : std::size_t(trim_.node_count);
    if (most >= graph_.shown.size()) return;
    std::vector<std::uint32_t> top(graph_.shown.begin(), graph_.shown.begin() + std::ptrdiff_t(most));
    keep(top);
    if (options_.call_tree) {
      trim_tree(profile_, graph_, kept_);
    } else {
      graph_.shown = top;
      connect();
    }
    sort();
  }
  void sort() {
    NodeOrder order = trim_.visual      ? NodeOrder::kEntropy
                      : trim_.cum_order ? NodeOrder::kCum
                                        : NodeOrder::kFlat;
    sort_nodes(profile_, graph_, graph_.shown, order);
  }

  const Profile& profile_;
  const GraphOptions& options_;
  const TrimOptions& trim_;
  CallGraph graph_;
  LocationNodes of_location_;
  std::vector<bool> kept_;
  bool restricted_ = false;
};

}  // namespace

CallGraph CallGraph::build(const Profile& profile, const GraphOptions& options) {
  return build_trimmed(profile, options, {});
}

CallGraph CallGraph::build_trimmed(const Profile& profile, const GraphOptions& options,
                                   const TrimOptions& trim) {
  return Trimmer(profile, options, trim).run();
}

std::int64_t CallGraph::shown_flat() const {
  std::int64_t sum = 0;
  for (std::uint32_t row : shown) sum = wrap_add(sum, nodes[row].flat_value());
  return sum;
}

}  // namespace memsnap
