// Writes, opens and verifies a snapshot of 5 million objects and about 10 million pointers. BM_Open is the
// header alone (a verb that needs no table), BM_Verify all tables; watch the time, and bytes_per_second of
// the file.
#include "snap/random_heap.h"
#include "snap/snapshot.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>

namespace {

using namespace memsnap;

struct Fixture {
  Heap heap = RandomHeap(1, 5'000'000).make();
  std::string folder = (std::filesystem::temp_directory_path() / "memsnap_bench_XXXXXX").string();
  std::string path;
  std::int64_t size = 0;
  Fixture() {
    if (!mkdtemp(folder.data())) std::abort();
    path = folder + "/a.snap";
    if (!write_snapshot(heap, path, true)) std::abort();
    size = std::int64_t(std::filesystem::file_size(path));
  }
  ~Fixture() { std::filesystem::remove_all(folder); }
};

void BM_Write(benchmark::State& state) {
  Fixture f;
  for (auto _ : state)
    if (!write_snapshot(f.heap, f.path, true)) return state.SkipWithError("not written");
  state.SetBytesProcessed(state.iterations() * f.size);
}
BENCHMARK(BM_Write)->Unit(benchmark::kMillisecond);

void BM_Open(benchmark::State& state) {
  Fixture f;
  for (auto _ : state)
    if (!open_snapshot(f.path, {"facts"})) return state.SkipWithError("not opened");
}
BENCHMARK(BM_Open)->Unit(benchmark::kMillisecond);

void BM_Verify(benchmark::State& state) {
  Fixture f;
  for (auto _ : state)
    if (!open_snapshot(f.path)) return state.SkipWithError("not opened");
  state.SetBytesProcessed(state.iterations() * f.size);
}
BENCHMARK(BM_Verify)->Unit(benchmark::kMillisecond);

}  // namespace
