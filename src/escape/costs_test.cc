#include "escape/costs.h"

#include "golog/text_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr std::string_view kLog =
    "# example.com/shop\n"
    "./main.go:53:21: inlining call to newNode\n"
    "./main.go:53:29: inlining call to other.Make\n"
    "./main.go:16:36: &Node{...} escapes to heap in newNode:\n"
    "./main.go:16:36:   flow: ~r0 \u2190 &{storage for &Node{...}}:\n"
    "./main.go:16:36:     from return &Node{...} (return) at ./main.go:16:29\n"
    "./main.go:16:36: &Node{...} escapes to heap\n"
    "./main.go:53:21: &Node{...} escapes to heap in main:\n"
    "./main.go:53:21:   flow: {heap} \u2190 &{storage for &Node{...}}:\n"
    "./main.go:53:21:     from global = &Node{...} (assign) at ./main.go:53:21\n"
    "./main.go:53:21: &Node{...} escapes to heap\n"
    "./main.go:53:29: make([]byte, 9) escapes to heap\n"
    "./main.go:60:3: make([]byte, n) escapes to heap\n"
    "./main.go:60:9: &T{...} escapes to heap\n"
    "store/store.go:7:2: moved to heap: s\n";

struct Frame {
  const char *function, *file;
  std::uint32_t line;
  bool is_inlined = false;
};

class Costs : public testing::Test {
 protected:
  Costs() {
    TextLogReader reader(log_);
    reader.feed(kLog);
    reader.finish();
  }
  // Places of the escapes that an allocation with this stack belongs to.
  std::string places(const std::vector<Frame>& frames, AllocKind kind = AllocKind::kUnknown,
                     bool inlining = true) {
    AllocSites sites;
    sites.knows_inlining = inlining;
    sites.sites.push_back({.frames = std::uint32_t(frames.size()), .kind = kind});
    sites.sites[0].now.live.add(100, 1, 3);
    for (const Frame& frame : frames)
      sites.frames.push_back({.function = sites.strings.add(frame.function),
                              .file = sites.strings.add(frame.file),
                              .line = frame.line,
                              .is_inlined = frame.is_inlined});
    EscapeGraph graph(log_);
    EscapeCosts costs = escape_costs(graph, sites, CostOrder::kLive);
    std::string text;
    for (const EscapeCost& row : costs.rows) {
      EXPECT_EQ(row.live(), 300);
      for (std::uint32_t escape : row.escapes) {
        const LogPlace& at = log_.escapes[escape].at;
        text += (text.empty() ? "" : " ") + std::to_string(at.line) + ":" + std::to_string(at.column);
      }
    }
    EXPECT_EQ(costs.elsewhere, costs.rows.empty() ? 300 : 0);
    return text;
  }

  EscapeLog log_;
};

TEST_F(Costs, InlinedCodeCountsAtItsCall) {
  EXPECT_EQ(places({{"main.newNode", "/w/shop/main.go", 16, true}, {"main.main", "/w/shop/main.go", 53}}),
            "53:21");
  EXPECT_EQ(places({{"x/other.Make", "/w/other/o.go", 3, true}, {"main.main", "/w/shop/main.go", 53}}),
            "53:29");
  EXPECT_EQ(places({{"main.newNode", "/w/shop/main.go", 16}, {"main.main", "/w/shop/main.go", 53}}), "16:36");
}

TEST_F(Costs, SnapshotsDoNotSayWhatWasInlinedAndTheLogDoes) {
  EXPECT_EQ(places({{"main.newNode", "/w/shop/main.go", 16}, {"main.main", "/w/shop/main.go", 53}},
                   AllocKind::kObject, false),
            "53:21");
  EXPECT_EQ(places({{"main.newNode", "/w/shop/main.go", 16}, {"main.other", "/w/shop/main.go", 54}},
                   AllocKind::kObject, false),
            "16:36");
}

TEST_F(Costs, TheKindTellsApartWhatStandsOnOneLine) {
  std::vector<Frame> stack = {{"main.run", "example.com/shop/main.go", 60}};
  EXPECT_EQ(places(stack), "60:3 60:9");
  EXPECT_EQ(places(stack, AllocKind::kSlice), "60:3");
  EXPECT_EQ(places(stack, AllocKind::kObject), "60:9");
  EXPECT_EQ(places(stack, AllocKind::kMap), "");
}

TEST_F(Costs, OtherFilesAndFunctionsAreElsewhere) {
  EXPECT_EQ(places({{"main.f", "/w/shop/store/store.go", 7}}), "7:2");
  EXPECT_EQ(places({{"main.f", "/w/shop/other/store.go", 7}}), "");
  EXPECT_EQ(places({{"main.notNewNode", "/w/shop/main.go", 16}}), "");
  EXPECT_EQ(places({{"main.newNode", "/w/shop/main.go", 17}}), "");
}

TEST(EscapeNames, FunctionsOfProfilesAndLogs) {
  EXPECT_TRUE(is_same_function("github.com/a/b.(*T[...]).M", "(*T[go.shape.int]).M"));
  EXPECT_TRUE(is_same_function("github.com/a/b.(*T[...]).M", "b.(*T[int]).M"));
  EXPECT_TRUE(is_same_function("github.com/a/b/v2.Run", "b.Run"));
  EXPECT_TRUE(is_same_function("main.main.func1", "main.func1"));
  EXPECT_FALSE(is_same_function("main.newNode", "Node"));
  EXPECT_FALSE(is_same_function("main.T.Run", "U.Run"));
  EXPECT_FALSE(is_same_function("main.Run", "(*T).Run"));
}

TEST(EscapeNames, FilesOfProfilesAndLogs) {
  EXPECT_TRUE(is_same_file("/home/x/shop/store/a.go", "store/a.go", ""));
  EXPECT_TRUE(is_same_file("/home/x/shop/a.go", "./a.go", ""));
  EXPECT_TRUE(is_same_file("example.com/shop/a.go", "./a.go", "example.com/shop"));
  EXPECT_TRUE(is_same_file("/home/x/go/pkg/mod/q/quic@v1.2.3/a.go", "../../q/quic@v1.2.3/a.go", ""));
  EXPECT_TRUE(is_same_file("example.com/shop@v1.0.0/store/a.go",
                           "/home/x/go/pkg/mod/example.com/shop@v1.0.0/store/a.go", ""));
  EXPECT_FALSE(is_same_file("/home/x/shop/restore/a.go", "store/a.go", ""));
  EXPECT_FALSE(is_same_file("/home/x/shop/b.go", "a.go", ""));
}

TEST(EscapeNames, ConstantsAreNotAllocated) {
  for (const char* name : {"\"nil context\"", "4", "true", "caddy.CtxKey(\"vars\")", "provider{}"})
    EXPECT_TRUE(is_static_value(name)) << name;
  for (const char* name : {"\"a\" + b", "x", "&T{}", "[]int{}", "map[string]int{}", "f(\"a\", x)", "T{...}",
                           "~r0", "string(b)", "([]byte)(\"abc\")"})
    EXPECT_FALSE(is_static_value(name)) << name;
}

TEST(AllocKinds, OfTheRuntimesFunctions) {
  EXPECT_EQ(alloc_kind("runtime.newobject"), AllocKind::kObject);
  EXPECT_EQ(alloc_kind("runtime.growslice"), AllocKind::kGrowth);
  EXPECT_EQ(alloc_kind("runtime.mapassign_faststr"), AllocKind::kMap);
  EXPECT_EQ(alloc_kind("runtime.convTstring"), AllocKind::kInterface);
  EXPECT_EQ(alloc_kind("runtime.concatstrings"), AllocKind::kString);
  EXPECT_EQ(alloc_kind("internal/runtime/maps.newTable"), AllocKind::kOther);
}

}  // namespace
}  // namespace memsnap
