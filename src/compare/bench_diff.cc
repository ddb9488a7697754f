#include "compare/bench_diff.h"

#include "compare/ranks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace memsnap {
namespace {

using Values = std::vector<double>;

// Encode-8 without -8: the number of processors is part of a name.
std::string without_processors(const std::string& name) {
  std::size_t dash = name.rfind('-');
  if (dash == name.npos || dash + 1 == name.size()) return name;
  return name.find_first_not_of("0123456789", dash + 1) == name.npos ? name.substr(0, dash) : name;
}

class Names {
 public:
  Names(const BenchOutput& before, const BenchOutput& after) {
    for (const BenchOutput* one : {&before, &after})
      for (const Benchmark& benchmark : one->benchmarks) {
        if (!packages_.empty() && packages_ != benchmark.package) several_packages_ = true;
        packages_ = benchmark.package;
      }
    drop_processors_ = processors(before) != processors(after);
  }
  std::string of(const Benchmark& benchmark) const {
    std::string name = drop_processors_ ? without_processors(benchmark.name) : benchmark.name;
    return several_packages_ && !benchmark.package.empty() ? benchmark.package + "." + name : name;
  }
  bool drop_processors() const { return drop_processors_; }

 private:
  static std::string processors(const BenchOutput& output) {
    std::string all;
    for (const Benchmark& one : output.benchmarks) {
      std::string own = one.name.substr(without_processors(one.name).size());
      if (all.empty()) all = own;
      if (all != own) return "several";
    }
    return all;
  }
  std::string packages_;
  bool several_packages_ = false, drop_processors_ = false;
};

using Series = std::map<std::pair<std::string, std::string>, Values>;  // by name and unit

Series series_of(const BenchOutput& output, const Names& names) {
  Series all;
  for (const Benchmark& benchmark : output.benchmarks)
    for (const BenchMetric& metric : benchmark.metrics) {
      Values& values = all[{names.of(benchmark), metric.unit}];
      values.insert(values.end(), metric.values.begin(), metric.values.end());
    }
  return all;
}

std::string interval_words(const MedianInterval& one) {
  if (!one.is_bounded) return "\u00b1\u221e";
  if (one.median == 0) return one.high == 0 && one.low == 0 ? "\u00b10%" : "\u00b1?";
  double wider = std::max(one.high / one.median - 1, 1 - one.low / one.median);
  return fmt::format("\u00b1{:.0f}%", wider * 100);
}

ComparedRow compare(const std::string& name, const std::string& unit, const Values& before,
                    const Values& after, const CompareLimits& limits) {
  MedianInterval a = median_interval(before), b = median_interval(after);
  ComparedRow row{.name = name, .metric = unit, .unit = unit, .before = a.median, .after = b.median};
  row.id = make_id("bench", unit, name);
  double p = probability_of_no_difference(before, after);
  if (a.median != b.median)
    row.change = a.median == 0 ? std::numeric_limits<double>::infinity() : b.median / a.median - 1;
  row.limits = fmt::format("p={:.3f} n={}+{}, {} and {}", p, before.size(), after.size(), interval_words(a),
                           interval_words(b));
  if (row.change == 0) return row;
  if (p > limits.alpha || std::abs(row.change) < limits.threshold) {
    row.verdict = ChangeKind::kNoise;
    return row;
  }
  bool more = row.change > 0;
  row.verdict = more == is_more_better(unit) ? ChangeKind::kBetter : ChangeKind::kWorse;
  if (row.verdict == ChangeKind::kWorse) row.severity = severity_of_change(row.change);
  return row;
}

void say_machines(const BenchOutput& before, const BenchOutput& after, const Names& names,
                  std::vector<std::string>& problems) {
  for (const auto& [key, value] : before.machine) {
    auto other = after.machine.find(key);
    if (other != after.machine.end() && other->second != value)
      problems.push_back(fmt::format("{} differs: {} and {}", key, value, other->second));
  }
  if (names.drop_processors())
    problems.emplace_back("the numbers of processors differ, benchmarks are matched without them");
  if (before.failed + after.failed > 0)
    problems.push_back(fmt::format("tests failed: {} before, {} after", before.failed, after.failed));
}

// As benchstat sums up: the n-th root of the product of ratios, over benchmarks that both sides have.
std::string geomean_words(const Series& before, const Series& after) {
  std::map<std::string, std::pair<double, int>> sums;
  for (const auto& [key, values] : before) {
    auto other = after.find(key);
    if (other == after.end()) continue;
    double a = median_interval(values).median, b = median_interval(other->second).median;
    if (a <= 0 || b <= 0) continue;
    sums[key.second].first += std::log(b / a);
    ++sums[key.second].second;
  }
  std::string words;
  for (const auto& [unit, sum] : sums)
    words += fmt::format("{}{} {:+.2f}%", words.empty() ? "" : ", ", unit,
                         (std::exp(sum.first / sum.second) - 1) * 100);
  return words;
}

}  // namespace

bool is_more_better(const std::string& unit) { return unit.ends_with("/s"); }

Comparison diff_benchmarks(const BenchOutput& before, const BenchOutput& after, const CompareLimits& limits) {
  Names names(before, after);
  Series a = series_of(before, names), b = series_of(after, names);
  Comparison out{.kind = "bench"};
  say_machines(before, after, names, out.problems);
  std::size_t fewest = std::numeric_limits<std::size_t>::max(), compared = 0, missing = 0;
  for (const auto& [key, values] : a) {
    auto other = b.find(key);
    if (other == b.end()) {
      ++missing;
      continue;
    }
    ++compared;
    fewest = std::min({fewest, values.size(), other->second.size()});
    ComparedRow row = compare(key.first, key.second, values, other->second, limits);
    if (row.verdict == ChangeKind::kSame)
      ++out.same;
    else
      out.rows.push_back(std::move(row));
  }
  std::size_t added = 0;
  for (const auto& [key, values] : b) added += !a.contains(key);
  constexpr std::size_t kFewestForATest = 4;
  if (compared == 0) out.problems.emplace_back("no benchmark is in both");
  if (compared > 0 && fewest < kFewestForATest)
    out.problems.push_back(fmt::format(
        "fewest runs of a benchmark: {}, too few to tell a change from noise; use -count={} or more", fewest,
        6));
  if (missing + added > 0)
    out.problems.push_back(
        fmt::format("{} metrics are only in the first, {} only in the second", missing, added));
  out.summary =
      fmt::format("{} metrics of benchmarks compared; geometric mean: {}", compared, geomean_words(a, b));
  sort_rows(out);
  return out;
}

}  // namespace memsnap
