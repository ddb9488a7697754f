#include "verbs/doctor_source.h"

#include "base/text.h"
#include "escape/costs.h"
#include "gomod/modules.h"
#include "misuse/rule.h"
#include "os/folders.h"
#include "verbs/check_tree.h"
#include "verbs/source_names.h"

#include <algorithm>
#include <string_view>

namespace memsnap {
namespace {

constexpr std::size_t kMostCited = 3;  // of one finding

const std::string& pattern_of(const std::string& rule) {
  const RuleText* words = rule_text(rule);
  return words ? words->pattern : rule;
}

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

std::string_view first_name(std::string_view expression) {
  std::size_t end = 0;
  while (end < expression.size() && is_word(expression[end])) ++end;
  return expression.substr(0, end);
}

// ".byToken" of "s.byToken[token]"; "" without a selector before the first bracket.
std::string_view last_selector(std::string_view expression) {
  expression = expression.substr(0, expression.find_first_of("[("));
  std::size_t dot = expression.rfind('.');
  return dot == std::string_view::npos
             ? std::string_view()
             : expression.substr(dot, 1 + first_name(expression.substr(dot + 1)).size());
}

// Joins one diagnostic with findings.
class Match {
 public:
  explicit Match(const Diagnostic& one)
      : one_(one),
        function_(declared_function(one.function)),
        command_(as_command(function_)),
        package_(package_of_function(function_)) {}

  bool allocates(const Finding& finding) const {
    return !function_.empty() && std::ranges::any_of(finding.sites, [&](const Site& site) {
      std::string function = declared_function(site.function);
      if (function == function_) return base_of(site.file) == base_of(one_.at.file);
      return function == command_ && ends_in(site.file, one_.at.file);
    });
  }

  bool holds(const Finding& finding) const {
    if (function_.empty()) return false;
    return is_variable(finding) || std::ranges::any_of(finding.holder.path, [&](const PathStep& step) {
             return is_field(step) && (package_name() != "main" || near(finding));
           });
  }

 private:
  std::string_view package_name() const {
    bool command = command_ == function_;
    return command ? std::string_view("main") : base_of(package_);
  }

  bool is_variable(const Finding& finding) const {
    std::string_view name = first_name(one_.subject);
    if (finding.holder.kind != HolderKind::kGlobal || name.empty()) return false;
    if (finding.holder.root == fmt::format("{}.{}", package_, name)) return true;
    return finding.holder.root == fmt::format("main.{}", name) && near(finding);
  }

  // *session.Store and .byToken, when the diagnostic is in package session and speaks of x.byToken.
  bool is_field(const PathStep& step) const {
    std::string_view selector = last_selector(one_.subject);
    if (selector.empty() || step.ref != selector) return false;
    std::string_view type = step.type;
    while (type.starts_with('*')) type.remove_prefix(1);
    type = base_of(type.substr(0, type.find('[')));
    std::string_view package = type.substr(0, type.find('.'));
    return package == package_name() || (package == "main" && !command_.empty());
  }

  // One of several commands, each with a package main: the folder says which.
  bool near(const Finding& finding) const {
    return ends_in(finding.holder.file, one_.at.file) ||
           std::ranges::any_of(finding.sites,
                               [&](const Site& site) { return ends_in(site.file, one_.at.file); });
  }

  const Diagnostic& one_;
  std::string function_, command_;
  std::string package_;
};

Evidence evidence_of(const Diagnostic& one, const std::string& folder) {
  std::string file = folder == "." ? one.at.file : folder + "/" + one.at.file;
  std::size_t slash = file.rfind('/');
  std::string package = slash == std::string::npos ? "." : file.substr(0, slash);
  if (!package.starts_with('/') && !package.starts_with('.')) package = "./" + package;
  return {.kind = "source",
          .text = fmt::format("{}:{}: {} ({})", file, one.at.line, one.message, one.rule),
          .verb = fmt::format("memsnap check {} --rules {}", shell_word(package), one.rule)};
}

std::vector<std::string> rules_for(const std::vector<Finding>& findings) {
  std::vector<std::string> names;
  for (const misuse::Rule* rule : misuse::rules())
    if (std::ranges::any_of(
            findings, [&](const Finding& finding) { return finding.pattern == pattern_of(rule->name); }))
      names.push_back(rule->name);
  return names;
}

}  // namespace

void cite(std::vector<Finding>& findings, std::span<const Diagnostic> diagnostics,
          const std::string& folder) {
  for (Finding& finding : findings) {
    std::vector<const Diagnostic*> cited;
    for (const Diagnostic& one : diagnostics) {
      if (pattern_of(one.rule) != finding.pattern) continue;
      Match match(one);
      if (match.allocates(finding) || match.holds(finding)) cited.push_back(&one);
    }
    // Behind the first, which says what was measured: a report that is cut to size still shows it.
    std::vector<Evidence> said;
    for (const Diagnostic* one : std::span(cited).first(std::min(cited.size(), kMostCited)))
      said.push_back(evidence_of(*one, folder));
    if (cited.size() > kMostCited)
      said.back().text += fmt::format(", and {} more", cited.size() - kMostCited);
    auto behind_first = finding.evidence.begin() + !finding.evidence.empty();
    finding.evidence.insert(behind_first, said.begin(), said.end());
  }
}

void cite_source(Report& report, const std::string& folder) {
  std::vector<std::string> rules = rules_for(report.findings);
  if (rules.empty()) return;
  std::string root = real_path(folder);
  // Any folder may hold source, and "/" holds all; a module is looked through.
  if (find_above(root, "go.mod").empty() && find_above(root, "go.work").empty()) {
    report.notes.push_back(
        fmt::format("{} is in no module (go.mod): its lines are shown, and not checked", folder));
    return;
  }
  auto tree = CheckedTree::open({.folder = root, .shown_from = root, .rules = rules});
  if (!tree) {
    report.notes.push_back(fmt::format("memsnap check cannot look at {}: {}", folder, tree.error().what));
    return;
  }
  cite(report.findings, tree->result().diagnostics, folder);
  for (Diagnostic& one : tree->result().silenced) one.message += "; a comment there silences it";
  cite(report.findings, tree->result().silenced, folder);
}

}  // namespace memsnap
