// A program that the go on PATH builds says where its variables lie; its source says where they are declared.
#include "gosym/global_lines.h"

#include "base/test_program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace memsnap {
namespace {

constexpr const char* kProgram = R"go(package main

import (
	"debug/elf"
	"fmt"
	"os"
	"unsafe"
)

type Store struct {
	name  string
	items map[string]int
}

//go:noinline
func newStore(name string) Store { return Store{name, map[string]int{}} }

var plain = map[string]int{} // declared plain
var counter int

var (
	limit   = len(os.Args) * 3 // declared limit
	store   = newStore("a")    // declared store
	events  = make(chan int, limit) // declared events
	words   = []string{os.Args[0], "b"}
	fixed   = [3]int{1, 2, 3}
	pointer = &store
)

var big = map[string]int{ // declared big
	"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9, "j": 10, "k": 11, "l": 12, "m": 13,
	"n": 1, "o": 2, "p": 3, "q": 4, "r": 5, "s": 6, "t": 7, "u": 8, "v": 9, "w": 10, "x": 11, "y": 12, "z": 13,
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	counter++
	file, err := elf.Open(os.Args[0])
	check(err)
	symbols, err := file.Symbols()
	check(err)
	at := map[string]uint64{}
	for _, s := range symbols {
		at[s.Name] = s.Value
	}
	for _, name := range []string{".gopclntab", ".text"} {
		bytes, err := file.Section(name).Data()
		check(err)
		check(os.WriteFile(os.Args[1]+"/"+name, bytes, 0o600))
	}
	for _, p := range file.Progs {
		if p.Type == elf.PT_LOAD && p.Vaddr <= at["go:func.*"] && at["go:func.*"] < p.Vaddr+p.Filesz {
			bytes := make([]byte, p.Vaddr+p.Filesz-at["go:func.*"])
			_, err := p.ReadAt(bytes, int64(at["go:func.*"]-p.Vaddr))
			check(err)
			check(os.WriteFile(os.Args[1]+"/gofunc", bytes, 0o600))
		}
	}
	fmt.Println(at["runtime.text"], file.Section(".text").Addr)
	fmt.Println("main.plain", uintptr(unsafe.Pointer(&plain)), unsafe.Sizeof(plain))
	fmt.Println("main.counter", uintptr(unsafe.Pointer(&counter)), unsafe.Sizeof(counter))
	fmt.Println("main.limit", uintptr(unsafe.Pointer(&limit)), unsafe.Sizeof(limit))
	fmt.Println("main.store", uintptr(unsafe.Pointer(&store)), unsafe.Sizeof(store))
	fmt.Println("main.events", uintptr(unsafe.Pointer(&events)), unsafe.Sizeof(events))
	fmt.Println("main.words", uintptr(unsafe.Pointer(&words)), unsafe.Sizeof(words))
	fmt.Println("main.fixed", uintptr(unsafe.Pointer(&fixed)), unsafe.Sizeof(fixed))
	fmt.Println("main.big", uintptr(unsafe.Pointer(&big)), unsafe.Sizeof(big))
	_ = pointer
}
)go";

// Line of the declaration that the comment marks; 0 for what the linker lays out, or what has no value.
std::uint32_t marked_line(std::string_view name) {
  std::istringstream source(kProgram);
  std::string line, mark = "// declared " + std::string(name);
  for (std::uint32_t number = 1; std::getline(source, line); ++number)
    if (line.ends_with(mark)) return number;
  return 0;
}

TEST(GlobalLines, AreThoseOfTheDeclarations) {
  TestProgram program(kProgram, "-buildmode=exe", "CGO_ENABLED=0");
  ASSERT_TRUE(program.built());
  std::istringstream facts(program.run(program.folder()));
  std::uint64_t text = 0, section = 0;
  ASSERT_TRUE(facts >> text >> section);
  std::vector<std::string> names;
  std::vector<PackageVariable> variables;
  std::uint64_t addr = 0, size = 0;
  for (std::string name; facts >> name >> addr >> size; names.push_back(name))
    variables.push_back({"", addr, size});
  for (std::size_t i = 0; i < names.size(); ++i) variables[i].name = names[i];
  ASSERT_EQ(variables.size(), 8u);
  std::ranges::sort(variables, {}, &PackageVariable::addr);

  std::string table_bytes = program.file(".gopclntab"), code = program.file(".text");
  std::string gofunc = program.file("gofunc");
  auto table = Pclntab::open(std::as_bytes(std::span(table_bytes)), text);
  ASSERT_TRUE(table) << table.error().what;
  std::vector<DeclaredAt> found = declared_at(variables, *table, std::as_bytes(std::span(code)), section,
                                              std::as_bytes(std::span(gofunc)));
  ASSERT_EQ(found.size(), variables.size());
  std::size_t with_line = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::string_view name = variables[i].name.substr(5);
    EXPECT_EQ(found[i].line, marked_line(name)) << name;
    EXPECT_EQ(found[i].file.ends_with("/main.go"), found[i].line != 0) << found[i].file;
    with_line += found[i].line != 0;
  }
  EXPECT_EQ(with_line, 5u);
}

TEST(GlobalLines, AreNoneWithoutCode) {
  std::vector<PackageVariable> variables = {{"main.a", 0x1000, 8}};
  std::string header("\xf1\xff\xff\xff\0\0\1\x08", 8);
  header.resize(72, '\0');
  auto table = Pclntab::open(std::as_bytes(std::span(header)), 0x401000);
  ASSERT_TRUE(table) << table.error().what;
  std::vector<DeclaredAt> found = declared_at(variables, *table, {}, 0x401000, {});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].line, 0u);
  EXPECT_TRUE(declared_at({}, *table, {}, 0, {}).empty());
}

}  // namespace
}  // namespace memsnap
