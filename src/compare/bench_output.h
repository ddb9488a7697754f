// Reads what `go test -bench` prints: README.md.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct BenchMetric {
  std::string unit;            // ns/op, B/op, allocs/op, MB/s, what ReportMetric named
  std::vector<double> values;  // of each run, in their order
};
struct Benchmark {
  std::string package;  // "" when no line named it
  std::string name;     // Encode/json-8, without the word Benchmark
  std::vector<BenchMetric> metrics;
};
struct BenchOutput {
  std::vector<Benchmark> benchmarks;           // in the order of their first line
  std::map<std::string, std::string> machine;  // goos, goarch, cpu: the last of each
  std::size_t failed = 0;                      // lines that begin with --- FAIL or FAIL
};

bool looks_like_bench_output(std::string_view text);
// Lines of other kinds are passed over: logs and tests are in the same stream. Fails when there is no
// benchmark.
Result<BenchOutput> read_bench_output(std::string_view text, std::string_view name);

}  // namespace memsnap
