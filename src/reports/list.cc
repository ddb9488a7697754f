// -list: the source of functions whose name fits, with what each line costs.
#include "reports/listing.h"

#include "profile/graph_nodes.h"
#include "profile/regex.h"
#include "profile/units.h"
#include "reports/safe_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace memsnap {
namespace {

using Rows = std::vector<std::uint32_t>;

struct Sums {
  std::int64_t flat = 0, cum = 0;
};

Sums sum_of(const CallGraph& graph, const Rows& rows) {
  Sums sums;
  for (std::uint32_t row : rows) {
    sums.flat = wrap_add(sums.flat, graph.nodes[row].flat);
    sums.cum = wrap_add(sums.cum, graph.nodes[row].cum);
  }
  return sums;
}

// What a set of nodes costs when a sample counts once, however often one of them is on its stack. The nodes
// are numbered as in the graph, which was made by the same call.
std::int64_t cum_of_all(const ProfileReport& report, const Rows& rows) {
  const Profile& profile = report.profile;
  std::vector<GraphNode> nodes;
  GraphOptions options{.value = report.value, .divisor = report.divisor, .object_names = true};
  LocationNodes of_location = make_nodes(profile, options, nodes);
  std::vector<bool> wanted(nodes.size());
  for (std::uint32_t row : rows) wanted[row] = true;
  std::int64_t sum = 0;
  for (std::size_t sample = 0; sample < profile.samples.rows(); ++sample) {
    bool on_stack = false;
    profile.samples.stacks[sample].each([&](LocationId location) {
      for (std::uint32_t node : of_location.of(location)) on_stack |= wanted[node];
    });
    if (on_stack) sum = wrap_add(sum, weight_of(profile, options, sample).value);
  }
  return sum;
}

struct LineRange {
  std::int64_t first = 0, last = 0;
};

// From five lines before the first sample, or the start of the function when it is known, to five behind the
// last.
LineRange range_of(const CallGraph& graph, const Rows& rows) {
  constexpr std::int64_t kMargin = 5;
  auto start_of = [](const NodeInfo& info) {
    return info.start_line != 0 ? info.start_line : wrap_add(info.line, -kMargin);
  };
  const NodeInfo& one = graph.nodes[rows[0]].info;
  LineRange range{start_of(one), wrap_add(one.line, kMargin)};
  for (std::uint32_t row : rows) {
    const NodeInfo& info = graph.nodes[row].info;
    if (start_of(info) < range.first)
      range.first = start_of(info);
    else
      range.last = std::max(range.last, wrap_add(info.line, kMargin));
  }
  range.first = std::max<std::int64_t>(range.first, 1);
  return range;
}

class Listing {
 public:
  Listing(ProfileReport& report, SourceFiles& files)
      : report_(report), profile_(report.profile), graph_(full_graph(report)), files_(files) {
    sampling_ = sampling_of_nodes(report);
  }

  Result<std::vector<ListedFunction>> run(const Regex& wanted) {
    std::map<std::string_view, Rows> functions;
    for (std::uint32_t row : graph_.shown) {
      std::string_view name = profile_.text(graph_.nodes[row].info.name);
      if (wanted.matches(name)) functions[name].push_back(row);
    }
    if (functions.empty()) return fail(Cause::usage, "no matches found for regexp: {}", wanted.text());
    std::vector<ListedFunction> listed;
    for (const auto& [name, rows] : functions) listed.push_back({name, files_of(rows)});
    return listed;
  }

 private:
  std::vector<ListedFile> files_of(const Rows& rows) {
    std::map<std::string_view, Rows> by_file;
    for (std::uint32_t row : rows)
      if (graph_.nodes[row].info.file != StringId{})
        by_file[profile_.text(graph_.nodes[row].info.file)].push_back(row);
    std::vector<ListedFile> files;
    for (const auto& [file, own] : by_file) files.push_back(file_of(std::string(file), own));
    return files;
  }

  ListedFile file_of(const std::string& file, const Rows& rows) {
    Sums sums = sum_of(graph_, rows);
    if (!report_.request.go_compat && rows.size() > 1) sums.cum = cum_of_all(report_, rows);
    ListedFile listed{
        .name = file, .error = files_.error(file), .flat = sums.flat, .cum = sums.cum, .lines = {}};
    if (report_.has_limits()) {
      listed.sampled = sampling_of(rows);
      listed.sampled.cum = sampling_of_any(profile_, graph_options(report_), report_.precision->reader, rows);
    }
    std::map<std::int64_t, Rows> by_line;
    for (std::uint32_t row : rows) by_line[graph_.nodes[row].info.line].push_back(row);
    if (!listed.error.empty()) {
      for (const auto& [number, own] : by_line) {
        Sums line = sum_of(graph_, own);
        listed.lines.push_back({number, line.flat, line.cum, nullptr, sampling_of(own)});
      }
      return listed;
    }
    LineRange range = range_of(graph_, rows);
    for (std::int64_t number = range.first; number <= range.last; ++number) {
      const std::string* text = files_.line(file, number);
      if (!text) break;
      auto own = by_line.find(number);
      bool has_own = own != by_line.end();
      Sums line = has_own ? sum_of(graph_, own->second) : Sums{};
      listed.lines.push_back(
          {number, line.flat, line.cum, text, has_own ? sampling_of(own->second) : NodeSampling{}});
    }
    return listed;
  }

  NodeSampling sampling_of(const Rows& rows) const {
    NodeSampling sum;
    if (sampling_.empty()) return sum;
    for (std::uint32_t row : rows) {
      sum.flat.add(sampling_[row].flat);
      sum.cum.add(sampling_[row].cum);
    }
    return sum;
  }

  ProfileReport& report_;
  const Profile& profile_;
  CallGraph graph_;
  SourceFiles& files_;
  std::vector<NodeSampling> sampling_;  // of the graph's nodes; empty without limits
};

// Both values, with limits and samples where there are any; ~ in front of a difference that may be none.
std::string value_columns(const ProfileReport& report, const ListedLine& line, bool dot_for_nothing) {
  auto column = [&](std::int64_t value, const SampledValue& sum) {
    if (!report.has_limits())
      return pad_to(dot_for_nothing ? report.format_or_dot(value) : report.format(value), 10);
    PrecisionCells cells = precision_cells(report, value, sum);
    if (sum.samples() == 0 && value == 0 && dot_for_nothing) cells.value = ".";
    if (cells.is_noise) cells.value = "~" + cells.value;
    return precise_columns(cells);
  };
  return column(line.flat, line.sampled.flat) + " " + column(line.cum, line.sampled.cum);
}

void print_file(const ProfileReport& report, std::string_view function, const ListedFile& file, Out& out) {
  out.print("ROUTINE ======================== {} in {}\n", function, file.name);
  ListedLine whole_file{.flat = file.flat, .cum = file.cum, .sampled = file.sampled};
  out.print("{} (flat, cum) {} of Total\n", value_columns(report, whole_file, false),
            percentage(file.cum, report.total));
  if (!file.error.empty()) return out.print(" Error: {}\n", file.error);
  for (const ListedLine& line : file.lines)
    out.print("{} {:6}:{}\n", value_columns(report, line, true), line.number,
              report.request.go_compat ? *line.source : escape_text(*line.source));
}

}  // namespace

Result<std::vector<ListedFunction>> list_functions(ProfileReport& report, SourceFiles& files) {
  Regex wanted = TRY(Regex::compile(report.request.symbol));
  prepare_graph(report);
  return Listing(report, files).run(wanted);
}

Result<void> print_list(ProfileReport& report, Out& out) {
  SourceFiles files(report.config.source_path, report.config.trim_path, report.request.go_compat);
  std::vector<ListedFunction> listed = TRY(list_functions(report, files));
  if (report.precision) out.put(join_lines(precision_lines(report)));
  out.print("Total: {}\n", report.format(report.total));
  for (const ListedFunction& function : listed) {
    if (function.files.empty()) out.print("No source information for {}\n", function.name);
    for (const ListedFile& file : function.files) print_file(report, function.name, file, out);
  }
  return {};
}

}  // namespace memsnap
