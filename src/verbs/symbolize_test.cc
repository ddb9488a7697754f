// memsnap symbolize on a Go program that is built here, beside go tool addr2line.
#include "base/test_program.h"
#include "verbs/addr2line_words.h"
#include "verbs/source_frames.h"
#include "verbs/verbs.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace memsnap {
namespace {

using Words = std::vector<std::string>;

struct Ran {
  int status = 0;
  std::string out, err;
};

Ran run(Words words, std::string input = "") {
  Out out, err;
  In in(std::move(input));
  Io io{.out = out, .err = err, .style = {}, .in = &in};
  int status = run_command(words, io);
  return {status, out.text(), err.text()};
}

constexpr const char* kProgram = R"go(
package main

import "fmt"

type shape interface{ area() int }
type square struct{ side int }

//go:noinline
func (s square) area() int { return twice(s.side) * s.side / 2 }
func twice(n int) int      { return n + n }

func main() { fmt.Println(shape(square{3}).area(), twice(4)) }
)go";

// Every 61st address of the program's own package and of fmt.
Words addresses_of(const TestProgram& program) {
  std::istringstream symbols(output_of("go tool nm -size " + program.path()));
  Words found;
  for (std::string line; std::getline(symbols, line);) {
    std::istringstream fields(line);
    std::uint64_t address = 0, size = 0;
    std::string kind, name;
    fields >> std::hex >> address >> std::dec >> size >> kind >> name;
    if ((kind != "T" && kind != "t") || !(name.starts_with("main.") || name.starts_with("fmt."))) continue;
    for (std::uint64_t at = address; at < address + size; at += 61) found.push_back(fmt::format("{:#x}", at));
  }
  return found;
}

std::string lines_of(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += word + "\n";
  return text;
}

TEST(Symbolize, LinesEqualThoseOfGoToolAddr2line) {
  for (const char* flags : {"", "-ldflags=-s", "-buildmode=pie"}) {
    SCOPED_TRACE(flags);
    TestProgram program(kProgram, flags, "CGO_ENABLED=0");
    ASSERT_TRUE(program.built());
    TestProgram whole(kProgram, flags[0] == '-' && flags[1] == 'l' ? "" : flags, "CGO_ENABLED=0");
    Words addresses = addresses_of(whole);
    ASSERT_GT(addresses.size(), 500u);
    std::istringstream truth(
        output_of(fmt::format("printf '{}' | go tool addr2line {}", lines_of(addresses), whole.path())));
    std::istringstream ours(run({"symbolize", "-fe", program.path()}, lines_of(addresses)).out);
    std::size_t compared = 0;
    // go tool names the outer function; the first of several is the innermost.
    for (std::string name, place, our_name, our_place;
         std::getline(truth, name) && std::getline(truth, place);) {
      ASSERT_TRUE(std::getline(ours, our_name) && std::getline(ours, our_place));
      // Builds of the same text in different folders.
      auto base = [](const std::string& path) { return path.substr(path.rfind('/') + 1); };
      if (place == ":-1") place = "??:?";
      ASSERT_EQ(base(our_place), base(place)) << addresses[compared];
      ++compared;
    }
    EXPECT_EQ(compared, addresses.size());
  }
}

TEST(Symbolize, PrintsAsAddr2line) {
  TestProgram program(kProgram, "", "CGO_ENABLED=0");
  ASSERT_TRUE(program.built());
  std::string nm = output_of("go tool nm " + program.path() + " | grep ' main.main$'");
  std::string at = "0x" + nm.substr(nm.find_first_not_of(' '), nm.find(" T") - nm.find_first_not_of(' '));
  std::string file = program.folder() + "/main.go";

  EXPECT_EQ(run({"symbolize", "-e", program.path(), at}).out, file + ":13\n");
  EXPECT_EQ(run({"symbolize", program.path(), at, "-f", "-s"}).out, "main.main\nmain.go:13\n");
  EXPECT_EQ(run({"symbolize", "-afsCpie", program.path(), at}).out,
            fmt::format("0x{:016x}: main.main at main.go:13\n", std::stoull(at, nullptr, 16)));
  EXPECT_EQ(run({"symbolize", "-e", program.path(), "-p", "-f", "-a", "0"}).out,
            "0x0000000000000000: ?? ??:0\n");

  Ran odd = run({"symbolize", "-fe", program.path()}, "nonsense\n");
  EXPECT_EQ(odd.out, "??\n??:0\n");
  EXPECT_EQ(odd.status, 0);
  EXPECT_EQ(odd.err, "memsnap symbolize: one line was no address, as 'nonsense'\n");

  Ran json = run({"symbolize", "-e", program.path(), "--json", at});
  EXPECT_NE(json.out.find(R"("frames": [{"function": "main.main")"), std::string::npos) << json.out;
}

TEST(Symbolize, SaysWhatIsWrong) {
  EXPECT_EQ(run({"symbolize"}).status, 2);
  EXPECT_EQ(run({"symbolize", "-e", "/bin/true", "xyz"}).status, 2);
  EXPECT_EQ(run({"symbolize", "-e", "/nowhere/at/all", "1"}).status, 3);
  EXPECT_EQ(run({"symbolize", "-e", "CMakeLists.txt", "1"}).status, 3);
  EXPECT_EQ(run({"symbolize", "-e", ".", "1"}).status, 3);
  EXPECT_EQ(run({"symbolize", "-e", "/bin/true", "--pid", "1"}).status, 2);
  EXPECT_EQ(run({"symbolize", "-e", "/bin/true", "--values", "1"}).status, 2);
  EXPECT_EQ(run({"symbolize", "-p", "1", "--values", "1"}).status, 2);
  EXPECT_EQ(run({"symbolize", "4294967295"}).status, 2);
  EXPECT_EQ(run({"symbolize", "-p", "2147483647"}).status, 3);
}

TEST(Symbolize, TakesTheWordsOfAddr2line) {
  auto spell = [](Words words) { return addr2line_words(words); };
  EXPECT_EQ(spell({"-Cfpie", "a.out", "1"}), (Words{"-C", "-f", "--pretty-print", "-i", "-e", "a.out", "1"}));
  EXPECT_EQ(spell({"-p", "12"}), (Words{"-p", "12"}));
  EXPECT_EQ(spell({"-p", "-e", "x"}), (Words{"--pretty-print", "-e", "x"}));
  EXPECT_EQ(spell({"--exe=x", "-p", "--functions", "--inlines", "--demangle=gnu-v3"}),
            (Words{"--e=x", "--pretty-print", "--f", "--i", "--C"}));
  EXPECT_EQ(spell({"--demangle=none", "--ascii", "-json"}), (Words{"--C=false", "--ascii", "-json"}));
  EXPECT_EQ(spell({"-e", "x", "--", "-p"}), (Words{"-e", "x", "--", "-p"}));
}

TEST(Symbolize, KnowsWhetherALineUsesAName) {
  EXPECT_TRUE(mentions("\tsum += p.count // total", "sum"));
  EXPECT_TRUE(mentions("return f(&x)", "&x"));
  EXPECT_TRUE(mentions("größe := 1", "größe"));
  EXPECT_FALSE(mentions("\tsum += p.count // total", "total"));
  EXPECT_FALSE(mentions("x := \"a name\" + `name` + 'n'", "name"));
  EXPECT_FALSE(mentions("x := \"a \\\" name\"", "name"));
  EXPECT_FALSE(mentions("/* a */ b", "a"));
  EXPECT_TRUE(mentions("/* a */ b", "b"));
  EXPECT_FALSE(mentions("names", "name"));
  EXPECT_FALSE(mentions("", "name"));
  EXPECT_FALSE(mentions("name", ""));
}

TEST(Symbolize, ShowsSourceAndVariables) {
  for (const char* flags : {"", "-trimpath"}) {
    SCOPED_TRACE(flags);
    TestProgram program(kProgram, flags, "CGO_ENABLED=0");
    ASSERT_TRUE(program.built());
    std::string nm = output_of("go tool nm " + program.path() + " | grep ' main.square.area$'");
    if (nm.empty()) nm = output_of("go tool nm " + program.path() + " | grep ' main.(.square).area$'");
    ASSERT_FALSE(nm.empty());
    std::string at = nm.substr(nm.find_first_not_of(' '), nm.find(" T") - nm.find_first_not_of(' '));
    Ran ran =
        run({"symbolize", "-e", program.path(), "--source-mode=inline", "--source", program.folder(), at});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("func (s square) area() int { return twice(s.side) * s.side / 2 }"),
              std::string::npos)
        << ran.out;
    EXPECT_NE(ran.out.find("* s"), std::string::npos) << ran.out;
    EXPECT_NE(ran.out.find("main.square"), std::string::npos) << ran.out;
    Ran json = run({"symbolize", "-e", program.path(), "--source-mode=inline", "--json", at});
    EXPECT_NE(json.out.find(R"({"name": "s", "type": "main.square", "parameter": true)"), std::string::npos)
        << json.out;
  }
}

TEST(Symbolize, SaysThatAStrippedProgramHasNoVariables) {
  TestProgram program(kProgram, "-ldflags=-w", "CGO_ENABLED=0");
  ASSERT_TRUE(program.built());
  std::string nm = output_of("go tool nm " + program.path() + " | grep ' main.main$'");
  std::string at = nm.substr(nm.find_first_not_of(' '), nm.find(" T") - nm.find_first_not_of(' '));
  Ran ran = run({"symbolize", "-e", program.path(), "--source-mode=inline", at});
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("main.main at "), std::string::npos);
  EXPECT_NE(ran.err.find("partial: no variables: executable: it has no .debug_info"), std::string::npos)
      << ran.err;
}

TEST(Symbolize, ReadsLinesInPieces) {
  std::string text = "0x10\n0x20\n\n0x30";
  std::size_t at = 0;
  In in([&](std::span<char> into) {  // two bytes at a time
    std::size_t n = std::min<std::size_t>({into.size(), 2, text.size() - at});
    std::copy_n(text.data() + at, n, into.data());
    at += n;
    return long(n);
  });
  Words lines;
  while (auto line = in.line()) lines.emplace_back(*line);
  EXPECT_EQ(lines, (Words{"0x10", "0x20", "", "0x30"}));
  EXPECT_TRUE(in.drained());
}

}  // namespace
}  // namespace memsnap
