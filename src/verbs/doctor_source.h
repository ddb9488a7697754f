// What memsnap check says of the lines behind a finding in a heap.
#pragma once

#include "findings/finding.h"
#include "lint/diagnostic.h"
#include "render/report.h"

#include <span>
#include <string>
#include <vector>

namespace memsnap {

// Source and heap speak of one thing when the pattern is the same and either the function and the file of an
// allocation are, or the variable or field that holds it. `file` of the diagnostics is below the folder of
// the module. Adds to the evidence of the findings; `folder` stands before the names of files.
void cite(std::vector<Finding>& findings, std::span<const Diagnostic> diagnostics, const std::string& folder);

// Checks the packages below the folder by the rules whose patterns are in the report, and cites them. What
// cannot be checked is a note of the report.
void cite_source(Report& report, const std::string& folder);

}  // namespace memsnap
