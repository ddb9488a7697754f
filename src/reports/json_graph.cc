// top, tree, peek, dot and svg as JSON.
#include "profile/regex.h"
#include "profile/units.h"
#include "reports/dot.h"
#include "reports/json_report.h"

#include <optional>

namespace memsnap {
namespace {

// Whether the calls that led here were inlined: no, some, all.
const char* inlined_word(const CallGraph& graph, const GraphNode& node) {
  bool inlined = false, called = false;
  for (std::uint32_t row : node.in) {
    if (graph.edges[row].removed) continue;
    (graph.edges[row].inlined ? inlined : called) = true;
  }
  return !inlined ? "no" : called ? "some" : "all";
}

// `sampling`: a row per node, empty without limits.
void write_row(JsonWriter& json, const ProfileReport& report, const CallGraph& graph, std::uint32_t row,
               const std::vector<NodeSampling>& sampling = {}) {
  const GraphNode& node = graph.nodes[row];
  json_node(json, report, node.info);
  json_flat_and_cum(json, report, node.flat_value(), node.cum_value());
  if (!sampling.empty()) {
    json_limits(json, report, "flat_limits", sampling[row].flat);
    json_limits(json, report, "cum_limits", sampling[row].cum);
  }
  json.member("inlined", inlined_word(graph, node));
}

void write_edge(JsonWriter& json, const ProfileReport& report, const GraphEdge& edge) {
  json.member("value", report.scaled_by_ratio(edge.value()));
  json.member("share", json_share(report, edge.value()));
  json.member("inlined", edge.inlined);
  json.member("residual", edge.residual);
}

void write_neighbours(JsonWriter& json, const ProfileReport& report, const CallGraph& graph, const char* name,
                      const std::vector<std::uint32_t>& edges, bool callers) {
  json.key(name).open_array();
  for (std::uint32_t i : edges) {
    const GraphEdge& edge = graph.edges[i];
    json.open_object();
    json_node(json, report, graph.nodes[callers ? edge.source : edge.target].info);
    write_edge(json, report, edge);
    json.close_object();
  }
  json.close_array();
}

void write_boxes(JsonWriter& json, const ProfileReport& report, const std::vector<TagBox>& boxes) {
  for (const TagBox& box : boxes) {
    if (box.weight == 0) continue;
    json.open_object();
    json.member("name", box.name);
    json.member("value", report.scaled_by_ratio(box.weight));
    json.member("of_callees", box.dotted);
    if (!box.below.empty()) {
      json.key("numbers").open_array();
      write_boxes(json, report, box.below);  // one level: boxes of numbers have none below
      json.close_array();
    }
    json.close_object();
  }
}

void write_tags(JsonWriter& json, const ProfileReport& report, const CallGraph& graph,
                const GraphNode& node) {
  std::vector<TagBox> boxes = tag_boxes(graph, node);
  std::vector<TagBox> own = std::move(boxes.back().below);  // numbers without a text label
  boxes.pop_back();
  if (boxes.empty() && own.empty()) return;
  json.key("tags").open_array();
  write_boxes(json, report, boxes);
  write_boxes(json, report, own);
  json.close_array();
}

}  // namespace

void json_top(ProfileReport& report, Out& out) {
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  std::vector<NodeSampling> sampling = sampling_of_nodes(report);
  JsonWriter json(out);
  json_heading(json, report, "top");
  json_trimming(json, report, graph);
  json.key("rows").open_array();
  for (std::uint32_t row : graph.shown) {
    json.open_object();
    write_row(json, report, graph, row, sampling);
    json.close_object();
  }
  json.close_array();
  json_close(json);
}

Result<void> json_tree(ProfileReport& report, Out& out) {
  std::optional<Regex> wanted;
  if (report.request.has_symbol) wanted = TRY(Regex::compile(report.request.symbol));
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  std::vector<NodeSampling> sampling = sampling_of_nodes(report);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row : graph.shown)
    if (!wanted || wanted->matches(printable_name(report.profile, graph.nodes[row].info)))
      rows.push_back(row);
  if (wanted && rows.empty()) return fail(Cause::usage, "no matches found for regexp: {}", wanted->text());
  JsonWriter json(out);
  json_heading(json, report, report.request.kind == ReportKind::kPeek ? "peek" : "tree");
  json_trimming(json, report, graph);
  json.key("rows").open_array();
  for (std::uint32_t row : rows) {
    json.open_object();
    write_row(json, report, graph, row, sampling);
    write_neighbours(json, report, graph, "callers", graph.sorted_in(report.profile, row), true);
    write_neighbours(json, report, graph, "callees", graph.sorted_out(report.profile, row), false);
    json.close_object();
  }
  json.close_array();
  json_close(json);
  return {};
}

void json_graph(ProfileReport& report, Out& out) {
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  std::vector<std::uint32_t> number(graph.nodes.size());
  JsonWriter json(out);
  json_heading(json, report, "graph");
  json_trimming(json, report, graph);
  json.key("rows").open_array();
  for (std::uint32_t i = 0; i < graph.shown.size(); ++i) {
    std::uint32_t row = graph.shown[i];
    number[row] = i;
    json.open_object();
    write_row(json, report, graph, row);
    write_tags(json, report, graph, graph.nodes[row]);
    json.close_object();
  }
  json.close_array();
  json.key("edges").open_array();
  if (!graph.shown.empty()) {
    for (std::uint32_t i : shown_edges(report, graph)) {
      json.open_object();
      json.member("from", number[graph.edges[i].source]);
      json.member("to", number[graph.edges[i].target]);
      write_edge(json, report, graph.edges[i]);
      json.close_object();
    }
  }
  json.close_array();
  json_close(json);
}

}  // namespace memsnap
