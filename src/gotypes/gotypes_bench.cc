// Loads and checks net/http of the Go on PATH: its files whole, what it needs of other packages as
// declarations. Watch bytes_per_second, which counts the bytes of net/http alone.
#include "gotypes/types.h"

#include <benchmark/benchmark.h>

#include <cstdlib>

using namespace memsnap;

static void BM_CheckNetHttp(benchmark::State& state) {
  GoEnvironment environment = read_go_environment([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  });
  types::LoadOptions options{
      .folder = "/", .patterns = {"net/http"}, .tests = false, .threads = int(state.range(0))};
  std::size_t bytes = 0;
  for (auto _ : state) {
    auto program = types::Program::load(options, environment);
    if (!program || (*program)->asked().empty()) return state.SkipWithError("no Go on PATH");
    for (types::PackageId package : (*program)->asked()) {
      (*program)->check(package);
      for (types::FileId file : (*program)->package(package).files)
        bytes += (*program)->source(file).bytes().size();
    }
  }
  state.SetBytesProcessed(std::int64_t(bytes));
}
BENCHMARK(BM_CheckNetHttp)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
