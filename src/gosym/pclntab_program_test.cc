// A program that the go on PATH builds writes down its own function table and what runtime.CallersFrames and
// runtime.FuncForPC say of some thousand of its addresses.
#include "base/test_program.h"
#include "gosym/code_lines.h"
#include "gosym/pclntab.h"

#include <gtest/gtest.h>

#include <sstream>

namespace memsnap {
namespace {

constexpr const char* kProgram = R"go(
package main

import (
	"bufio"
	"debug/elf"
	"fmt"
	"os"
	"runtime"
	"slices"
)

type Pair[K comparable, V any] struct {
	key   K
	value V
}

func (p *Pair[K, V]) String() string { return fmt.Sprint(p.key, p.value) }

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	folder := os.Args[1]
	file, err := elf.Open(os.Args[0])
	check(err)
	symbols, err := file.Symbols()
	check(err)
	at := map[string]uint64{}
	for _, s := range symbols {
		at[s.Name] = s.Value
	}
	table, err := file.Section(".gopclntab").Data()
	check(err)
	check(os.WriteFile(folder+"/table", table, 0o600))
	for _, p := range file.Progs {
		if p.Type == elf.PT_LOAD && p.Vaddr <= at["go:func.*"] && at["go:func.*"] < p.Vaddr+p.Filesz {
			funcs := make([]byte, p.Vaddr+p.Filesz-at["go:func.*"])
			_, err := p.ReadAt(funcs, int64(at["go:func.*"]-p.Vaddr))
			check(err)
			check(os.WriteFile(folder+"/gofunc", funcs, 0o600))
		}
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprintln(out, at["runtime.text"])
	pairs := []fmt.Stringer{&Pair[string, int]{"a", 1}, &Pair[int, []byte]{1, nil}}
	slices.SortFunc(pairs, func(a, b fmt.Stringer) int { return len(a.String()) - len(b.String()) })
	for pc := at["runtime.text"] + 4096; pc < at["runtime.etext"]; pc += 97 {
		function := runtime.FuncForPC(uintptr(pc))
		next := runtime.FuncForPC(uintptr(pc) + 1)
		if function == nil || next != nil && next.Entry() != function.Entry() {
			continue // CallersFrames takes return addresses and would speak of the next function
		}
		fmt.Fprint(out, pc, " ", function.Entry())
		frames := runtime.CallersFrames([]uintptr{uintptr(pc) + 1, 1})
		for {
			frame, more := frames.Next()
			if frame.PC != 0 {
				fmt.Fprintf(out, "|%s %s:%d", frame.Function, frame.File, frame.Line)
			}
			if !more {
				break
			}
		}
		fmt.Fprintln(out)
	}
}
)go";

TEST(PclntabProgram, TracesEqualThoseOfTheRuntime) {
  TestProgram program(kProgram, "-buildmode=exe", "CGO_ENABLED=0");
  ASSERT_TRUE(program.built());
  std::istringstream truth(program.run(program.folder()));
  std::string table_bytes = program.file("table"), gofunc = program.file("gofunc");
  std::uint64_t text = 0;
  ASSERT_TRUE(truth >> text);
  auto table = Pclntab::open(std::as_bytes(std::span(table_bytes)), text);
  ASSERT_TRUE(table) << table.error().what;

  GoCodeLines lines(*table, std::as_bytes(std::span(gofunc)));
  std::vector<GoCodeFrame> all;  // wrappers too
  GoCodeLines prepared(*table, std::as_bytes(std::span(gofunc)));
  std::vector<GoCodeFrame> again;
  std::size_t compared = 0, inlined = 0, different = 0, wrappers = 0;
  std::uint64_t pc = 0, entry = 0;
  for (std::string expected; truth >> pc >> entry && std::getline(truth, expected);) {
    auto function = table->function_at(pc);
    ASSERT_TRUE(function) << pc;
    EXPECT_EQ(function->entry, entry);
    std::string ours;
    std::vector<GoFrame> frames = table->frames(*function, pc, std::as_bytes(std::span(gofunc)));
    for (const GoFrame& f : frames)
      ours += fmt::format("|{} {}:{}", f.function, f.file.empty() ? "?" : f.file, f.line);
    ++compared;
    lines.frames_at(pc, all);
    const std::uint64_t batch[] = {pc + 8, pc, pc};
    prepared.prepare(batch);
    for (std::uint64_t one : batch) prepared.frames_at(one, again);
    ASSERT_EQ(again.size(), all.size());
    EXPECT_EQ(again.front().line, all.front().line);
    if (all.size() > frames.size()) {
      ++wrappers;
    } else {
      ASSERT_EQ(all.size(), frames.size()) << pc;
      for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(printed_name(all[i].function), frames[i].function) << pc;
        EXPECT_EQ(all[i].file, frames[i].file) << pc;
        EXPECT_EQ(all[i].line, frames[i].line) << pc;
      }
    }
    inlined += frames.size() > 1;
    // Before 1.27 the runtime drops what stands between two pairs of brackets; this reader keeps it always.
    bool two_pairs = function->name.find('[') != function->name.rfind('[');
    if (ours != expected && !two_pairs && ++different < 5)
      ADD_FAILURE() << pc << "\n ours " << ours << "\nruntime" << expected;
  }
  EXPECT_GT(compared, 3000u);
  EXPECT_GT(inlined, 300u);
  EXPECT_EQ(different, 0u);
  EXPECT_LT(wrappers, compared / 10);
}

}  // namespace
}  // namespace memsnap
