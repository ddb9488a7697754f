// Which nodes the frames of each location are. Part of CallGraph::build.
#pragma once

#include "profile/callgraph.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace memsnap {

struct NodeInfoHash {
  std::size_t operator()(const NodeInfo& info) const {
    std::uint64_t hash = std::uint64_t(info.name);
    for (std::uint64_t part :
         {info.address, std::uint64_t(info.file), std::uint64_t(info.start_line), std::uint64_t(info.line),
          std::uint64_t(info.column), std::uint64_t(info.object)})
      hash = (hash ^ part) * 0x9e3779b97f4a7c15ull, hash ^= hash >> 29;
    return std::size_t(hash);
  }
};

// Makes NodeInfos of lines.
class NodeNamer {
 public:
  NodeNamer(const Profile& profile, bool object_names) : profile_(profile), object_names_(object_names) {}
  NodeInfo of_line(const ProfileLocation& location, const ProfileLine& line) const;
  NodeInfo of_bare(const ProfileLocation& location) const;  // a location without lines

 private:
  StringId object_of(const ProfileLocation& location) const;

  const Profile& profile_;
  bool object_names_;
};

// The nodes of location i, innermost line first, are node[first[i]] .. node[first[i + 1]].
struct LocationNodes {
  std::vector<std::uint32_t> first, node;
  std::span<const std::uint32_t> of(LocationId location) const {
    std::size_t row = std::size_t(location);
    return std::span(node).subspan(first[row], first[row + 1] - first[row]);
  }
};
LocationNodes make_nodes(const Profile& profile, const GraphOptions& options, std::vector<GraphNode>& nodes);

// The weight of one sample and what it is divided by.
struct SampleWeight {
  std::int64_t value = 0, divisor = 0;
  bool nothing() const { return value == 0 && divisor == 0; }
};
inline SampleWeight weight_of(const Profile& profile, const GraphOptions& options, std::size_t row) {
  std::span<const std::int64_t> values = profile.values_of(row);
  return {values[options.value], options.divisor == GraphOptions::kNoDivisor ? 0 : values[options.divisor]};
}

// The labels of one sample as nodes count them: its text labels joined, and its numbers named "bytes".
class SampleTags {
 public:
  SampleTags(const Profile& profile, const GraphOptions& options);
  void read(std::size_t row);
  void add_to(GraphNode& node, SampleWeight weight, bool flat) const;

 private:
  const Profile& profile_;
  const GraphOptions& options_;
  StringId bytes_key_;
  std::string text_;
  std::vector<std::pair<std::string, std::int64_t>> numbers_;
};

CallGraph build_call_tree(const Profile& profile, const GraphOptions& options);

// Fills `shown` with the nodes that hold anything.
void select_nodes(CallGraph& graph, bool drop_negative);

}  // namespace memsnap
