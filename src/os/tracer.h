// The ptrace side of a stop. All calls but reap_dead come from one thread, whose end lets go of what is
// left: a thread that would not stop, or one that died meanwhile.
#pragma once

#include "base/result.h"
#include "os/stop.h"

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

namespace memsnap {

class Tracer {
 public:
  explicit Tracer(pid_t pid) : pid_(pid) {}

  // Stops every thread, those that appear meanwhile too, and reads their registers. `deadline` is in
  // monotonic_ns. When it fails nothing may be read; detach_all() is still due.
  Result<void> stop_all(std::uint64_t deadline, const std::atomic<bool>& give_up);
  void detach_all();

  const std::vector<ThreadRegisters>& registers() const { return registers_; }
  bool was_stopped_before() const { return was_stopped_; }
  bool timed_out() const { return timed_out_; }             // the deadline came first
  std::uint64_t first_stop() const { return first_stop_; }  // monotonic_ns; 0: none stopped

  // A thread that executes another program waits, holding a lock that PTRACE_SEIZE needs, until the dead
  // threads of its process are reaped, and only we can reap those that we trace. So while the tracing
  // thread sits in a seize, another one calls this.
  void reap_dead();
  std::uint64_t seizing_since() const { return seizing_since_; }  // monotonic_ns; 0: it is not

 private:
  enum class State : std::uint8_t { kRunning, kStopped, kGone };
  int seize(pid_t tid);
  Result<void> seize_new();  // seizes and interrupts the threads that are not seized yet
  bool all_are_stopped() const;
  Result<void> wait_for_stops(std::uint64_t deadline, const std::atomic<bool>& give_up);
  State wait_for(pid_t tid);
  State leader_state() const;
  bool ended(pid_t tid) const;
  void took_stop(pid_t tid, int status, State& state);
  bool read_registers();
  Error not_seized(pid_t tid, int error, bool& skip) const;
  Error not_stopped() const;

  pid_t pid_;
  std::map<pid_t, State> threads_;  // seized ones
  mutable std::mutex lock_;         // of threads_, for reap_dead
  std::vector<ThreadRegisters> registers_;
  std::atomic<std::uint64_t> seizing_since_ = 0;
  std::uint64_t began_ = 0, first_stop_ = 0;
  bool was_stopped_ = false, timed_out_ = false;
};

}  // namespace memsnap
