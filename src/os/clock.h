// Time, and what this process itself has used of the machine.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace memsnap {

std::uint64_t monotonic_ns();  // stands still while the machine sleeps; for intervals
std::uint64_t realtime_ns();   // since 1970, UTC
std::uint64_t boot_ns();       // since the machine started, sleep included; what start_ticks counts from
std::uint64_t own_cpu_ns();    // user and system time of all our threads
std::uint64_t own_peak_rss();  // bytes
int cpu_count();               // that we may run on: affinity, and the quota of our cgroup; at least 1
// How many times longer work takes here than on an idle machine, at least 1: tasks that want a processor for
// each that there is, and a quota of less than one processor. A look at an instant, for an estimate.
double cpu_crowding();

// 2026-11-21T10:12:44Z; with a fraction of three digits when `milliseconds` is set.
std::string rfc3339(std::uint64_t realtime, bool milliseconds = false);

// Sleeps until monotonic_ns() reaches `when`. A signal or a time-out meanwhile ends the process (console.h).
void sleep_until(std::uint64_t when);

}  // namespace memsnap
