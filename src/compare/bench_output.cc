#include "compare/bench_output.h"

#include "base/lines.h"

#include <charconv>
#include <cmath>
#include <optional>
#include <unordered_map>

namespace memsnap {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view take_word(std::string_view& line) {
  std::size_t from = line.find_first_not_of(kBlanks);
  if (from == line.npos) {
    line = {};
    return {};
  }
  std::size_t to = std::min(line.find_first_of(kBlanks, from), line.size());
  std::string_view word = line.substr(from, to - from);
  line.remove_prefix(to);
  return word;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

// BenchmarkX or Benchmark/x, as a benchmark is named; Benchmarking is a word of a log.
bool is_benchmark_name(std::string_view word) {
  constexpr std::string_view kStart = "Benchmark";
  if (!word.starts_with(kStart)) return false;
  if (word.size() == kStart.size()) return true;
  char next = word[kStart.size()];
  return !(next >= 'a' && next <= 'z');
}

struct Measured {
  std::string_view name;
  std::vector<std::pair<std::string_view, double>> values;  // unit, value
};

std::optional<Measured> read_line(std::string_view line) {
  constexpr std::size_t kMostMetrics = 100;
  Measured out{.name = take_word(line), .values = {}};
  if (!is_benchmark_name(out.name)) return std::nullopt;
  std::optional<double> runs = number(take_word(line));
  if (!runs || *runs < 0) return std::nullopt;
  while (out.values.size() < kMostMetrics) {
    std::string_view value = take_word(line), unit = take_word(line);
    if (value.empty()) break;
    std::optional<double> parsed = number(value);
    if (!parsed || unit.empty()) return std::nullopt;
    out.values.emplace_back(unit, *parsed);
  }
  if (out.values.empty()) return std::nullopt;
  out.name.remove_prefix(std::string_view("Benchmark").size());
  if (out.name.empty()) out.name = "Benchmark";
  return out;
}

class Reader {
 public:
  void line(std::string_view text) {
    if (text.starts_with("--- FAIL") || text.starts_with("FAIL")) ++out_.failed;
    for (std::string_view key : {"goos", "goarch", "pkg", "cpu"})
      if (text.starts_with(key) && text.substr(key.size()).starts_with(": "))
        set(key, text.substr(key.size() + 2));
    if (std::optional<Measured> measured = read_line(text)) add(*measured);
  }
  BenchOutput take() { return std::move(out_); }

 private:
  void set(std::string_view key, std::string_view value) {
    while (value.ends_with('\r')) value.remove_suffix(1);
    if (key == "pkg")
      package_ = value;
    else
      out_.machine[std::string(key)] = value;
  }
  void add(const Measured& measured) {
    std::string key = package_ + "\n" + std::string(measured.name);
    auto [at, fresh] = rows_.try_emplace(std::move(key), out_.benchmarks.size());
    if (fresh)
      out_.benchmarks.push_back({.package = package_, .name = std::string(measured.name), .metrics = {}});
    std::vector<BenchMetric>& metrics = out_.benchmarks[at->second].metrics;
    for (const auto& [unit, value] : measured.values) metric(metrics, unit).values.push_back(value);
  }
  static BenchMetric& metric(std::vector<BenchMetric>& metrics, std::string_view unit) {
    for (BenchMetric& one : metrics)
      if (one.unit == unit) return one;
    metrics.push_back({.unit = std::string(unit), .values = {}});
    return metrics.back();
  }

  BenchOutput out_;
  std::string package_;
  std::unordered_map<std::string, std::size_t> rows_;
};

}  // namespace

bool looks_like_bench_output(std::string_view text) {
  constexpr std::size_t kEnough = 1 << 20;
  bool found = false;
  if (text.substr(0, 4096).find('\0') != text.npos) return false;
  each_line(text.substr(0, kEnough),
            [&](std::string_view line) { found = found || read_line(line).has_value(); });
  return found;
}

Result<BenchOutput> read_bench_output(std::string_view text, std::string_view name) {
  Reader reader;
  each_line(text, [&](std::string_view line) { reader.line(line); });
  BenchOutput out = reader.take();
  if (out.benchmarks.empty())
    return fail(Cause::bad_input, "{}: no benchmark in it, expected lines as: BenchmarkX-8  100  123 ns/op",
                name);
  return out;
}

}  // namespace memsnap
