#include "golog/json_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace memsnap {
namespace {

constexpr std::string_view kHead =
    R"({"version":0,"package":"example.com/p","goos":"linux","goarch":"amd64","gc_version":"go1.26.8","file":"/w/a b.go"})"
    "\n";

std::string place(int line, int column) {
  std::string at = R"({"line":)" + std::to_string(line) + R"(,"character":)" + std::to_string(column) + "}";
  return R"("range":{"start":)" + at + R"(,"end":)" + at + "}";
}

std::string record(int line, int column, const std::string& code, const std::string& message,
                   const std::string& related = "") {
  std::string text = "{" + place(line, column) + R"(,"severity":3,"code":")" + code +
                     R"(","source":"go compiler","message":")" + message + "\"";
  if (!related.empty()) text += R"(,"relatedInformation":[)" + related + "]";
  return text + "}\n";
}

std::string related(int line, int column, const std::string& message) {
  return R"({"location":{"uri":"file:///w/a%20b.go",)" + place(line, column) + R"(},"message":")" + message +
         "\"}";
}

EscapeLog read(const std::string& records) {
  EscapeLog log;
  JsonLogReader reader(log);
  EXPECT_TRUE(reader.read_file(std::string(kHead) + records));
  reader.finish();
  return log;
}

TEST(JsonLog, AValueAndItsFlowsAreOneEscape) {
  std::string flows = related(7, 1, "inlineLoc") + "," +
                      related(16, 36, R"(escflow:    flow: ~r0 ← \u0026{storage for \u0026Node{...}}:)") +
                      "," + related(16, 29, "escflow:      from return \\u0026Node{...} (return)") + "," +
                      related(9, 1, "inlineLoc");
  EscapeLog log = read(record(16, 6, "canInlineFunction", "cost: 5") +
                       record(16, 36, "escape", R"(\u0026Node{...} escapes to heap)", flows) +
                       record(16, 36, "escape", ""));
  ASSERT_EQ(log.escapes.size(), 1u);
  EXPECT_EQ(log.text(log.escapes[0].name), "&Node{...}");
  EXPECT_EQ(log.text(log.escapes[0].at.file), "/w/a b.go");
  EXPECT_TRUE(log.escapes[0].is_own_line);
  EXPECT_FALSE(log.escapes[0].is_moved);
  ASSERT_EQ(log.escapes[0].inlined, 1u);
  EXPECT_EQ(log.inlined_places[log.escapes[0].first_inlined].line, 7u);
  ASSERT_EQ(log.chains.size(), 1u);
  ASSERT_EQ(log.chains[0].flows, 1u);
  EXPECT_EQ(log.text(log.flows[0].from), "{storage for &Node{...}}");
  EXPECT_EQ(log.flows[0].derefs, -1);
  ASSERT_EQ(log.flows[0].steps, 1u);
  EXPECT_EQ(log.text(log.steps[0].reason), "return");
  EXPECT_EQ(log.text(log.steps[0].at.file), "/w/a b.go");
  EXPECT_EQ(log.go_version, "go1.26.8");
  EXPECT_EQ(log.unreadable, 0u);
}

TEST(JsonLog, AVariableHasNoRecordOfItsOwn) {
  EscapeLog log =
      read(record(21, 2, "escape", "n escapes to heap", related(22, 7, "escflow:    flow: p = \\u0026n:")));
  ASSERT_EQ(log.escapes.size(), 1u);
  EXPECT_TRUE(log.escapes[0].is_moved);
  EXPECT_EQ(log.text(log.escapes[0].name), "n");
}

TEST(JsonLog, ParametersLeak) {
  EscapeLog log = read(record(18, 11, "leak", "parameter p leaks to {heap} with derefs=2",
                              related(18, 29, "escflow:    flow: {heap} ← **p:")));
  EXPECT_TRUE(log.escapes.empty());
  ASSERT_EQ(log.chains.size(), 1u);
  EXPECT_TRUE(log.chains[0].is_parameter);
  EXPECT_EQ(log.text(log.chains[0].sink), "{heap}");
  EXPECT_EQ(log.chains[0].derefs, 2);
}

TEST(JsonLog, DamageIsCountedAndTheRestRead) {
  EscapeLog log = read("{\"range\":{\"start\":{\"line\":1,\"charac\n" + record(3, 4, "escape", "") +
                       "nonsense\n" + record(99999, 1, "escape", "\\ud8zz escapes to heap"));
  EXPECT_EQ(log.escapes.size(), 1u);
  EXPECT_EQ(log.unreadable, 3u);
}

TEST(JsonLog, OtherFilesAreRefused) {
  EscapeLog log;
  JsonLogReader reader(log);
  EXPECT_FALSE(reader.read_file("{}"));
  EXPECT_FALSE(reader.read_file(""));
  EXPECT_FALSE(reader.read_file(R"({"version":1,"package":"p","file":"x"})"));
  EXPECT_FALSE(reader.read_file(R"({"version":0,"package":"p"})"));
}

TEST(JsonLog, EndlessRecordsAreSkipped) {
  std::string name(JsonLogReader::kLongestRecord, 'x');
  EscapeLog log = read(record(2, 1, "escape", name + " escapes to heap") + record(3, 4, "escape", ""));
  EXPECT_EQ(log.escapes.size(), 1u);
  EXPECT_EQ(log.unreadable, 1u);
}

TEST(JsonLog, DeepNestingEnds) {
  std::string deep(100'000, '[');
  EscapeLog log = read("{\"code\":\"escape\",\"x\":" + deep + "}\n");
  EXPECT_EQ(log.unreadable, 1u);
}

}  // namespace
}  // namespace memsnap
