// The standard library of the Go on PATH, read into memory before: bytes of source a second and core. The
// goal is 150 MB/s for kAll; go/parser has about 60.
#include "gosrc/lexer.h"
#include "gosrc/parse.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using namespace memsnap;

std::vector<std::string> read_library() {
  std::vector<std::string> files;
  std::string root;
  if (FILE* pipe = popen("go env GOROOT", "r")) {
    char line[4096];
    if (fgets(line, sizeof line, pipe)) root = line;
    pclose(pipe);
  }
  while (!root.empty() && root.back() == '\n') root.pop_back();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root + "/src")) {
    if (!entry.is_regular_file() || entry.path().extension() != ".go") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return files;
}

const std::vector<std::string>& library() {
  static const std::vector<std::string> files = read_library();
  return files;
}

std::size_t library_bytes() {
  std::size_t bytes = 0;
  for (const std::string& text : library()) bytes += text.size();
  return bytes;
}

void BM_Lex(benchmark::State& state) {
  library();
  for (auto _ : state) {
    NameTable names;
    std::size_t tokens = 0;
    for (const std::string& text : library()) {
      std::vector<Comment> comments;
      std::vector<SyntaxError> errors;
      Lexer in(text, names, comments, errors);
      do {
        in.next();
        ++tokens;
      } while (in.token() != ast::Token::kEof);
    }
    benchmark::DoNotOptimize(tokens);
  }
  state.SetBytesProcessed(std::int64_t(std::size_t(state.iterations()) * library_bytes()));
}
BENCHMARK(BM_Lex)->Unit(benchmark::kMillisecond);

void parse_all(benchmark::State& state, ParseMode mode) {
  library();
  for (auto _ : state) {
    NameTable names;
    std::size_t nodes = 0;
    for (const std::string& text : library()) nodes += parse_source("a.go", text, names, mode).node_count();
    benchmark::DoNotOptimize(nodes);
  }
  state.SetBytesProcessed(std::int64_t(std::size_t(state.iterations()) * library_bytes()));
}
void BM_Parse(benchmark::State& state) { parse_all(state, ParseMode::kAll); }
void BM_ParseDeclarations(benchmark::State& state) { parse_all(state, ParseMode::kDeclarations); }
BENCHMARK(BM_Parse)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_ParseDeclarations)->Unit(benchmark::kMillisecond);

}  // namespace
