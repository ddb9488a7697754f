#include "gomod/mod_file.h"

#include "base/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace memsnap {
namespace {

constexpr std::size_t kMostProblems = 20;  // of one file; a file of noise has a million

struct Line {
  std::vector<std::string> words;
  bool bad = false;  // a string that does not end
};

bool is_mark(char c) { return c == '(' || c == ')' || c == '[' || c == ']' || c == ','; }

// "…" with backslashes, or `…`. Moves `at` behind it.
std::optional<std::string> quoted(std::string_view text, std::size_t& at) {
  char quote = text[at++];
  std::string word;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == quote) return ++at, word;
    if (c == '\\' && quote == '"' && at + 1 < text.size()) c = text[++at];
    word.push_back(c);
  }
  return {};
}

Line split(std::string_view text) {
  Line line;
  for (std::size_t at = 0; at < text.size();) {
    char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at;
    } else if (text.substr(at).starts_with("//")) {
      break;
    } else if (c == '"' || c == '`') {
      auto word = quoted(text, at);
      if (!word) return line.bad = true, line;
      line.words.push_back(std::move(*word));
    } else if (is_mark(c)) {
      line.words.emplace_back(1, c);
      ++at;
    } else {
      std::size_t from = at;
      while (at < text.size() && !is_mark(text[at]) && text[at] != ' ' && text[at] != '\t' &&
             text[at] != '\r' && text[at] != '"' && text[at] != '`' && !text.substr(at).starts_with("//"))
        ++at;
      line.words.emplace_back(text.substr(from, at - from));
    }
  }
  return line;
}

using Words = std::vector<std::string>;

bool add_replacement(ModFile& file, const Words& words) {
  auto arrow = std::ranges::find(words, "=>");
  auto before = arrow - words.begin(), after = words.end() - arrow - 1;
  if (arrow == words.end() || before < 1 || before > 2 || after < 1 || after > 2) return false;
  Replacement row;
  row.from = {words[0], before == 2 ? words[1] : ""};
  row.to = {arrow[1], after == 2 ? arrow[2] : ""};
  file.replace.push_back(std::move(row));
  return true;
}

// One directive without its verb. False: not understood.
bool add(ModFile& file, std::string_view verb, const Words& words) {
  auto single = [&](std::string& into) {
    if (words.size() != 1 || !into.empty()) return false;
    into = words[0];
    return true;
  };
  if (verb == "module") return single(file.module);
  if (verb == "go") return single(file.go);
  if (verb == "toolchain") return single(file.toolchain);
  if (verb == "replace") return add_replacement(file, words);
  if (verb == "use") return words.size() == 1 && (file.use.push_back(words[0]), true);
  if (verb == "require" || verb == "exclude") {
    if (words.size() != 2) return false;
    (verb == "require" ? file.require : file.exclude).push_back({words[0], words[1]});
    return true;
  }
  return verb == "retract" || verb == "tool" || verb == "godebug" || verb == "ignore";
}

}  // namespace

ModFile parse_mod_file(std::string_view text) {
  ModFile file;
  std::string block;  // the verb of the block that is open
  auto problem = [&](int number, std::string what) {
    if (file.problems.size() < kMostProblems) file.problems.push_back({number, std::move(what)});
  };
  int number = 0;
  each_line(text, [&](std::string_view raw) {
    ++number;
    Line line = split(raw);
    if (line.bad) return problem(number, "a string that does not end");
    Words& words = line.words;
    if (words.empty()) return;
    if (!block.empty() && words[0] == ")") {
      block.clear();
      return;
    }
    std::string verb = block;
    if (block.empty()) {
      verb = words[0];
      words.erase(words.begin());
      if (words.size() == 1 && words[0] == "(") {
        block = verb;
        return;
      }
      if (words.size() == 2 && words[0] == "(" && words[1] == ")") return;
    }
    if (!add(file, verb, words)) problem(number, fmt::format("`{}` is not understood", verb));
  });
  if (!block.empty()) problem(0, fmt::format("the block of `{}` does not end", block));
  return file;
}

std::vector<VendoredModule> parse_vendor_modules(std::string_view text) {
  std::vector<VendoredModule> modules;
  each_line(text, [&](std::string_view raw) {
    Line line;
    if (raw.starts_with("## ")) {
      std::size_t at = raw.find("go ");
      if (at == std::string_view::npos || modules.empty()) return;
      line = split(raw.substr(at + 3));
      if (!line.words.empty()) modules.back().go = line.words[0].substr(0, line.words[0].find(';'));
    } else if (raw.starts_with("# ")) {
      line = split(raw.substr(2));
      if (line.words.empty()) return;
      std::string version = line.words.size() > 1 && line.words[1] != "=>" ? line.words[1] : "";
      modules.push_back({{line.words[0], version}, "", {}});
    } else if (!modules.empty()) {
      line = split(raw);
      if (line.words.size() == 1) modules.back().packages.push_back(line.words[0]);
    }
  });
  return modules;
}

}  // namespace memsnap
