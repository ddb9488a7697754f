// The words of the rules, from TOML. No other file includes toml++, which takes seconds to compile.
#include "base/result.h"
#include "findings/finding.h"
#include "findings/rule_files.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <algorithm>

namespace memsnap {

namespace {

// The text of a key without the line breaks at its ends. The file is part of the program, so one that lacks a
// key is a mistake of ours.
std::string text_of(const toml::table& table, std::string_view key) {
  auto value = table[key].value<std::string>();
  CHECK(value.has_value());
  std::size_t from = value->find_first_not_of('\n'), to = value->find_last_not_of('\n');
  return from == std::string::npos ? std::string() : value->substr(from, to + 1 - from);
}

std::vector<RuleText> read_all() {
  std::vector<RuleText> all;
  for (const BuiltinText& file : kRuleFiles) {
    toml::parse_result parsed = toml::parse(file.text);
    CHECK(parsed.succeeded());
    const toml::table& table = parsed.table();
    all.push_back({.rule = std::string(file.name.substr(0, file.name.rfind('.'))),
                   .pattern = text_of(table, "pattern"),
                   .title = text_of(table, "title"),
                   .why = text_of(table, "why"),
                   .leak_code = text_of(table, "leak"),
                   .fixed_code = text_of(table, "fixed"),
                   .fix = text_of(table, "fix"),
                   .recipe = text_of(table, "recipe")});
  }
  std::ranges::sort(all, {}, &RuleText::rule);
  return all;
}

}  // namespace

const std::vector<RuleText>& rule_texts() {
  static const std::vector<RuleText> all = read_all();
  return all;
}

const RuleText* rule_text(const std::string& rule) {
  const std::vector<RuleText>& all = rule_texts();
  auto found = std::ranges::lower_bound(all, rule, {}, &RuleText::rule);
  return found != all.end() && found->rule == rule ? &*found : nullptr;
}

}  // namespace memsnap
