#include "escape/graph.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <tuple>
#include <utility>

namespace memsnap {
namespace {

std::uint64_t key_of(StringId first, StringId second) {
  return std::uint64_t(first) << 32 | std::uint64_t(std::uint32_t(second));
}

constexpr std::size_t kMostAlike = 256;  // values at one place or of one name that are looked at

// Where the log does not say the function, names are told apart by file.
std::uint64_t value_key(const FlowChain& chain, StringId name) {
  return key_of(chain.function != StringId{} ? chain.function : chain.at.file, name);
}

}  // namespace

std::string_view stored_name(std::string_view location) {
  constexpr std::string_view kStorage = "{storage for ";
  if (!location.starts_with(kStorage) || !location.ends_with('}')) return {};
  return location.substr(kStorage.size(), location.size() - kStorage.size() - 1);
}

bool is_result(std::string_view location) {
  std::size_t at = location.rfind("~r");
  return at != location.npos && at + 2 < location.size() &&
         location.find_first_not_of("0123456789", at + 2) == location.npos;
}

std::string_view callee_of(std::string_view expression) {
  if (!expression.ends_with(')')) return {};
  int depth = 0;
  for (std::size_t i = expression.size(); i-- > 0;) {
    if (expression[i] == ')') ++depth;
    if (expression[i] == '(' && --depth == 0) return expression.substr(0, i);
  }
  return {};
}

EscapeGraph::EscapeGraph(const EscapeLog& log) : log_(log), inlinings_(log.inlinings) {
  for (std::uint32_t row = 0; row < log.chains.size(); ++row) {
    const FlowChain& chain = log.chains[row];
    if (chain.function != StringId{}) knows_functions_ = true;
    if (!chain.is_parameter)
      values_.emplace(value_key(chain, chain.name), row);
    else if (log.text(chain.sink) == "{heap}")
      leaks_.emplace(key_of(chain.package, chain.function), row);
  }
  std::ranges::stable_sort(inlinings_, {}, &LoggedInlining::at);
  index_functions();
  join_chains();
}

// Of functions that the log declares, those that are no literals inside others.
void EscapeGraph::index_functions() {
  if (knows_functions_ || log_.chains.empty()) return;  // -m names only functions that can be inlined
  for (const LoggedFunction& one : log_.functions)
    if (log_.text(one.name).find(".func") == std::string_view::npos) functions_.push_back(one);
  std::ranges::stable_sort(functions_, {}, &LoggedFunction::at);
}

void EscapeGraph::join_chains() {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < log_.chains.size(); ++row)
    if (!log_.chains[row].is_parameter) rows.push_back(row);
  auto place = [&](std::uint32_t row) { return log_.chains[row].at; };
  auto name = [&](std::uint32_t row) { return std::pair(log_.chains[row].at, log_.chains[row].name); };
  std::ranges::stable_sort(rows, {}, name);
  std::vector<bool> taken(log_.chains.size());
  std::vector<std::vector<std::uint32_t>> found(log_.escapes.size());
  auto take = [&](std::size_t escape, std::uint32_t row) {
    found[escape].push_back(row);
    taken[row] = true;
  };
  for (std::size_t i = 0; i < log_.escapes.size(); ++i) {
    const LoggedEscape& one = log_.escapes[i];
    for (std::uint32_t row : std::ranges::equal_range(rows, std::pair(one.at, one.name), {}, name))
      take(i, row);
  }
  // Then what is left at the place: append(xs, 1) of a line that says append; and in inlined code the line
  // has the value of x, as in "4 escapes to heap", and the explanation x.
  for (std::size_t i = 0; i < log_.escapes.size(); ++i) {
    if (!found[i].empty()) continue;
    bool is_append = log_.text(log_.escapes[i].name) == "append";
    auto range = std::ranges::equal_range(rows, log_.escapes[i].at, {}, place);
    std::uint32_t first = kNone;
    for (std::uint32_t row : range | std::views::take(kMostAlike)) {
      if (taken[row]) continue;
      if (is_append != log_.text(log_.chains[row].name).starts_with("append(")) continue;
      first = row;
      break;
    }
    if (first != kNone) take(i, first);
  }
  for (const auto& chains : found) {
    first_chain_.push_back(std::uint32_t(chain_rows_.size()));
    chain_rows_.insert(chain_rows_.end(), chains.begin(), chains.end());
  }
  first_chain_.push_back(std::uint32_t(chain_rows_.size()));
}

// Of several values with one name in one function the one on the same line is meant, if there is only one.
std::uint32_t EscapeGraph::one_of(std::uint64_t key, StringId name, StringId function,
                                  const LogPlace& near) const {
  std::uint32_t only = kNone, on_line = kNone;
  std::size_t all = 0, lines = 0;
  auto [from, to] = values_.equal_range(key);
  for (auto at = from; at != to; ++at) {
    const FlowChain& chain = log_.chains[at->second];
    if (chain.name != name || chain.function != function) continue;
    if (function == StringId{} && chain.at.file != near.file) continue;
    if (++all > kMostAlike) return kNone;
    only = at->second;
    if (chain.at.file == near.file && chain.at.line == near.line) {
      ++lines;
      on_line = at->second;
    }
  }
  if (all == 1) return only;
  return lines == 1 ? on_line : kNone;
}

std::uint32_t EscapeGraph::chain_behind(std::uint32_t row) const {
  const FlowChain& chain = log_.chains[row];
  if (chain.flows == 0) return kNone;
  const Flow& last = log_.flows[chain.first_flow + chain.flows - 1];
  std::string_view sink = log_.text(last.to), stored = stored_name(sink);
  if (stored.empty() && (sink.starts_with('{') || is_result(sink))) return kNone;
  StringId name = stored.empty() ? last.to : log_.strings.find(stored);
  if (name == ProfileStrings::kNoString) return kNone;
  LogPlace near = last.steps > 0 ? log_.steps[last.first_step + last.steps - 1].at : chain.at;
  std::uint32_t behind = one_of(value_key(chain, name), name, chain.function, near);
  return behind == row ? kNone : behind;
}

std::uint32_t EscapeGraph::leak_of(StringId package, std::string_view function) const {
  StringId name = log_.strings.find(function);
  if (name == ProfileStrings::kNoString || function.empty()) return kNone;
  std::uint32_t only = kNone;
  auto [from, to] = leaks_.equal_range(key_of(package, name));
  for (auto at = from; at != to; ++at) {
    if (only != kNone && log_.chains[only].at != log_.chains[at->second].at) return kNone;
    only = at->second;
  }
  return only;
}

StringId EscapeGraph::function_of(std::size_t escape) const {
  for (std::uint32_t row : chains_of(escape))
    if (log_.chains[row].function != StringId{}) return log_.chains[row].function;
  const LogPlace& at = log_.escapes[escape].at;
  auto after = std::ranges::upper_bound(functions_, at, {}, &LoggedFunction::at);
  if (after == functions_.begin()) return {};
  const LoggedFunction& before = *(after - 1);
  return before.at.file == at.file ? before.name : StringId{};
}

std::span<const LoggedInlining> EscapeGraph::inlinings_at(const LogPlace& at) const {
  auto range = std::ranges::equal_range(inlinings_, at, {}, &LoggedInlining::at);
  return {range.begin(), range.end()};
}

EscapeGraph::Part EscapeGraph::part(std::span<const std::uint32_t> chains) const {
  Part part;
  std::map<std::tuple<StringId, StringId, LogPlace>, std::uint32_t> known;
  auto node = [&](StringId function, StringId name, LogPlace at) {
    std::string_view text = log_.text(name);
    EscapeNode one{.function = function, .name = name, .at = at};
    if (text == "{heap}") {
      one = {.name = name, .kind = LocationKind::kHeap};  // there is only one
    } else if (is_result(text)) {
      one.kind = LocationKind::kResult;
      one.at = {};
    } else if (std::string_view stored = stored_name(text); !stored.empty()) {
      one.kind = LocationKind::kValue;
    }
    auto [found, is_new] =
        known.try_emplace({one.function, one.name, one.at}, std::uint32_t(part.nodes.size()));
    if (is_new) part.nodes.push_back(one);
    return found->second;
  };
  std::vector<EscapeEdge> edges;
  for (std::uint32_t row : chains) {
    const FlowChain& chain = log_.chains[row];
    LogPlace from = chain.at;
    for (std::uint32_t i = 0; i < chain.flows; ++i) {
      std::uint32_t flow_row = chain.first_flow + i;
      const Flow& flow = log_.flows[flow_row];
      LogPlace to = flow.steps > 0 ? log_.steps[flow.first_step + flow.steps - 1].at : from;
      // What the last flow ends in has its own explanation, and with it its own place.
      if (std::uint32_t behind = i + 1 == chain.flows ? chain_behind(row) : kNone; behind != kNone)
        to = log_.chains[behind].at;
      edges.push_back({node(chain.function, flow.from, from), node(chain.function, flow.to, to), flow_row});
      from = to;
    }
  }
  std::ranges::stable_sort(edges, {}, [](const EscapeEdge& e) { return std::pair(e.from, e.to); });
  auto [rest, end] =
      std::ranges::unique(edges, {}, [](const EscapeEdge& e) { return std::pair(e.from, e.to); });
  edges.erase(rest, end);
  part.edges = std::move(edges);
  return part;
}

}  // namespace memsnap
