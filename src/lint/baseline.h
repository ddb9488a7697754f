// What is known already: fingerprints of an earlier `check --json`, or of any list of findings of this tool.
#pragma once

#include "base/result.h"
#include "lint/diagnostic.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Of memsnap.check/1 and memsnap.report/1. `name` is for errors.
Result<std::set<std::string>> read_known(std::string_view text, std::string_view name);

// Takes out what is known and gives its number.
std::size_t drop_known(std::vector<Diagnostic>& diagnostics, const std::set<std::string>& known);

}  // namespace memsnap
