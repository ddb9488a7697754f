#include "os/clock.h"

#include "os/files.h"
#include "os/proc_text.h"

#include <fmt/core.h>

#include <sched.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <string_view>

namespace memsnap {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::uint64_t clock_ns(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return std::uint64_t(now.tv_sec) * kSecond + std::uint64_t(now.tv_nsec);
}

// CPUs of the quota that our cgroup has (cpu.max: "quota period" in microseconds); 0 when it has none.
double quota_cpus() {
  auto limit = read_small_file("/sys/fs/cgroup/cpu.max", 256);
  if (!limit) return 0;
  std::string_view text = *limit;
  std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return 0;
  auto quota = parse_number(text.substr(0, blank));
  auto period = parse_number(text.substr(blank + 1, text.find('\n') - blank - 1));
  if (!quota || !period || *period == 0) return 0;
  return std::clamp(double(*quota) / double(*period), 0.01, 4096.0);
}

}  // namespace

std::uint64_t monotonic_ns() { return clock_ns(CLOCK_MONOTONIC); }
std::uint64_t realtime_ns() { return clock_ns(CLOCK_REALTIME); }
std::uint64_t boot_ns() { return clock_ns(CLOCK_BOOTTIME); }
std::uint64_t own_cpu_ns() { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

std::uint64_t own_peak_rss() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return std::uint64_t(used.ru_maxrss) << 10;
}

int cpu_count() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? std::max(1, CPU_COUNT(&set)) : 1;
  int quota = int(std::ceil(quota_cpus()));
  return quota == 0 ? allowed : std::min(allowed, quota);
}

double cpu_crowding() {
  constexpr int kLooks = 5;  // one look is chance: the most of several counts
  constexpr std::uint64_t kApart = 2'000'000;
  std::uint64_t tasks = 1;  // this thread, which each look counts too
  for (int i = 0; i < kLooks; ++i) {
    if (i > 0) sleep_until(monotonic_ns() + kApart);
    if (auto text = read_small_file("/proc/loadavg", 256)) tasks = std::max(tasks, parse_runnable(*text));
  }
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  double crowd = std::max(1.0, double(tasks) / double(std::max(1L, processors))), quota = quota_cpus();
  return quota > 0 && quota < 1 ? crowd / quota : crowd;
}

std::string rfc3339(std::uint64_t realtime, bool milliseconds) {
  time_t seconds = time_t(realtime / kSecond);
  tm parts{};
  gmtime_r(&seconds, &parts);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", parts.tm_year + 1900,
                                 parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
  if (milliseconds) text += fmt::format(".{:03}", realtime % kSecond / 1'000'000);
  return text + 'Z';
}

void sleep_until(std::uint64_t when) {
  timespec at{.tv_sec = time_t(when / kSecond), .tv_nsec = long(when % kSecond)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) == EINTR) {
  }
}

}  // namespace memsnap
