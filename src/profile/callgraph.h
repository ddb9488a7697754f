// The call graph of a profile: a node for each function, line or address (as aggregate() left them), an edge
// for each call between nodes that are shown. Its numbers, its trimming and its order are those of go tool
// pprof to the unit (internal/graph of google/pprof).
#pragma once

#include "tables/profile.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace memsnap {

// What tells one node from another. Text is ids of CallGraph::strings' profile.
struct NodeInfo {
  StringId name{};
  std::uint64_t address = 0;
  StringId file{};
  std::int64_t start_line = 0, line = 0, column = 0;
  StringId object{};  // the mapping's file, only where the report tells them apart or there is no name
  bool operator==(const NodeInfo&) const = default;
};

// Samples of one label on a node.
struct NodeTag {
  std::string name, unit;  // unit "" for text
  std::int64_t value = 0;  // of a number
  std::int64_t flat = 0, flat_divisor = 0, cum = 0, cum_divisor = 0;
  std::int64_t flat_value() const;
  std::int64_t cum_value() const;
};
using NodeTags = std::map<std::string, NodeTag>;

struct GraphEdge {
  std::uint32_t source = 0, target = 0;  // rows of CallGraph::nodes
  std::int64_t weight = 0, divisor = 0;
  bool residual = false;  // goes over nodes that are not shown
  bool inlined = true;    // in every sample the call was inlined
  bool removed = false;
  std::int64_t value() const;
};

struct GraphNode {
  NodeInfo info;
  std::int64_t flat = 0, flat_divisor = 0, cum = 0, cum_divisor = 0;
  std::uint32_t parent = ~0u;               // of a call tree: the node it was made below
  std::vector<std::uint32_t> in, out;       // rows of CallGraph::edges; removed ones may be among them
  NodeTags text_tags;                       // by the joined labels of a sample
  std::map<std::string, NodeTags> numbers;  // of each of these, and of "" for samples without text labels
  std::int64_t flat_value() const;
  std::int64_t cum_value() const;
};

struct GraphOptions {
  std::size_t value = 0;             // column of the sample values
  std::size_t divisor = kNoDivisor;  // column to divide by: mean
  static constexpr std::size_t kNoDivisor = std::numeric_limits<std::size_t>::max();
  bool object_names = false;  // tell functions of different executables apart
  bool call_tree = false;     // a node per call path
  bool drop_negative = false;
  bool tags = false;                // collect labels on nodes
  bool inlined_edges_only = false;  // leave out edges into what is never inlined: -top asks for no others
  std::string tag_unit;             // numbers of labels are printed in it
  std::string bytes_unit;           // of the label "bytes", the only number that nodes show
};

struct TrimOptions {
  std::int64_t node_count = 0;  // 0: no limit
  double node_fraction = 0, edge_fraction = 0;
  bool cum_order = false;
  bool visual = false;  // select and order as for a picture
};

class CallGraph {
 public:
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
  std::vector<std::uint32_t> shown;  // rows of nodes, in the order of the report
  // What trimming left out.
  std::size_t nodes_before_limit = 0, dropped_nodes = 0, dropped_edges = 0;

  // All nodes and edges, in no order.
  static CallGraph build(const Profile& profile, const GraphOptions& options);
  static CallGraph build_trimmed(const Profile& profile, const GraphOptions& options,
                                 const TrimOptions& trim);

  std::int64_t shown_flat() const;  // sum over what is shown
  // Edges that are left, heaviest first.
  std::vector<std::uint32_t> sorted_in(const Profile& profile, std::uint32_t node) const;
  std::vector<std::uint32_t> sorted_out(const Profile& profile, std::uint32_t node) const;
  void sort_edges(const Profile& profile, std::vector<std::uint32_t>& rows) const;
};

// 0000000000401000 main.work /src/main.go:12:3, of which only what is known and told apart is there.
std::string printable_name(const Profile& profile, const NodeInfo& info);
std::vector<std::string> name_parts(std::uint64_t address, std::string_view name, std::string_view file,
                                    std::int64_t line, std::int64_t column, std::string_view object);

enum class NodeOrder : std::uint8_t { kFlat, kCum, kEntropy, kName, kFile, kAddress };
void sort_nodes(const Profile& profile, const CallGraph& graph, std::vector<std::uint32_t>& rows,
                NodeOrder order);

}  // namespace memsnap
