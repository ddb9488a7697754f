// From targets to a case: several captures of a process, or snapshots of it, the last heap of them and what
// moved on the way.
#pragma once

#include "tables/series.h"
#include "verbs/live.h"
#include "verbs/target.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace memsnap {

struct Examined {
  OpenHeap heap;  // the last
  Series series;
  std::uint64_t pause_ns = 0;        // longest of all captures
  std::vector<std::string> dropped;  // captures that failed, and why
  std::string fewer;                 // why there are not as many as usual; "" when there are
};

// Takes the captures of the plan. One that fails because the process took too long is left out and named; it
// ends after two of those in a row, for each costs pauses. The error is that of the first when none is left,
// or when the last failed and there is no memory here to keep the one before.
Result<Examined> take_captures(LiveSession& session, const CapturePlan& plan);

Result<Examined> examine_process(pid_t pid, const Flags& flags, Io& io);
// Oldest first, all of one process.
Result<Examined> examine_files(std::span<const Target> targets);

// Whether both were taken of one process; the error says what differs.
Result<void> check_same_process(const Heap& before, const Heap& after);
double seconds_between(const Heap& before, const Heap& after);

}  // namespace memsnap
