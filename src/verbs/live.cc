#include "verbs/live.h"

#include "base/text.h"
#include "os/console.h"
#include "os/process.h"
#include "render/report.h"
#include "verbs/progress.h"

#include <algorithm>
#include <thread>

namespace memsnap {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::uint64_t kCaptures = 6;              // what a verdict about growth needs
constexpr nanoseconds kPauses = milliseconds(300);  // that all captures together may take of a service
constexpr nanoseconds kWindow = std::chrono::seconds(5);
constexpr int kAttempts = 2;               // of one capture
constexpr milliseconds kBeforeAgain(250);  // for what crowds the machine to go by

}  // namespace

CapturePlan plan_captures(const Flags& flags, nanoseconds pause) {
  CapturePlan plan;
  bool once = flags.given("interval") && flags.duration("interval").count() == 0;
  if (once) return plan;
  if (flags.given("captures"))
    plan.captures = flags.number("captures");
  else if (pause.count() > 0)
    plan.captures = std::clamp<std::uint64_t>(std::uint64_t(kPauses / pause), 1, kCaptures);
  else
    plan.captures = kCaptures;
  if (!flags.given("captures")) plan.budget = kPauses;
  plan.wanted = std::max(plan.captures, plan.budget.count() > 0 ? kCaptures : 0);
  if (plan.captures > 1)
    plan.interval =
        flags.given("interval") ? flags.duration("interval") : kWindow / std::int64_t(plan.captures - 1);
  return plan;
}

Result<LiveSession> LiveSession::open(pid_t pid, const Flags& flags, Io& io) {
  if (nanoseconds limit = flags.duration("timeout"); limit.count() > 0) end_after(limit);
  std::unique_ptr<LiveTarget> target = TRY(LiveTarget::open(pid));
  CaptureEstimate estimate = TRY(target->estimate());
  CaptureOptions options;
  options.max_pause = flags.duration("max-pause");
  TRY_VOID(check_limits(pid, estimate, options));
  return LiveSession(pid, std::move(target), estimate, options, io);
}

// The tables of a capture are less than half of what it needs while it is made.
std::uint64_t LiveSession::bytes_for_two() const { return estimate_.our_bytes + estimate_.our_bytes / 2; }

bool LiveSession::room_for_two() const { return bytes_for_two() <= memory_headroom().bytes; }

void LiveSession::announce(const CapturePlan& plan) {
  std::string words = fmt::format("memsnap: will pause process {} about {} (limit {}, {}{})", pid_,
                                  human_duration(std::uint64_t(estimate_.pause.count())),
                                  human_duration(std::uint64_t(options_.max_pause.count())),
                                  counted(estimate_.threads, "thread"), busy_words(estimate_));
  if (plan.captures > 1)
    words += fmt::format(", {} times, {} apart", plan.captures,
                         human_duration(std::uint64_t(plan.interval.count())));
  bool two = plan.captures > 1 && room_for_two();
  words += fmt::format("; memsnap needs about {} of memory",
                       human_bytes(two ? bytes_for_two() : estimate_.our_bytes));
  io_->err.put(words + "\n");
  io_->err.flush();
}

Result<Heap> LiveSession::capture(std::string_view what, const std::function<void()>& copied) {
  for (int attempt = 1;; ++attempt) {
    ProgressLine line(*io_);
    line.of(what);
    bool stopped = false, told = false;
    Result<Heap> heap =
        target_->capture(options_, [&](std::string_view phase, std::uint64_t done, std::uint64_t total) {
          line.step(phase, done, total);
          if (stopped && !told && copied) copied(), told = true;
          stopped = true;
        });
    if (heap || heap.error().cause != Cause::let_go) return heap;
    if (attempt == kAttempts)
      return fail(
          Cause::let_go, "{}; {} attempts: try again when the machine is less busy, or with --max-pause {}ms",
          heap.error().what, kAttempts, std::chrono::ceil<milliseconds>(options_.max_pause * 2).count());
    line.clear();
    io_->err.print("memsnap: {}; trying once more\n", heap.error().what);
    io_->err.flush();
    std::this_thread::sleep_for(kBeforeAgain);
  }
}

}  // namespace memsnap
