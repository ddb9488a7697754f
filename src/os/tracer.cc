#include "os/tracer.h"

#include "os/clock.h"
#include "os/files.h"
#include "os/permission.h"
#include "os/proc_text.h"

#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace memsnap {
namespace {

constexpr std::uint64_t kCloseLook = 3'000'000;  // nanoseconds

long request(__ptrace_request what, pid_t tid, std::uintptr_t data = 0) {
  return ptrace(what, tid, nullptr, reinterpret_cast<void*>(data));
}

// State letter of one thread; 'X' when it is gone.
char thread_state(pid_t pid, pid_t tid) {
  auto text = read_small_file(fmt::format("/proc/{}/task/{}/stat", pid, tid), 4096);
  if (!text) return 'X';
  auto stat = parse_stat(*text);
  return stat ? stat->state : 'X';
}

void nap(long nanoseconds) {
  timespec pause{.tv_sec = 0, .tv_nsec = nanoseconds};
  nanosleep(&pause, nullptr);
}

bool has_ended(char state) { return state == 'Z' || state == 'X'; }

ThreadRegisters from_kernel(pid_t tid, const user_regs_struct& r) {
  return {.tid = tid,
          .rip = r.rip,
          .rsp = r.rsp,
          .rbp = r.rbp,
          .fs_base = r.fs_base,
          .general = {r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13,
                      r.r14, r.r15},
          .in_syscall = std::int64_t(r.orig_rax) >= 0};
}

}  // namespace

Error Tracer::not_seized(pid_t tid, int error, bool& skip) const {
  skip = error == ESRCH || has_ended(thread_state(pid_, tid));
  if (skip) return {};
  auto status = read_status(tid);
  if (status && status->tracer != 0) {
    auto tracer = read_status(status->tracer);
    pid_t owner = tracer && tracer->tgid != 0 ? tracer->tgid : status->tracer;
    return {Cause::refused,
            fmt::format("process {} is already traced by process {} ({}): only one tracer at a time is "
                        "possible, so let that one detach first",
                        pid_, owner, tracer ? tracer->name : "gone")};
  }
  if (error != EPERM && error != EACCES)
    return {Cause::refused,
            fmt::format("thread {} of process {} cannot be stopped: {}", tid, pid_, std::strerror(error))};
  return {Cause::refused, fmt::format("process {} cannot be stopped: {}", pid_, why_no_access(pid_))};
}

// 0 or an errno. The kernel refuses a leader that ended in the exec of one of its threads just as it refuses
// a stranger, so a refusal counts when it comes again.
int Tracer::seize(pid_t tid) {
  int error = 0;
  for (int attempt = 0; attempt < 4; ++attempt) {
    seizing_since_ = monotonic_ns();
    error = request(PTRACE_SEIZE, tid) == 0 ? 0 : errno;
    seizing_since_ = 0;
    if (error != EPERM) return error;
    auto status = read_status(tid);
    // After an exec the thread that did it has the pid of its process, and is still ours.
    if (status && status->tracer == gettid()) return 0;
    if (!status || status->tracer != 0 || has_ended(status->state)) return error;
    nap(300'000);
  }
  return error;
}

Result<void> Tracer::seize_new() {
  std::vector<pid_t> listed = threads_of(pid_);
  if (listed.empty()) return fail(Cause::bad_input, "process {} ended while it was being stopped", pid_);
  for (pid_t tid : listed) {
    if (threads_.contains(tid)) continue;
    if (int error = seize(tid)) {
      bool skip = false;
      Error why = not_seized(tid, error, skip);
      if (!skip) return std::unexpected(std::move(why));
      continue;
    }
    {
      std::lock_guard hold(lock_);
      threads_[tid] = State::kRunning;
    }
    // ESRCH: it died since, which the wait will say.
    request(PTRACE_INTERRUPT, tid);
  }
  return {};
}

void Tracer::took_stop(pid_t tid, int status, State& state) {
  int event = status >> 16, signal = WSTOPSIG(status);
  if (event == PTRACE_EVENT_STOP) {
    if (first_stop_ == 0) first_stop_ = monotonic_ns();
    if (signal != SIGTRAP) was_stopped_ = true;  // a group-stop: the signal is the one that stopped it
    state = State::kStopped;
    return;
  }
  // A signal on its way is handed on; the interrupt is still due and stops the thread behind it.
  request(PTRACE_CONT, tid, event == 0 ? std::uintptr_t(signal) : 0);
}

// The end of the leader is the end of the process and belongs to its parent, who may be ourselves.
Tracer::State Tracer::leader_state() const {
  siginfo_t info{};
  if (waitid(P_PID, id_t(pid_), &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL) != 0)
    return errno == ECHILD ? State::kGone : State::kRunning;
  if (info.si_pid == 0) return State::kRunning;
  if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED) return State::kGone;
  return State::kStopped;
}

Tracer::State Tracer::wait_for(pid_t tid) {
  int status = 0;
  if (tid == pid_)
    if (State state = leader_state(); state != State::kStopped) return state;
  pid_t got = waitpid(tid, &status, __WALL | WNOHANG);
  if (got < 0) return errno == ECHILD ? State::kGone : State::kRunning;
  if (got == 0) return State::kRunning;
  if (!WIFSTOPPED(status)) return State::kGone;
  State state = State::kRunning;
  took_stop(tid, status, state);
  return state;
}

// The thread is dead, and reaped unless it is the leader.
bool Tracer::ended(pid_t tid) const {
  siginfo_t info{};
  int keep = tid == pid_ ? WNOWAIT : 0;
  return waitid(P_PID, id_t(tid), &info, WEXITED | WNOHANG | __WALL | keep) == 0 ? info.si_pid != 0
                                                                                 : errno == ECHILD;
}

Error Tracer::not_stopped() const {
  std::uint64_t waited = (monotonic_ns() - began_) / 1'000'000;
  for (const auto& [tid, state] : threads_) {
    if (state != State::kRunning) continue;
    char letter = thread_state(pid_, tid);
    std::string_view why;
    if (letter == 'D') why = ": the kernel waits for a disk, or for a child between vfork and exec";
    if (letter == 'R') why = ": it waits for a processor";
    return {
        Cause::let_go,
        fmt::format("thread {} of process {} did not stop within {} ms (state {}{}); nothing was read and "
                    "all threads run on",
                    tid, pid_, waited, letter, why)};
  }
  return {Cause::let_go, fmt::format("process {} makes threads faster than they can be stopped (for {} ms); "
                                     "nothing was read and all of them run on",
                                     pid_, waited)};
}

Result<void> Tracer::wait_for_stops(std::uint64_t deadline, const std::atomic<bool>& give_up) {
  std::uint64_t look_closely = monotonic_ns() + kCloseLook;
  for (;;) {
    bool waiting = false, progress = false;
    std::uint64_t now = monotonic_ns();
    bool closely = now >= look_closely;
    if (closely) look_closely = now + kCloseLook;
    for (auto at = threads_.begin(); at != threads_.end();) {
      auto& [tid, state] = *at;
      if (state == State::kRunning) state = wait_for(tid);
      // A thread that executes another program waits for us to reap those of its process that were stopped.
      else if (closely && ended(tid))
        state = State::kGone;
      // A leader that ended before its threads is reported to nobody: only its state letter says so.
      if (state == State::kRunning && closely && has_ended(thread_state(pid_, tid))) state = State::kGone;
      waiting |= state == State::kRunning;
      progress |= state != State::kRunning;
      if (state != State::kGone) {
        ++at;
        continue;
      }
      std::lock_guard hold(lock_);
      at = threads_.erase(at);
    }
    if (!waiting) return {};
    if (give_up) return fail(Cause::interrupted, "process {} was let go: this one is ending", pid_);
    if (now >= deadline) {
      timed_out_ = true;
      return std::unexpected(not_stopped());
    }
    nap(progress ? 10'000 : 30'000);
  }
}

// False when a thread is not where we left it: killed, or replaced by an exec.
bool Tracer::read_registers() {
  registers_.clear();
  bool all = true;
  for (auto at = threads_.begin(); at != threads_.end();) {
    user_regs_struct registers{};
    if (ptrace(PTRACE_GETREGS, at->first, nullptr, &registers) == 0) {
      registers_.push_back(from_kernel(at->first, registers));
      ++at;
      continue;
    }
    all = false;
    std::lock_guard hold(lock_);
    at = threads_.erase(at);
  }
  return all;
}

// A listing of threads ends early when a thread dies under it. But the kernel's count of them is exact, and
// once it is the number of those that are stopped, there is nobody left who could make another.
bool Tracer::all_are_stopped() const {
  auto status = read_status(pid_);
  if (!status) return false;
  bool leader_ended = !threads_.contains(pid_) && has_ended(thread_state(pid_, pid_));
  return status->threads == threads_.size() + leader_ended;
}

Result<void> Tracer::stop_all(std::uint64_t deadline, const std::atomic<bool>& give_up) {
  began_ = monotonic_ns();
  for (;;) {
    TRY_VOID(seize_new());
    TRY_VOID(wait_for_stops(deadline, give_up));
    if (threads_.empty()) return fail(Cause::bad_input, "process {} ended while it was being stopped", pid_);
    if (all_are_stopped() && read_registers()) return {};
    if (monotonic_ns() >= deadline) {
      timed_out_ = true;
      return std::unexpected(not_stopped());
    }
  }
}

void Tracer::detach_all() {
  for (auto& [tid, state] : threads_) {
    int status = 0;
    std::uintptr_t signal = 0;
    if (state == State::kRunning) {
      // Perhaps it stopped after all; with a signal on its way, that goes along.
      if (waitpid(tid, &status, __WALL | WNOHANG) != tid || !WIFSTOPPED(status)) continue;
      if (status >> 16 == 0) signal = std::uintptr_t(WSTOPSIG(status));
    }
    // ESRCH: it was killed while stopped. The end of this thread lets go of what remains.
    if (request(PTRACE_DETACH, tid, signal) != 0 && tid != pid_) waitpid(tid, &status, __WALL | WNOHANG);
  }
  std::lock_guard hold(lock_);
  threads_.clear();
}

void Tracer::reap_dead() {
  std::lock_guard hold(lock_);
  for (auto& [tid, state] : threads_)
    if (tid != pid_) ended(tid);
}

}  // namespace memsnap
