// Inflates the debug sections of a program given by MEMSNAP_BENCH_EXE. Watch bytes_per_second (inflated).
#include "elf/elf.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>

static void BM_Inflate(benchmark::State& state) {
  const char* path = std::getenv("MEMSNAP_BENCH_EXE");
  if (!path) return state.SkipWithError("MEMSNAP_BENCH_EXE names no program");
  std::ifstream in(path, std::ios::binary);
  std::string file(std::istreambuf_iterator<char>(in), {});
  std::size_t inflated = 0;
  for (auto _ : state) {
    auto elf = memsnap::ElfFile::open(std::as_bytes(std::span(file)));
    if (!elf) return state.SkipWithError(elf.error().what.c_str());
    for (const memsnap::ElfSection& s : elf->sections())
      if (s.name.starts_with(".debug_")) inflated += elf->data(s.name).value_or(memsnap::Bytes{}).size();
  }
  state.SetBytesProcessed(std::int64_t(inflated));
}
BENCHMARK(BM_Inflate)->Unit(benchmark::kMillisecond);
