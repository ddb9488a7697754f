// Stops all threads of a process for a moment and lets them go on every path: PTRACE_SEIZE and
// PTRACE_INTERRUPT only, which a dying tracer undoes by itself. No register is ever written.
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
  std::uint64_t general[15] = {};   // rax rbx rcx rdx rsi rdi rbp r8 .. r15
  bool in_syscall = false;          // orig_rax >= 0
};

// While it lives the process is stopped (and stays so afterwards only if it was stopped before).
// A watchdog thread resumes it when it is held longer than the limit; then expired() is true.
class StoppedProcess {
 public:
  // Gives up after `attach_limit` when a thread does not stop. Errors are refused (with the capability,
  // sysctl or the tracer's pid) or bad_input (gone).
  static Result<StoppedProcess> stop(pid_t pid, std::chrono::nanoseconds hold_limit,
                                     std::chrono::nanoseconds attach_limit = std::chrono::milliseconds(300));
  StoppedProcess(StoppedProcess&&) noexcept;
  StoppedProcess& operator=(StoppedProcess&&) noexcept;
  ~StoppedProcess();                // resumes

  const std::vector<ThreadRegisters>& threads() const;
  bool was_stopped_before() const;
  bool expired() const;
  std::chrono::nanoseconds resume();   // gives the pause: first thread stopped to last thread resumed

 private:
  struct Impl;
  explicit StoppedProcess(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace memsnap
