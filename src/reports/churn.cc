// -churn: what each line allocates beside what of it stays, and what was the growth of slices and maps.
#include "profile/churn.h"

#include "profile/units.h"
#include "reports/json_report.h"
#include "reports/report.h"
#include "reports/source_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace memsnap {
namespace {

struct ChurnReport {
  Churn churn;
  std::vector<ChurnRow> rows;  // the largest first
  bool is_difference = false;  // in use is what came to stay since the base
  std::size_t left_out = 0;
};

bool has_base(const Profile& profile) {
  StringId key = profile.strings.find(kBaseLabel);
  if (key == ProfileStrings::kNoString) return false;
  return std::ranges::any_of(profile.samples.labels,
                             [&](const ProfileLabel& label) { return label.key == key; });
}

// Lines of one function become one row.
std::vector<ChurnRow> by_function(const std::vector<ChurnRow>& lines) {
  std::map<StringId, ChurnRow> functions;
  for (const ChurnRow& line : lines) {
    ChurnRow& sum =
        functions.try_emplace(line.info.name, ChurnRow{.info = {.name = line.info.name}}).first->second;
    sum.add(line);
  }
  std::vector<ChurnRow> rows;
  for (const auto& [name, row] : functions) rows.push_back(row);
  return rows;
}

Result<ChurnReport> make_churn(ProfileReport& report) {
  std::optional<HeapColumns> columns = heap_columns(report.profile);
  if (!columns)
    return fail(Cause::usage,
                "churn wants a heap profile with alloc_space and inuse_space, and this one has {}",
                report.sample_type);
  ChurnReport out;
  out.is_difference = has_base(report.profile);
  prepare_graph(report);
  SourceFiles files(report.config.source_path, report.config.trim_path, false);
  out.churn = churn_of(report.profile, *columns, [&](std::string_view file, std::int64_t line) {
    return file.empty() ? nullptr : files.line(std::string(file), line);
  });
  const std::string& granularity = report.request.config.granularity;
  bool functions = granularity == "functions" || granularity == "filefunctions";
  out.rows = functions ? by_function(out.churn.rows) : out.churn.rows;
  bool by_use = report.request.config.sample_index.starts_with("inuse");
  auto weight = [&](const ChurnRow& row) { return magnitude(by_use ? row.inuse_space : row.alloc_space); };
  std::ranges::sort(out.rows, [&](const ChurnRow& a, const ChurnRow& b) {
    if (weight(a) != weight(b)) return weight(a) > weight(b);
    return printable_name(report.profile, a.info) < printable_name(report.profile, b.info);
  });
  std::size_t before = out.rows.size();
  double cut = double(magnitude(out.churn.total.alloc_space)) * report.config.nodefraction;
  std::erase_if(out.rows, [&](const ChurnRow& row) {
    return double(magnitude(row.alloc_space)) < cut && double(magnitude(row.inuse_space)) < cut;
  });
  if (report.config.nodecount > 0 && std::uint64_t(report.config.nodecount) < out.rows.size())
    out.rows.resize(std::size_t(report.config.nodecount));
  out.left_out = before - out.rows.size();
  return out;
}

std::string bytes_text(double bytes) { return value_label(whole(std::round(bytes)), "bytes"); }
std::string share_text(double part, double all) {
  return all > 0 && part > 0 ? fmt::format("{:.0f}%", part / all * 100) : ".";
}

std::vector<std::string> heading(const ProfileReport& report, const ChurnReport& churn) {
  const ChurnRow& total = churn.churn.total;
  double alloc = double(total.alloc_space);
  std::vector<std::string> lines;
  if (!report.title.empty()) lines.push_back("File: " + report.title);
  lines.push_back(
      fmt::format("Allocated {}{} in {} objects; {} {} in {}; {} of what was allocated did not stay",
                  churn.is_difference ? "since the base " : "", bytes_text(alloc), total.alloc_objects,
                  churn.is_difference ? "retained growth" : "in use", bytes_text(double(total.inuse_space)),
                  total.inuse_objects, share_text(total.churn(), 1)));
  lines.push_back(
      fmt::format("Growth of slices {}, of maps {} of what was allocated; capacity hints save up to {} ({})",
                  share_text(total.slice_growth, alloc), share_text(total.map_growth, alloc),
                  bytes_text(total.saved), share_text(total.saved, alloc)));
  if (!churn.churn.has_runtime_frames) {
    lines.emplace_back(
        "Not seen: frames of the runtime, which runtime/pprof leaves out of heap profiles. Growth is told "
        "by");
    lines.emplace_back(
        "block sizes that rise at one call whose source line appends or assigns; without the source it is "
        "not told");
  }
  if (churn.left_out > 0)
    lines.push_back(
        fmt::format("Showing {} rows of {}", churn.rows.size(), churn.rows.size() + churn.left_out));
  return lines;
}

void json_row(JsonWriter& json, const ChurnRow& row) {
  json.member("alloc_space", row.alloc_space);
  json.member("alloc_objects", row.alloc_objects);
  json.member("inuse_space", row.inuse_space);
  json.member("inuse_objects", row.inuse_objects);
  json.member("churn", row.churn());
  json.member("slice_growth", whole(std::round(row.slice_growth)));
  json.member("map_growth", whole(std::round(row.map_growth)));
  json.member("hint_saves", whole(std::round(row.saved)));
}

}  // namespace

Result<void> print_churn(ProfileReport& report, Out& out) {
  ChurnReport churn = TRY(make_churn(report));
  out.put(join_lines(heading(report, churn)));
  out.print("{:>10} {:>9} {:>10} {:>9} {:>6} {:>6} {:>6} {:>10}\n", "alloc", "objects",
            churn.is_difference ? "growth" : "in use", "objects", "churn", "slices", "maps", "hint saves");
  for (const ChurnRow& row : churn.rows) {
    double alloc = double(row.alloc_space);
    out.print("{:>10} {:>9} {:>10} {:>9} {:>6} {:>6} {:>6} {:>10}  {}\n", bytes_text(alloc),
              row.alloc_objects, bytes_text(double(row.inuse_space)), row.inuse_objects,
              share_text(row.churn(), 1), share_text(row.slice_growth, alloc),
              share_text(row.map_growth, alloc), row.saved > 0 ? bytes_text(row.saved) : ".",
              printable_name(report.profile, row.info));
  }
  return {};
}

Result<void> json_churn(ProfileReport& report, Out& out) {
  ChurnReport churn = TRY(make_churn(report));
  JsonWriter json(out);
  json_heading(json, report, "churn");
  json.member("difference", churn.is_difference);
  json.member("has_runtime_frames", churn.churn.has_runtime_frames);
  json.key("all").open_object();
  json_row(json, churn.churn.total);
  json.close_object();
  json.key("rows").open_array();
  for (const ChurnRow& row : churn.rows) {
    json.open_object();
    json_node(json, report, row.info);
    json_row(json, row);
    json.close_object();
  }
  json.close_array();
  json_close(json);
  return {};
}

}  // namespace memsnap
