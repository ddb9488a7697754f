// Compares two outputs of `go test -bench`, metric by metric, as benchstat does it: medians, and a U test
// that tells a change from noise.
#pragma once

#include "compare/bench_output.h"
#include "compare/comparison.h"

namespace memsnap {

// ns/op: less is better; MB/s and whatever ends in /s: more is.
bool is_more_better(const std::string& unit);
Comparison diff_benchmarks(const BenchOutput& before, const BenchOutput& after, const CompareLimits& limits);

}  // namespace memsnap
