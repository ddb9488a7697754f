// What becomes of captures that the process was let go from: tried again, left out, or the end.
#include "verbs/examine.h"

#include "tables/heap_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

// Gives a heap or fails, as a script says: one letter per attempt, the last one for all that follow.
class Scripted final : public LiveTarget {
 public:
  Scripted(std::string script, int& attempts) : script_(std::move(script)), attempts_(attempts) {}
  const Program& program() const override { std::abort(); }
  Result<CaptureEstimate> estimate() override { return CaptureEstimate{}; }
  Result<Heap> capture(const CaptureOptions&, const Progress& progress) override {
    char what = script_[std::min<std::size_t>(std::size_t(attempts_++), script_.size() - 1)];
    progress("stopped", 0, 0);
    if (what == 's') return fail(Cause::let_go, "process 7 was paused for 1.0 s");
    if (what == 'r') return fail(Cause::refused, "process 7 would be paused about 2.0 s");
    progress("objects", 0, 0);
    if (what == 'x') return fail(Cause::bad_input, "process 7 ended");
    auto text = parse_heap(
        "struct a.T x int\nobject t a.T\nglobal a.b *a.T a.go:1 -> t\ncounter capture.pause_ns 80000000\n");
    return text ? std::move(text->heap) : Result<Heap>(std::unexpected(text.error()));
  }

 private:
  std::string script_;
  int& attempts_;
};

struct Taken {
  Result<Examined> examined;
  int attempts = 0;
  std::string err;
};

Taken take(std::string script, CapturePlan plan, std::uint64_t our_bytes = 1) {
  Taken taken{.examined = fail(Cause::usage, "")};
  Out out, err;
  Io io{.out = out, .err = err, .style = {}};
  CaptureOptions options;
  options.max_pause = std::chrono::seconds(1);
  LiveSession session(7, std::make_unique<Scripted>(std::move(script), taken.attempts),
                      {.our_bytes = our_bytes}, options, io);
  taken.examined = take_captures(session, plan);
  taken.err = err.text();
  return taken;
}

TEST(Examine, ASlowCaptureIsTriedAgain) {
  Taken once = take("sg", {.captures = 1});
  ASSERT_TRUE(once.examined) << once.examined.error().what;
  EXPECT_EQ(once.attempts, 2);
  EXPECT_TRUE(once.examined->dropped.empty());
  EXPECT_EQ(once.err, "memsnap: process 7 was paused for 1.0 s; trying once more\n");
}

TEST(Examine, TheReportIsMadeFromTheRest) {
  Taken rest = take("ggssg", {.captures = 4});
  ASSERT_TRUE(rest.examined) << rest.examined.error().what;
  EXPECT_EQ(rest.examined->series.captures(), 3u);
  ASSERT_EQ(rest.examined->dropped.size(), 1u);
  EXPECT_EQ(rest.examined->dropped[0].find("capture 3 of 4: process 7 was paused for 1.0 s"), 0u)
      << rest.examined->dropped[0];
  // The last one too: the one before is what the report is about.
  Taken last = take("gss", {.captures = 2});
  ASSERT_TRUE(last.examined) << last.examined.error().what;
  EXPECT_GT((*last.examined->heap).objects.rows(), 0u);
  // One that would take too long now is not taken, and the others count.
  EXPECT_EQ(take("ggr", {.captures = 6}).examined->dropped.size(), 2u);
}

TEST(Examine, NoneAtAllIsAnError) {
  Taken none = take("s", {.captures = 6});
  ASSERT_FALSE(none.examined);
  EXPECT_EQ(none.attempts, 4);  // two captures, each tried twice: it is not paused for more
  EXPECT_EQ(exit_status(none.examined.error().cause), 4);
  EXPECT_NE(none.examined.error().what.find("--max-pause 2000ms"), std::string::npos);
  EXPECT_EQ(take("r", {.captures = 6}).attempts, 1);
  Taken ended = take("ggx", {.captures = 6});
  ASSERT_FALSE(ended.examined);
  EXPECT_EQ(ended.examined.error().cause, Cause::bad_input);
  EXPECT_EQ(ended.attempts, 3);
}

TEST(Examine, WithoutMemoryForTwoTheLastOneMustSucceed) {
  constexpr std::uint64_t kMuch = std::uint64_t(1) << 60;
  Taken middle = take("gssg", {.captures = 3}, kMuch);
  ASSERT_TRUE(middle.examined) << middle.examined.error().what;
  EXPECT_EQ(middle.examined->series.captures(), 2u);
  EXPECT_EQ(middle.examined->dropped.size(), 1u);
  EXPECT_FALSE(take("gss", {.captures = 2}, kMuch).examined);
}

TEST(Examine, EndsWhereThePausesAddUp) {
  CapturePlan plan{.captures = 6, .interval = {}, .budget = std::chrono::milliseconds(300), .wanted = 6};
  Taken some = take("g", plan);  // of 80 ms each
  EXPECT_EQ(some.examined->series.captures(), 4u);
  EXPECT_EQ(some.examined->fewer, "4 captures: more would pause it for more than 300 ms in all");
  plan.captures = 1;
  EXPECT_EQ(take("g", plan).examined->fewer,
            "one capture: more would pause it for more than 300 ms in all; growth was not looked at");
  Taken all = take("g", {.captures = 6});  // asked for
  EXPECT_EQ(all.examined->series.captures(), 6u);
  EXPECT_EQ(all.examined->fewer, "");
}

}  // namespace
}  // namespace memsnap
