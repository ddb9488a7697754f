#include "os/console.h"

#include "base/result.h"
#include "os/stop.h"
#include "os/temporary.h"
#include "os/terminal.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <functional>
#include <mutex>
#include <new>
#include <string>
#include <utility>

namespace memsnap {
namespace {

constexpr int kRefused = exit_status(Cause::refused);

[[noreturn]] void end(int status, std::string_view why) {
  release_stopped_processes();
  remove_temporaries();
  restore_terminal();
  // Over a line of progress that may stand there.
  std::string line = is_terminal(STDERR_FILENO) ? "\r\x1b[K" : "";
  line.append("memsnap: ").append(why).append("\n");
  write_to(STDERR_FILENO, line);
  _exit(status);
}

std::mutex stop_lock;
std::function<void()> stop_instead;  // taken by the first signal

bool was_stopped_instead() {
  std::lock_guard hold(stop_lock);
  if (!stop_instead) return false;
  std::function<void()> stop = std::exchange(stop_instead, nullptr);
  stop();
  return true;
}

void wait_for_signals(sigset_t watched) {
  for (int signal = 0;;) {
    if (sigwait(&watched, &signal) != 0) continue;
    if (signal == SIGTSTP) {
      // Asleep we could not let go of anything.
      release_stopped_processes();
      kill(getpid(), SIGSTOP);
      continue;
    }
    if (signal == SIGALRM) end(124, "timed out (--timeout); what was being looked at runs on");
    if (was_stopped_instead()) continue;
    end(130, "interrupted; what was being looked at runs on");
  }
}

// Called by operator new in whatever thread asked, with whatever locks it holds: allocates nothing and waits
// for nobody.
[[noreturn]] void out_of_memory() {
  static std::atomic_flag ending;
  if (ending.test_and_set())
    for (;;) pause();
  remove_temporaries();
  restore_terminal();
  char line[256];
  auto say = [&](const char* limit, std::uint64_t bytes) {
    auto end =
        fmt::format_to_n(line, sizeof line,
                         "memsnap: there is no more memory ({} allows {} MiB); what was being looked at "
                         "runs on\n",
                         limit, bytes >> 20);
    write_to(STDERR_FILENO, {line, std::min(end.size, sizeof line)});
  };
  rlimit space{}, data{};
  bool spaced = getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY;
  bool dated = getrlimit(RLIMIT_DATA, &data) == 0 && data.rlim_cur != RLIM_INFINITY;
  if (spaced && (!dated || space.rlim_cur <= data.rlim_cur))
    say("ulimit -v", space.rlim_cur);
  else if (dated)
    say("ulimit -d", data.rlim_cur);
  else
    write_to(STDERR_FILENO, "memsnap: there is no more memory; what was being looked at runs on\n");
  _exit(kRefused);
}

bool ignored(int signal) {
  struct sigaction action{};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

std::size_t terminal_columns(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

long read_from(int descriptor, std::span<char> into) {
  while (true) {
    long got = read(descriptor, into.data(), into.size());
    if (got >= 0) return got;
    if (errno != EINTR) return -errno;
  }
}

int write_to(int descriptor, std::string_view text) {
  while (!text.empty()) {
    ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(std::size_t(written));
  }
  return 0;
}

bool is_broken_pipe(int error) { return error == EPIPE; }

void watch_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGALRM);
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGTSTP})
    if (!ignored(signal)) sigaddset(&watched, signal);
  // Blocked here and, by inheritance, in every thread to come: only the watcher takes them.
  pthread_sigmask(SIG_BLOCK, &watched, nullptr);
  static sigset_t of_watcher = watched;
  pthread_t watcher;
  auto enter = [](void*) -> void* { return wait_for_signals(of_watcher), nullptr; };
  if (int failure = pthread_create(&watcher, nullptr, enter, nullptr))
    end(kRefused, fmt::format("no thread can be started: {}", std::strerror(failure)));
  pthread_detach(watcher);
}

StopInstead::StopInstead(std::function<void()> stop) {
  std::lock_guard hold(stop_lock);
  stop_instead = std::move(stop);
}

StopInstead::~StopInstead() {
  std::lock_guard hold(stop_lock);
  stop_instead = nullptr;
}

void end_without_memory() { std::set_new_handler(out_of_memory); }

void end_after(std::chrono::nanoseconds limit) {
  itimerval timer{};
  if (limit.count() > 0) {
    auto us = std::max<std::int64_t>(1, std::chrono::duration_cast<std::chrono::microseconds>(limit).count());
    timer.it_value.tv_sec = us / 1'000'000;
    timer.it_value.tv_usec = us % 1'000'000;
  }
  setitimer(ITIMER_REAL, &timer, nullptr);
}

}  // namespace memsnap
