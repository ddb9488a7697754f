// memsnap explain NAME: what a pattern is, a program that has it, and the program mended.
#include "base/text.h"
#include "findings/finding.h"
#include "render/json_writer.h"
#include "render/table.h"
#include "verbs/all.h"

#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "json", .kind = FlagKind::kSwitch, .value = "", .help = "write JSON"},
};
constexpr Example kExamples[] = {
    {"explain", "all patterns"},
    {"explain map-unbounded", "why a map that only grows holds memory, and what to write instead"},
};

std::vector<const RuleText*> rules_named(const std::string& name) {
  std::vector<const RuleText*> found;
  for (const RuleText& rule : rule_texts())
    if (rule.rule == name || rule.pattern == name) found.push_back(&rule);
  return found;
}

void put_code(Out& out, std::string_view code) {
  while (!code.empty()) {
    std::size_t end = code.find('\n');
    std::string_view line = code.substr(0, end);
    std::string spaced;
    for (char c : line) spaced += c == '\t' ? "    " : std::string(1, c);
    out.put(line.empty() ? "\n" : "    " + spaced + "\n");
    if (end == std::string_view::npos) return;
    code.remove_prefix(end + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == '\n' || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

void put_rule(Out& out, const RuleText& rule, const Style& style) {
  out.put(style.ink(Ink::kStrong, rule.rule + ": " + rule.title) + "\n\n");
  for (std::string_view rest = trimmed(rule.why); !rest.empty();) {
    std::size_t end = rest.find("\n\n");
    std::string paragraph(rest.substr(0, end));
    for (char& c : paragraph)
      if (c == '\n') c = ' ';
    for (const std::string& line : wrap(style.safe(paragraph), style.width)) out.put(line + "\n");
    out.put("\n");
    if (end == std::string_view::npos) break;
    rest = trimmed(rest.substr(end));
  }
  if (!trimmed(rule.leak_code).empty()) {
    out.put(style.ink(Ink::kStrong, "A program that does it:") + "\n\n");
    put_code(out, trimmed(rule.leak_code));
    out.put("\n");
  }
  if (!trimmed(rule.fixed_code).empty()) {
    out.put(style.ink(Ink::kStrong, "The program mended:") + "\n\n");
    put_code(out, trimmed(rule.fixed_code));
    out.put("\n");
  }
  for (const std::string& line : wrap("Fix: " + style.safe(rule.fix), style.width)) out.put(line + "\n");
}

void write_rules(const std::vector<const RuleText*>& rules, Out& out) {
  JsonWriter json(out, 3);
  json.open_object();
  json.member("schema", "memsnap.explain/1");
  json.key("rules").open_array();
  for (const RuleText* rule : rules) {
    json.open_object();
    json.member("rule", rule->rule);
    json.member("pattern", rule->pattern);
    json.member("title", rule->title);
    json.member("why", trimmed(rule->why));
    json.member("leak", trimmed(rule->leak_code));
    json.member("fixed", trimmed(rule->fixed_code));
    json.member("fix", rule->fix);
    json.member("recipe", rule->recipe);
    json.close_object();
  }
  json.close_array();
  json.close_object();
  json.end();
}

Result<int> run(const Flags& flags, Io& io) {
  if (flags.targets().size() > 1) return fail(Cause::usage, "got {} names, want one", flags.targets().size());
  std::vector<const RuleText*> rules;
  if (flags.targets().empty()) {
    for (const RuleText& rule : rule_texts()) rules.push_back(&rule);
  } else {
    const std::string& name = flags.targets()[0];
    rules = rules_named(name);
    if (rules.empty()) {
      std::vector<std::string> names;
      for (const RuleText& rule : rule_texts()) names.push_back(rule.rule);
      std::string near = nearest(name, names);
      if (near.empty()) return fail(Cause::usage, "no pattern '{}'; memsnap explain lists them", name);
      return fail(Cause::usage, "no pattern '{}'; did you mean {}?", name, near);
    }
  }
  if (flags.on("json")) {
    write_rules(rules, io.out);
  } else if (flags.targets().empty()) {
    Table table{.name = "explain", .columns = {{"rule", "pattern"}, {"title", "the memory is held by"}}};
    for (const RuleText* rule : rules) table.add(rule->rule, rule->title);
    render_table(table, io.style, table.rows.size(), io.out);
  } else {
    for (const RuleText* rule : rules) {
      if (rule != rules.front()) io.out.put("\n");
      put_rule(io.out, *rule, io.style);
    }
  }
  return 0;
}

}  // namespace

constinit const Verb kExplain = {
    .name = "explain",
    .summary = "a pattern: why it holds memory, a program that does, the program mended",
    .operands = "[PATTERN]",
    .targets = Targets::kRules,
    .about = "Without a name it lists the patterns that doctor knows.",
    .flags = {kFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
