// Draws call graphs of 80 nodes, as pictures have them unless told otherwise, and larger ones, and shapes
// that are hard on layered drawings. Watch the time: 50 ms for 80 nodes, 2 s for 2,000.
#include "reports/random_layout.h"

#include <benchmark/benchmark.h>

namespace memsnap {
namespace {

void BM_CallGraph(benchmark::State& state) {
  DrawnGraph graph = random_calls(std::size_t(state.range(0)), 3);
  for (auto _ : state) benchmark::DoNotOptimize(lay_out(graph.nodes, graph.edges));
}
BENCHMARK(BM_CallGraph)->Arg(80)->Arg(400)->Arg(2000)->Arg(20'000)->Unit(benchmark::kMillisecond);

void strange(benchmark::State& state, const char* shape) {
  DrawnGraph graph = strange_graph(shape, std::size_t(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(lay_out(graph.nodes, graph.edges));
}
BENCHMARK_CAPTURE(strange, star, "star")->Arg(20'000)->Arg(80'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strange, chain, "chain")->Arg(20'000)->Arg(80'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strange, ladder, "ladder")->Arg(20'000)->Arg(80'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strange, ring, "ring")->Arg(20'000)->Arg(80'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strange, layers, "two layers")->Arg(20'000)->Arg(80'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strange, bows, "bows")->Arg(20'000)->Arg(80'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(strange, dense, "dense")->Arg(1500)->Arg(6000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace memsnap
