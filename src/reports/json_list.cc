// list as JSON.
#include "reports/json_report.h"
#include "reports/listing.h"

namespace memsnap {
namespace {

void write_line(JsonWriter& json, const ProfileReport& report, const ListedLine& line) {
  json.open_object();
  json.member("line", line.number);
  json.member("flat", report.scaled_by_ratio(line.flat));
  json.member("cum", report.scaled_by_ratio(line.cum));
  if (report.has_limits()) {
    json_limits(json, report, "flat_limits", line.sampled.flat);
    json_limits(json, report, "cum_limits", line.sampled.cum);
  }
  if (line.source) json.member("source", *line.source);
  json.close_object();
}

void write_file(JsonWriter& json, const ProfileReport& report, const ListedFile& file) {
  json.open_object();
  json.member("file", file.name);
  if (!file.error.empty()) json.member("error", file.error);
  json_flat_and_cum(json, report, file.flat, file.cum);
  if (report.has_limits()) {
    json_limits(json, report, "flat_limits", file.sampled.flat);
    json_limits(json, report, "cum_limits", file.sampled.cum);
  }
  json.key("lines").open_array();
  for (const ListedLine& line : file.lines) write_line(json, report, line);
  json.close_array();
  json.close_object();
}

}  // namespace

Result<void> json_list(ProfileReport& report, Out& out) {
  SourceFiles files(report.config.source_path, report.config.trim_path, report.request.go_compat);
  std::vector<ListedFunction> listed = TRY(list_functions(report, files));
  JsonWriter json(out, 6);
  json_heading(json, report, "list");
  json.key("functions").open_array();
  for (const ListedFunction& function : listed) {
    json.open_object();
    json.member("name", function.name);
    json.key("files").open_array();
    for (const ListedFile& file : function.files) write_file(json, report, file);
    json.close_array();
    json.close_object();
  }
  json.close_array();
  json_close(json);
  return {};
}

}  // namespace memsnap
