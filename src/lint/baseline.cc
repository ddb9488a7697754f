#include "lint/baseline.h"

#include "render/json_value.h"

namespace memsnap {

Result<std::set<std::string>> read_known(std::string_view text, std::string_view name) {
  Result<JsonValue> value = read_json(text);
  if (!value) return fail(Cause::bad_input, "{}: {}", name, value.error().what);
  const JsonValue* schema = value->member("schema");
  const JsonValue* findings = value->member("findings");
  const std::string* word = schema ? schema->text() : nullptr;
  if (!word || (*word != "memsnap.check/1" && *word != "memsnap.report/1") || !findings || !findings->array())
    return fail(Cause::bad_input, "{}: no list of findings: want what memsnap check --json printed", name);
  std::set<std::string> known;
  for (const JsonValue& one : *findings->array())
    if (const JsonValue* print = one.member("fingerprint"); print && print->text())
      known.insert(*print->text());
  return known;
}

std::size_t drop_known(std::vector<Diagnostic>& diagnostics, const std::set<std::string>& known) {
  return std::erase_if(diagnostics, [&](const Diagnostic& one) { return known.contains(one.fingerprint); });
}

}  // namespace memsnap
