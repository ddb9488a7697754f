#include "os/run_program.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

Result<int> run(std::vector<std::string> words, std::string& text) {
  std::pair<std::string, std::string> set[] = {{"MEMSNAP_TEST_SETTING", "a b"}};
  return run_program(words, set, [&](std::string_view piece) { text += piece; });
}

TEST(RunProgram, BothStreamsAndTheStatusCome) {
  std::string text;
  auto status = run({"sh", "-c", "echo out; echo err >&2; echo $MEMSNAP_TEST_SETTING; cat; exit 7"}, text);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 7);
  EXPECT_EQ(text, "out\nerr\na b\n");
}

TEST(RunProgram, ASignalIsAStatusAbove128) {
  std::string text;
  auto status = run({"sh", "-c", "kill -9 $$"}, text);
  ASSERT_TRUE(status);
  EXPECT_EQ(*status, 137);
}

TEST(RunProgram, WhatIsNotThereIsRefused) {
  std::string text;
  auto status = run({"no-such-program-here"}, text);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().cause, Cause::refused);
}

TEST(RunProgram, PiecesOfAFile) {
  std::size_t bytes = 0;
  ASSERT_TRUE(read_pieces("/proc/self/status", [&](std::string_view piece) { bytes += piece.size(); }));
  EXPECT_GT(bytes, 100u);
  EXPECT_FALSE(read_pieces("/no/such/file", [](std::string_view) {}));
  EXPECT_FALSE(read_pieces("/", [](std::string_view) {}));
}

}  // namespace
}  // namespace memsnap
