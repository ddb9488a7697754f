// What the reports of one request share: the profile after its filters, the column that is shown and how its
// values are printed. Facts: internal/report/report.go of google/pprof.
#pragma once

#include "profile/callgraph.h"
#include "profile/label_units.h"
#include "reports/generate.h"
#include "reports/precision.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace memsnap {

// Where a function is defined; reports by function do not tell files apart, but JSON names them.
struct FunctionPlace {
  std::string file;
  std::int64_t start_line = 0;
};

struct ProfileReport {
  Profile& profile;
  const ReportRequest& request;
  PprofConfig config;  // the request's, as this kind of report changes it
  LabelUnits label_units;
  std::vector<std::string> filters;                           // focus=…, for the heading
  std::string title;                                          // the executable's base name, "" when not known
  std::size_t value = 0, divisor = GraphOptions::kNoDivisor;  // columns of the samples
  std::string sample_type, sample_unit;
  std::string output_unit;  // minimum until select_unit()
  std::int64_t total = 0;   // what percentages are of
  // By name, the first that has it; only for JSON.
  std::unordered_map<StringId, FunctionPlace> definitions = {};
  std::unique_ptr<ReportPrecision> precision = nullptr;  // null: not asked for

  // Columns for limits are there: asked for, and the profile says how it was sampled.
  bool has_limits() const {
    return precision && divisor == GraphOptions::kNoDivisor && precision->sampling.has_limits();
  }

  std::string format(std::int64_t value) const;
  std::string format_or_dot(std::int64_t value) const;  // zero is a dot
  std::int64_t scaled_by_ratio(std::int64_t value) const;
};

// The column, the total and the heading's words for a request; the profile is not filtered by this.
Result<ProfileReport> make_report(Profile& profile, const ReportRequest& request, const PprofConfig& config);

// The sum of absolute values, of the base's samples only when the profile is a difference of -diff_base. Of
// -base, whose samples are kept apart for --precision, of what is left of each stack.
std::int64_t total_of(const Profile& profile, std::size_t value, std::size_t divisor);

// ---- Graphs.
// Gets the profile ready: names of files are trimmed, labels that mark a base go. Done once per report.
void prepare_graph(ProfileReport& report);
GraphOptions graph_options(const ProfileReport& report);
CallGraph full_graph(ProfileReport& report);
CallGraph trimmed_graph(ProfileReport& report);
// One unit for all rows when the user asked for none: of the smallest value, or larger when values are far
// apart.
void select_unit(ProfileReport& report, const CallGraph& graph);

// ---- Headings.
std::vector<std::string> profile_labels(const ProfileReport& report);
// `full`: even with compact_labels, with the number of edges that were dropped and a hint how to read a
// graph.
std::vector<std::string> report_labels(const ProfileReport& report, const CallGraph& graph, bool full);
std::string join_lines(const std::vector<std::string>& lines);

// ---- Words as Go prints them.
std::string pad_to(std::string_view text, std::size_t width);  // blanks in front, counted in code points
std::string trimmed_percentage(std::int64_t value, std::int64_t total);
std::string go_duration(std::int64_t nanoseconds);                     // 1h2m3.5s
std::string local_time(std::int64_t nanoseconds, const char* format);  // of strftime

// ---- The reports; each prints to `out`.
void print_top(ProfileReport& report, Out& out);
Result<void> print_tree(ProfileReport& report, Out& out);  // peek too
void print_traces(ProfileReport& report, Out& out);
void print_tags(ProfileReport& report, Out& out);
void print_raw(const ProfileReport& report, Out& out);
void print_comments(const ProfileReport& report, Out& out);
Result<void> print_list(ProfileReport& report, Out& out);
void print_callgrind(ProfileReport& report, Out& out);
Result<void> print_proto(ProfileReport& report, Out& out);
Result<void> print_top_proto(ProfileReport& report, Out& out);
void print_dot(ProfileReport& report, Out& out);
void print_svg(ProfileReport& report, Out& out);
Result<void> print_churn(ProfileReport& report, Out& out);
void print_folded(ProfileReport& report, Out& out);
void print_flame_html(ProfileReport& report, Out& out);
void print_flame_svg(ProfileReport& report, Out& out);
Result<void> print_disasm(ProfileReport& report, BinaryTool* binaries, Out& out);
Result<void> print_weblist(ProfileReport& report, BinaryTool* binaries, Out& out);

}  // namespace memsnap
