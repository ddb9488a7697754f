// Whatever the bytes: comments that silence lie inside the file and speak of bytes of it, a baseline and a
// memsnap.toml are read or refused, and what they name is one of what there is.
#include "gosrc/parse.h"
#include "lint/baseline.h"
#include "lint/config.h"
#include "lint/suppress.h"

#include <algorithm>
#include <cstddef>

namespace {

using namespace memsnap;

const std::vector<std::string> kRules = {"append-alias", "map-grow-only", "nil-map-write"};

bool inside(const Span& at, std::size_t size) { return at.from <= at.to && at.to <= size && at.line >= 1; }

void look_at_comments(std::string_view text) {
  NameTable names;
  SourceFile file = parse_source("a.go", std::string(text), names);
  std::vector<Diagnostic> problems;
  std::vector<Suppression> all = suppressions_of(file, "a.go", kRules, problems);
  for (const Diagnostic& one : problems)
    if (!inside(one.at, text.size()) || one.rule != "bad-suppression") __builtin_trap();
  std::vector<Diagnostic> found;
  for (const Suppression& one : all) {
    if (!inside(one.at, text.size()) || one.from > one.to || one.to > text.size()) __builtin_trap();
    found.push_back({.rule = kRules[0], .at = {.file = "a.go", .from = one.from, .to = one.to}});
    found.push_back({.rule = kRules[2], .at = {.file = "b.go", .from = one.from, .to = one.to}});
  }
  std::size_t before = found.size();
  std::vector<Diagnostic> silenced = suppress(found, all);
  if (silenced.size() + found.size() != before) __builtin_trap();
  for (const Diagnostic& one : silenced)
    if (one.at.file != "a.go") __builtin_trap();
  std::size_t used = std::size_t(std::ranges::count_if(all, &Suppression::used));
  if (unused(all, kRules).size() > all.size() - used) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  look_at_comments(text);
  (void)read_known(text, "baseline.json");
  auto config = read_lint_config(text, "memsnap.toml");
  if (!config) return 0;
  if (auto picked = pick_rules(config->rules, kRules))
    for (const std::string& rule : *picked)
      if (std::ranges::find(kRules, rule) == kRules.end()) __builtin_trap();
  for (std::string_view name : {"a.go", "internal/gen/a.go", "internal/gen/deep/a.go"})
    (void)is_excluded(config->exclude, name);
  return 0;
}
