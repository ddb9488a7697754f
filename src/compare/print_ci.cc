// JUnit and SARIF.
#include "base/text.h"
#include "compare/print.h"
#include "render/json_writer.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

// For attributes and text of XML 1.0, which has no way to write most control characters.
std::string xml_text(std::string_view text) {
  std::string escaped;
  for (char c : escape_terminal(text)) {
    switch (c) {
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '&': escaped += "&amp;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&apos;"; break;
      case '\n': escaped += "&#10;"; break;
      default:
        if (std::uint8_t(c) >= 0x20) escaped += c;
    }
  }
  return escaped;
}

std::string sentence(const ComparedRow& row) {
  std::string limits = row.limits.empty() ? "" : fmt::format(" ({})", row.limits);
  return fmt::format("{}: {} {}, {} before, {} now{}", row.name, row.metric, change_words(row),
                     value_words(row.before, row.unit), value_words(row.after, row.unit), limits);
}

const char* level(Severity severity) {
  switch (severity) {
    case Severity::kHigh: return "error";
    case Severity::kMedium: return "warning";
    default: return "note";
  }
}

std::string rule_of(const Comparison& comparison, const ComparedRow& row) {
  return comparison.kind == "findings" ? row.metric : fmt::format("{}-regression", comparison.kind);
}

void write_location(JsonWriter& json, const ComparedRow& row) {
  json.key("locations").open_array();
  if (!row.file.empty()) {
    json.open_object();
    json.key("physicalLocation").open_object();
    json.key("artifactLocation").open_object();
    json.member("uri", row.file);
    json.close_object();
    if (row.line > 0) {
      json.key("region").open_object();
      json.member("startLine", row.line);
      json.close_object();
    }
    json.close_object();
    json.close_object();
  }
  json.close_array();
}

}  // namespace

void print_junit(const Comparison& comparison, Severity least, Out& out) {
  auto fails = [&](const ComparedRow& row) {
    return is_worse(row) && !row.is_known && row.severity >= least;
  };
  std::size_t failures = std::size_t(std::ranges::count_if(comparison.rows, fails));
  out.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  out.print(
      "<testsuites tests=\"{0}\" failures=\"{1}\">\n<testsuite name=\"memsnap diff\" tests=\"{0}\" "
      "failures=\"{1}\">\n",
      comparison.rows.size(), failures);
  for (const ComparedRow& row : comparison.rows) {
    out.print("<testcase classname=\"{}\" name=\"{}\"", xml_text(row.metric), xml_text(row.name));
    if (!row.file.empty()) out.print(" file=\"{}\" line=\"{}\"", xml_text(row.file), row.line);
    if (!fails(row)) {
      out.put("/>\n");
      continue;
    }
    out.print("><failure type=\"{}\" message=\"{}\"/></testcase>\n", word(row.severity),
              xml_text(sentence(row)));
  }
  out.print("<system-out>{}", xml_text(comparison.summary));
  for (const std::string& problem : comparison.problems) out.print("&#10;{}", xml_text(problem));
  out.put("</system-out>\n</testsuite>\n</testsuites>\n");
}

void print_sarif(const Comparison& comparison, Out& out) {
  JsonWriter json(out);
  json.open_object();
  json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.member("version", "2.1.0");
  json.key("runs").open_array();
  json.open_object();
  json.key("tool").open_object();
  json.key("driver").open_object();
  json.member("name", "memsnap");
  json.key("rules").open_array();
  std::vector<std::string> rules;
  for (const ComparedRow& row : comparison.rows)
    if (is_worse(row)) rules.push_back(rule_of(comparison, row));
  std::ranges::sort(rules);
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  for (const std::string& rule : rules) {
    json.open_object();
    json.member("id", rule);
    json.close_object();
  }
  json.close_array();
  json.close_object();
  json.close_object();
  json.key("results").open_array();
  for (const ComparedRow& row : comparison.rows) {
    if (!is_worse(row)) continue;
    json.open_object();
    json.member("ruleId", rule_of(comparison, row));
    json.member("level", level(row.severity));
    json.key("message").open_object();
    json.member("text", sentence(row));
    json.close_object();
    write_location(json, row);
    json.key("partialFingerprints").open_object();
    json.member("memsnap/v1", row.id);
    json.close_object();
    json.member("baselineState", row.is_known ? "unchanged" : "new");
    json.close_object();
  }
  json.close_array();
  json.close_object();
  json.close_array();
  json.close_object();
  json.end();
}

}  // namespace memsnap
