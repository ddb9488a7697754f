#include "compare/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memsnap {

bool is_worse(const ComparedRow& row) {
  return row.verdict == ChangeKind::kWorse || row.verdict == ChangeKind::kNew;
}

const char* word(ChangeKind change) {
  static constexpr const char* kWords[] = {"same", "noise", "better", "worse", "new", "gone"};
  return kWords[std::size_t(change)];
}

Severity severity_of_change(double change) {
  constexpr double kHigh = 0.2, kMedium = 0.05;
  double size = std::abs(change);
  return size >= kHigh ? Severity::kHigh : size >= kMedium ? Severity::kMedium : Severity::kLow;
}

std::string make_id(std::string_view kind, std::string_view metric, std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325ull;  // FNV-1a
  for (std::string_view part : {kind, metric, name}) {
    for (char c : part) hash = (hash ^ std::uint8_t(c)) * 0x100000001b3ull;
    hash = (hash ^ 0xff) * 0x100000001b3ull;
  }
  return fmt::format("{:016x}", hash);
}

void sort_rows(Comparison& comparison) {
  auto rank = [](const ComparedRow& row) {
    switch (row.verdict) {
      case ChangeKind::kNew:
      case ChangeKind::kWorse: return 0;
      case ChangeKind::kBetter:
      case ChangeKind::kGone: return 1;
      case ChangeKind::kNoise: return 2;
      case ChangeKind::kSame: break;
    }
    return 3;
  };
  std::ranges::stable_sort(comparison.rows, [&](const ComparedRow& a, const ComparedRow& b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    if (is_worse(a) && a.severity != b.severity) return a.severity > b.severity;
    if (std::abs(a.change) != std::abs(b.change)) return std::abs(a.change) > std::abs(b.change);
    return a.name != b.name ? a.name < b.name : a.metric < b.metric;
  });
}

void apply_baseline(Comparison& comparison, const std::set<std::string>& known) {
  for (ComparedRow& row : comparison.rows) row.is_known = known.contains(row.id);
}

bool has_regression(const Comparison& comparison, Severity least) {
  return std::ranges::any_of(comparison.rows, [&](const ComparedRow& row) {
    return is_worse(row) && !row.is_known && row.severity >= least;
  });
}

}  // namespace memsnap
