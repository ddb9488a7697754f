// A program that the go on PATH builds says itself where its fields, variables and captured values lie.
#include "base/test_program.h"
#include "dwarf/dwarf.h"
#include "dwarf/dwarf_numbers.h"

#include <gtest/gtest.h>

#include <sstream>

namespace memsnap {
namespace {

constexpr const char* kProgram = R"go(
package main

import (
	"fmt"
	"net"
	"os"
	"reflect"
	"runtime"
	"unsafe"
)

type Base struct{ id int32; ok bool }
type Node[T any] struct {
	Base
	next  *Node[T]
	value T
	names map[string][]byte
	ring  [7]uint16
	wake  chan struct{ at int64 }
	ask   fmt.Stringer
	any   interface{}
	call  func(int) error
}
type Count uint16

var Numbers = map[Count]*Node[string]{}
var table [12]Base
var listener net.Listener
var keep func() int

// Which words below cfa hold the value. Must not grow, and so move, the stack it looks at.
//
//go:nosplit
//go:noinline
func look(cfa, value uintptr, found *[8]int) uintptr {
	n := 0
	for at := 0; at < 400 && n < 8; at += 8 {
		if *(*uintptr)(unsafe.Pointer(cfa - uintptr(at))) == value {
			found[n] = at
			n++
		}
	}
	return uintptr(n)
}

//go:noinline
func pc() uintptr {
	var pcs [1]uintptr
	runtime.Callers(2, pcs[:])
	return pcs[0] - 1
}

// Arrays are passed on the stack: the argument lies at the CFA. The text must outlive the calls.
//
//go:noinline
func frame(argument [2]uintptr, found *[8]int) int {
	text := fmt.Sprint("text ", argument[1])
	for i := range found {
		inner := fmt.Sprint("inner ", i)
		n := look(uintptr(unsafe.Pointer(&argument)), uintptr(unsafe.Pointer(unsafe.StringData(text))), found)
		here := pc()
		fmt.Println("frame", here, n, found[0], found[1], found[2], found[3])
		if len(inner) > 5 {
			break
		}
	}
	return len(text)
}

func fields(t reflect.Type) {
	fmt.Printf("type %d %s\n", t.Size(), t.String())
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		fmt.Printf("field %d %d %v %s\n", f.Offset, f.Type.Size(), f.Anonymous, f.Name)
	}
}

func main() {
	fields(reflect.TypeOf(Node[string]{}))
	fields(reflect.TypeOf(Base{}))
	fmt.Printf("global %d main.Numbers\nglobal %d main.table\nglobal %d main.listener\n",
		uintptr(unsafe.Pointer(&Numbers)), uintptr(unsafe.Pointer(&table)), uintptr(unsafe.Pointer(&listener)))
	marker, other := 0x123456789, &Node[string]{}
	keep = func() int { other.id++; return marker + len(os.Args) }
	words := *(**[8]uintptr)(unsafe.Pointer(&keep))
	for i, w := range words[:3] {
		if w == 0x123456789 {
			fmt.Printf("captured %d %d marker\n", words[0], i*8)
		}
		if w == uintptr(unsafe.Pointer(other)) {
			fmt.Printf("captured %d %d other\n", words[0], i*8)
		}
	}
	frame([2]uintptr{1, 2}, new([8]int))
	keep()
}
)go";

class DwarfProgram : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    program = new TestProgram(kProgram, "-buildmode=exe");
    ASSERT_TRUE(program->built());
    file = new std::string(program->bytes());
    auto opened = ElfFile::open(std::as_bytes(std::span(*file)));
    ASSERT_TRUE(opened) << opened.error().what;
    elf = new ElfFile(std::move(*opened));
    auto read = DwarfIndex::read(*elf);
    ASSERT_TRUE(read) << read.error().what;
    index = new DwarfIndex(std::move(*read));
    truth = new std::string(program->run());
  }
  static void TearDownTestSuite() {
    delete index;
    delete elf;
    delete file;
    delete truth;
    delete program;
  }
  static std::string_view type_name(DwarfType row) { return index->types()[row].name; }

  static TestProgram* program;
  static std::string* file;
  static std::string* truth;
  static ElfFile* elf;
  static DwarfIndex* index;
};
TestProgram* DwarfProgram::program;
std::string* DwarfProgram::file;
std::string* DwarfProgram::truth;
ElfFile* DwarfProgram::elf;
DwarfIndex* DwarfProgram::index;

TEST_F(DwarfProgram, FieldsAreWhereReflectSays) {
  std::istringstream lines(*truth);
  std::string kind, rest, type;
  std::size_t compared = 0, position = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    words >> kind;
    if (kind == "type") {
      std::uint64_t size;
      words >> size >> type;
      EXPECT_EQ(index->size_of(type), size) << type;
      position = 0;
    } else if (kind == "field") {
      std::uint64_t offset, size;
      std::string embedded, name;
      words >> offset >> size >> embedded >> name;
      EXPECT_EQ(index->offset_of(type, name), offset) << type << "." << name;
      const DwarfTypeInfo& owner = index->types()[index->type_named(type)];
      ASSERT_LT(position, owner.fields);
      const DwarfField& field = index->fields()[owner.first_field + position++];
      EXPECT_EQ(field.name, name);
      EXPECT_EQ(field.embedded, embedded == "true") << name;
      EXPECT_EQ(index->types()[field.type].size, size)
          << type << "." << name << " is " << type_name(field.type);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 11u);
}

TEST_F(DwarfProgram, TypesAreMadeOfWhatTheSourceSays) {
  auto type = [](std::string_view name) { return index->types()[index->type_named(name)]; };
  DwarfTypeInfo map = type("map[main.Count]*main.Node[string]");
  EXPECT_EQ(map.go_kind, 21);
  EXPECT_EQ(type_name(map.key), "main.Count");
  EXPECT_EQ(type_name(map.elem), "*main.Node[string]");
  EXPECT_EQ(type("main.Count").go_kind, 9);
  EXPECT_EQ(type("[7]uint16").count, 7u);
  EXPECT_EQ(type_name(type("[]uint8").elem), "uint8");
  EXPECT_EQ(type("error").go_kind, 20);
  EXPECT_EQ(type("error").size, 16u);
  EXPECT_EQ(type("runtime.g").go_kind, 25);
  EXPECT_NE(type("main.Node[string]").runtime_type, 0u);
}

TEST_F(DwarfProgram, GlobalsAreWhereTheProgramFindsThem) {
  std::istringstream lines(*truth);
  std::size_t compared = 0;
  for (std::string kind, name, line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::uint64_t addr;
    if (!(words >> kind) || kind != "global" || !(words >> addr >> name)) continue;
    auto found = std::ranges::find(index->globals(), name, &DwarfGlobal::name);
    ASSERT_NE(found, index->globals().end()) << name;
    EXPECT_EQ(found->addr, addr) << name;
    ++compared;
  }
  EXPECT_EQ(compared, 3u);
  EXPECT_TRUE(std::ranges::is_sorted(index->globals(), {}, &DwarfGlobal::addr));
}

TEST_F(DwarfProgram, CapturedVariablesAreWhereTheClosureHoldsThem) {
  std::istringstream lines(*truth);
  std::size_t compared = 0;
  for (std::string kind, name, line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::uint64_t entry, offset;
    if (!(words >> kind) || kind != "captured" || !(words >> entry >> offset >> name)) continue;
    auto closure = std::ranges::find(index->closures(), entry, &DwarfClosure::entry);
    ASSERT_NE(closure, index->closures().end());
    auto fields = index->fields().subspan(closure->first_field, closure->fields);
    auto field = std::ranges::find(fields, name, &DwarfField::name);
    ASSERT_NE(field, fields.end()) << name;
    EXPECT_EQ(field->offset, offset) << name;
    ++compared;
  }
  EXPECT_EQ(compared, 2u);
}

TEST_F(DwarfProgram, LocalsLieWhereTheRunningFrameHoldsThem) {
  std::istringstream lines(truth->substr(truth->find("frame ")));
  std::string kind;
  std::uint64_t pc = 0, count = 0;
  std::int64_t below[4] = {};
  ASSERT_TRUE(lines >> kind >> pc >> count >> below[0] >> below[1] >> below[2] >> below[3]);
  ASSERT_GE(count, 1u);
  auto locals = index->locals_at(pc);
  ASSERT_TRUE(locals) << locals.error().what;
  auto argument = std::ranges::find(*locals, "argument", &DwarfLocal::name);
  ASSERT_NE(argument, locals->end());
  EXPECT_EQ(argument->cfa_offset, 0);
  EXPECT_EQ(argument->size, 16u);
  EXPECT_TRUE(argument->is_parameter);
  EXPECT_EQ(type_name(argument->type), "[2]uintptr");

  auto text = std::ranges::find(*locals, "text", &DwarfLocal::name);
  ASSERT_NE(text, locals->end());
  EXPECT_EQ(type_name(text->type), "string");
  EXPECT_EQ(text->type_offset, 0u);
  EXPECT_FALSE(text->is_parameter);
  std::span<std::int64_t> found(below, std::size_t(std::min<std::uint64_t>(count, 4)));
  EXPECT_NE(std::ranges::find(found, -text->cfa_offset), found.end()) << text->cfa_offset;
  EXPECT_NE(std::ranges::find(*locals, "inner", &DwarfLocal::name), locals->end());
  EXPECT_NE(std::ranges::find(*locals, "found", &DwarfLocal::name), locals->end());
}

}  // namespace
}  // namespace memsnap
