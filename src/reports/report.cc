#include "reports/report.h"

#include "base/text.h"
#include "os/files.h"
#include "profile/aggregate.h"
#include "profile/edit.h"
#include "profile/paths.h"
#include "profile/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <map>

namespace memsnap {

std::int64_t ProfileReport::scaled_by_ratio(std::int64_t number) const {
  double ratio = 1 / config.divide_by;
  return ratio > 0 && ratio != 1 ? whole(double(number) * ratio) : number;
}

std::string ProfileReport::format(std::int64_t number) const {
  return value_label(scaled_by_ratio(number), sample_unit, output_unit);
}

std::string ProfileReport::format_or_dot(std::int64_t number) const {
  return number == 0 ? "." : format(number);
}

namespace {

// Samples of the base that only --precision keeps apart count as if they had been merged.
std::int64_t total_of_merged(const Profile& profile, StringId base, std::size_t value, std::size_t divisor) {
  struct Sum {
    std::int64_t value = 0, divisor = 0;
  };
  std::map<std::string, Sum> sums;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    const PackedStack& stack = profile.samples.stacks[row];
    std::string key(reinterpret_cast<const char*>(stack.bytes), stack.size);
    std::vector<std::string> labels;
    for (const ProfileLabel& label : profile.samples.labels_of(row))
      if (label.key != base)
        labels.push_back(
            fmt::format("/{},{},{}", std::size_t(label.key), std::size_t(label.unit), label.value));
    std::ranges::sort(labels);
    key += fmt::format("{}", fmt::join(labels, ""));
    Sum& sum = sums[key];
    std::span<const std::int64_t> values = profile.values_of(row);
    sum.value = wrap_add(sum.value, values[value]);
    if (divisor != GraphOptions::kNoDivisor) sum.divisor = wrap_add(sum.divisor, values[divisor]);
  }
  Sum all;
  for (const auto& [key, sum] : sums) {
    all.value = wrap_add(all.value, magnitude(sum.value));
    all.divisor = wrap_add(all.divisor, sum.divisor);
  }
  return all.divisor == 0 ? all.value : wrap_divide(all.value, all.divisor);
}

}  // namespace

std::int64_t total_of(const Profile& profile, std::size_t value, std::size_t divisor) {
  std::int64_t all = 0, all_divisor = 0, base = 0, base_divisor = 0;
  StringId key = profile.strings.find(kBaseLabel), yes = profile.strings.find("true");
  bool is_difference = key != ProfileStrings::kNoString && yes != ProfileStrings::kNoString;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    std::span<const std::int64_t> values = profile.values_of(row);
    std::int64_t number = magnitude(values[value]);
    std::int64_t part = divisor == GraphOptions::kNoDivisor ? 0 : values[divisor];
    all = wrap_add(all, number);
    all_divisor = wrap_add(all_divisor, part);
    if (!is_difference) continue;
    for (const ProfileLabel& label : profile.samples.labels_of(row)) {
      if (label.key != key || !label.is_text() || label.text() != yes) continue;
      base = wrap_add(base, number);
      base_divisor = wrap_add(base_divisor, part);
      break;
    }
  }
  if (base > 0)
    all = base, all_divisor = base_divisor;
  else if (key != ProfileStrings::kNoString && profile.strings.find(kMinusLabel) != ProfileStrings::kNoString)
    return total_of_merged(profile, key, value, divisor);
  return all_divisor == 0 ? all : wrap_divide(all, all_divisor);
}

namespace {

std::vector<std::string> active_filters(const PprofConfig& config) {
  std::vector<std::string> filters;
  auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) filters.push_back(fmt::format("{}={}", name, value));
  };
  add("focus", config.focus);
  add("ignore", config.ignore);
  add("hide", config.hide);
  add("show", config.show);
  add("show_from", config.show_from);
  add("tagfocus", config.tagfocus);
  add("tagignore", config.tagignore);
  add("tagshow", config.tagshow);
  add("taghide", config.taghide);
  return filters;
}

}  // namespace

Result<ProfileReport> make_report(Profile& profile, const ReportRequest& request, const PprofConfig& config) {
  std::size_t value = TRY(sample_index(profile, config.sample_index));
  if (config.divide_by == 0) return fail(Cause::usage, "zero divisor specified");
  std::string type(profile.text(profile.sample_types[value].type));
  ProfileReport report{.profile = profile,
                       .request = request,
                       .config = config,
                       .label_units = LabelUnits(profile),
                       .filters = active_filters(config),
                       .title = "",
                       .value = value,
                       .divisor = config.mean ? 0 : GraphOptions::kNoDivisor,
                       .sample_type = config.mean ? "mean_" + type : type,
                       .sample_unit = std::string(profile.text(profile.sample_types[value].unit)),
                       .output_unit = config.unit};
  if (!profile.mappings.empty() && profile.mappings[0].file != StringId{})
    report.title = base_name(profile.text(profile.mappings[0].file));
  report.total = total_of(profile, report.value, report.divisor);
  return report;
}

void prepare_graph(ProfileReport& report) {
  trim_files(report.profile, report.config.trim_path, report.config.source_path);
  StringId base = report.profile.strings.find(kBaseLabel);
  if (base == ProfileStrings::kNoString) return;
  keep_labels(report.profile,
              [&](const ProfileLabel& label) { return !label.is_text() || label.key != base; });
}

namespace {

bool is_picture(ReportKind kind) { return kind == ReportKind::kDot || kind == ReportKind::kSvg; }

}  // namespace

GraphOptions graph_options(const ProfileReport& report) {
  ReportKind kind = report.request.kind;
  GraphOptions options{.value = report.value,
                       .divisor = report.divisor,
                       .drop_negative = report.config.drop_negative,
                       .tags = is_picture(kind),
                       .inlined_edges_only = kind == ReportKind::kTop,
                       .tag_unit = report.output_unit};
  options.object_names = kind == ReportKind::kRaw || kind == ReportKind::kList ||
                         kind == ReportKind::kWebList || kind == ReportKind::kDisasm ||
                         kind == ReportKind::kCallgrind;
  options.call_tree = report.config.call_tree && (is_picture(kind) || kind == ReportKind::kCallgrind);
  StringId bytes = report.profile.strings.find("bytes");
  if (bytes != ProfileStrings::kNoString) options.bytes_unit = report.label_units[bytes];
  return options;
}

CallGraph full_graph(ProfileReport& report) {
  return CallGraph::build(report.profile, graph_options(report));
}

CallGraph trimmed_graph(ProfileReport& report) {
  TrimOptions trim{.node_count = report.config.nodecount,
                   .node_fraction = report.config.nodefraction,
                   .edge_fraction = report.config.edgefraction,
                   .cum_order = report.config.sort == "cum",
                   .visual = is_picture(report.request.kind)};
  return CallGraph::build_trimmed(report.profile, graph_options(report), trim);
}

void select_unit(ProfileReport& report, const CallGraph& graph) {
  if (report.output_unit != "minimum" || graph.shown.empty()) return;
  std::int64_t least = 0;
  for (std::uint32_t row : graph.shown) {
    std::int64_t value = magnitude(graph.nodes[row].flat_value());
    if (value == 0) value = magnitude(graph.nodes[row].cum_value());
    if (value > 0 && (least == 0 || value < least)) least = value;
  }
  if (least == 0) least = report.total;
  std::int64_t low = report.scaled_by_ratio(least), high = report.scaled_by_ratio(report.total);
  std::string unit = scale_value(low, report.sample_unit, "minimum").unit;
  bool far_apart = wrap_multiply(low, 100) < high && report.request.kind != ReportKind::kCallgrind;
  if (far_apart && unit != scale_value(high, report.sample_unit, "minimum").unit)
    unit = scale_value(wrap_multiply(100, low), report.sample_unit, "minimum").unit;
  report.output_unit = unit.empty() ? report.sample_unit : unit;
}

std::vector<std::string> profile_labels(const ProfileReport& report) {
  const Profile& profile = report.profile;
  std::vector<std::string> labels;
  if (!profile.mappings.empty()) {
    const ProfileMapping& main = profile.mappings[0];
    if (main.file != StringId{}) labels.push_back("File: " + base_name(profile.text(main.file)));
    if (main.build_id != StringId{})
      labels.push_back(fmt::format("Build ID: {}", profile.text(main.build_id)));
  }
  for (StringId comment : profile.comments)
    if (!profile.text(comment).starts_with('#')) labels.emplace_back(profile.text(comment));
  if (!report.sample_type.empty()) labels.push_back("Type: " + report.sample_type);
  if (profile.doc_url != StringId{}) labels.push_back(fmt::format("Doc: {}", profile.text(profile.doc_url)));
  if (profile.time_nanos != 0)
    labels.push_back("Time: " + local_time(profile.time_nanos, "%Y-%m-%d %H:%M:%S %Z"));
  if (profile.duration_nanos != 0) {
    ScaledValue nanos = scale_value(report.total, report.sample_unit, "nanoseconds");
    std::string share;
    if (nanos.unit == "ns" && nanos.value != 0)
      share = "(" + percentage(whole(nanos.value), profile.duration_nanos) + ")";
    labels.push_back(fmt::format("Duration: {}, Total samples = {} {}",
                                 value_label(profile.duration_nanos, "nanoseconds"),
                                 report.format(report.total), share));
  }
  return labels;
}

namespace {

std::string dropped_label(std::size_t count, const char* what, const char* measure,
                          const std::string& cutoff) {
  return fmt::format("Dropped {} {}{} ({} <= {})", count, what, count > 1 ? "s" : "", measure, cutoff);
}

// The first 80 bytes, as Go cuts them.
std::string short_filter(const std::string& text) {
  return text.size() > 80 ? text.substr(0, 80) + "\u2026" : text;
}

}  // namespace

std::vector<std::string> report_labels(const ProfileReport& report, const CallGraph& graph, bool full) {
  std::vector<std::string> labels;
  if (full || !report.config.compact_labels) labels = profile_labels(report);
  if (!report.filters.empty()) labels.emplace_back("Active filters:");
  for (const std::string& filter : report.filters) labels.push_back("   " + short_filter(filter));
  std::int64_t shown = graph.shown_flat();
  labels.push_back(fmt::format("Showing nodes accounting for {}, {} of {} total", report.format(shown),
                               trimmed_percentage(shown, report.total), report.format(report.total)));
  auto cutoff = [&](double fraction) {
    return report.format(magnitude(whole(double(report.total) * fraction)));
  };
  if (report.total != 0) {
    if (graph.dropped_nodes > 0)
      labels.push_back(dropped_label(graph.dropped_nodes, "node", "cum", cutoff(report.config.nodefraction)));
    if (full && graph.dropped_edges > 0)
      labels.push_back(
          dropped_label(graph.dropped_edges, "edge", "freq", cutoff(report.config.edgefraction)));
    if (!graph.shown.empty() && graph.shown.size() < graph.nodes_before_limit)
      labels.push_back(
          fmt::format("Showing top {} nodes out of {}", graph.shown.size(), graph.nodes_before_limit));
  }
  if (full) labels.emplace_back("\nSee https://git.io/JfYMW for how to read the graph");
  return labels;
}

std::string join_lines(const std::vector<std::string>& lines) {
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::string pad_to(std::string_view text, std::size_t width) {
  std::size_t points = 0;
  for (std::string_view rest = text; !rest.empty() && points < width; ++points)
    rest.remove_prefix(first_code_point(rest).bytes);
  std::string padded(width - points, ' ');
  padded += text;
  return padded;
}

std::string trimmed_percentage(std::int64_t value, std::int64_t total) {
  std::string text = percentage(value, total);
  return text.substr(text.find_first_not_of(' '));
}

// Whether TZ names no zone that is installed. Go takes UTC then, where the C library reads a rule (XYZ3).
static bool zone_is_unknown() {
  const char* zone = std::getenv("TZ");
  if (!zone) return false;
  if (*zone == ':') ++zone;
  return *zone == '\0' || !is_there(*zone == '/' ? zone : std::string("/usr/share/zoneinfo/") + zone);
}

std::string local_time(std::int64_t nanoseconds, const char* format) {
  std::time_t seconds = std::time_t(nanoseconds / 1'000'000'000);
  if (nanoseconds % 1'000'000'000 < 0) --seconds;
  std::tm parts{};
  if (zone_is_unknown()) {
    gmtime_r(&seconds, &parts);
    parts.tm_zone = "UTC";
  } else {
    localtime_r(&seconds, &parts);
  }
  char text[128];
  return std::string(text, std::strftime(text, sizeof text, format, &parts));
}

std::string go_duration(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return "0s";
  std::uint64_t rest = std::uint64_t(magnitude(nanoseconds));
  std::string text = nanoseconds < 0 ? "-" : "";
  auto with_fraction = [](std::uint64_t value, std::uint64_t unit) {
    std::string digits = fmt::format("{}", value / unit);
    if (value % unit == 0) return digits;
    std::string part = fmt::format("{:0{}}", value % unit, fmt::format("{}", unit).size() - 1);
    part.resize(part.find_last_not_of('0') + 1);
    return digits + "." + part;
  };
  constexpr std::uint64_t kSecond = 1'000'000'000;
  if (rest < 1000) return fmt::format("{}{}ns", text, rest);
  if (rest < 1'000'000) return fmt::format("{}{}\u00b5s", text, with_fraction(rest, 1000));
  if (rest < kSecond) return fmt::format("{}{}ms", text, with_fraction(rest, 1'000'000));
  std::uint64_t minutes = rest / (60 * kSecond);
  if (minutes >= 60) text += fmt::format("{}h", minutes / 60);
  if (minutes > 0) text += fmt::format("{}m", minutes % 60);
  return fmt::format("{}{}s", text, with_fraction(rest % (60 * kSecond), kSecond));
}

}  // namespace memsnap
