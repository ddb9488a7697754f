#include "lint/config.h"

#include "findings/toml_text.h"

#include <algorithm>
#include <span>

namespace memsnap {
namespace {

// Null when the entry is a list.
const std::string* only_text(const TomlEntry& entry) {
  return entry.values.size() == 1 && !entry.is_list ? &entry.values[0] : nullptr;
}

bool is_one_of(const std::string& word, std::span<const std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

Result<LintConfig> read_lint_config(std::string_view text, std::string_view name) {
  LintConfig config;
  for (const TomlEntry& entry : TRY(read_toml(text, name))) {
    if (!entry.key.starts_with("check.")) continue;  // of other verbs
    std::string key = entry.key.substr(6);
    if (key == "rules") {
      config.rules = entry.values;
    } else if (key == "exclude") {
      config.exclude = entry.values;
    } else if (key == "fail-on") {
      constexpr std::string_view kWords[] = {"high", "medium", "low", "none"};
      const std::string* value = only_text(entry);
      if (!value || !is_one_of(*value, kWords))
        return fail(Cause::usage, "{}:{}: fail-on wants high, medium, low or none", name, entry.line);
      config.fail_on = *value;
    } else if (key == "baseline") {
      const std::string* value = only_text(entry);
      if (!value) return fail(Cause::usage, "{}:{}: baseline wants the name of a file", name, entry.line);
      config.baseline = *value;
    } else if (key == "notes") {
      constexpr std::string_view kWords[] = {"true", "false"};
      const std::string* value = only_text(entry);
      if (!value || !is_one_of(*value, kWords))
        return fail(Cause::usage, "{}:{}: notes wants true or false", name, entry.line);
      config.notes = *value == "true";
    } else {
      return fail(Cause::usage,
                  "{}:{}: no key '{}' in [check]: want rules, fail-on, notes, baseline, exclude", name,
                  entry.line, key);
    }
  }
  return config;
}

Result<std::vector<std::string>> pick_rules(const std::vector<std::string>& words,
                                            const std::vector<std::string>& all) {
  std::vector<bool> picked(all.size(), words.empty() || words.front().starts_with('-'));
  for (const std::string& given : words) {
    bool on = !given.starts_with('-');
    std::string name = on ? given : given.substr(1);
    if (name == "all") {
      picked.assign(all.size(), on);
      continue;
    }
    auto found = std::ranges::find(all, name);
    if (found == all.end())
      return fail(Cause::usage, "no rule '{}'; memsnap check --list-rules prints them", name);
    picked[std::size_t(found - all.begin())] = on;
  }
  std::vector<std::string> rules;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (picked[i]) rules.push_back(all[i]);
  return rules;
}

bool is_excluded(const std::vector<std::string>& patterns, std::string_view file) {
  std::size_t slash = file.rfind('/');
  std::string_view folder = slash == file.npos ? "." : file.substr(0, slash);
  return std::ranges::any_of(patterns, [&](std::string_view pattern) {
    if (pattern.starts_with("./")) pattern.remove_prefix(2);
    if (!pattern.ends_with("/...")) return pattern == folder || pattern == file;
    pattern.remove_suffix(4);
    return folder == pattern || (folder.starts_with(pattern) && folder[pattern.size()] == '/');
  });
}

}  // namespace memsnap
