// The JSON of a report. Its form is a promise: docs/report.schema.json.
#include "render/json_writer.h"
#include "render/report.h"
#include "render/table.h"

namespace memsnap {

void write_holder(const Holder& holder, JsonWriter& json) {
  json.open_object();
  json.member("kind", word(holder.kind));
  json.member("root", holder.root);
  json.member("file", holder.file);
  json.member("line", holder.line);
  json.key("path").open_array();
  for (const PathStep& step : holder.path) {
    json.open_object();
    json.member("type", step.type);
    json.member("ref", step.ref);
    json.close_object();
  }
  json.close_array();
  json.key("also").open_array();
  for (const std::string& other : holder.also) json.value(other);
  json.close_array();
  json.close_object();
}

void write_proof(std::span<const Site> sites, std::span<const Evidence> all, JsonWriter& json) {
  json.key("sites").open_array();
  for (const Site& site : sites) {
    json.open_object();
    json.member("function", site.function);
    json.member("file", site.file);
    json.member("line", site.line);
    json.member("share", site.share);
    json.member("source", site.source);
    json.close_object();
  }
  json.close_array();
  json.key("evidence").open_array();
  for (const Evidence& evidence : all) {
    json.open_object();
    json.member("kind", evidence.kind);
    json.member("text", evidence.text);
    json.member("verb", evidence.verb);
    json.close_object();
  }
  json.close_array();
}

namespace {

void write_finding(JsonWriter& json, const Finding& finding) {
  json.open_object();
  json.member("pattern", finding.pattern);
  json.member("rule", finding.rule);
  json.member("severity", word(finding.severity));
  json.member("confidence", word(finding.confidence));
  json.member("fingerprint", finding.fingerprint);
  json.member("title", finding.title);
  json.member("type", finding.type);
  json.member("objects", finding.objects);
  json.member("retained_bytes", finding.retained_bytes);
  json.member("share", finding.share);
  if (finding.growth_bytes_per_s) json.member("growth_bytes_per_s", *finding.growth_bytes_per_s);
  json.key("holder");
  write_holder(finding.holder, json);
  write_proof(finding.sites, finding.evidence, json);
  json.key("fix").open_object();
  json.member("text", finding.fix.text);
  json.member("recipe", finding.fix.recipe);
  json.close_object();
  json.close_object();
}

}  // namespace

void render_json(const Report& report, Out& out) {
  JsonWriter json(out, 3);
  json.open_object();
  json.member("schema", "memsnap.report/1");
  json.key("target").open_object();
  json.member("kind", report.kind);
  json.member("pid", report.pid);
  json.member("exe", report.exe);
  json.member("build_id", report.build_id);
  json.member("go", report.go);
  json.close_object();
  json.key("capture").open_object();
  json.member("pause_ns", report.pause_ns);
  json.member("threads", report.threads);
  json.member("mode", report.mode);
  json.member("objects", report.objects);
  json.member("bytes", report.bytes);
  json.member("reached_bytes", report.reached_bytes);
  json.member("typed_ratio", report.typed_ratio);
  json.close_object();
  json.key("memory").open_object();
  json.member("rss", report.rss);
  json.member("explained_ratio", report.explained_ratio);
  json.key("parts").open_array();
  for (const MemoryPart& part : report.parts) {
    json.open_object();
    json.member("cause", part.cause);
    json.member("bytes", part.bytes);
    json.close_object();
  }
  json.close_array();
  json.close_object();
  json.key("findings").open_array();
  for (const Finding& finding : report.findings) write_finding(json, finding);
  json.close_array();
  json.key("largest_holders").open_array();
  for (const LargestHolder& holder : report.largest) {
    json.open_object();
    json.member("name", holder.name);
    json.member("type", holder.type);
    json.member("bytes", holder.bytes);
    json.close_object();
  }
  json.close_array();
  if (!report.notes.empty()) {
    json.key("notes").open_array();
    for (const std::string& note : report.notes) json.value(note);
    json.close_array();
  }
  write_missing(report.missing, json);
  json.close_object();
  json.end();
}

}  // namespace memsnap
