#include "verbs/check_tree.h"

#include "gosrc/comments.h"
#include "gosrc/parse.h"
#include "gotypes/types.h"
#include "lint/config.h"
#include "os/files.h"
#include "os/folders.h"
#include "verbs/check_missing.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <span>

namespace memsnap {

namespace {
constexpr std::size_t kLargestFile = 256 << 20;
}

Result<CheckedTree> CheckedTree::open(const TreeOptions& options) {
  CheckedTree tree;
  tree.look_ = TRY(look_at_tree(options));
  tree.rules_ = options.rules;
  return tree;
}

LintReport CheckedTree::report(bool notes) {
  LintReport report{.silenced = look_.result.silenced.size(),
                    .packages = look_.result.packages,
                    .files = look_.result.files,
                    .lines = look_.result.lines,
                    .go = look_.go,
                    .missing = missing_lines(look_.missing, look_.result.unknown),
                    .rules = rules_};
  for (Diagnostic& one : look_.result.diagnostics) {
    if (one.severity == Severity::kLow && !notes)
      ++report.notes;
    else
      report.diagnostics.push_back(std::move(one));
  }
  look_.result.diagnostics.clear();
  return report;
}

std::string CheckedTree::path_of(const std::string& shown) const {
  auto found = look_.result.paths.find(shown);
  return found == look_.result.paths.end() ? std::string() : found->second;
}

const SourceFile* CheckedTree::file(const std::string& shown) {
  std::string path = path_of(shown);
  if (path.empty()) return nullptr;
  if (auto there = files_.find(path); there != files_.end()) return &there->second;
  auto text = read_regular_file(path, kLargestFile);
  if (!text) return nullptr;
  if (!names_) names_ = std::make_unique<NameTable>();
  return &files_.emplace(path, parse_source(path, std::move(*text), *names_)).first->second;
}

bool CheckedTree::is_generated(const std::string& shown) {
  const SourceFile* source = file(shown);
  return source && memsnap::is_generated(*source);
}

std::string_view CheckedTree::line(const std::string& shown, int number) const {
  std::string path = path_of(shown);
  if (path.empty()) return {};
  auto [row, fresh] = texts_.try_emplace(path);
  Text& text = row->second;
  if (fresh) {
    text.bytes = read_regular_file(path, kLargestFile).value_or("");
    for (std::size_t at = 0; at < text.bytes.size();
         at = std::min(text.bytes.find('\n', at), text.bytes.size() - 1) + 1)
      text.lines.push_back(at);
  }
  if (number < 1 || std::size_t(number) > text.lines.size()) return {};
  std::string_view rest = std::string_view(text.bytes).substr(text.lines[std::size_t(number) - 1]);
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

LineSource CheckedTree::lines() const {
  return [this](const std::string& file, int number) { return line(file, number); };
}

}  // namespace memsnap
