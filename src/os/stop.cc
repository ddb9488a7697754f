#include "os/stop.h"

#include "os/clock.h"
#include "os/tracer.h"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace memsnap {
namespace {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, as monotonic_ns

constexpr std::chrono::milliseconds kLookAfter(5), kBetweenAttempts(20);
constexpr int kAttempts = 3;

Clock::time_point at_ns(std::uint64_t ns) { return Clock::time_point(std::chrono::nanoseconds(ns)); }

}  // namespace

struct StoppedProcess::Impl {
  enum class Phase { kStopping, kHeld, kLetGo };

  explicit Impl(pid_t target) : pid(target), tracer(target) {}
  ~Impl();
  Result<void> begin();
  void run();  // the tracing thread
  void hold();
  std::chrono::nanoseconds end();
  static void* enter(void* self) { return static_cast<Impl*>(self)->run(), nullptr; }

  const pid_t pid;
  std::chrono::nanoseconds hold_limit{}, attach_limit{};
  ProgramIdentity program;
  Tracer tracer;
  pthread_t thread{};
  pid_t thread_id = 0;
  bool started = false, joined = false;

  std::mutex lock;
  std::condition_variable changed;
  Phase phase = Phase::kStopping;
  bool resume_wanted = false;
  std::atomic<bool> give_up = false, expired = false;
  std::optional<Error> error;
  std::chrono::nanoseconds pause{};
};

namespace {

// Never destroyed: the watcher of signals may come after main has returned.
struct Registry {
  std::mutex lock;
  std::vector<void*> held;  // Impl, which only StoppedProcess can name
};
Registry& registry() {
  static Registry& all = *new Registry;
  return all;
}

}  // namespace

void StoppedProcess::Impl::run() {
  prctl(PR_SET_TIMERSLACK, 1000);  // the waits below are of some ten microseconds
  // On a busy machine the target waits for this thread. Refused without CAP_SYS_NICE, and then not needed.
  sched_param first{.sched_priority = 1};
  pthread_setschedparam(pthread_self(), SCHED_RR, &first);
  {
    std::lock_guard guard(lock);
    thread_id = gettid();
  }
  Result<void> stopped = tracer.stop_all(monotonic_ns() + std::uint64_t(attach_limit.count()), give_up);
  if (stopped) {
    auto now = identify_program(pid);
    if (!now)
      stopped = std::unexpected(now.error());
    else if (*now != program)
      stopped = fail(Cause::bad_input, "process {} executed another program while it was being stopped", pid);
  }
  if (stopped) hold();
  tracer.detach_all();
  std::lock_guard guard(lock);
  if (tracer.first_stop() != 0) pause = std::chrono::nanoseconds(monotonic_ns() - tracer.first_stop());
  if (!stopped) error = std::move(stopped.error());
  phase = Phase::kLetGo;
  changed.notify_all();
}

void StoppedProcess::Impl::hold() {
  std::unique_lock guard(lock);
  phase = Phase::kHeld;
  changed.notify_all();
  auto limit = at_ns(tracer.first_stop()) + hold_limit;
  if (!changed.wait_until(guard, limit, [&] { return resume_wanted; })) expired = true;
}

Result<void> StoppedProcess::Impl::begin() {
  {
    std::lock_guard guard(registry().lock);
    registry().held.push_back(this);
  }
  if (int failure = pthread_create(&thread, nullptr, enter, this))
    return fail(Cause::refused, "a thread to stop process {} could not be started: {}", pid,
                std::strerror(failure));
  started = true;
  std::unique_lock guard(lock);
  while (!changed.wait_for(guard, kLookAfter, [&] { return phase != Phase::kStopping; })) {
    std::uint64_t since = tracer.seizing_since();
    if (since != 0 && monotonic_ns() > since + kLookAfter / std::chrono::nanoseconds(1)) tracer.reap_dead();
  }
  if (error) return std::unexpected(*error);
  return {};
}

std::chrono::nanoseconds StoppedProcess::Impl::end() {
  if (!started || joined) return pause;
  {
    std::lock_guard guard(lock);
    resume_wanted = true;
    give_up = true;
    changed.notify_all();
  }
  pthread_join(thread, nullptr);
  joined = true;
  // Joined is not yet gone: the kernel lets go of what is still traced a moment later.
  std::string task = fmt::format("/proc/self/task/{}", thread_id);
  for (int i = 0; i < 1000 && access(task.c_str(), F_OK) == 0; ++i) usleep(20);
  return pause;
}

StoppedProcess::Impl::~Impl() {
  end();
  std::lock_guard guard(registry().lock);
  std::erase(registry().held, this);
}

void release_stopped_processes() { StoppedProcess::release_all(); }

void StoppedProcess::release_all() {
  std::uint64_t limit = monotonic_ns() + 200'000'000;
  std::lock_guard guard(registry().lock);
  for (void* held : registry().held) {
    auto* impl = static_cast<Impl*>(held);
    std::unique_lock hold(impl->lock);
    impl->resume_wanted = true;
    impl->give_up = true;
    impl->changed.notify_all();
    if (impl->started)
      impl->changed.wait_until(hold, at_ns(limit), [&] { return impl->phase == Impl::Phase::kLetGo; });
  }
}

Result<StoppedProcess> StoppedProcess::stop(pid_t pid, std::chrono::nanoseconds hold_limit,
                                            std::chrono::nanoseconds attach_limit) {
  if (pid == getpid()) return fail(Cause::refused, "process {} is this one, which cannot stop itself", pid);
  TRY(identify(pid));
  ProgramIdentity program = TRY(identify_program(pid));
  // The parent of a vfork cannot stop before its child executes, and a busy machine takes its time: once all
  // threads have run on, another attempt may find better luck.
  for (int attempt = 1;; ++attempt) {
    auto impl = std::make_unique<Impl>(pid);
    impl->hold_limit = hold_limit;
    impl->attach_limit = attach_limit;
    impl->program = program;
    Result<void> begun = impl->begin();
    if (begun) return StoppedProcess(std::move(impl));
    impl->end();
    if (!impl->tracer.timed_out() || attempt == kAttempts) return std::unexpected(begun.error());
    std::this_thread::sleep_for(kBetweenAttempts);
  }
}

StoppedProcess::StoppedProcess(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StoppedProcess::StoppedProcess(StoppedProcess&&) noexcept = default;
StoppedProcess& StoppedProcess::operator=(StoppedProcess&&) noexcept = default;
StoppedProcess::~StoppedProcess() = default;

const std::vector<ThreadRegisters>& StoppedProcess::threads() const { return impl_->tracer.registers(); }
bool StoppedProcess::was_stopped_before() const { return impl_->tracer.was_stopped_before(); }
bool StoppedProcess::expired() const { return impl_->expired; }
std::chrono::nanoseconds StoppedProcess::resume() { return impl_->end(); }

}  // namespace memsnap
