// Whatever the bytes, the readers of benchmark output and of finding lists answer, and what they give can be
// compared and printed in every form.
#include "compare/bench_diff.h"
#include "compare/finding_list.h"
#include "compare/print.h"

#include <cmath>
#include <cstddef>
#include <string_view>

namespace {

void print_all(const memsnap::Comparison& comparison) {
  memsnap::ComparedSides sides{"a", "b"};
  memsnap::Out out;
  memsnap::print_comparison(comparison, sides, {}, 10, out);
  memsnap::print_comparison_json(comparison, sides, out);
  memsnap::print_comparison_markdown(comparison, sides, 10, out);
  memsnap::print_junit(comparison, memsnap::Severity::kLow, out);
  memsnap::print_sarif(comparison, out);
  for (char c : out.text())
    if (c == '\x1b' || c == '\0') __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t cut = text.find("\n---\n");
  std::string_view first = text.substr(0, cut);
  std::string_view second = cut == text.npos ? first : text.substr(cut + 5);
  auto a = memsnap::read_bench_output(first, "a"), b = memsnap::read_bench_output(second, "b");
  if (a)
    for (const memsnap::Benchmark& one : a->benchmarks)
      for (const memsnap::BenchMetric& metric : one.metrics)
        for (double value : metric.values)
          if (!std::isfinite(value)) __builtin_trap();
  if (a && b) print_all(memsnap::diff_benchmarks(*a, *b, {}));
  auto before = memsnap::read_finding_list(first, "a"), after = memsnap::read_finding_list(second, "b");
  if (before && after) print_all(memsnap::diff_findings(*before, *after, {}));
  (void)memsnap::read_baseline(first, "a");
  return 0;
}
