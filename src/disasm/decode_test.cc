#include "disasm/decode.h"

#include <gtest/gtest.h>

#include <array>

namespace memsnap {
namespace {

TEST(Decode, EveryByteBelongsToARow) {
  // push rbp; mov rbp, rsp; a byte that begins nothing; ret; an instruction that is cut off.
  constexpr std::array<unsigned char, 7> kCode = {0x55, 0x48, 0x89, 0xe5, 0x06, 0xc3, 0xe8};
  auto rows = decode_instructions(std::as_bytes(std::span(kCode)), 0x1000, false);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 5u);
  EXPECT_EQ((*rows)[0].text, "pushq %rbp");
  EXPECT_EQ((*rows)[1].address, 0x1001u);
  EXPECT_EQ((*rows)[1].text, "movq %rsp, %rbp");
  EXPECT_EQ((*rows)[2].text, "?");
  EXPECT_EQ((*rows)[3].text, "retq");
  EXPECT_EQ((*rows)[4].text, "?");
  EXPECT_EQ((*decode_instructions(std::as_bytes(std::span(kCode)), 0, true))[1].text, "mov rbp, rsp");
  EXPECT_TRUE(decode_instructions({}, 0, false)->empty());
}

TEST(Decode, NamesThePlaceThatAJumpGoesTo) {
  // call 0x1010; jne 0x1000; jmp *%rax; ret
  constexpr std::array<unsigned char, 10> kCode = {0xe8, 0x0b, 0, 0, 0, 0x75, 0xf9, 0xff, 0xe0, 0xc3};
  auto rows = decode_instructions(std::as_bytes(std::span(kCode)), 0x1000, false);
  ASSERT_TRUE(rows && rows->size() == 4);
  EXPECT_EQ((*rows)[0].target, 0x1010u);
  EXPECT_EQ((*rows)[1].target, 0x1000u);
  EXPECT_EQ((*rows)[2].target, std::nullopt);
  EXPECT_EQ((*rows)[3].target, std::nullopt);
}

TEST(Decode, KnowsArm64) {
  // bl 0x1010; cbz x1, 0x1000; ret; a word that is nothing
  constexpr std::array<unsigned char, 16> kCode = {0x04, 0,    0,    0x94, 0xe1, 0xff, 0xff, 0xb4,
                                                   0xc0, 0x03, 0x5f, 0xd6, 0xff, 0xff, 0xff, 0xff};
  auto rows = decode_instructions(std::as_bytes(std::span(kCode)), 0x1000, false, CodeMachine::kArm64);
  ASSERT_TRUE(rows && rows->size() == 4);
  EXPECT_EQ((*rows)[0].text, "bl #0x1010");
  EXPECT_EQ((*rows)[0].target, 0x1010u);
  EXPECT_EQ((*rows)[1].target, 0x1000u);
  EXPECT_EQ((*rows)[2].text, "ret");
  EXPECT_EQ((*rows)[3].text, "?");
}

}  // namespace
}  // namespace memsnap
