// memsnap.check/1: a finding has the members that all verbs share, and those of a place in source besides.
#include "lint/print.h"
#include "render/json_writer.h"
#include "render/report.h"

namespace memsnap {
namespace {

void put_span(JsonWriter& json, const Span& at) {
  json.member("file", at.file);
  json.member("line", at.line);
  json.member("column", at.column);
  json.member("end_line", at.end_line);
  json.member("end_column", at.end_column);
}

void put_related(JsonWriter& json, const Diagnostic& one) {
  json.key("related").open_array();
  for (const Related& other : one.related) {
    json.open_object();
    put_span(json, other.at);
    json.member("text", other.words);
    json.close_object();
  }
  json.close_array();
}

void put_fix(JsonWriter& json, const Diagnostic& one) {
  const RuleText* words = rule_text(one.rule);
  json.key("fix").open_object();
  json.member("text", fix_text(one));
  json.member("recipe", words ? words->recipe : std::string());
  json.key("edits").open_array();
  for (const Edit& edit : one.edits) {
    json.open_object();
    json.member("file", edit.file);
    json.member("from", edit.from);
    json.member("to", edit.to);
    json.member("text", edit.text);
    json.close_object();
  }
  json.close_array();
  json.close_object();
}

void put_live(JsonWriter& json, const LiveBytes& live) {
  json.key("live").open_object();
  json.member("bytes", std::uint64_t(live.bytes));
  json.member("objects", std::uint64_t(live.objects + 0.5));
  json.member("low_bytes", std::uint64_t(live.low));
  json.member("high_bytes", std::uint64_t(live.high));
  json.member("samples", live.samples);
  json.close_object();
}

void put_one(JsonWriter& json, const Diagnostic& one) {
  const RuleText* words = rule_text(one.rule);
  json.open_object();
  json.member("pattern", words ? words->pattern : one.rule);
  json.member("rule", one.rule);
  json.member("severity", word(one.severity));
  json.member("level", level_word(one.severity));
  json.member("confidence", word(one.confidence));
  json.member("fingerprint", one.fingerprint);
  json.member("title", one.message);
  put_span(json, one.at);
  Site site{.function = one.function, .file = one.at.file, .line = one.at.line, .source = "check"};
  Evidence subject{.kind = "source", .text = one.subject, .verb = ""};
  write_proof(std::span(&site, 1), std::span(&subject, 1), json);
  if (one.live) put_live(json, *one.live);
  put_related(json, one);
  put_fix(json, one);
  json.close_object();
}

}  // namespace

void print_json(const LintReport& report, Out& out) {
  JsonWriter json(out, 2);
  json.open_object();
  json.member("schema", "memsnap.check/1");
  json.member("go", report.go);
  json.member("packages", std::uint64_t(report.packages));
  json.member("files", std::uint64_t(report.files));
  json.member("lines", std::uint64_t(report.lines));
  json.member("known", std::uint64_t(report.known));
  json.member("silenced", std::uint64_t(report.silenced));
  json.member("partial", !report.missing.empty());
  json.key("missing").open_array();
  for (const std::string& sentence : report.missing) json.value(sentence);
  json.close_array();
  json.key("findings").open_array();
  for (const Diagnostic& one : report.diagnostics) put_one(json, one);
  json.close_array();
  json.close_object();
  json.end();
}

}  // namespace memsnap
