#include "verbs/examine.h"

#include "analysis/series_builder.h"
#include "base/text.h"
#include "os/files.h"
#include "verbs/live.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <thread>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint64_t kMostCaptures = 1000;

struct LastCapture : OpenHeap::Keeper {
  explicit LastCapture(Heap taken) : capture(std::move(taken)) {}
  const Heap& heap() const override { return capture; }
  Heap capture;
};

// When the process was started, by the clock of its machine.
double started_s(const Heap& heap) {
  return double(heap.counter("capture.realtime_ns")) * 1e-9 - double(heap.counter("target.uptime_ns")) * 1e-9;
}

}  // namespace

double seconds_between(const Heap& before, const Heap& after) {
  return double(after.counter("capture.realtime_ns") - before.counter("capture.realtime_ns")) * 1e-9;
}

Result<void> check_same_process(const Heap& before, const Heap& after) {
  constexpr double kClockSteps = 2;  // seconds that a clock may be set between the two
  auto name = [](const Heap& heap) { return heap.fact("snapshot.file"); };
  if (before.fact("target.build_id") != after.fact("target.build_id"))
    return fail(Cause::bad_input, "{} and {} are of different builds: growth cannot be told from them",
                name(before), name(after));
  if (before.counter("target.pid") != after.counter("target.pid") ||
      std::abs(started_s(before) - started_s(after)) > kClockSteps)
    return fail(Cause::bad_input, "{} and {} are of different processes: growth cannot be told from them",
                name(before), name(after));
  if (seconds_between(before, after) <= 0)
    return fail(Cause::usage, "{} is not older than {}: give the oldest first", name(before), name(after));
  return {};
}

Result<Examined> examine_process(pid_t pid, const Flags& flags, Io& io) {
  if (flags.given("captures") && flags.number("captures") > kMostCaptures)
    return fail(Cause::usage, "--captures: got {}, want at most {}", flags.number("captures"), kMostCaptures);
  LiveSession session = TRY(LiveSession::open(pid, flags, io));
  CapturePlan plan = plan_captures(flags, session.estimate().calm_pause);
  if (flags.given("o")) TRY_VOID(can_write_file(flags.text("o"), flags.on("force")));
  session.announce(plan);
  return take_captures(session, plan);
}

Result<Examined> take_captures(LiveSession& session, const CapturePlan& plan) {
  constexpr int kMostInRow = 2;
  SeriesBuilder builder;
  Heap last;
  std::optional<Error> first_error;
  std::vector<std::string> dropped;
  std::int64_t first_ns = 0, longest = 0, spent = 0;
  std::uint64_t taken = 0;
  int in_row = 0;
  bool have = false;  // `last` is a capture
  auto begun = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < plan.captures && in_row < kMostInRow; ++i) {
    std::this_thread::sleep_until(begun + plan.interval * std::int64_t(i));
    std::string name = plan.captures == 1 ? "capture" : fmt::format("capture {} of {}", i + 1, plan.captures);
    // The one before is kept until the next is sure, where there is memory for both.
    auto forget = [&] {
      last = Heap();
      have = false;
    };
    if (!session.room_for_two()) forget();
    Result<Heap> next = session.capture(name, forget);
    if (!next) {
      Cause cause = next.error().cause;
      if (cause != Cause::let_go && !(cause == Cause::refused && taken > 0))
        return std::unexpected(std::move(next.error()));
      dropped.push_back(fmt::format("{}: {}", name, next.error().what));
      if (!first_error) first_error = std::move(next.error());
      ++in_row;
      continue;
    }
    in_row = 0;
    ++taken;
    have = true;
    last = std::move(*next);
    longest = std::max(longest, last.counter("capture.pause_ns"));
    spent += last.counter("capture.pause_ns");
    if (taken == 1) first_ns = last.counter("capture.realtime_ns");
    if (plan.captures > 1) builder.add(last, double(last.counter("capture.realtime_ns") - first_ns) * 1e-9);
    if (plan.budget.count() > 0 && spent > plan.budget.count()) break;
  }
  if (!have) return std::unexpected(std::move(*first_error));
  std::string fewer;
  if (dropped.empty() && plan.budget.count() > 0 && taken < plan.wanted)
    fewer = fmt::format("{}: more would pause it for more than {} in all{}",
                        taken == 1 ? "one capture" : fmt::format("{} captures", taken),
                        human_duration(std::uint64_t(plan.budget.count())),
                        taken == 1 ? "; growth was not looked at" : "");
  return Examined{.heap = OpenHeap(std::make_unique<LastCapture>(std::move(last))),
                  .series = std::move(builder).take(),
                  .pause_ns = std::uint64_t(longest),
                  .dropped = std::move(dropped),
                  .fewer = std::move(fewer)};
}

Result<Examined> examine_files(std::span<const Target> targets) {
  CHECK(!targets.empty());
  SeriesBuilder builder;
  std::optional<OpenHeap> last;
  double seconds = 0;
  std::int64_t longest = 0;
  for (const Target& target : targets) {
    OpenHeap next = TRY(open_snapshot_file(target.path));
    if (last) {
      TRY_VOID(check_same_process(**last, *next));
      seconds += seconds_between(**last, *next);
    }
    longest = std::max(longest, next->counter("capture.pause_ns"));
    if (targets.size() > 1) builder.add(*next, seconds);
    last = std::move(next);
  }
  return Examined{.heap = std::move(*last),
                  .series = std::move(builder).take(),
                  .pause_ns = std::uint64_t(longest),
                  .dropped = {},
                  .fewer = {}};
}

}  // namespace memsnap
