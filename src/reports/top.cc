// -top, -tree and -peek.
#include "profile/regex.h"
#include "profile/units.h"
#include "reports/report.h"

#include <fmt/format.h>

#include <optional>

namespace memsnap {
namespace {

const char* inline_mark(const CallGraph& graph, const GraphNode& node) {
  bool inlined = false, called = false;
  for (std::uint32_t row : node.in) {
    if (graph.edges[row].removed) continue;
    (graph.edges[row].inlined ? inlined : called) = true;
  }
  return !inlined ? "" : called ? " (partial-inline)" : " (inline)";
}

constexpr std::string_view kLine =
    "----------------------------------------------------------+-------------\n";

// The numbers in front of a name; with limits there are two columns more for each value.
constexpr std::size_t kExtraWidth = 2 * (kPreciseValueWidth - 10 + 1 + kLimitsWidth + 1 + kSamplesWidth);

class Rows {
 public:
  Rows(const ProfileReport& report, const CallGraph& graph) : report_(report), graph_(graph) {
    sampling_ = sampling_of_nodes(report);
  }

  void print_heading(Out& out) const {
    if (report_.precision) out.put(join_lines(precision_lines(report_)));
    out.put(join_lines(report_labels(report_, graph_, false)));
  }
  void print_top_columns(Out& out) const {
    if (!report_.has_limits())
      out.print("{:>10} {:>5}% {:>5}% {:>10} {:>5}%\n", "flat", "flat", "sum", "cum", "cum");
    else
      out.print("{:>15} {:>5}% {:>5}% {:>9} {:>6} {:>15} {:>5}% {:>9} {:>6}\n", "flat", "flat", "sum",
                "\u00b195%", "n", "cum", "cum", "\u00b195%", "n");
  }
  // `sum` counts up the values of the rows so far.
  std::string columns(std::uint32_t row, std::int64_t& sum) const {
    const GraphNode& node = graph_.nodes[row];
    std::int64_t flat = node.flat_value(), cum = node.cum_value();
    sum = wrap_add(sum, flat);
    std::string of_flat = percentage(flat, report_.total), of_sum = percentage(sum, report_.total);
    std::string of_cum = percentage(cum, report_.total);
    if (sampling_.empty())
      return fmt::format("{} {} {} {} {}", pad_to(report_.format(flat), 10), of_flat, of_sum,
                         pad_to(report_.format(cum), 10), of_cum);
    PrecisionCells flat_cells = precision_cells(report_, flat, sampling_[row].flat);
    PrecisionCells cum_cells = precision_cells(report_, cum, sampling_[row].cum);
    return fmt::format("{} {} {} {} {} {} {}", pad_to(flat_cells.value, kPreciseValueWidth), of_flat, of_sum,
                       limits_columns(flat_cells), pad_to(cum_cells.value, kPreciseValueWidth), of_cum,
                       limits_columns(cum_cells));
  }
  // ~ before the name of a row whose difference may be noise.
  std::string_view mark(std::uint32_t row) const {
    if (sampling_.empty() || !report_.precision->reader.is_difference()) return "";
    const NodeSampling& sums = sampling_[row];
    const SampledValue& shown = graph_.nodes[row].flat != 0 ? sums.flat : sums.cum;
    return shown.is_noise() ? "~ " : "  ";
  }
  std::size_t extra_width() const { return sampling_.empty() ? 0 : kExtraWidth; }

 private:
  const ProfileReport& report_;
  const CallGraph& graph_;
  std::vector<NodeSampling> sampling_;
};

void print_edge(const ProfileReport& report, const GraphEdge& edge, std::int64_t cum, const NodeInfo& other,
                std::size_t extra_width, Out& out) {
  out.print("{} {} |   {}{}\n", pad_to(report.format(edge.weight), 50 + extra_width),
            percentage(edge.weight, cum), printable_name(report.profile, other),
            edge.inlined ? " (inline)" : "");
}

void print_context(const ProfileReport& report, const CallGraph& graph, const Rows& rows, std::uint32_t row,
                   const std::string& name, std::int64_t& sum, Out& out) {
  std::int64_t cum = graph.nodes[row].cum_value();
  out.put(kLine);
  for (std::uint32_t i : graph.sorted_in(report.profile, row))
    print_edge(report, graph.edges[i], cum, graph.nodes[graph.edges[i].source].info, rows.extra_width(), out);
  out.print("{}                | {}{}\n", rows.columns(row, sum), rows.mark(row), name);
  for (std::uint32_t i : graph.sorted_out(report.profile, row))
    print_edge(report, graph.edges[i], cum, graph.nodes[graph.edges[i].target].info, rows.extra_width(), out);
}

}  // namespace

void print_top(ProfileReport& report, Out& out) {
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  select_unit(report, graph);
  Rows rows(report, graph);
  rows.print_heading(out);
  rows.print_top_columns(out);
  std::int64_t sum = 0;
  for (std::uint32_t row : graph.shown)
    out.print("{}  {}{}{}\n", rows.columns(row, sum), rows.mark(row),
              printable_name(report.profile, graph.nodes[row].info), inline_mark(graph, graph.nodes[row]));
}

Result<void> print_tree(ProfileReport& report, Out& out) {
  std::optional<Regex> wanted;
  if (report.request.has_symbol) wanted = TRY(Regex::compile(report.request.symbol));
  prepare_graph(report);
  CallGraph graph = trimmed_graph(report);
  select_unit(report, graph);
  std::vector<std::pair<std::uint32_t, std::string>> found;
  for (std::uint32_t row : graph.shown) {
    std::string name = printable_name(report.profile, graph.nodes[row].info);
    if (!wanted || wanted->matches(name)) found.emplace_back(row, std::move(name));
  }
  if (wanted && found.empty()) return fail(Cause::usage, "no matches found for regexp: {}", wanted->text());
  Rows rows(report, graph);
  rows.print_heading(out);
  out.put(kLine);
  if (report.has_limits())
    rows.print_top_columns(out);
  else
    out.put("      flat  flat%   sum%        cum   cum%   calls calls% + context \t \t \n");
  std::int64_t sum = 0;
  for (const auto& [row, name] : found) print_context(report, graph, rows, row, name, sum, out);
  if (!graph.shown.empty()) out.put(kLine);
  return {};
}

}  // namespace memsnap
