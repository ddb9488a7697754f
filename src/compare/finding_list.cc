#include "compare/finding_list.h"

#include "render/json_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace memsnap {
namespace {

std::string text_of(const JsonValue& object, std::string_view member) {
  const JsonValue* value = object.member(member);
  const std::string* text = value ? value->text() : nullptr;
  return text ? *text : "";
}

std::uint64_t count_of(const JsonValue& object, std::string_view member) {
  const JsonValue* value = object.member(member);
  const double* number = value ? value->number() : nullptr;
  return number && *number > 0 && *number < 0x1p63 ? std::uint64_t(*number) : 0;
}

int line_of(const JsonValue& object) {
  return int(std::min<std::uint64_t>(count_of(object, "line"), std::numeric_limits<int>::max()));
}

// The line to look at first: of the holder, else of the first site.
void read_place(const JsonValue& object, Finding& finding) {
  if (const JsonValue* holder = object.member("holder")) {
    finding.holder.root = text_of(*holder, "root");
    finding.holder.file = text_of(*holder, "file");
    finding.holder.line = line_of(*holder);
  }
  const JsonValue* sites = object.member("sites");
  if (!sites || !sites->array() || sites->array()->empty()) return;
  const JsonValue& first = sites->array()->front();
  finding.sites.push_back({.function = text_of(first, "function"),
                           .file = text_of(first, "file"),
                           .line = line_of(first),
                           .share = 0,
                           .source = text_of(first, "source")});
}

Result<Finding> read_finding(const JsonValue& object, std::string_view name) {
  Finding finding;
  finding.fingerprint = text_of(object, "fingerprint");
  if (finding.fingerprint.empty()) return fail(Cause::bad_input, "{}: a finding without a fingerprint", name);
  finding.pattern = text_of(object, "pattern");
  finding.rule = text_of(object, "rule");
  finding.title = text_of(object, "title");
  std::string severity = text_of(object, "severity");
  std::optional<Severity> known = severity_of(severity);
  if (!known)
    return fail(Cause::bad_input, "{}: severity '{}', expected high, medium, low or info", name, severity);
  finding.severity = *known;
  finding.retained_bytes = count_of(object, "retained_bytes");
  finding.objects = count_of(object, "objects");
  read_place(object, finding);
  return finding;
}

Result<JsonValue> read_object(std::string_view text, std::string_view name) {
  auto value = read_json(text);
  if (!value) return fail(Cause::bad_input, "{}: {}", name, value.error().what);
  if (!value->object()) return fail(Cause::bad_input, "{}: JSON, but no object", name);
  return std::move(*value);
}

ComparedRow row_of(const Finding& finding) {
  ComparedRow row{.name = finding.title, .metric = finding.pattern, .unit = "bytes"};
  row.file = finding.holder.file;
  row.line = finding.holder.line;
  if (row.file.empty() && !finding.sites.empty()) {
    row.file = finding.sites[0].file;
    row.line = finding.sites[0].line;
  }
  row.id = finding.fingerprint;
  row.severity = finding.severity;
  return row;
}

const Finding* find(const std::vector<Finding>& list, const std::string& fingerprint) {
  auto at = std::ranges::find(list, fingerprint, &Finding::fingerprint);
  return at == list.end() ? nullptr : &*at;
}

}  // namespace

bool looks_like_json(std::string_view text) {
  std::size_t at = text.find_first_not_of(" \t\r\n");
  return at != text.npos && text[at] == '{';
}

Result<FindingList> read_finding_list(std::string_view text, std::string_view name) {
  JsonValue root = TRY(read_object(text, name));
  std::string schema = text_of(root, "schema");
  if (schema != "memsnap.report/1")
    return fail(Cause::bad_input,
                "{}: schema '{}', expected memsnap.report/1, as memsnap doctor --json prints it", name,
                schema);
  FindingList out;
  if (const JsonValue* target = root.member("target")) {
    out.exe = text_of(*target, "exe");
    out.build_id = text_of(*target, "build_id");
    out.go = text_of(*target, "go");
  }
  if (const JsonValue* capture = root.member("capture"))
    out.reached_bytes = count_of(*capture, "reached_bytes");
  const JsonValue* findings = root.member("findings");
  if (!findings || !findings->array()) return fail(Cause::bad_input, "{}: no list of findings", name);
  for (const JsonValue& one : *findings->array()) out.findings.push_back(TRY(read_finding(one, name)));
  return out;
}

Comparison diff_findings(const FindingList& before, const FindingList& after, const CompareLimits& limits) {
  Comparison out{.kind = "findings"};
  if (before.exe != after.exe)
    out.problems.push_back(fmt::format("different programs: {} and {}", before.exe, after.exe));
  if (before.go != after.go)
    out.problems.push_back(fmt::format("different releases of Go: {} and {}", before.go, after.go));
  std::size_t fresh = 0, gone = 0;
  for (const Finding& finding : after.findings) {
    const Finding* old = find(before.findings, finding.fingerprint);
    ComparedRow row = row_of(finding);
    row.after = double(finding.retained_bytes);
    if (!old) {
      ++fresh;
      row.verdict = ChangeKind::kNew;
      row.change = std::numeric_limits<double>::infinity();
      out.rows.push_back(std::move(row));
      continue;
    }
    row.before = double(old->retained_bytes);
    if (row.before > 0) row.change = row.after / row.before - 1;
    if (row.before == 0 && row.after > 0) row.change = std::numeric_limits<double>::infinity();
    if (std::abs(row.change) < limits.threshold && old->severity == finding.severity) {
      ++out.same;
      continue;
    }
    row.verdict =
        row.change > 0 || finding.severity > old->severity ? ChangeKind::kWorse : ChangeKind::kBetter;
    out.rows.push_back(std::move(row));
  }
  for (const Finding& finding : before.findings) {
    if (find(after.findings, finding.fingerprint)) continue;
    ++gone;
    ComparedRow row = row_of(finding);
    row.before = double(finding.retained_bytes);
    row.change = -1;
    row.verdict = ChangeKind::kGone;
    out.rows.push_back(std::move(row));
  }
  out.summary = fmt::format("{} findings before, {} after: {} new, {} gone", before.findings.size(),
                            after.findings.size(), fresh, gone);
  sort_rows(out);
  return out;
}

Result<std::set<std::string>> read_baseline(std::string_view text, std::string_view name) {
  JsonValue root = TRY(read_object(text, name));
  std::string schema = text_of(root, "schema");
  bool is_report = schema == "memsnap.report/1";
  if (!is_report && !schema.starts_with("memsnap.compare/"))
    return fail(Cause::bad_input,
                "{}: schema '{}', expected the JSON of memsnap doctor or of memsnap diff of two files", name,
                schema);
  const JsonValue* list = root.member(is_report ? "findings" : "rows");
  if (!list || !list->array()) return fail(Cause::bad_input, "{}: nothing listed in it", name);
  std::set<std::string> known;
  for (const JsonValue& one : *list->array()) {
    std::string verdict = text_of(one, "verdict");
    if (!is_report && verdict != "worse" && verdict != "new") continue;
    std::string id = text_of(one, is_report ? "fingerprint" : "id");
    if (!id.empty()) known.insert(std::move(id));
  }
  return known;
}

}  // namespace memsnap
