// A node per call path instead of one per function.
#include "profile/graph_nodes.h"
#include "profile/units.h"

#include <unordered_map>

namespace memsnap {
namespace {

struct PathStep {
  std::uint32_t parent;
  NodeInfo info;
  bool operator==(const PathStep&) const = default;
};
struct PathStepHash {
  std::size_t operator()(const PathStep& step) const {
    return NodeInfoHash{}(step.info) * 31 + step.parent * 0x9e3779b97f4a7c15ull;
  }
};

class TreeBuilder {
 public:
  TreeBuilder(const Profile& profile, const GraphOptions& options)
      : options_(options),
        namer_(profile, options.object_names),
        tags_(profile, options),
        profile_(profile) {}

  CallGraph run() {
    std::vector<LocationId> stack;
    for (std::size_t row = 0; row < profile_.samples.rows(); ++row) {
      SampleWeight weight = weight_of(profile_, options_, row);
      if (weight.nothing()) continue;
      if (options_.tags) tags_.read(row);
      stack.clear();
      profile_.samples.stacks[row].append_to(stack);
      add(stack, weight);
    }
    return std::move(graph_);
  }

 private:
  void add(const std::vector<LocationId>& stack, SampleWeight weight) {
    std::uint32_t parent = ~0u;
    for (std::size_t at = stack.size(); at-- > 0;) {
      const ProfileLocation& location = profile_[stack[at]];
      std::span<const ProfileLine> lines = profile_.lines_of(location);
      if (lines.empty()) parent = step(parent, namer_.of_bare(location), weight, false);
      for (std::size_t i = lines.size(); i-- > 0;)
        parent = step(parent, namer_.of_line(location, lines[i]), weight, i + 1 != lines.size());
    }
    if (parent == ~0u) return;
    GraphNode& leaf = graph_.nodes[parent];
    leaf.flat = wrap_add(leaf.flat, weight.value);
    leaf.flat_divisor = wrap_add(leaf.flat_divisor, weight.divisor);
    if (options_.tags) tags_.add_to(leaf, weight, true);
  }

  std::uint32_t step(std::uint32_t parent, const NodeInfo& info, SampleWeight weight, bool inlined) {
    auto [at, fresh] = rows_.try_emplace({parent, info}, std::uint32_t(graph_.nodes.size()));
    std::uint32_t row = at->second;
    if (fresh) {
      graph_.nodes.push_back({.info = info, .parent = parent});
      if (parent != ~0u) {
        std::uint32_t edge = std::uint32_t(graph_.edges.size());
        graph_.edges.push_back({.source = parent, .target = row});
        graph_.nodes[parent].out.push_back(edge);
        graph_.nodes[row].in.push_back(edge);
      }
    }
    GraphNode& node = graph_.nodes[row];
    node.cum = wrap_add(node.cum, weight.value);
    node.cum_divisor = wrap_add(node.cum_divisor, weight.divisor);
    if (options_.tags) tags_.add_to(node, weight, false);
    if (parent != ~0u) {
      GraphEdge& edge = graph_.edges[node.in[0]];
      edge.weight = wrap_add(edge.weight, weight.value);
      edge.divisor = wrap_add(edge.divisor, weight.divisor);
      edge.inlined &= inlined;
    }
    return row;
  }

  const GraphOptions& options_;
  NodeNamer namer_;
  SampleTags tags_;
  const Profile& profile_;
  CallGraph graph_;
  std::unordered_map<PathStep, std::uint32_t, PathStepHash> rows_;
};

}  // namespace

CallGraph build_call_tree(const Profile& profile, const GraphOptions& options) {
  return TreeBuilder(profile, options).run();
}

}  // namespace memsnap
