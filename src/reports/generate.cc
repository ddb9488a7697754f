#include "reports/generate.h"

#include "profile/aggregate.h"
#include "profile/filter.h"
#include "profile/paths.h"
#include "profile/regex.h"
#include "reports/json_report.h"
#include "reports/report.h"
#include "reports/safe_text.h"

#include <fmt/format.h>

namespace memsnap {
namespace {

// What the kind of a report decides, whatever the user set: annotated listings show all of a function, dumps
// show all of the profile (applyCommandOverrides of internal/driver/driver.go).
PprofConfig config_for(const ReportRequest& request) {
  PprofConfig config = request.config;
  bool trim = config.trim;
  std::int64_t rows = 80;
  switch (request.kind) {
    case ReportKind::kDisasm: trim = false, config.granularity = "addresses", config.noinlines = true; break;
    case ReportKind::kWebList:
      trim = false, config.granularity = "addresses", config.noinlines = false;
      break;
    case ReportKind::kPeek: trim = false; break;
    case ReportKind::kList: trim = false, config.granularity = "lines"; break;
    case ReportKind::kTop:
    case ReportKind::kTopProto: rows = 0; break;
    case ReportKind::kRaw:
    case ReportKind::kProto:
    case ReportKind::kCallgrind: trim = false, config.granularity = "addresses"; break;
    case ReportKind::kTree:
    case ReportKind::kTraces:
    case ReportKind::kTags:
    case ReportKind::kComments:
    case ReportKind::kDot:
    case ReportKind::kSvg:
    case ReportKind::kFolded:
    case ReportKind::kFlameHtml:
    case ReportKind::kFlameSvg: break;
    case ReportKind::kChurn: rows = 40, config.granularity = "lines"; break;
  }
  if (config.nodecount == -1) config.nodecount = rows;
  if (!trim) config.nodecount = 0, config.nodefraction = config.edgefraction = 0;
  return config;
}

Result<void> print_report(ProfileReport& report, BinaryTool* binaries, Out& out, Out& err) {
  if (report.request.json) return print_json(report, binaries, out, err);
  switch (report.request.kind) {
    case ReportKind::kTop: print_top(report, out); return {};
    case ReportKind::kTree:
    case ReportKind::kPeek: return print_tree(report, out);
    case ReportKind::kTraces: print_traces(report, out); return {};
    case ReportKind::kTags: print_tags(report, out); return {};
    case ReportKind::kRaw: print_raw(report, out); return {};
    case ReportKind::kComments: print_comments(report, out); return {};
    case ReportKind::kList: return print_list(report, out);
    case ReportKind::kCallgrind: print_callgrind(report, out); return {};
    case ReportKind::kProto: return print_proto(report, out);
    case ReportKind::kTopProto: return print_top_proto(report, out);
    case ReportKind::kDot: print_dot(report, out); return {};
    case ReportKind::kDisasm: return print_disasm(report, binaries, out);
    case ReportKind::kSvg: print_svg(report, out); return {};
    case ReportKind::kWebList: return print_weblist(report, binaries, out);
    case ReportKind::kFolded: print_folded(report, out); return {};
    case ReportKind::kChurn: return print_churn(report, out);
    case ReportKind::kFlameHtml: print_flame_html(report, out); return {};
    case ReportKind::kFlameSvg: print_flame_svg(report, out); return {};
    default: break;
  }
  return fail(Cause::usage, "unexpected output format");
}

void remember_definitions(ProfileReport& report) {
  const Profile& profile = report.profile;
  for (const ProfileFunction& function : profile.functions) {
    auto [at, fresh] = report.definitions.try_emplace(function.name);
    if (!fresh || function.file == StringId{}) continue;
    std::string_view file =
        trim_path(profile.text(function.file), report.config.trim_path, report.config.source_path);
    at->second = {clean_path(file), function.start_line};
  }
}

// Other forms have escapes of their own.
bool is_for_people(const ReportRequest& request) {
  return !request.json && request.kind != ReportKind::kProto && request.kind != ReportKind::kTopProto &&
         request.kind != ReportKind::kFolded;
}

}  // namespace

bool shows_precision(ReportKind kind) {
  return kind == ReportKind::kTop || kind == ReportKind::kTree || kind == ReportKind::kPeek ||
         kind == ReportKind::kList;
}

bool shows_both_sides(ReportKind kind) {
  return kind == ReportKind::kChurn || kind == ReportKind::kFlameHtml || kind == ReportKind::kFlameSvg;
}

Result<void> generate_report(Profile profile, const ReportRequest& request, BinaryTool* binaries, Out& out,
                             Out& err) {
  PprofConfig config = config_for(request);
  if (is_for_people(request) && !request.go_compat) escape_names(profile);
  std::vector<std::string> remarks = LabelUnits(profile).remarks(profile);
  auto say_remarks = [&] {
    for (const std::string& remark : remarks)
      err.print("{}\n", request.go_compat ? remark : escape_text(remark));
    remarks.clear();
  };
  add_tag_frames(profile, config, remarks);
  auto filter = [&](const LabelUnits& units) {
    Result<void> done = apply_filters(profile, config, units, remarks);
    say_remarks();
    return done;
  };
  if (config.relative_percentages) TRY_VOID(filter(LabelUnits(profile)));
  say_remarks();
  ProfileReport report = TRY(make_report(profile, request, config));
  if (request.has_symbol)
    if (auto wanted = Regex::compile(request.symbol); !wanted)
      return fail(Cause::usage, "parsing argument regexp {}: {}", request.symbol, wanted.error().what);
  if (!config.relative_percentages) TRY_VOID(filter(report.label_units));
  if (request.json) remember_definitions(report);
  TRY_VOID(aggregate(profile, config));
  if (request.precision && !request.go_compat) {
    if (!shows_precision(request.kind))
      err.print("precision: only top, tree, peek and list have columns for it\n");
    else if (config.normalize)
      err.print("precision: a profile that is scaled to its base has no limits\n");
    else
      report.precision = std::make_unique<ReportPrecision>(profile, report.value);
  }
  return print_report(report, binaries, out, err);
}

}  // namespace memsnap
