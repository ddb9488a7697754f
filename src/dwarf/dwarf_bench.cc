// Indexes the DWARF of a Go program with net/http in it (about 9 MB), inflating included. Watch the time, and
// bytes_per_second of .debug_info.
#include "base/test_program.h"
#include "dwarf/dwarf.h"

#include <benchmark/benchmark.h>

namespace {

constexpr const char* kServer =
    "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\"localhost:0\", nil) }\n";

void BM_Index(benchmark::State& state) {
  memsnap::TestProgram program(kServer);
  if (!program.built()) return state.SkipWithError("go build failed");
  std::string file = program.bytes();
  std::size_t bytes = 0;
  for (auto _ : state) {
    auto elf = memsnap::ElfFile::open(std::as_bytes(std::span(file)));
    if (!elf) return state.SkipWithError(elf.error().what.c_str());
    auto index = memsnap::DwarfIndex::read(*elf);
    if (!index) return state.SkipWithError(index.error().what.c_str());
    benchmark::DoNotOptimize(index->types().size());
    bytes += elf->data(".debug_info")->size();
  }
  state.SetBytesProcessed(std::int64_t(bytes));
}
BENCHMARK(BM_Index)->Unit(benchmark::kMillisecond);

}  // namespace
