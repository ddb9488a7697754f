// Stops all threads of a process for a moment and lets them go on every path: PTRACE_SEIZE and
// PTRACE_INTERRUPT only, which a dying tracer undoes by itself. No register and no memory is ever written.
#pragma once

#include "base/result.h"
#include "os/process.h"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace memsnap {

struct ThreadRegisters {
  pid_t tid = 0;
  std::uint64_t rip = 0, rsp = 0, rbp = 0, fs_base = 0;
  std::uint64_t general[15] = {};  // rax rbx rcx rdx rsi rdi rbp r8 .. r15
  bool in_syscall = false;         // orig_rax >= 0
};

// While it lives the process is stopped (and stays so afterwards only if it was stopped before).
//
// The kernel takes ptrace requests from the thread that seized only, and lets go when that thread ends. So
// one thread does it all: it seizes, waits for resume() or for the limit, lets go, and ends. When the limit
// came first, expired() is true and what was read since is worth nothing.
class StoppedProcess {
 public:
  // Lets go and tries again, three times in all, when a thread has not stopped after `attach_limit`. Errors
  // are let_go (it did not stop in time), refused (with the capability, sysctl or the tracer's pid) or
  // bad_input (gone, or another program after an exec). The hold counts from the first thread that stops.
  static Result<StoppedProcess> stop(pid_t pid, std::chrono::nanoseconds hold_limit,
                                     std::chrono::nanoseconds attach_limit = std::chrono::milliseconds(300));
  StoppedProcess(StoppedProcess&&) noexcept;
  StoppedProcess& operator=(StoppedProcess&&) noexcept;
  ~StoppedProcess();  // resumes

  const std::vector<ThreadRegisters>& threads() const;
  bool was_stopped_before() const;
  bool expired() const;
  std::chrono::nanoseconds resume();  // gives the pause: first thread stopped to last thread resumed

 private:
  friend void release_stopped_processes();
  static void release_all();
  struct Impl;
  explicit StoppedProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Lets everything go that this process holds, from any thread; for the end of the process. Waits until it
// is done, a fifth of a second at most.
void release_stopped_processes();

}  // namespace memsnap
