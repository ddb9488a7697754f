#include "escape/against.h"

#include "golog/text_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace memsnap {
namespace {

std::string changes(const std::string& before, const std::string& now) {
  EscapeLog logs[2];
  const std::string* texts[] = {&before, &now};
  for (int i = 0; i < 2; ++i) {
    TextLogReader reader(logs[i]);
    reader.feed(*texts[i]);
    reader.finish();
  }
  EscapeGraph old_graph(logs[0]), graph(logs[1]);
  EscapeChanges found = escape_changes(old_graph, graph);
  std::string text;
  for (std::uint32_t row : found.started) text += "+" + std::to_string(logs[1].escapes[row].at.line);
  for (std::uint32_t row : found.stopped) text += "-" + std::to_string(logs[0].escapes[row].at.line);
  return text + "=" + std::to_string(found.stayed);
}

std::string value(int line, const std::string& name, const std::string& function) {
  std::string at = "./a.go:" + std::to_string(line) + ":2: ";
  return at + name + " escapes to heap in " + function + ":\n" + at + "  flow: {heap} \u2190 &" + name +
         ":\n" + at + "moved to heap: " + name + "\n";
}

TEST(Against, LinesMayMove) {
  EXPECT_EQ(changes(value(3, "x", "F") + value(9, "y", "G"), value(13, "x", "F") + value(29, "y", "G")),
            "=2");
}

TEST(Against, StartedAndStopped) {
  EXPECT_EQ(changes(value(3, "x", "F"), value(3, "z", "F")), "+3-3=0");
  EXPECT_EQ(changes(value(3, "x", "F"), value(3, "x", "G")), "+3-3=0");
  EXPECT_EQ(changes("", value(3, "x", "F")), "+3=0");
}

TEST(Against, OfTwoAlikeTheOneOnANewLineIsNew) {
  EXPECT_EQ(changes(value(9, "x", "F"), value(5, "x", "F") + value(9, "x", "F")), "+5=1");
  EXPECT_EQ(changes(value(5, "x", "F") + value(9, "x", "F"), value(9, "x", "F")), "-5=1");
}

TEST(Against, NumbersOfLiteralsDoNotCount) {
  EXPECT_EQ(changes(value(3, "x", "F.func1"), value(5, "x", "F.func2")), "=1");
}

}  // namespace
}  // namespace memsnap
