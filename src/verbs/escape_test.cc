// memsnap escape as its users run it: on a log in tests/golden/escape, in every form, and on the packages of
// a module.
#include "base/test_program.h"
#include "render/golden_test.h"
#include "render/json_value.h"
#include "verbs/verbs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace memsnap {
namespace {

struct Ran {
  int status = 0;
  std::string out, err;
};

Ran run(std::vector<std::string> words) {
  Out out, err;
  Io io{.out = out, .err = err, .style = {}};
  words.insert(words.begin(), "escape");
  int status = run_command(words, io);
  return {status, out.text(), err.text()};
}

constexpr const char* kLog = "tests/golden/escape/probe.m2";

TEST(Escape, Golden) {
  expect_golden("escape/probe.txt", run({kLog, "--all"}).out);
  expect_golden("escape/probe.few.txt", run({kLog, "-n", "2"}).out);
  expect_golden("escape/probe.json", run({kLog, "--json", "--focus", "*viaCall*"}).out);
  expect_golden("escape/probe.dot", run({kLog, "--format=dot", "--focus", "*main.go:3?:*"}).out);
  expect_golden("escape/against.txt", run({"tests/golden/escape/later.m2", "--against", kLog}).out);
}

TEST(Escape, JsonReadsBack) {
  auto value = read_json(run({kLog, "--json", "--all"}).out);
  ASSERT_TRUE(value) << value.error().what;
  EXPECT_EQ(*value->member("schema")->text(), "memsnap.escape/1");
  EXPECT_EQ(value->member("rows")->array()->size(), std::size_t(*value->member("total")->number()));
}

TEST(Escape, AGateFailsWhenAValueStartsToEscape) {
  std::string later = "tests/golden/escape/later.m2";
  EXPECT_EQ(run({later, "--against", kLog, "--fail-on", "medium"}).status, 1);
  EXPECT_EQ(run({later, "--against", kLog, "--fail-on", "high"}).status, 0);
  EXPECT_EQ(run({kLog, "--against", kLog, "--fail-on", "info"}).status, 0);
}

TEST(Escape, WrongWordsAndFiles) {
  EXPECT_EQ(run({}).status, 2);
  EXPECT_EQ(run({kLog, kLog}).status, 2);
  EXPECT_EQ(run({kLog, "--by", "live"}).status, 2);
  EXPECT_EQ(run({"no-such.log"}).status, 3);
  EXPECT_EQ(run({"README.md"}).status, 3);
  EXPECT_EQ(run({kLog, "--runtime", "README.md"}).status, 3);
  EXPECT_EQ(run({"--calls", "README.md"}).status, 3);
  EXPECT_EQ(run({kLog, "--calls", "x"}).status, 2);
}

TEST(Escape, RunsTheCompilerAndSaysSo) {
  TestProgram program("package main\n\nvar keep *int\n\nfunc main() {\n\tn := 1\n\tkeep = &n\n}\n");
  Ran ran = run({program.folder()});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.err.find("memsnap: runs GOTOOLCHAIN=local go -C "), std::string::npos) << ran.err;
  EXPECT_NE(ran.out.find("main.go:6:2  n in main"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("stored in keep at 7:7"), std::string::npos) << ran.out;
  // A second run has the same answer out of the build cache.
  EXPECT_EQ(run({program.folder()}).out, ran.out);

  TestProgram broken("package main\n\nfunc main() { undefined() }\n");
  ran = run({broken.folder()});
  EXPECT_EQ(ran.status, 3);
  EXPECT_NE(ran.err.find("undefined: undefined"), std::string::npos) << ran.err;
}

// Holds known bytes at known lines, with every block in the profile: 64 blocks of 1 KiB through a function
// that is inlined, 32 of 4 KiB through one that is not, and a map of pointers. Then more of the first.
constexpr const char* kHolder = R"(package main

import (
	"os"
	"runtime"
	"runtime/pprof"
)

func init() { runtime.MemProfileRate = 1 }

type small struct{ data [1024]byte }
type large struct{ data [4096]byte }

var smalls []*small
var larges = map[int]*large{}
var texts [][]byte

func newSmall() *small { return &small{} }

//go:noinline
func newLarge() *large {
	return &large{}
}

//go:noinline
func fill(n int) {
	for i := 0; i < n; i++ {
		smalls = append(smalls, newSmall())
	}
}

//go:noinline
func garbage(n int) {
	for i := 0; i < n; i++ {
		texts = [][]byte{make([]byte, n)}
	}
	texts = nil
}

func write(name string) {
	runtime.GC()
	runtime.GC()
	out, _ := os.Create(name)
	pprof.WriteHeapProfile(out)
	out.Close()
}

func main() {
	smalls = make([]*small, 0, 1000)
	fill(64)
	for i := 0; i < 32; i++ {
		larges[i] = newLarge()
	}
	garbage(100)
	write(os.Args[1])
	fill(100)
	write(os.Args[2])
}
)";

const JsonValue* row_at(const JsonValue& answer, double line) {
  for (const JsonValue& row : *answer.member("rows")->array())
    if (*row.member("line")->number() == line) return &row;
  return nullptr;
}
double bytes_of(const JsonValue* row, const char* what) {
  const JsonValue* sum = row ? row->member(what) : nullptr;
  return sum ? *sum->member("bytes")->number() : -1;
}

TEST(Escape, BytesOfAProfileFindTheirLine) {
  TestProgram program(kHolder);
  ASSERT_TRUE(program.built());
  std::string first = program.folder() + "/first.pb.gz", second = program.folder() + "/second.pb.gz";
  (void)program.run(first + " " + second);

  auto one = read_json(run({program.folder(), "--runtime", first, "--json", "--all"}).out);
  ASSERT_TRUE(one) << one.error().what;
  const JsonValue* inlined = row_at(*one, 28);  // smalls = append(smalls, newSmall())
  EXPECT_EQ(bytes_of(inlined, "live"), 64 * 1024);
  EXPECT_EQ(*inlined->member("fix")->member("class")->text(), "pointer-element");
  EXPECT_EQ(bytes_of(row_at(*one, 22), "live"), 32 * 4096);  // return &large{}
  EXPECT_EQ(row_at(*one, 18), nullptr);                      // newSmall was inlined everywhere
  EXPECT_EQ(bytes_of(row_at(*one, 49), "live"), 8192);       // make([]*small, 0, 1000)

  auto both = read_json(run({program.folder(), "--runtime", first, second, "--json", "--all"}).out);
  ASSERT_TRUE(both) << both.error().what;
  ASSERT_EQ(both->member("rows")->array()->size(), 1u);
  EXPECT_EQ(bytes_of(row_at(*both, 28), "grown"), 100 * 1024);
  EXPECT_EQ(*both->member("runtime")->member("by")->text(), "grown");

  auto churn = read_json(run({program.folder(), "--runtime", first, "--by=churned", "--json", "--all"}).out);
  ASSERT_TRUE(churn);
  EXPECT_EQ(bytes_of(row_at(*churn, 35), "churned"), 100 * 24 + 100 * 112);  // the slice and what it holds
  EXPECT_EQ(bytes_of(row_at(*churn, 35), "live"), 0);

  EXPECT_EQ(run({program.folder(), "--runtime", first, "--fail-on", "high"}).status, 1);
}

}  // namespace
}  // namespace memsnap
