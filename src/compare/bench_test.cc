#include "compare/bench_diff.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace memsnap {
namespace {

constexpr const char* kOutput = R"(goos: linux
goarch: amd64
pkg: example.com/shop
cpu: Intel(R) Xeon(R)
BenchmarkEncode/json-8         	  500000	      2100 ns/op	  512 B/op	      7 allocs/op
BenchmarkEncode/json-8         	  500000	      2200 ns/op	  512 B/op	      7 allocs/op
Benchmarking is what we do
BenchmarkCopy-8  1000 350.5 ns/op 2920.11 MB/s
2026/11/21 a log line
BenchmarkBroken-8
BenchmarkAlsoBroken-8 100 12
PASS
ok  	example.com/shop	4.1s
)";

TEST(BenchOutput, Lines) {
  EXPECT_TRUE(looks_like_bench_output(kOutput));
  EXPECT_FALSE(looks_like_bench_output("heap profile: 1: 2 [3: 4] @ heap/524288\n"));
  auto read = read_bench_output(kOutput, "x");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->benchmarks.size(), 2u);
  EXPECT_EQ(read->machine.at("cpu"), "Intel(R) Xeon(R)");
  const Benchmark& encode = read->benchmarks[0];
  EXPECT_EQ(encode.name, "Encode/json-8");
  EXPECT_EQ(encode.package, "example.com/shop");
  ASSERT_EQ(encode.metrics.size(), 3u);
  EXPECT_EQ(encode.metrics[0].values, (std::vector<double>{2100, 2200}));
  EXPECT_EQ(read->benchmarks[1].metrics[1].unit, "MB/s");
  EXPECT_FALSE(read_bench_output("PASS\n", "x"));
}

BenchOutput runs(const char* unit, std::vector<double> values, const char* name = "Encode-8") {
  BenchOutput output;
  output.benchmarks.push_back({.package = "p", .name = name, .metrics = {{unit, std::move(values)}}});
  return output;
}

TEST(BenchDiff, TellsChangesFromNoise) {
  CompareLimits limits;
  auto only = [&](const BenchOutput& a, const BenchOutput& b) {
    Comparison comparison = diff_benchmarks(a, b, limits);
    return comparison.rows.empty() ? ComparedRow{} : comparison.rows[0];
  };
  BenchOutput base = runs("ns/op", {100, 101, 99, 100, 102, 98});
  ComparedRow worse = only(base, runs("ns/op", {130, 131, 129, 130, 132, 128}));
  EXPECT_EQ(worse.verdict, ChangeKind::kWorse);
  EXPECT_NEAR(worse.change, 0.3, 1e-9);
  EXPECT_EQ(worse.severity, Severity::kHigh);
  EXPECT_EQ(only(base, runs("ns/op", {90, 91, 89, 90, 92, 88})).verdict, ChangeKind::kBetter);
  EXPECT_EQ(only(base, runs("ns/op", {101, 103, 98, 105, 99, 102})).verdict, ChangeKind::kNoise);
  EXPECT_EQ(only(base, base).verdict, ChangeKind::kSame);
  BenchOutput speed = runs("MB/s", {100, 101, 99, 100, 102, 98});
  EXPECT_EQ(only(speed, runs("MB/s", {130, 131, 129, 130, 132, 128})).verdict, ChangeKind::kBetter);
  // Three runs cannot tell, whatever they are; and that is said.
  BenchOutput three = runs("ns/op", {100, 100.1, 99.9}), slow = runs("ns/op", {200, 201, 199});
  EXPECT_EQ(only(three, slow).verdict, ChangeKind::kNoise);
  EXPECT_NE(diff_benchmarks(three, slow, limits).problems[0].find("-count=6"), std::string::npos);
}

TEST(BenchDiff, SaysWhatIsNotComparable) {
  BenchOutput a = runs("ns/op", {1, 1, 1, 1, 1, 1}, "Encode-8"),
              b = runs("ns/op", {1, 1, 1, 1, 1, 1}, "Encode-4");
  a.machine["cpu"] = "A";
  b.machine["cpu"] = "B";
  Comparison comparison = diff_benchmarks(a, b, {});
  EXPECT_EQ(comparison.same, 1u);  // matched without the number of processors
  EXPECT_EQ(comparison.problems.size(), 2u);
}

}  // namespace
}  // namespace memsnap
