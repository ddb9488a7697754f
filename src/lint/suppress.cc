#include "lint/suppress.h"

#include "gosrc/comments.h"
#include "gosrc/walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && kBlanks.contains(text.front())) text.remove_prefix(1);
  while (!text.empty() && kBlanks.contains(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string> split_at_commas(std::string_view list) {
  std::vector<std::string> words;
  while (!list.empty()) {
    std::size_t end = list.find(',');
    if (std::string_view word = trimmed(list.substr(0, end)); !word.empty()) words.emplace_back(word);
    if (end == list.npos) break;
    list.remove_prefix(end + 1);
  }
  return words;
}

Span span_of(const SourceFile& file, const std::string& shown, std::uint32_t from, std::uint32_t to) {
  Position begin = file.position(from), end = file.position(to);
  return {.file = shown,
          .from = from,
          .to = to,
          .line = begin.line,
          .column = begin.column,
          .end_line = end.line,
          .end_column = end.column};
}

bool alone_on_line(const SourceFile& file, std::uint32_t pos) {
  std::string_view before = file.bytes().substr(0, pos);
  std::size_t start = before.rfind('\n');
  return trimmed(start == before.npos ? before : before.substr(start + 1)).empty();
}

// Where each statement and declaration lies, by its first byte, outer ones first.
struct Extent {
  std::uint32_t from = 0, to = 0;
  bool function = false;
};

std::vector<Extent> extents_of(const SourceFile& file) {
  std::vector<Extent> all;
  ast::walk(file, file.root(), [&](ast::NodeId node) {
    ast::Kind kind = file.kind(node);
    bool decl = kind == ast::Kind::kGenDecl || kind == ast::Kind::kFuncDecl;
    bool part = kind == ast::Kind::kValueSpec || kind == ast::Kind::kTypeSpec || kind == ast::Kind::kField ||
                kind == ast::Kind::kKeyValueExpr;
    if (decl || part || (ast::is_stmt(kind) && kind != ast::Kind::kBlockStmt))
      all.push_back({file.pos(node), file.end(node), kind == ast::Kind::kFuncDecl});
    return true;
  });
  std::ranges::stable_sort(all, {}, &Extent::from);
  return all;
}

void set_extent(const SourceFile& file, const std::vector<Extent>& extents, const Comment& comment,
                Suppression& one) {
  int line = file.position(comment.pos).line;
  if (alone_on_line(file, comment.pos)) {
    auto next = std::ranges::lower_bound(extents, comment.end, {}, &Extent::from);
    one.from = comment.end;
    one.to = next == extents.end() ? comment.end : next->to;
    return;
  }
  std::string_view before = file.bytes().substr(0, comment.pos);
  std::size_t start = before.rfind('\n');
  one.from = start == before.npos ? 0 : std::uint32_t(start + 1);
  one.to = comment.pos;
  auto first = std::ranges::lower_bound(extents, one.from, {}, &Extent::from);
  if (first != extents.end() && first->function && file.position(first->from).line == line)
    one.to = first->to;
}

Diagnostic problem_at(const Suppression& one, std::string rule, std::string message) {
  return {.rule = std::move(rule),
          .severity = Severity::kMedium,
          .confidence = Confidence::kCertain,
          .at = one.at,
          .message = std::move(message),
          .subject = "suppression"};
}

bool is_known(const std::vector<std::string>& known, const std::string& rule) {
  return std::ranges::find(known, rule) != known.end();
}

void read_ignore(std::string_view words, const std::vector<std::string>& known, Suppression& one,
                 std::vector<Diagnostic>& problems) {
  std::size_t end = words.find_first_of(kBlanks);
  one.rules = split_at_commas(words.substr(0, end));
  one.reason = end == words.npos ? "" : std::string(trimmed(words.substr(end)));
  one.ours = true;
  if (one.rules.empty())
    problems.push_back(problem_at(one, "bad-suppression",
                                  "//memsnap:ignore names no rule: want //memsnap:ignore RULE REASON"));
  else if (one.reason.empty())
    problems.push_back(problem_at(one, "bad-suppression", "//memsnap:ignore gives no reason"));
  for (const std::string& rule : one.rules)
    if (!is_known(known, rule))
      problems.push_back(problem_at(one, "bad-suppression",
                                    fmt::format("//memsnap:ignore names '{}', which is no rule", rule)));
}

// False when the comment speaks to other linters only.
bool read_nolint(std::string_view words, const std::vector<std::string>& known, Suppression& one) {
  if (!words.starts_with(':')) {  // //nolint, //nolint // why
    one.reason = trimmed(words);
    return true;
  }
  words.remove_prefix(1);
  std::size_t end = words.find("//");
  std::vector<std::string> names = split_at_commas(words.substr(0, end));
  if (end != words.npos) one.reason = trimmed(words.substr(end + 2));
  for (std::string& name : names) {
    if (std::size_t blank = name.find_first_of(kBlanks); blank != name.npos) name.resize(blank);
    if (name == "all") return one.rules.clear(), true;
    if (name == "memsnap") return one.rules.clear(), one.ours = true;
    if (is_known(known, name)) one.rules.push_back(name);
  }
  one.ours = !one.rules.empty();
  return one.ours;
}

bool speaks_of(const Suppression& one, const Diagnostic& diagnostic) {
  return one.at.file == diagnostic.at.file && diagnostic.at.from >= one.from && diagnostic.at.from < one.to &&
         (one.rules.empty() || std::ranges::find(one.rules, diagnostic.rule) != one.rules.end());
}

}  // namespace

std::vector<Suppression> suppressions_of(const SourceFile& file, const std::string& shown,
                                         const std::vector<std::string>& known,
                                         std::vector<Diagnostic>& problems) {
  std::vector<Suppression> found;
  std::vector<Extent> extents;
  for (const Comment& comment : file.comments()) {
    std::string_view text = file.text(comment);
    constexpr std::string_view kIgnore = "//memsnap:ignore", kNolint = "//nolint";
    bool ignore = text.starts_with(kIgnore);
    if (!ignore && !text.starts_with(kNolint)) continue;
    Suppression one{.at = span_of(file, shown, comment.pos, comment.end)};
    if (extents.empty()) extents = extents_of(file);
    set_extent(file, extents, comment, one);
    std::string_view words = text.substr((ignore ? kIgnore : kNolint).size());
    while (!words.empty() && words.back() == '\r') words.remove_suffix(1);
    if (!words.empty() && !kBlanks.contains(words.front()) && (ignore || words.front() != ':')) continue;
    if (ignore)
      read_ignore(trimmed(words), known, one, problems);
    else if (!read_nolint(words, known, one))
      continue;
    found.push_back(std::move(one));
  }
  return found;
}

std::vector<Diagnostic> suppress(std::vector<Diagnostic>& diagnostics,
                                 std::vector<Suppression>& suppressions) {
  std::vector<Diagnostic> silenced;
  if (suppressions.empty()) return silenced;
  std::erase_if(diagnostics, [&](Diagnostic& diagnostic) {
    bool hit = false;
    for (Suppression& one : suppressions) {
      if (!speaks_of(one, diagnostic)) continue;
      one.used = hit = true;
    }
    if (hit) silenced.push_back(diagnostic);
    return hit;
  });
  return silenced;
}

std::vector<Diagnostic> unused(const std::vector<Suppression>& suppressions,
                               const std::vector<std::string>& ran) {
  std::vector<Diagnostic> found;
  for (const Suppression& one : suppressions) {
    if (one.used || !one.ours) continue;
    bool all_ran =
        std::ranges::all_of(one.rules, [&](const std::string& rule) { return is_known(ran, rule); });
    if (!all_ran) continue;
    std::string rules;
    for (const std::string& rule : one.rules) rules += (rules.empty() ? "" : ", ") + rule;
    found.push_back(problem_at(one, "unused-suppression",
                               rules.empty()
                                   ? "this comment silences nothing"
                                   : fmt::format("this comment silences nothing: no {} here", rules)));
  }
  return found;
}

}  // namespace memsnap
