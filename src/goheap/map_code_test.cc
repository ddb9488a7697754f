#include "goheap/map_code.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <vector>

namespace memsnap {
namespace {

std::vector<std::byte> code_of(std::initializer_list<int> bytes) {
  std::vector<std::byte> code;
  for (int byte : bytes) code.push_back(std::byte(byte));
  return code;
}

constexpr std::uint64_t kText = 0x401000;

TEST(MapCode, NamesOfTheRuntime) {
  EXPECT_EQ(map_call("runtime.mapdelete"), MapCall::kDelete);
  EXPECT_EQ(map_call("runtime.mapdelete_faststr"), MapCall::kDelete);
  EXPECT_EQ(map_call("runtime.mapclear"), MapCall::kClear);
  EXPECT_EQ(map_call("runtime.mapassign_fast64ptr"), MapCall::kInsert);
  EXPECT_EQ(map_call("runtime.mapIterStart"), MapCall::kRange);
  EXPECT_EQ(map_call("runtime.mapiterinit"), MapCall::kRange);
  EXPECT_EQ(map_call("runtime.mapIterNext"), MapCall::kNone);
  EXPECT_EQ(map_call("main.mapdelete"), MapCall::kNone);
}

TEST(MapCode, TypeIsTheLastLeaBeforeTheCall) {
  // lea 0x100(%rip),%rax; mov %rcx,%rbx; call +0x20
  auto code = code_of({0x48, 0x8d, 0x05, 0x00, 0x01, 0, 0, 0x48, 0x89, 0xcb, 0xe8, 0x20, 0, 0, 0});
  std::vector<MapCallTarget> targets = {{kText + 15 + 0x20, MapCall::kDelete}};
  auto sites = map_calls(code, kText, targets);
  ASSERT_EQ(sites.size(), 1u);
  EXPECT_EQ(sites[0].call, MapCall::kDelete);
  EXPECT_EQ(sites[0].type, kText + 7 + 0x100);
}

TEST(MapCode, ACallBackwards) {
  auto code = code_of({0x48, 0x8d, 0x05, 0xf0, 0xff, 0xff, 0xff, 0xe8, 0x00, 0xff, 0xff, 0xff});
  std::vector<MapCallTarget> targets = {{kText + 12 - 0x100, MapCall::kClear}};
  auto sites = map_calls(code, kText, targets);
  ASSERT_EQ(sites.size(), 1u);
  EXPECT_EQ(sites[0].type, kText + 7 - 0x10);
}

TEST(MapCode, TypeFromADictionaryIsNotKnown) {
  // lea; mov (%rax),%rax; call: generic code
  auto code =
      code_of({0x48, 0x8d, 0x05, 0, 1, 0, 0, 0x48, 0x8b, 0x00, 0x90, 0x90, 0x90, 0x90, 0xe8, 0x20, 0, 0, 0});
  std::vector<MapCallTarget> targets = {{kText + 19 + 0x20, MapCall::kDelete}};
  auto sites = map_calls(code, kText, targets);
  ASSERT_EQ(sites.size(), 1u);
  EXPECT_EQ(sites[0].type, 0u);
}

TEST(MapCode, OtherCallsAndCutCodeGiveNothing) {
  auto code = code_of({0xe8, 0x20, 0, 0, 0, 0xe8, 0x20, 0});
  std::vector<MapCallTarget> targets = {{kText + 0x40, MapCall::kDelete}};
  EXPECT_TRUE(map_calls(code, kText, targets).empty());
  EXPECT_TRUE(map_calls({}, kText, targets).empty());
}

}  // namespace
}  // namespace memsnap
