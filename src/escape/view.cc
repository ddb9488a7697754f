#include "escape/view.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::size_t kMostAtPlace = 64;                 // rows at one place that one is compared with
constexpr double kHighShare = 0.1, kMediumShare = 0.01;  // of all bytes of the profile

bool is_wanted(const EscapeView& view, const RowChoice& choice, std::uint32_t escape) {
  if (!choice.in_focus) return true;
  const EscapeLog& log = view.log();
  const LoggedEscape& one = log.escapes[escape];
  return choice.in_focus(place_words(log, one.at)) || choice.in_focus(log.text(one.name)) ||
         choice.in_focus(log.text(view.graph->function_of(escape)));
}

// Rows that are one line of generic code become one.
void fold_instances(const EscapeLog& log, std::vector<EscapeRow>& rows) {
  std::vector<EscapeRow> kept;
  for (const EscapeRow& row : rows) {
    const LoggedEscape& one = log.escapes[row.escape];
    bool folds = false;
    std::size_t looked = 0;
    for (auto same = kept.rbegin();
         looked++ < kMostAtPlace && same != kept.rend() && log.escapes[same->escape].at == one.at; ++same) {
      if (plain_name(log.text(log.escapes[same->escape].name)) != plain_name(log.text(one.name))) continue;
      ++same->instances;
      folds = true;
      break;
    }
    if (!folds) kept.push_back(row);
  }
  rows = std::move(kept);
}

// What runs once, when the program starts, and values on the way to an error or a panic.
bool is_rare(const EscapeGraph& graph, std::size_t escape) {
  std::string_view function = graph.log().text(graph.function_of(escape));
  if (function == "init" || function.starts_with("init.")) return true;
  FixClass fix = explain(graph, escape).fix;
  return fix == FixClass::kErrorValue || fix == FixClass::kPanic;
}

double total_of(const EscapeView& view) { return view.costs->here + view.costs->elsewhere; }

}  // namespace

std::string plain_name(std::string_view name) {
  std::string plain;
  int depth = 0;
  for (char c : name) {
    if (c == '[') ++depth;
    if (depth == 0) plain += c;
    if (c == ']' && depth > 0) --depth;
  }
  return plain;
}

bool is_own_code(std::string_view file) {
  if (file.empty() || file.starts_with("../") || file.starts_with('<')) return false;
  if (!file.starts_with('/')) return true;
  return file.find("/pkg/mod/") == file.npos && file.find("/go/src/") == file.npos &&
         file.find("/golang.org/toolchain@") == file.npos;
}

void choose_rows(EscapeView& view, const RowChoice& choice) {
  std::vector<bool> seen(view.log().escapes.size());
  std::vector<bool> started(view.changes ? seen.size() : 0);
  if (view.changes)
    for (std::uint32_t row : view.changes->started) started[row] = true;
  auto wanted = [&](std::uint32_t row) {
    return (!view.changes || started[row]) && is_wanted(view, choice, row);
  };
  if (view.costs)
    for (const EscapeCost& cost : view.costs->rows) {
      auto first = std::ranges::find_if(cost.escapes, wanted);
      // A difference may be a loss: that is no cost.
      if (first == cost.escapes.end() || value_of(cost, view.order) <= 0) continue;
      view.rows.push_back({*first, &cost});
      for (std::uint32_t row : cost.escapes) seen[row] = true;
    }
  std::vector<EscapeRow> rest;
  for (std::uint32_t row = 0; row < seen.size(); ++row)
    if (!seen[row] && wanted(row)) rest.push_back({row});
  if (view.costs && !choice.with_zero && !view.changes) {
    view.hidden = rest.size();
    return;
  }
  const EscapeLog& log = view.log();
  std::vector<bool> rare(seen.size());
  for (const EscapeRow& row : rest) rare[row.escape] = is_rare(*view.graph, row.escape);
  auto key = [&](const EscapeRow& row) {
    const LogPlace& at = log.escapes[row.escape].at;
    std::string_view file = log.text(at.file);
    return std::tuple(!is_own_code(file), rare[row.escape], file, at.line, at.column);
  };
  std::ranges::stable_sort(rest, {}, key);
  fold_instances(log, rest);
  view.rows.insert(view.rows.end(), rest.begin(), rest.end());
}

Finding escape_finding(const EscapeView& view, const EscapeRow& row) {
  const EscapeLog& log = view.log();
  const LoggedEscape& one = view.escape(row);
  Explanation why = explain(*view.graph, row.escape);
  std::string function(log.text(view.graph->function_of(row.escape)));
  std::string package(log.text(one.package));
  Finding finding{.pattern = "escape-hot", .rule = "escape-hot", .severity = Severity::kInfo};
  if (view.changes) finding.severity = Severity::kMedium;
  std::string full = function.empty() || package.empty() ? function : package + "." + function;
  if (row.cost) {
    double value = value_of(*row.cost, view.order);
    finding.share = total_of(view) > 0 ? value / total_of(view) : 0;
    finding.severity = finding.share >= kHighShare     ? Severity::kHigh
                       : finding.share >= kMediumShare ? Severity::kMedium
                                                       : Severity::kLow;
    finding.objects = std::uint64_t(std::max(0.0, row.cost->now.live_objects));
    finding.retained_bytes = std::uint64_t(std::max(0.0, row.cost->live()));
    full = view.sites->text(row.cost->function);
  }
  finding.confidence = row.cost && row.cost->escapes.size() > 1 ? Confidence::kLikely : Confidence::kCertain;
  finding.title =
      fmt::format("{} escapes to the heap{}{}", log.text(one.name), function.empty() ? "" : " in ", function);
  finding.type = log.text(one.name);
  finding.holder.root = log.text(one.name);
  finding.sites.push_back({.function = full,
                           .file = std::string(log.text(one.at.file)),
                           .line = int(one.at.line),
                           .share = 1,
                           .source = "compiler"});
  finding.evidence.push_back({.kind = "flow", .text = sentence(log, why, one.at), .verb = {}});
  finding.fix = {.text = advice(why.fix), .recipe = "escape-hot"};
  finding.fingerprint = fingerprint(finding);
  return finding;
}

std::optional<Severity> worst(const EscapeView& view) {
  std::optional<Severity> most;
  for (const EscapeRow& row : view.rows) {
    Severity severity = escape_finding(view, row).severity;
    if (!most || severity > *most) most = severity;
  }
  return most;
}

}  // namespace memsnap
