#include "escape/against.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

namespace memsnap {
namespace {

// Without the number of a function literal, which changes when another one is put before it.
std::string_view plain_function(std::string_view name) { return name.substr(0, name.find(".func")); }

// Names of lines and of explanations differ in code that was inlined, so explanations count only when both
// logs have them.
std::string identity(const EscapeGraph& graph, std::size_t row, bool explained, bool with_function) {
  const EscapeLog& log = graph.log();
  const LoggedEscape& one = log.escapes[row];
  std::string_view file = log.text(one.at.file), name = log.text(one.name);
  while (file.starts_with("./")) file.remove_prefix(2);
  auto chains = graph.chains_of(row);
  if (explained && !chains.empty()) name = log.text(log.chains[chains[0]].name);
  std::string key(file);
  key += '\n';
  if (with_function) key += plain_function(log.text(graph.function_of(row)));
  key += '\n';
  return key += name;
}

struct Alike {
  std::vector<std::uint32_t> before, now;
};

// Takes out of both lists the rows that are on one line; then as many of the rest as the shorter has.
void pair_up(const EscapeLog& before, const EscapeLog& now, Alike& alike) {
  auto old_line = [&](std::uint32_t row) { return before.escapes[row].at.line; };
  auto line = [&](std::uint32_t row) { return now.escapes[row].at.line; };
  std::ranges::stable_sort(alike.before, {}, old_line);
  std::ranges::stable_sort(alike.now, {}, line);
  Alike rest;
  std::ranges::set_difference(alike.before, alike.now, std::back_inserter(rest.before), {}, old_line, line);
  std::ranges::set_difference(alike.now, alike.before, std::back_inserter(rest.now), {}, line, old_line);
  std::size_t both = std::min(rest.before.size(), rest.now.size());
  alike.before.assign(rest.before.begin() + std::ptrdiff_t(both), rest.before.end());
  alike.now.assign(rest.now.begin() + std::ptrdiff_t(both), rest.now.end());
}

}  // namespace

EscapeChanges escape_changes(const EscapeGraph& before, const EscapeGraph& now) {
  bool explained = !before.log().chains.empty() && !now.log().chains.empty();
  // A function literal belongs to the function around it where the log does not say more: never compared with
  // one that does.
  bool with_function = before.knows_functions() && now.knows_functions();
  std::map<std::string, Alike> groups;
  for (std::uint32_t row = 0; row < before.log().escapes.size(); ++row)
    groups[identity(before, row, explained, with_function)].before.push_back(row);
  for (std::uint32_t row = 0; row < now.log().escapes.size(); ++row)
    groups[identity(now, row, explained, with_function)].now.push_back(row);
  EscapeChanges changes;
  for (auto& [key, alike] : groups) {
    std::size_t all = alike.now.size();
    pair_up(before.log(), now.log(), alike);
    changes.stayed += all - alike.now.size();
    changes.started.insert(changes.started.end(), alike.now.begin(), alike.now.end());
    changes.stopped.insert(changes.stopped.end(), alike.before.begin(), alike.before.end());
  }
  std::ranges::sort(changes.started);
  std::ranges::sort(changes.stopped);
  return changes;
}

}  // namespace memsnap
