// Fixes as changes of text: the file as it would be, and the difference as `diff -u` and `gofmt -d` show it.
#pragma once

#include "base/result.h"
#include "lint/diagnostic.h"

#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// The text with the edits of one file in it. Of two diagnostics whose edits overlap the first in the list
// wins; equal insertions are made once. Bad input when an edit lies outside the text.
Result<std::string> apply_edits(std::string_view text, const std::vector<const Diagnostic*>& diagnostics,
                                std::string_view file);

// Unified with three lines of context; "" when both are equal.
std::string unified_diff(std::string_view file, std::string_view before, std::string_view after);

}  // namespace memsnap
