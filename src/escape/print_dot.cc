#include "base/text.h"
#include "escape/view.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

// A quoted string of DOT: one line, no escape of the target's.
std::string quote_dot(std::string_view text) {
  std::string quoted = "\"";
  for (char c : escape_terminal(text)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

const char* look(LocationKind kind) {
  switch (kind) {
    case LocationKind::kHeap: return "shape=house style=filled fillcolor=\"#f4cccc\"";
    case LocationKind::kValue: return "shape=box style=filled fillcolor=\"#fff2cc\"";
    case LocationKind::kResult: return "shape=cds";
    case LocationKind::kVariable: return "shape=ellipse";
  }
  return "";
}

// The steps of a flow: what happens, and where.
std::string label_of(const EscapeLog& log, const Flow& flow) {
  std::string label;
  for (std::uint32_t i = 0; i < flow.steps; ++i) {
    const FlowStep& step = log.steps[flow.first_step + i];
    if (!label.empty()) label += ", ";
    label += fmt::format("{} {}", log.text(step.reason), place_words(log, step.at));
  }
  return label;
}

}  // namespace

void print_escapes_dot(const EscapeView& view, std::size_t most, Out& out) {
  const EscapeLog& log = view.log();
  std::vector<std::uint32_t> chains;
  for (std::size_t i = 0; i < std::min(most, view.rows.size()); ++i) {
    // With what stands behind each, so that the graph ends where the story ends.
    for (std::uint32_t chain : view.graph->chains_of(view.rows[i].escape))
      for (std::size_t deep = 0; chain != EscapeGraph::kNone && deep <= kMostHops; ++deep) {
        chains.push_back(chain);
        chain = view.graph->chain_behind(chain);
      }
  }
  std::ranges::sort(chains);
  auto [rest, end] = std::ranges::unique(chains);
  chains.erase(rest, end);
  EscapeGraph::Part part = view.graph->part(chains);
  out.put("digraph escapes {\n  rankdir=LR;\n  node [fontsize=11];\n  edge [fontsize=9];\n");
  for (std::size_t i = 0; i < part.nodes.size(); ++i) {
    const EscapeNode& node = part.nodes[i];
    std::string_view stored = stored_name(log.text(node.name));
    std::string label(stored.empty() ? log.text(node.name) : stored);
    if (node.function != StringId{}) label += fmt::format(", {}", log.text(node.function));
    if (node.at.line > 0) label += fmt::format(", {}", place_words(log, node.at));
    out.print("  n{} [label={} {}];\n", i, quote_dot(label), look(node.kind));
  }
  for (const EscapeEdge& edge : part.edges)
    out.print("  n{} -> n{} [label={}{}];\n", edge.from, edge.to,
              quote_dot(label_of(log, log.flows[edge.flow])),
              log.flows[edge.flow].derefs < 0 ? " arrowhead=vee" : "");
  out.put("}\n");
}

}  // namespace memsnap
