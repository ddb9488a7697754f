// Dominators with retained bytes and counts of a heap-like graph (two thirds leaves, one edge per node, one
// node in a hundred with a second way to it) and of the worst one (three random edges per node).
// items_per_second is nodes per second on one core.
#include "graph/random_graph.h"

#include <benchmark/benchmark.h>

namespace memsnap {
namespace {

struct Flat {
  std::vector<std::uint32_t> first, target, root_first, root_target, words;
  std::vector<std::uint8_t> phase;
  RootedGraph rows() const { return {first, target, root_first, root_target, phase, words, {}}; }
};

// Chunks of three nodes hang below arrays of 1,000 pointers, as values below the groups of a map do.
Flat heap_like(std::uint32_t nodes) {
  std::mt19937 random(1);
  Flat graph;
  std::uint32_t arrays = nodes / 3001, begin = arrays;
  for (std::uint32_t a = 0; a < arrays; ++a) {
    graph.first.push_back(std::uint32_t(graph.target.size()));
    for (std::uint32_t i = 0; i < 1000; ++i) graph.target.push_back(begin + (a * 1000 + i) * 3);
  }
  for (std::uint32_t node = begin; node < nodes; ++node) {
    graph.first.push_back(std::uint32_t(graph.target.size()));
    if ((node - begin) % 3 != 0) continue;
    for (std::uint32_t i = 1; i <= 2 && node + i < nodes; ++i) graph.target.push_back(node + i);
    if (random() % 33 == 0) graph.target.push_back(begin + std::uint32_t(random()) % (nodes - begin));
  }
  graph.first.push_back(std::uint32_t(graph.target.size()));
  for (std::uint32_t a = 0; a < arrays; ++a) graph.root_target.push_back(a);
  graph.root_first = {0, arrays / 2, arrays};
  graph.phase = {0, 2};
  graph.words.assign(nodes, 8);
  return graph;
}

Flat worst_case(std::uint32_t nodes) {
  std::mt19937 random(1);
  Flat graph;
  for (std::uint32_t node = 0; node < nodes; ++node) {
    graph.first.push_back(std::uint32_t(graph.target.size()));
    for (int i = 0; i < 3; ++i) graph.target.push_back(std::uint32_t(random()) % nodes);
  }
  graph.first.push_back(std::uint32_t(graph.target.size()));
  graph.root_target = {0, 1, 2, 3};
  graph.root_first = {0, 4};
  graph.phase = {0};
  graph.words.assign(nodes, 8);
  return graph;
}

void BM_HeapLike(benchmark::State& state) {
  Flat graph = heap_like(std::uint32_t(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(dominators(graph.rows()).retained.back());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_HeapLike)->Arg(100'000)->Arg(1'000'000)->Arg(5'660'000)->Unit(benchmark::kMillisecond);

void BM_WorstCase(benchmark::State& state) {
  Flat graph = worst_case(std::uint32_t(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(dominators(graph.rows()).retained.back());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_WorstCase)->Arg(1'000'000)->Arg(4'700'000)->Unit(benchmark::kMillisecond);

void BM_Mark(benchmark::State& state) {
  Flat graph = heap_like(std::uint32_t(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(reachable(graph.rows()).back());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Mark)->Arg(5'660'000)->Unit(benchmark::kMillisecond);

void BM_ShortestPaths(benchmark::State& state) {
  Flat graph = heap_like(std::uint32_t(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(shortest_paths(graph.rows()).parent.back());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ShortestPaths)->Arg(5'660'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace memsnap
