// Goroutines as the runtime records them (runtime/runtime2.go, type g), and where each one's stack begins.
#pragma once

#include "base/result.h"
#include "goheap/frozen.h"
#include "goheap/program.h"
#include "goheap/raw_heap.h"
#include "os/stop.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace memsnap {

// runtime/runtime2.go, _Gidle …; the scan bit is taken off.
enum class GStatus : std::uint32_t {
  kIdle = 0,
  kRunnable = 1,
  kRunning = 2,
  kSyscall = 3,
  kWaiting = 4,
  kDead = 6,
  kCopyStack = 8,
  kPreempted = 9,
  kLeaked = 10,
  kDeadExtra = 11,
};

struct Goroutine {
  std::uint64_t g = 0;  // address of the runtime.g
  std::uint64_t goid = 0, parent = 0;
  GStatus status = GStatus::kIdle;
  std::uint8_t wait_reason = 0;
  std::uint64_t lo = 0, hi = 0;  // of the stack
  std::uint64_t sp = 0,
                pc = 0;   // of the innermost frame; pc is 0 when nothing is known but the stack's bounds
  bool exact_pc = false;  // pc is the next instruction, not a return address: the goroutine ran
  bool async_safe_point = false;  // preempted by a signal
  std::int64_t wait_since = 0;    // nanotime; 0 when the runtime did not write it down
  std::uint64_t go_pc = 0, start_pc = 0;
  std::uint64_t waiting = 0;  // first sudog
  std::uint64_t defer_record = 0, panic_record = 0, context = 0, labels = 0, wide_registers = 0;
  std::vector<std::uint64_t> registers;  // of the thread that runs it

  bool dead() const {
    return status == GStatus::kIdle || status == GStatus::kDead || status == GStatus::kDeadExtra || lo == 0;
  }
};

// An M of the runtime: a thread that runs Go.
struct GoThread {
  std::uint64_t m = 0, id = 0;  // id: procid, as the target's own pid namespace numbers it
  std::uint64_t g0 = 0, signal_g = 0, current = 0;
  std::uint64_t vdso_sp = 0, vdso_pc = 0;
};

class GoroutineReader {
 public:
  // registers: of all threads, their tids as the target's pid namespace numbers them.
  GoroutineReader(const Program& program, std::uint64_t bias, FrozenMemory& memory,
                  const std::vector<ModuleData>& modules, std::span<const ThreadRegisters> registers)
      : program_(program),
        layout_(program.layout),
        bias_(bias),
        memory_(memory),
        modules_(modules),
        registers_(registers) {}

  // All goroutines that have a stack, in the order of runtime.allgs. While the target is stopped and after
  // the spans were copied.
  Result<std::vector<Goroutine>> read();
  // Addresses of all g, of all m, also those of goroutines that ended; after read().
  const std::vector<std::uint64_t>& all_g() const { return all_g_; }
  const std::vector<GoThread>& threads() const { return threads_; }
  // What of the stacks must be copied.
  static std::vector<Range> stack_ranges(std::span<const Goroutine> goroutines);

 private:
  struct Offsets;
  Result<Goroutine> take(const Offsets& at, std::uint64_t g);
  Result<void> read_threads();
  void find_running(Goroutine& goroutine, std::uint64_t m);
  bool from_signal_frame(Goroutine& goroutine, const GoThread& thread, std::uint64_t rsp);
  bool in_text(std::uint64_t pc) const;
  const GoThread* thread_of(std::uint64_t m) const;
  const ThreadRegisters* registers_of(const GoThread& thread, const Goroutine& goroutine) const;
  Range stack_of(std::uint64_t g);

  const Program& program_;
  const Layout& layout_;
  std::uint64_t bias_;
  FrozenMemory& memory_;
  const std::vector<ModuleData>& modules_;
  std::span<const ThreadRegisters> registers_;
  std::vector<GoThread> threads_;
  std::vector<std::uint64_t> all_g_;
};

}  // namespace memsnap
