#include "escape/view.h"
#include "render/json_writer.h"

#include <algorithm>

namespace memsnap {
namespace {

void write_place(JsonWriter& json, const EscapeLog& log, const LogPlace& at) {
  json.member("file", log.text(at.file));
  json.member("line", at.line);
  json.member("column", at.column);
}

void write_sum(JsonWriter& json, const char* name, double value, Interval limits, double objects) {
  json.key(name).open_object();
  json.member("bytes", value);
  json.member("low", limits.low);
  json.member("high", limits.high);
  json.member("objects", objects);
  json.close_object();
}

void write_cost(JsonWriter& json, const EscapeView& view, const EscapeRow& row) {
  if (!row.cost) return;
  const EscapeCost& cost = *row.cost;
  const EscapeLog& log = view.log();
  write_sum(json, "live", cost.live(), limits_of(cost, CostOrder::kLive), cost.now.live_objects);
  if (view.sites->is_difference)
    write_sum(json, "grown", cost.grown(), limits_of(cost, CostOrder::kGrown),
              cost.now.live_objects - cost.before.live_objects);
  write_sum(json, "churned", cost.churned(), limits_of(cost, CostOrder::kChurned),
            cost.now.all_objects - cost.before.all_objects);
  json.member("samples", cost.now.live.samples());
  json.member("allocation", word(cost.kind));
  json.key("shared_with").open_array();
  for (std::uint32_t other : cost.escapes) {
    if (other == row.escape) continue;
    json.open_object();
    write_place(json, log, log.escapes[other].at);
    json.member("name", log.text(log.escapes[other].name));
    json.close_object();
  }
  json.close_array();
}

void write_explanation(JsonWriter& json, const EscapeLog& log, const Explanation& why) {
  json.key("hops").open_array();
  for (std::size_t i = 0; i < why.hops.size(); ++i) {
    json.open_object();
    json.member("what", why.hops[i].what);
    write_place(json, log, why.hops[i].at);
    json.member("avoidable", i == why.avoidable);
    json.close_object();
  }
  json.close_array();
  json.member("hops_left_out", std::uint64_t(why.left_out));
  json.key("fix").open_object();
  json.member("class", word(why.fix));
  json.member("text", advice(why.fix));
  json.close_object();
}

void write_row(JsonWriter& json, const EscapeView& view, const EscapeRow& row) {
  const EscapeLog& log = view.log();
  const LoggedEscape& one = view.escape(row);
  Finding finding = escape_finding(view, row);
  json.open_object();
  write_place(json, log, one.at);
  json.member("name", log.text(one.name));
  json.member("function", log.text(view.graph->function_of(row.escape)));
  json.member("package", log.text(one.package));
  json.member("variable", one.is_moved);
  json.member("instances", row.instances);
  write_cost(json, view, row);
  write_explanation(json, log, explain(*view.graph, row.escape));
  json.member("pattern", finding.pattern);
  json.member("severity", word(finding.severity));
  json.member("confidence", word(finding.confidence));
  json.member("fingerprint", finding.fingerprint);
  json.close_object();
}

void write_stopped(JsonWriter& json, const EscapeView& view) {
  const EscapeLog& log = view.old_graph->log();
  json.member("started", std::uint64_t(view.changes->started.size()));
  json.member("stayed", std::uint64_t(view.changes->stayed));
  json.key("stopped").open_array();
  for (std::uint32_t row : view.changes->stopped) {
    json.open_object();
    write_place(json, log, log.escapes[row].at);
    json.member("name", log.text(log.escapes[row].name));
    json.member("function", log.text(view.old_graph->function_of(row)));
    json.close_object();
  }
  json.close_array();
}

}  // namespace

void print_escapes_json(const EscapeView& view, std::size_t most, Out& out) {
  const EscapeLog& log = view.log();
  JsonWriter json(out);
  json.open_object();
  json.member("schema", "memsnap.escape/1");
  json.key("log").open_object();
  json.member("source", view.source);
  json.member("bytes", log.bytes);
  json.member("lines", log.lines);
  json.member("packages", std::uint64_t(log.packages.size()));
  json.member("escapes", std::uint64_t(log.escapes.size()));
  json.member("escapes_with_repeats", log.raw_escapes);
  json.member("explanations", std::uint64_t(log.chains.size()));
  json.member("unreadable", log.unreadable);
  json.member("left_out", log.left_out);
  json.member("go", log.go_version);
  json.close_object();
  if (log.left_out > 0) json.member("partial", true);
  if (view.costs) {
    json.key("runtime").open_object();
    json.member("source", view.runtime);
    json.member("by", word(view.order));
    json.member("sampling_rate", view.sites->rate);
    json.member("bytes_at_escapes", view.costs->here);
    json.member("bytes_elsewhere", view.costs->elsewhere);
    json.key("other_lines").open_array();
    for (std::size_t i = 0; i < std::min(most, view.costs->other_lines.size()); ++i) {
      const OtherLine& one = view.costs->other_lines[i];
      json.open_object();
      json.member("function", view.sites->text(one.function));
      json.member("file", view.sites->text(one.file));
      json.member("line", one.line);
      json.member("bytes", one.bytes);
      json.member("local", log.text(one.local));
      json.close_object();
    }
    json.close_array();
    json.close_object();
  }
  if (view.changes) write_stopped(json, view);
  json.key("rows").open_array();
  for (std::size_t i = 0; i < std::min(most, view.rows.size()); ++i) write_row(json, view, view.rows[i]);
  json.close_array();
  json.member("total", std::uint64_t(view.rows.size()));
  json.member("hidden", std::uint64_t(view.hidden));
  json.key("notes").open_array();
  for (const std::string& note : view.notes) json.value(note);
  json.close_array();
  json.close_object();
  json.end();
}

}  // namespace memsnap
