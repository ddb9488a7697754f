// Reads a log as -m=2 writes it: 20,000 explanations of seven lines, each said by three packages, in pieces
// of 1 MiB. Watch bytes_per_second; a log of 161 MB should take below 0.8 s.
#include "golog/text_reader.h"

#include <benchmark/benchmark.h>

#include <string>

namespace {

std::string large_log() {
  std::string log;
  for (int package = 0; package < 3; ++package) {
    log += "# example.com/shop/package" + std::to_string(package) + "\n";
    for (int i = 0; i < 20'000; ++i) {
      std::string at =
          "internal/session/store" + std::to_string(i % 100) + ".go:" + std::to_string(i) + ":9: ";
      log += at + "&Session{...} escapes to heap in (*Store).Put" + std::to_string(i) + ":\n";
      log += at + "  flow: s \u2190 &{storage for &Session{...}}:\n";
      log += at + "    from &Session{...} (spill) at " + at.substr(0, at.size() - 2) + "\n";
      log += at + "    from s := &Session{...} (assign) at " + at.substr(0, at.size() - 2) + "\n";
      log += at + "  flow: {heap} \u2190 s:\n";
      log += at + "    from store.sessions[id] = s (assign) at " + at.substr(0, at.size() - 2) + "\n";
      log += at + "&Session{...} escapes to heap\n";
    }
  }
  return log;
}

void BM_TextLog(benchmark::State& state) {
  std::string text = large_log();
  for (auto _ : state) {
    memsnap::EscapeLog log;
    memsnap::TextLogReader reader(log);
    for (std::size_t at = 0; at < text.size(); at += 1 << 20)
      reader.feed(std::string_view(text).substr(at, 1 << 20));
    reader.finish();
    benchmark::DoNotOptimize(log.escapes.size());
  }
  state.SetBytesProcessed(std::int64_t(state.iterations()) * std::int64_t(text.size()));
}
BENCHMARK(BM_TextLog)->Unit(benchmark::kMillisecond);

}  // namespace
