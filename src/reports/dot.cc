// -dot: the call graph for Graphviz. Facts: internal/graph/dotgraph.go of google/pprof.
#include "reports/dot.h"

#include "profile/units.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

// For a quoted string; lines are set flush left.
std::string quoted(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\l";
    else
      out += c;
  }
  return out;
}

class DotWriter {
 public:
  DotWriter(const ProfileReport& report, const CallGraph& graph, Out& out)
      : report_(report), graph_(graph), out_(out) {}

  void run() {
    out_.print("digraph \"{}\" {{\n", text(report_.title.empty() ? "unnamed" : report_.title));
    out_.put("node [style=filled fillcolor=\"#f8f8f8\"]\n");
    legend();
    number_.assign(graph_.nodes.size(), 0);
    has_boxes_.assign(graph_.nodes.size(), false);
    std::int64_t largest = largest_flat(graph_);
    for (std::size_t i = 0; i < graph_.shown.size(); ++i) number_[graph_.shown[i]] = i + 1;
    for (std::uint32_t row : graph_.shown) {
      print_node(row, largest);
      print_boxes(row);
    }
    if (!graph_.shown.empty())
      for (std::uint32_t row : shown_edges(report_, graph_)) print_edge(graph_.edges[row]);
    out_.put("}\n");
  }

 private:
  // Text that go tool pprof writes as it is, quotes and all, so that Graphviz refuses the graph.
  std::string text(std::string_view plain) const {
    return report_.request.go_compat ? std::string(plain) : quoted(plain);
  }

  void legend() {
    std::vector<std::string> labels = report_labels(report_, graph_, true);
    std::string joined;
    for (const std::string& label : labels) joined += (joined.empty() ? "" : "\\l") + quoted(label);
    out_.print("subgraph cluster_L {{ \"{}\" [shape=box fontsize=16 label=\"{}\\l\"", quoted(labels[0]),
               joined);
    if (!report_.title.empty()) out_.print(" tooltip=\"{}\"", text(report_.title));
    out_.put("] }\n");
  }

  std::string label_of(const GraphNode& node) const {
    NodeInfo info = node.info;
    std::vector<std::string> lines = node_lines(report_, info);
    // The function's name is cut at its dots; it stands behind the address, when there is one.
    bool named = info.name != StringId{};
    std::size_t name_at = info.address != 0 ? 1 : 0;
    std::string label;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (named && i == name_at) {
        std::string name = replace_all(quoted(lines[i]), "::", "\\n");
        name = replace_all(name, "[...]", "[\u2026]");
        label += replace_all(name, ".", "\\n") + "\\n";
      } else {
        label += text(lines[i]) + "\\n";
      }
    }
    return label + node_value_text(report_, node, "\\n");
  }

  void print_node(std::uint32_t row, std::int64_t largest) {
    const GraphNode& node = graph_.nodes[row];
    double share = double(node.cum_value()) / double(magnitude(report_.total));
    out_.print(
        "N{} [label=\"{}\" id=\"node{}\" fontsize={} shape=box tooltip=\"{} ({})\" color=\"{}\" "
        "fillcolor=\"{}\"]\n",
        number_[row], label_of(node), number_[row], node_font_size(node.flat_value(), largest),
        quoted(printable_name(report_.profile, node.info)), report_.format(node.cum_value()),
        share_colour(share, false), share_colour(share, true));
  }

  void print_box(const std::string& parent, const std::string& from, std::size_t index, const TagBox& box,
                 const char* look) {
    std::string weight = report_.format(box.weight);
    out_.print("{}_{} [label = \"{}\" id=\"{}_{}\" fontsize=8 shape=box3d tooltip=\"{}\"]\n", parent, index,
               box_name(box.name), parent, index, weight);
    out_.print("{} -> {}_{} [label=\" {}\" weight=100 tooltip=\"{}\" labeltooltip=\"{}\"{}]\n", from, parent,
               index, weight, weight, weight, look);
  }

  // Several labels of a sample are joined by \n, which is a line for Graphviz.
  std::string box_name(const std::string& name) const {
    return report_.request.go_compat ? name : replace_all(quoted(name), "\\\\n", "\\n");
  }

  // Boxes of numbers are called NN1_0 …, so that they differ from those of text.
  bool print_numbers(const std::string& from, const std::vector<TagBox>& boxes) {
    bool any = false;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      if (boxes[i].weight == 0) continue;
      print_box("N" + from, from, i, boxes[i], boxes[i].dotted ? " style=\"dotted\"" : "");
      any = true;
    }
    return any;
  }

  void print_boxes(std::uint32_t row) {
    std::vector<TagBox> boxes = tag_boxes(graph_, graph_.nodes[row]);
    std::string name = fmt::format("N{}", number_[row]);
    bool any = false;
    for (std::size_t i = 0; i + 1 < boxes.size(); ++i) {
      if (boxes[i].weight == 0) continue;
      print_box(name, name, i, boxes[i], "");
      print_numbers(fmt::format("{}_{}", name, i), boxes[i].below);
      any = true;
    }
    any |= print_numbers(name, boxes.back().below);
    has_boxes_[row] = any;
  }

  void print_edge(const GraphEdge& edge) {
    std::string weight = report_.format(edge.value());
    std::string look = fmt::format("label=\" {}{}\"", weight, edge.inlined ? "\\n (inline)" : "");
    if (report_.total != 0) {
      if (int heavy = edge_strength(report_, edge, 100); heavy > 1) look += fmt::format(" weight={}", heavy);
      if (int wide = edge_strength(report_, edge, 5); wide > 1) look += fmt::format(" penwidth={}", wide);
      double share = double(edge.value()) / double(magnitude(report_.total));
      look += fmt::format(" color=\"{}\"", share_colour(share, false));
    }
    std::string hint = fmt::format("\"{} {} {} ({})\"", name_of(edge.source), edge.residual ? "..." : "->",
                                   name_of(edge.target), weight);
    look += fmt::format(" tooltip={} labeltooltip={}", hint, hint);
    if (edge.residual) look += " style=\"dotted\"";
    if (has_boxes_[edge.source]) look += " minlen=2";
    out_.print("N{} -> N{} [{}]\n", number_[edge.source], number_[edge.target], look);
  }

  std::string name_of(std::uint32_t row) const {
    return quoted(printable_name(report_.profile, graph_.nodes[row].info));
  }

  const ProfileReport& report_;
  const CallGraph& graph_;
  Out& out_;
  std::vector<std::size_t> number_;
  std::vector<bool> has_boxes_;
};

}  // namespace

void print_dot(ProfileReport& report, Out& out) {
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  select_unit(report, graph);
  DotWriter(report, graph, out).run();
}

}  // namespace memsnap
