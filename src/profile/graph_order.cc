// The orders of nodes and edges, and the names that decide ties.
#include "profile/callgraph.h"
#include "profile/graph_nodes.h"
#include "profile/paths.h"
#include "profile/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace memsnap {

std::vector<std::string> name_parts(std::uint64_t address, std::string_view name, std::string_view file,
                                    std::int64_t line, std::int64_t column, std::string_view object) {
  std::vector<std::string> parts;
  if (address != 0) parts.push_back(fmt::format("{:016x}", address));
  if (!name.empty()) parts.emplace_back(name);
  if (line != 0)
    parts.push_back(column != 0 ? fmt::format("{}:{}:{}", file, line, column)
                                : fmt::format("{}:{}", file, line));
  else if (!file.empty())
    parts.emplace_back(file);
  else if (!name.empty())
    return parts;
  else
    parts.push_back(object.empty() ? "<unknown>" : fmt::format("[{}]", base_name(object)));
  return parts;
}

std::string printable_name(const Profile& profile, const NodeInfo& info) {
  return fmt::format(
      "{}", fmt::join(name_parts(info.address, profile.text(info.name), profile.text(info.file), info.line,
                                 info.column, profile.text(info.object)),
                      " "));
}

namespace {

// As Go computes it: the last bit may decide an order.
double log2_of(double value) {
  int exponent = 0;
  double fraction = std::frexp(value, &exponent);
  if (fraction == 0.5) return double(exponent - 1);
  return std::log(fraction) * (1 / std::numbers::ln2) + double(exponent);
}

// How information theory values the way the weight is spread over the edges on one side of a node.
double edge_entropy(const CallGraph& graph, const std::vector<std::uint32_t>& rows, std::int64_t self) {
  std::int64_t total = self;
  for (std::uint32_t i : rows)
    if (!graph.edges[i].removed && graph.edges[i].weight > 0) total = wrap_add(total, graph.edges[i].weight);
  if (total == 0) return 0;
  double score = 0;
  auto add = [&](std::int64_t weight) {
    double share = double(magnitude(weight)) / double(total);
    score += -share * log2_of(share);
  };
  for (std::uint32_t i : rows)
    if (!graph.edges[i].removed) add(graph.edges[i].weight);
  if (self > 0) add(self);
  return score;
}

// How much a picture would miss a node: little when all of its weight just passes through.
std::int64_t entropy_score(const CallGraph& graph, const GraphNode& node) {
  auto side = [&](const std::vector<std::uint32_t>& rows, std::int64_t self) {
    bool any = std::ranges::any_of(rows, [&](std::uint32_t i) { return !graph.edges[i].removed; });
    return any ? edge_entropy(graph, rows, self) : 1.0;
  };
  double score = side(node.in, 0);
  score += side(node.out, node.flat);
  return wrap_add(whole(score * double(node.cum)), node.flat);
}

// A node as Go prints its NodeInfo, which decides last.
std::string info_text(const Profile& profile, const NodeInfo& info) {
  return fmt::format("{{{}  {} {} {} {} {} {}}}", profile.text(info.name), info.address,
                     profile.text(info.file), info.start_line, info.line, info.column,
                     profile.text(info.object));
}

struct SortKey {
  std::int64_t score = 0, second = 0;
  const NodeInfo* info = nullptr;
  std::string name;  // printable
  std::uint32_t row = 0;
};

class NodeSorter {
 public:
  NodeSorter(const Profile& profile, NodeOrder order) : profile_(profile), order_(order) {}

  bool operator()(const SortKey& a, const SortKey& b) const {
    switch (order_) {
      case NodeOrder::kName: return by_text(a, b, a.info->name, b.info->name);
      case NodeOrder::kFile:
        if (a.info->file == b.info->file && a.info->start_line != b.info->start_line)
          return a.info->start_line < b.info->start_line;
        return by_text(a, b, a.info->file, b.info->file);
      case NodeOrder::kAddress:
        if (a.info->address != b.info->address) return a.info->address < b.info->address;
        return last(a, b);
      case NodeOrder::kFlat:
      case NodeOrder::kCum:
      case NodeOrder::kEntropy: break;
    }
    if (a.score != b.score) return a.score > b.score;
    if (*a.info != *b.info) {
      std::uint64_t from = a.info->address, to = b.info->address;
      if (from != 0 && to != 0 && from != to) return from < to;
      return a.name < b.name;
    }
    if (a.second != b.second) return a.second > b.second;
    return a.row < b.row;
  }

 private:
  bool last(const SortKey& a, const SortKey& b) const {
    std::string left = info_text(profile_, *a.info), right = info_text(profile_, *b.info);
    return left != right ? left < right : a.row < b.row;
  }
  bool by_text(const SortKey& a, const SortKey& b, StringId left, StringId right) const {
    return left != right ? profile_.text(left) < profile_.text(right) : last(a, b);
  }

  const Profile& profile_;
  NodeOrder order_;
};

}  // namespace

void sort_nodes(const Profile& profile, const CallGraph& graph, std::vector<std::uint32_t>& rows,
                NodeOrder order) {
  std::vector<SortKey> keys;
  keys.reserve(rows.size());
  for (std::uint32_t row : rows) {
    const GraphNode& node = graph.nodes[row];
    SortKey key{.info = &node.info, .row = row};
    switch (order) {
      case NodeOrder::kFlat: key.score = magnitude(node.flat), key.second = magnitude(node.cum); break;
      case NodeOrder::kCum: key.score = magnitude(node.cum), key.second = magnitude(node.flat); break;
      case NodeOrder::kEntropy:
        key.score = magnitude(entropy_score(graph, node)), key.second = magnitude(node.flat);
        break;
      case NodeOrder::kName:
      case NodeOrder::kFile:
      case NodeOrder::kAddress: break;
    }
    key.name = printable_name(profile, node.info);
    keys.push_back(std::move(key));
  }
  std::ranges::sort(keys, NodeSorter(profile, order));
  std::ranges::transform(keys, rows.begin(), &SortKey::row);
}

void CallGraph::sort_edges(const Profile& profile, std::vector<std::uint32_t>& rows) const {
  struct Key {
    std::int64_t weight;
    std::string source, target;
    std::uint32_t row;
  };
  std::vector<Key> keys;
  for (std::uint32_t row : rows) {
    const GraphEdge& edge = edges[row];
    keys.push_back({magnitude(edge.weight), printable_name(profile, nodes[edge.source].info),
                    printable_name(profile, nodes[edge.target].info), row});
  }
  std::ranges::sort(keys, [](const Key& a, const Key& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    return std::tie(a.source, a.target, a.row) < std::tie(b.source, b.target, b.row);
  });
  rows.clear();
  for (const Key& key : keys) rows.push_back(key.row);
}

std::vector<std::uint32_t> CallGraph::sorted_in(const Profile& profile, std::uint32_t node) const {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row : nodes[node].in)
    if (!edges[row].removed) rows.push_back(row);
  sort_edges(profile, rows);
  return rows;
}

std::vector<std::uint32_t> CallGraph::sorted_out(const Profile& profile, std::uint32_t node) const {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row : nodes[node].out)
    if (!edges[row].removed) rows.push_back(row);
  sort_edges(profile, rows);
  return rows;
}

}  // namespace memsnap
