#include "escape/alloc_calls.h"

#include "base/test_program.h"
#include "symbols/go_code.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>

namespace memsnap {
namespace {

using Kind = RegisterValue::Kind;

std::vector<Instruction> code(std::initializer_list<const char*> texts) {
  std::vector<Instruction> all;
  for (const char* text : texts)
    all.push_back({.address = 0x1000 + all.size() * 8, .text = text, .target = {}});
  return all;
}

TEST(AllocCalls, RegistersBackwards) {
  auto lines = code({"movl $0x64, %ebx", "leaq 0x100(%rip), %rcx", "movq %rcx, %rax", "cmpq %rbx, %rax",
                     "movq 8(%rax,%rbx,8), %rdi", "xorl %esi, %esi", "callq 0x2000"});
  EXPECT_EQ(register_before(lines, 6, "rbx").value, 100);
  EXPECT_EQ(register_before(lines, 6, "rax").kind, Kind::kAddress);
  EXPECT_EQ(register_before(lines, 6, "rax").value, 0x1010 + 0x100);
  EXPECT_EQ(register_before(lines, 6, "rsi").kind, Kind::kConstant);
  EXPECT_EQ(register_before(lines, 6, "rdi").kind, Kind::kUnknown);
  EXPECT_EQ(register_before(lines, 6, "r8").kind, Kind::kUnknown);
}

TEST(AllocCalls, NothingIsSaidAcrossCallsAndJoins) {
  auto call = code({"movl $0x64, %ebx", "callq 0x3000", "nop", "callq 0x2000"});
  EXPECT_EQ(register_before(call, 3, "rbx").kind, Kind::kUnknown);
  auto join = code({"jne 0x1010", "movl $0x64, %ebx", "nop", "callq 0x2000"});
  join[0].target = 0x1010;
  EXPECT_EQ(register_before(join, 3, "rbx").kind, Kind::kUnknown);
  join[0].target = 0x1008;  // to the very instruction that sets it
  EXPECT_EQ(register_before(join, 3, "rbx").value, 100);
}

constexpr const char* kProgram = R"(package main

import "os"

type key struct{ a, b int }

var m1 map[string]key
var m2 map[key]int
var s []int64
var n = len(os.Args)

func main() {
	m1 = make(map[string]key)
	m1 = make(map[string]key, 100)
	m2 = make(map[key]int, n)
	s = make([]int64, n, 400)
	s = append(s, 1)
}
)";

// Beside go tool objdump: the same calls at the same addresses; and what the source says of main's.
TEST(AllocCalls, OfAProgram) {
  TestProgram program(kProgram);
  ASSERT_TRUE(program.built());
  std::string bytes = program.bytes();
  auto elf = ElfFile::open(std::as_bytes(std::span(bytes)));
  ASSERT_TRUE(elf);
  auto tables = find_go_code(*elf);
  ASSERT_TRUE(tables && *tables);
  auto calls = find_alloc_calls(*elf, **tables);
  ASSERT_TRUE(calls) << calls.error().what;
  std::set<std::uint64_t> ours, theirs;
  std::map<std::string, std::string> in_main;
  for (const AllocCall& call : *calls) {
    ours.insert(call.address);
    auto function = (*tables)->table.function_at(call.address);
    if (!function || function->name != "main.main") continue;
    std::string size = call.size ? std::to_string(*call.size) : "?";
    if (call.capacity) size += " of " + std::to_string(*call.capacity);
    in_main[std::string(call.callee) + " " + call.type_name] += size + ";";
  }
  std::istringstream dump(output_of("go tool objdump " + program.path()));
  std::string line, function;
  while (std::getline(dump, line)) {
    std::istringstream words(line);
    std::string place, address;
    words >> place >> address;
    if (place == "TEXT") function = address;
    std::size_t call = line.find("CALL runtime.");
    if (call == line.npos || function.starts_with("runtime.")) continue;
    std::string name = line.substr(call + 5);
    if (is_alloc_function(name.substr(0, name.find('(')))) theirs.insert(std::stoull(address, nullptr, 16));
  }
  EXPECT_GT(theirs.size(), 20u);
  EXPECT_EQ(ours, theirs);
  EXPECT_EQ(in_main["makemap_small "], "?;");
  EXPECT_EQ(in_main["makemap map[string]main.key"], "100;");
  EXPECT_EQ(in_main["makemap map[main.key]int"], "?;");
  EXPECT_EQ(in_main["makeslice []int64"], "? of 400;");
  EXPECT_EQ(in_main.count("growslice []int64"), 1u);
}

}  // namespace
}  // namespace memsnap
