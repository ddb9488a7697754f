// Reads JSON (RFC 8259) into a tree, strictly, and checks a tree against the part of JSON Schema that
// docs/report.schema.json uses. For tests: what we print is read back by other eyes.
#pragma once

#include "base/result.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace memsnap {

struct JsonValue {
  using Array = std::vector<JsonValue>;
  using Object = std::vector<std::pair<std::string, JsonValue>>;
  std::variant<std::nullptr_t, bool, double, std::string, Array, Object> is = nullptr;

  const JsonValue* member(std::string_view name) const;  // null when it is no object or has none
  const Array* array() const { return std::get_if<Array>(&is); }
  const Object* object() const { return std::get_if<Object>(&is); }
  const std::string* text() const { return std::get_if<std::string>(&is); }
  const double* number() const { return std::get_if<double>(&is); }
  bool operator==(const JsonValue&) const = default;
};

// At most 200 levels deep. Duplicate members are refused.
Result<JsonValue> read_json(std::string_view text);

// "" when `value` is what the schema wants, else the place and what is wrong there. A keyword that the
// checker does not know is an error, so that a schema cannot promise what no test looks at.
std::string check_schema(const JsonValue& schema, const JsonValue& value);

}  // namespace memsnap
