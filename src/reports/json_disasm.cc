// disasm as JSON.
#include "base/text.h"
#include "reports/disassembly.h"
#include "reports/json_report.h"

#include <optional>

namespace memsnap {
namespace {

void write_routine(JsonWriter& json, const ProfileReport& report, const Routine& routine) {
  json.open_object();
  json.member("name", routine.symbol->name);
  json.member("program", routine.symbol->file);
  json_flat_and_cum(json, report, routine.flat, routine.cum);
  json.key("instructions").open_array();
  for (const RoutineRow& row : routine.rows) {
    json.open_object();
    json.member("address", hex(row.instruction->address));
    json.member("text", row.instruction->text);
    json.member("function", row.function);
    json.member("file", row.file);
    json.member("line", row.line);
    json.member("flat", report.scaled_by_ratio(row.sums.flat_value()));
    json.member("cum", report.scaled_by_ratio(row.sums.cum_value()));
    json.close_object();
  }
  json.close_array();
  json.close_object();
}

}  // namespace

Result<void> json_disasm(ProfileReport& report, BinaryTool* binaries, Out& out, Out& err) {
  std::optional<JsonWriter> json;  // begun with the first routine: there may be only an error
  TRY_VOID(each_routine(report, binaries, err, [&](const Routine& routine) {
    if (!json) {
      json.emplace(out, 4);
      json_heading(*json, report, "disasm");
      json->key("functions").open_array();
    }
    write_routine(*json, report, routine);
  }));
  json->close_array();
  json_close(*json);
  return {};
}

}  // namespace memsnap
