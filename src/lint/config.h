// memsnap.toml: what a project asks of check.
//
//   [check]
//   rules = ["all", "-map-bool-set"]     # as --rules
//   fail-on = "medium"                   # high, medium, low, none
//   notes = true
//   baseline = "memsnap-baseline.json"   # beside this file
//   exclude = ["internal/gen/...", "third_party/..."]
#pragma once

#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct LintConfig {
  std::vector<std::string> rules;
  std::optional<std::string> fail_on;
  std::optional<bool> notes;
  std::optional<std::string> baseline;
  std::vector<std::string> exclude;  // folders below the configuration; /... takes those below too
};

// Wrong keys and values are usage errors that name the line.
Result<LintConfig> read_lint_config(std::string_view text, std::string_view name);

// The rules that a list of words picks of all: "all", NAME, -NAME; NAME alone picks nothing else.
Result<std::vector<std::string>> pick_rules(const std::vector<std::string>& words,
                                            const std::vector<std::string>& all);

bool is_excluded(const std::vector<std::string>& patterns, std::string_view file);

}  // namespace memsnap
