// One program as the compilers of four releases explain it (tests/golden/escape): the same values, the same
// stories.
#include "escape/explain.h"
#include "golog/text_reader.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

namespace memsnap {
namespace {

std::string file(const std::string& release) {
  std::stringstream text;
  text << std::ifstream("tests/golden/escape/probe" + release + ".m2", std::ios::binary).rdbuf();
  return text.str();
}

// "viaCall n" -> "its address is taken at … | stored-pointer"
std::map<std::string, std::string> stories(const std::string& text) {
  EscapeLog log;
  TextLogReader reader(log);
  reader.feed(text);
  reader.finish();
  EXPECT_EQ(log.unreadable, 0u);
  EXPECT_TRUE(log.complaints.empty()) << log.complaints[0];
  EscapeGraph graph(log);
  std::map<std::string, std::string> all;
  for (std::size_t i = 0; i < log.escapes.size(); ++i) {
    Explanation why = explain(graph, i);
    EXPECT_TRUE(why.is_known) << log.text(log.escapes[i].name);
    std::string key =
        std::string(log.text(graph.function_of(i))) + " " + std::string(log.text(log.escapes[i].name));
    all[key] = sentence(log, why, log.escapes[i].at) + " | " + word(why.fix);
  }
  return all;
}

class Releases : public testing::TestWithParam<const char*> {};

TEST_P(Releases, EveryLineIsAValueAndExplained) {
  std::string text = file(GetParam());
  std::istringstream lines(text);
  std::set<std::string> bare;
  for (std::string line; std::getline(lines, line);)
    if (line.ends_with(" escapes to heap") || line.find(": moved to heap: ") != line.npos) bare.insert(line);
  EscapeLog log;
  TextLogReader reader(log);
  reader.feed(text);
  reader.finish();
  EXPECT_GT(bare.size(), 20u);
  EXPECT_EQ(log.escapes.size(), bare.size());
  (void)stories(text);
}

TEST_P(Releases, StoriesAreTheSame) {
  auto newest = stories(file(".go1.27")), here = stories(file(GetParam()));
  for (const char* one : {"newNode &Node{...}", "viaCall n", "closure c", "mapput &Node{}", "iface x"})
    EXPECT_EQ(here[one], newest[one]) << one;
  EXPECT_EQ(newest["viaCall n"],
            "its address is taken at 22:7, passed to leak as p at 22:6 and stored in global at 22:6 | "
            "stored-pointer");
  EXPECT_EQ(newest["main big"], "too large for the stack at 63:2 | too-large");
}

INSTANTIATE_TEST_SUITE_P(Go, Releases, testing::Values(".go1.21", ".go1.24", "", ".go1.27"));

}  // namespace
}  // namespace memsnap
