#include "reports/json_report.h"

#include "base/text.h"
#include "profile/paths.h"
#include "profile/units.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace memsnap {
namespace {

void write_profile_facts(JsonWriter& json, const Profile& profile) {
  json.key("profile").open_object();
  std::string_view file, build_id;
  if (!profile.mappings.empty()) {
    file = profile.text(profile.mappings[0].file);
    build_id = profile.text(profile.mappings[0].build_id);
  }
  json.member("file", file);
  json.member("build_id", build_id);
  json.member("time_nanos", profile.time_nanos);
  json.member("duration_nanos", profile.duration_nanos);
  json.member("period", profile.period);
  json.member("period_type", profile.text(profile.period_type.type));
  json.member("period_unit", profile.text(profile.period_type.unit));
  json.member("doc_url", profile.text(profile.doc_url));
  json.key("comments").open_array();
  for (StringId comment : profile.comments) json.value(profile.text(comment));
  json.close_array();
  json.close_object();
}

}  // namespace

double json_share(const ProfileReport& report, std::int64_t value) {
  if (report.total == 0) return std::numeric_limits<double>::quiet_NaN();
  return double(value) / double(magnitude(report.total));
}

namespace {

void write_precision(JsonWriter& json, const ProfileReport& report) {
  const Sampling& sampling = report.precision->sampling;
  static constexpr const char* kKinds[] = {"unknown", "all", "heap", "time"};
  json.key("precision").open_object();
  json.member("sampled_by", kKinds[std::size_t(sampling.kind)]);
  if (report.has_limits()) {
    json.member("rate", sampling.rate);
    json.member("rate_unit", sampling.unit);
    json.member("unseen_below", unseen_bytes(sampling.rate));
    json_limits(json, report, "total", report.precision->total);
  }
  json.close_object();
}

}  // namespace

void json_heading(JsonWriter& json, const ProfileReport& report, std::string_view kind) {
  json.open_object();
  json.member("schema", fmt::format("memsnap.pprof.{}/1", kind));
  write_profile_facts(json, report.profile);
  json.key("sample").open_object();
  json.member("type", report.sample_type);
  json.member("unit", report.sample_unit);
  json.member("mean", report.divisor != GraphOptions::kNoDivisor);
  json.member("divided_by", report.config.divide_by);
  json.close_object();
  const std::string& granularity = report.config.granularity;
  json.member("granularity", granularity.empty() ? std::string("functions") : granularity);
  json.key("filters").open_array();
  for (const std::string& filter : report.filters) json.value(filter);
  json.close_array();
  json.member("total", report.scaled_by_ratio(report.total));
  if (report.precision) write_precision(json, report);
}

void json_limits(JsonWriter& json, const ProfileReport& report, const char* name, const SampledValue& sum) {
  json.key(name).open_object();
  json.member("samples", std::uint64_t(sum.samples()));
  if (sum.samples() > 0) {
    Interval limits = sum.interval();
    json.member("low", report.scaled_by_ratio(whole(std::round(limits.low))));
    json.member("high", report.scaled_by_ratio(whole(std::round(limits.high))));
  }
  json.close_object();
}

void json_close(JsonWriter& json) {
  json.close_object();
  json.end();
}

void json_trimming(JsonWriter& json, const ProfileReport& report, const CallGraph& graph) {
  auto cutoff = [&](double fraction) {
    return report.scaled_by_ratio(magnitude(whole(double(report.total) * fraction)));
  };
  json.key("nodes").open_object();
  json.member("shown", std::uint64_t(graph.shown.size()));
  json.member("before_limit", std::uint64_t(graph.nodes_before_limit));
  json.member("dropped", std::uint64_t(graph.dropped_nodes));
  json.member("dropped_edges", std::uint64_t(graph.dropped_edges));
  json.member("cutoff", cutoff(report.config.nodefraction));
  json.member("edge_cutoff", cutoff(report.config.edgefraction));
  json.member("shown_flat", report.scaled_by_ratio(graph.shown_flat()));
  json.close_object();
}

void json_node(JsonWriter& json, const ProfileReport& report, const NodeInfo& info) {
  const Profile& profile = report.profile;
  std::string_view object = profile.text(info.object);
  bool nameless = info.name == StringId{};
  std::string_view file = profile.text(info.file);
  std::int64_t line = info.line;
  if (file.empty() && line == 0 && !nameless) {
    if (auto at = report.definitions.find(info.name); at != report.definitions.end()) {
      file = at->second.file;
      line = at->second.start_line;
    }
  }
  if (!nameless)
    json.member("name", profile.text(info.name));
  else
    json.member("name", object.empty() ? std::string("<unknown>") : fmt::format("[{}]", base_name(object)));
  json.member("file", file);
  json.member("line", line);
  if (info.column != 0) json.member("column", info.column);
  if (info.address != 0) json.member("address", hex(info.address));
  if (!object.empty()) json.member("object", object);
}

void json_flat_and_cum(JsonWriter& json, const ProfileReport& report, std::int64_t flat, std::int64_t cum) {
  json.member("flat", report.scaled_by_ratio(flat));
  json.member("cum", report.scaled_by_ratio(cum));
  json.member("flat_share", json_share(report, flat));
  json.member("cum_share", json_share(report, cum));
}

void json_labels(JsonWriter& json, const Profile& profile, std::span<const ProfileLabel> labels,
                 const LabelUnits* units) {
  json.open_array();
  for (const ProfileLabel& label : labels) {
    json.open_object();
    json.member("key", profile.text(label.key));
    if (label.is_text()) {
      json.member("text", profile.text(label.text()));
    } else {
      json.member("number", label.value);
      std::string_view unit = profile.text(label.unit);
      json.member("unit", unit.empty() && units ? (*units)[label.key] : unit);
    }
    json.close_object();
  }
  json.close_array();
}

void json_types(JsonWriter& json, const Profile& profile) {
  json.key("sample_types").open_array();
  for (const ValueType& type : profile.sample_types) {
    json.open_object();
    json.member("type", profile.text(type.type));
    json.member("unit", profile.text(type.unit));
    json.close_object();
  }
  json.close_array();
}

Result<void> print_json(ProfileReport& report, BinaryTool* binaries, Out& out, Out& err) {
  switch (report.request.kind) {
    case ReportKind::kTop:
    case ReportKind::kTopProto: json_top(report, out); return {};
    case ReportKind::kTree:
    case ReportKind::kPeek: return json_tree(report, out);
    case ReportKind::kDot:
    case ReportKind::kSvg:
    case ReportKind::kCallgrind: json_graph(report, out); return {};
    case ReportKind::kTraces:
    case ReportKind::kFolded:
    case ReportKind::kFlameHtml:
    case ReportKind::kFlameSvg: json_traces(report, out); return {};
    case ReportKind::kTags: json_tags(report, out); return {};
    case ReportKind::kRaw:
    case ReportKind::kProto: json_raw(report, out); return {};
    case ReportKind::kComments: json_comments(report, out); return {};
    case ReportKind::kChurn: return json_churn(report, out);
    case ReportKind::kList:
    case ReportKind::kWebList: return json_list(report, out);
    case ReportKind::kDisasm: return json_disasm(report, binaries, out, err);
  }
  return fail(Cause::usage, "unexpected output format");
}

}  // namespace memsnap
