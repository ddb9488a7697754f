// Prints a comparison: for people, for pull requests, for CI servers. Names come from profiles and reports of
// strangers and are escaped for each form.
#pragma once

#include "compare/comparison.h"
#include "findings/finding.h"
#include "render/out.h"
#include "render/style.h"

#include <cstddef>
#include <string>

namespace memsnap {

struct ComparedSides {
  std::string before, after;  // as the user named them
};

void print_comparison(const Comparison& comparison, const ComparedSides& sides, const Style& style,
                      std::size_t most, Out& out);
// Its form is a promise: docs/diff.md.
void print_comparison_json(const Comparison& comparison, const ComparedSides& sides, Out& out);
// For a comment of a pull request: regressions as a table, the rest folded away.
void print_comparison_markdown(const Comparison& comparison, const ComparedSides& sides, std::size_t most,
                               Out& out);
// `least`: what counts as a failure.
void print_junit(const Comparison& comparison, Severity least, Out& out);
void print_sarif(const Comparison& comparison, Out& out);  // 2.1.0, a result for each regression

// "512MB", "1234 ns/op"
std::string value_words(double value, const std::string& unit);
std::string change_words(const ComparedRow& row);  // +5.3%, new, gone

}  // namespace memsnap
