// Captures of a running process, announced before it is paused.
#pragma once

#include "goheap/capture.h"
#include "verbs/flags.h"
#include "verbs/io.h"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>

namespace memsnap {

// How often and how far apart a process is captured.
struct CapturePlan {
  std::uint64_t captures = 1;
  std::chrono::nanoseconds interval{};  // from the start of one to the start of the next
  std::chrono::nanoseconds budget{};  // of all pauses, which ends the captures; 0: none, they were asked for
  std::uint64_t wanted = 1;           // what there would be without the budget
};

// Six captures in five seconds while one pauses at most 50 ms (on a machine that is not busy); fewer, so that
// the pauses together stay below 300 ms, when it pauses longer. What the user asked for is not changed.
CapturePlan plan_captures(const Flags& flags, std::chrono::nanoseconds pause);

class LiveSession {
 public:
  // Reads the executable and estimates; refuses above --max-pause or beyond the memory that is left.
  static Result<LiveSession> open(pid_t pid, const Flags& flags, Io& io);

  const CaptureEstimate& estimate() const { return estimate_; }
  // Whether there is memory enough here to keep one capture while the next is taken.
  bool room_for_two() const;
  void announce(const CapturePlan& plan);
  // One capture; `what` stands before its phases in the progress line. A process that had to be let go before
  // it was read is tried once more. `copied` is called when the process runs again and the tables are about
  // to be made: what it frees is not needed twice.
  Result<Heap> capture(std::string_view what, const std::function<void()>& copied = {});

  LiveSession(pid_t pid, std::unique_ptr<LiveTarget> target, CaptureEstimate estimate, CaptureOptions options,
              Io& io)
      : pid_(pid), target_(std::move(target)), estimate_(estimate), options_(options), io_(&io) {}

 private:
  std::uint64_t bytes_for_two() const;

  pid_t pid_;
  std::unique_ptr<LiveTarget> target_;
  CaptureEstimate estimate_;
  CaptureOptions options_;
  Io* io_;
};

}  // namespace memsnap
