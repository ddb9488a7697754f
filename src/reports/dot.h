// How boxes and arrows of a call graph look: shared by -dot and -svg.
#pragma once

#include "reports/report.h"

#include <string>
#include <vector>

namespace memsnap {

inline constexpr std::size_t kMostTagBoxes = 4;  // of a node, for text labels and for numbers each

// #rrggbb for a share of the total from -1 (green) over 0 (grey) to 1 (red); light for a background.
std::string share_colour(double share, bool background);

// A label with one side's sums.
struct TagBox {
  std::string name;
  std::int64_t weight = 0;
  bool dotted = false;  // the weight is of callees that are not shown
  std::vector<TagBox> below;
};
// The boxes below a node, heaviest first. Numbers beyond four are put together in ranges: 1kB..4kB.
std::vector<TagBox> tag_boxes(const CallGraph& graph, const GraphNode& node);

// The label of a node in lines: short name without package, share of flat and of cum.
std::vector<std::string> node_lines(const ProfileReport& report, const NodeInfo& info);
std::string node_value_text(const ProfileReport& report, const GraphNode& node, const char* line_end);
int node_font_size(std::int64_t flat, std::int64_t largest_flat);  // 8 to 24
// From 1 for nothing to 1 + most for all of the total.
int edge_strength(const ProfileReport& report, const GraphEdge& edge, std::int64_t most);
std::int64_t largest_flat(const CallGraph& graph);
// Edges between nodes that are shown, heaviest first.
std::vector<std::uint32_t> shown_edges(const ProfileReport& report, const CallGraph& graph);

}  // namespace memsnap
