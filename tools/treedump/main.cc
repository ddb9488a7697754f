// Prints a line for each Go file named on standard input, as tests/gosrc does with go/parser: the path, and
// either `rejected` or the number of nodes of each kind and a hash of kind, begin and end of all of them in
// source order. Usage: treedump [-errors | -speed [times]] <list; -speed prints the CPU time of parsing
// alone.
#include "gosrc/parse.h"
#include "gosrc/walk.h"
#include "os/files.h"

#include <fmt/core.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <iostream>

namespace memsnap {
namespace {

using ast::Kind;

constexpr std::uint64_t kPrime = 1099511628211u;

struct Summary {
  std::array<std::size_t, ast::kKinds> nodes{};
  std::uint64_t hash = 14695981039346656037u;
  void mix(std::uint64_t value) { hash = (hash ^ value) * kPrime; }
};

Summary summary_of(const SourceFile& file) {
  Summary sum;
  ast::walk(file, file.root(), [&](ast::NodeId id) {
    Kind kind = file.kind(id);
    ++sum.nodes[std::size_t(kind)];
    if (kind == Kind::kFile) return true;
    for (char c : ast::word(kind)) sum.mix(std::uint8_t(c));
    sum.mix(file.pos(id));
    sum.mix(file.end(id));
    if (kind == Kind::kIdent)
      for (char c : file.names().text(file.name(id))) sum.mix(std::uint8_t(c));
    return true;
  });
  return sum;
}

void print(const SourceFile& file, bool errors) {
  if (!file.errors().empty()) {
    fmt::print("{} rejected on line {}\n", file.path(), file.position(file.errors()[0].pos).line);
    if (errors)
      for (const SyntaxError& e : file.errors()) fmt::print("  {}\n", to_text(file, e));
    return;
  }
  Summary sum = summary_of(file);
  fmt::print("{} {:016x}", file.path(), sum.hash);
  for (std::size_t k = 1; k < sum.nodes.size(); ++k)
    if (sum.nodes[k]) fmt::print(" {}={}", ast::word(Kind(k)), sum.nodes[k]);
  fmt::print("\n");
}

double cpu_seconds() { return double(std::clock()) / CLOCKS_PER_SEC; }

int speed(std::vector<std::pair<std::string, std::string>> files, int times) {
  for (ParseMode mode : {ParseMode::kAll, ParseMode::kDeclarations}) {
    for (int i = 0; i < times; ++i) {
      NameTable names;
      std::size_t bytes = 0, nodes = 0;
      double seconds = 0;
      for (auto& [path, text] : files) {
        std::string copy = text;
        double before = cpu_seconds();
        SourceFile file = parse_source(path, std::move(copy), names, mode);
        seconds += cpu_seconds() - before;
        bytes += text.size();
        nodes += file.node_count();
      }
      fmt::print("{} {:.1f} MB, {} nodes, {} names, {:.3f} CPU s, {:.0f} MB/s\n",
                 mode == ParseMode::kAll ? "all         " : "declarations", double(bytes) / 1e6, nodes,
                 names.size(), seconds, double(bytes) / 1e6 / seconds);
    }
  }
  return 0;
}

int run(int count, char** words) {
  std::string mode = count > 1 ? words[1] : "";
  std::vector<std::pair<std::string, std::string>> kept;
  NameTable names;
  for (std::string path; std::getline(std::cin, path);) {
    auto text = read_small_file(path, std::size_t(1) << 30);
    if (!text) {
      fmt::print(stderr, "treedump: {}\n", text.error().what);
      return 3;
    }
    if (mode == "-speed")
      kept.emplace_back(path, std::move(*text));
    else
      print(parse_source(path, std::move(*text), names), mode == "-errors");
  }
  return mode == "-speed" ? speed(std::move(kept), count > 2 ? std::atoi(words[2]) : 1) : 0;
}

}  // namespace
}  // namespace memsnap

int main(int count, char** words) { return memsnap::run(count, words); }
