#include "escape/explain.h"

#include "golog/text_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace memsnap {
namespace {

EscapeLog read(const std::string& text) {
  EscapeLog log;
  TextLogReader reader(log);
  reader.feed(text);
  reader.finish();
  return log;
}

// "sentence. | class of fix at the place of the hop" of the first escape.
std::string story(const std::string& text) {
  EscapeLog log = read(text);
  EscapeGraph graph(log);
  Explanation why = explain(graph, 0);
  std::string out = sentence(log, why, log.escapes[0].at) + ". | " + word(why.fix);
  if (why.avoidable < why.hops.size())
    out += " at " + place_words(log, why.hops[why.avoidable].at, log.escapes[0].at);
  return out;
}

// A block of one value in function F; flows are lines without their place.
std::string block(const std::string& place, const std::string& name, const std::string& bare,
                  const std::vector<std::string>& lines) {
  std::string text = place + ": " + name + " escapes to heap in F:\n";
  for (const std::string& line : lines) text += place + ":   " + line + "\n";
  return text + place + ": " + bare + "\n";
}

TEST(Explain, AnAddressThatIsStored) {
  EXPECT_EQ(story(block("a.go:2:2", "n", "moved to heap: n",
                        {"flow: p \u2190 &n:", "  from &n (address-of) at a.go:3:7",
                         "  from p := &n (assign-pair) at a.go:3:6",
                         "flow: {heap} \u2190 p:", "  from m[k] = p (assign) at b.go:4:6"})),
            "its address is taken at 3:7, assigned to p at 3:6 and stored in m[k] at b.go:4:6. | "
            "pointer-element at "
            "b.go:4:6");
}

TEST(Explain, WhatIsMadeAndReturned) {
  auto returned = [](const std::string& name) {
    return story(
        block("a.go:2:2", name, name + " escapes to heap",
              {"flow: ~r0 \u2190 &{storage for " + name + "}:", "  from " + name + " (spill) at a.go:2:2",
               "  from return " + name + " (return) at a.go:2:1"}));
  };
  EXPECT_EQ(returned("&T{...}"), "returned at 2:1. | returned-pointer at 2:1");
  EXPECT_EQ(returned("make([]byte, n)"), "returned at 2:1. | returned-memory at 2:1");
  EXPECT_EQ(returned("func literal"), "returned at 2:1. | function-value at 2:1");
  EXPECT_EQ(returned("a + \"b\""), "returned at 2:1. | returned-memory at 2:1");
  EXPECT_EQ(returned("x"), "returned at 2:1. | interface-conversion at 2:1");
}

TEST(Explain, AFormattingCallIsTheThingToAvoid) {
  EXPECT_EQ(story(block("a.go:2:9", "x", "x escapes to heap",
                        {"flow: {storage for ... argument} \u2190 &{storage for x}:",
                         "  from x (spill) at a.go:2:9", "  from x (interface-converted) at a.go:2:9",
                         "  from ... argument (slice-literal-element) at a.go:2:3",
                         "flow: {heap} \u2190 {storage for ... argument}:",
                         "  from fmt.Sprintf(\"%v\", ... argument...) (call parameter) at a.go:2:3"})),
            "converted to an interface at 2:9, made one of the arguments at 2:3 and passed to fmt.Sprintf at "
            "2:3. | "
            "formatting at 2:3");
}

TEST(Explain, GoesOnWhereTheLogGoesOn) {
  // The variable is captured by a literal, which is returned; a call of a function whose parameter leaks.
  std::string captured =
      block("a.go:2:2", "c", "moved to heap: c",
            {"flow: {storage for func literal} \u2190 &c:", "  from c (captured by a closure) at a.go:3:5",
             "  from c (reference) at a.go:3:5"}) +
      block("a.go:3:9", "func literal", "func literal escapes to heap",
            {"flow: ~r0 \u2190 &{storage for func literal}:", "  from func literal (spill) at a.go:3:9",
             "  from return func literal (return) at a.go:3:2"});
  EXPECT_EQ(story(captured),
            "captured by a function literal at 3:5 and returned at 3:2. | captured-variable at 3:5");
  std::string passed = "# p\n" +
                       block("a.go:2:2", "n", "moved to heap: n",
                             {"flow: {heap} \u2190 &n:", "  from &n (address-of) at a.go:3:7",
                              "  from keep(&n) (call parameter) at a.go:3:6"}) +
                       "b.go:9:3: parameter p leaks to {heap} for keep with derefs=0:\n"
                       "b.go:9:3:   flow: {heap} \u2190 p:\n"
                       "b.go:9:3:     from global = p (assign) at b.go:10:5\n";
  EXPECT_EQ(story(passed),
            "its address is taken at 3:7, passed to keep at 3:6 and stored in global at b.go:10:5. | "
            "kept-by-callee at "
            "3:6");
}

TEST(Explain, AtMostSixHops) {
  std::vector<std::string> lines = {"flow: v0 \u2190 &n:", "  from &n (address-of) at a.go:3:1"};
  for (int i = 1; i <= 20; ++i) {
    std::string from = "v" + std::to_string(i - 1), to = "v" + std::to_string(i);
    lines.push_back("flow: " + to + " \u2190 " + from + ":");
    lines.push_back("  from " + to + " = " + from + " (assign) at a.go:" + std::to_string(3 + i) + ":1");
  }
  lines.push_back("flow: {heap} \u2190 v20:");
  lines.push_back("  from global = v20 (assign) at a.go:99:1");
  EscapeLog log = read(block("a.go:2:2", "n", "moved to heap: n", lines));
  EscapeGraph graph(log);
  Explanation why = explain(graph, 0);
  EXPECT_EQ(why.hops.size(), kMostHops);
  EXPECT_EQ(why.hops.front().what, "its address is taken");
  EXPECT_EQ(why.hops.back().what, "stored in global");
  EXPECT_EQ(why.left_out, 22 - kMostHops);
  EXPECT_EQ(why.avoidable, why.hops.size() - 1);
}

TEST(Explain, ExplanationsThatLeadToEachOtherEnd) {
  std::string text = block("a.go:1:1", "x", "moved to heap: x",
                           {"flow: y \u2190 &x:", "  from y = &x (assign) at a.go:1:1"}) +
                     block("a.go:2:1", "y", "moved to heap: y",
                           {"flow: x \u2190 &y:", "  from x = &y (assign) at a.go:2:1"});
  EXPECT_NE(story(text), "");
}

TEST(Explain, ALogOfMinusMExplainsNothing) {
  EscapeLog log = read("a.go:1:1: moved to heap: x\n");
  EscapeGraph graph(log);
  EXPECT_FALSE(explain(graph, 0).is_known);
}

TEST(EscapeGraph, LocationsAreKeptApartByFunctionPlaceAndName) {
  // Two variables called err in one function, one in another: three nodes, and the heap.
  std::string text;
  for (std::string place : {"a.go:2:2", "a.go:7:2"})
    text += block(place, "err", "moved to heap: err",
                  {"flow: {heap} \u2190 &err:", "  from &err (address-of) at " + place});
  std::string other = block("a.go:9:2", "err", "moved to heap: err",
                            {"flow: {heap} \u2190 &err:", "  from &err (address-of) at a.go:9:9"});
  other.replace(other.find(" in F:"), 6, " in G:");
  EscapeLog log = read(text + other);
  EscapeGraph graph(log);
  std::vector<std::uint32_t> all = {0, 1, 2};
  EscapeGraph::Part part = graph.part(all);
  EXPECT_EQ(part.nodes.size(), 4u);
  EXPECT_EQ(part.edges.size(), 3u);
}

TEST(EscapeGraph, Names) {
  EXPECT_EQ(callee_of("(*T).M(x, f(y))"), "(*T).M");
  EXPECT_EQ(callee_of("x"), "");
  EXPECT_EQ(callee_of("x)"), "");
  EXPECT_TRUE(is_result("fmt.~r12"));
  EXPECT_FALSE(is_result("~rx"));
  EXPECT_EQ(stored_name("{storage for &T{...}}"), "&T{...}");
  EXPECT_EQ(stored_name("{heap}"), "");
}

}  // namespace
}  // namespace memsnap
