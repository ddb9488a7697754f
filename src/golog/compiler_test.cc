// What the compiler here says of a program, read three ways: its text by our reader, its text by a few lines
// that know nothing of ours, and its JSON.
#include "base/test_program.h"
#include "golog/json_reader.h"
#include "golog/text_reader.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = R"(package main

import (
	"fmt"
	"iter"
	"os"
	"sort"
	"strings"
)

type node struct {
	next *node
	val  int
}

type pair[K comparable, V any] struct {
	key K
	val V
}

var keep *node
var sink any
var funcs []func() int

func newNode(v int) *node { return &node{val: v} }

//go:noinline
func hold(p *node) { keep = p }

func viaCall() {
	n := node{val: 1}
	hold(&n)
}

func pairs[K comparable, V any](m map[K]V) []*pair[K, V] {
	var all []*pair[K, V]
	for k, v := range m {
		all = append(all, &pair[K, V]{k, v})
	}
	return all
}

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; i < n; i++ {
			if !yield(i) {
				return
			}
		}
	}
}

func closures(n int) {
	for i := range count(n) {
		total := 0
		funcs = append(funcs, func() int { total += i; return total })
	}
}

func main() {
	words := strings.Fields(strings.Join(os.Args, " "))
	sort.Slice(words, func(i, j int) bool { return words[i] < words[j] })
	for i, word := range words {
		sink = len(word) + i
		fmt.Println(word, newNode(i), pairs(map[string]int{word: i}))
	}
	viaCall()
	closures(len(words))
	buffer := make([]byte, len(words))
	go func() { fmt.Println(string(buffer)) }()
	fmt.Println(pairs(map[int]bool{1: true}))
}
)";

std::string output(const TestProgram& program, const std::string& flags) {
  return output_of("cd " + program.folder() + " && GOTOOLCHAIN=local go build -o /dev/null " + flags +
                   " . 2>&1");
}

class Compiler : public testing::Test {
 protected:
  Compiler() : program_(kProgram) {
    text_ = output(program_, "-gcflags=-m=2");
    TextLogReader reader(log_);
    reader.feed(text_);
    reader.finish();
  }
  TestProgram program_;
  std::string text_;
  EscapeLog log_;
};

TEST_F(Compiler, EveryLineOfAnEscapeIsThereOnce) {
  std::set<std::string> bare;
  std::size_t raw = 0, heads = 0, steps = 0;
  std::istringstream lines(text_);
  for (std::string line; std::getline(lines, line);) {
    bool is_step = line.find(":     from ") != line.npos, is_flow = line.find(":   flow: ") != line.npos;
    steps += is_step;
    if (is_step || is_flow) continue;
    heads += line.ends_with(":") &&
             (line.find(" escapes to heap") != line.npos || line.find(" leaks to ") != line.npos);
    if (!line.ends_with(" escapes to heap") && line.find("moved to heap: ") == line.npos) continue;
    ++raw;
    bare.insert(line);
  }
  ASSERT_GT(bare.size(), 15u) << text_;
  EXPECT_EQ(log_.escapes.size(), bare.size());
  EXPECT_EQ(log_.raw_escapes, raw);
  EXPECT_LE(log_.chains.size(), heads);
  EXPECT_GT(log_.chains.size(), heads * 8 / 10);  // the same explanation may stand there twice
  EXPECT_LE(log_.steps.size(), steps);
  EXPECT_EQ(log_.unreadable, 0u);
}

// "7:3 name: to <- from [reason 7:4]" of each chain
std::set<std::string> stories(const EscapeLog& log) {
  auto at = [](const LogPlace& place) {
    return std::to_string(place.line) + ":" + std::to_string(place.column);
  };
  std::set<std::string> all;
  for (const FlowChain& chain : log.chains) {
    // Records of the JSON stand in the file of the place; text has other files too.
    if (!log.text(chain.at.file).ends_with("main.go")) continue;
    std::string story =
        at(chain.at) + (chain.is_parameter ? " parameter " : " ") + std::string(log.text(chain.name)) + ":";
    for (std::uint32_t i = 0; i < chain.flows; ++i) {
      const Flow& flow = log.flows[chain.first_flow + i];
      story += " " + std::string(log.text(flow.to)) + " <" + std::to_string(flow.derefs) + " " +
               std::string(log.text(flow.from));
      for (std::uint32_t j = 0; j < flow.steps; ++j) {
        const FlowStep& step = log.steps[flow.first_step + j];
        story += " [" + std::string(log.text(step.expression)) + ", " + std::string(log.text(step.reason)) +
                 " " + at(step.at) + "]";
      }
    }
    all.insert(story);
  }
  return all;
}

TEST_F(Compiler, TextAndJsonAgree) {
  std::string folder = program_.folder() + "/json";
  output(program_, "-gcflags=-json=0," + folder);
  EscapeLog json;
  JsonLogReader reader(json);
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    EXPECT_TRUE(reader.read_file(std::string(std::istreambuf_iterator<char>(file), {})));
  }
  reader.finish();
  EXPECT_EQ(json.unreadable, 0u);
  EXPECT_EQ(stories(json), stories(log_));
  auto places = [](const EscapeLog& log) {
    std::set<std::string> all;
    for (const LoggedEscape& one : log.escapes)
      if (log.text(one.at.file).ends_with("main.go"))
        all.insert(std::to_string(one.at.line) + ":" + std::to_string(one.at.column) +
                   (one.is_moved ? " moved" : ""));
    return all;
  };
  EXPECT_EQ(places(json), places(log_));
}

}  // namespace
}  // namespace memsnap
