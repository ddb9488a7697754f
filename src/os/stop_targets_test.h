// Processes to be stopped: each runs one body and tells of itself in memory shared with the test.
#pragma once

#include "os/clock.h"

#include <gtest/gtest.h>

#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace memsnap {

struct Told {
  std::atomic<std::uint64_t> progress{0}, count{0}, errors{0};
  int descriptor = -1;  // of the memory that holds this
};

class Target {
 public:
  using Body = void (*)(Told&, int);
  explicit Target(Body body, int argument = 0) {
    int memory = memfd_create("told", 0);
    if (memory < 0 || ftruncate(memory, 4096) != 0) abort();
    void* shared = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
    if (shared == MAP_FAILED) abort();
    told_ = new (shared) Told;
    told_->descriptor = memory;
    pid = fork();
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      body(*told_, argument);
      _exit(3);
    }
  }
  ~Target() {
    if (pid > 0) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
    close(told_->descriptor);
    munmap(told_, 4096);
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  std::uint64_t progress() const { return told_->progress; }
  std::uint64_t count() const { return told_->count; }
  std::uint64_t errors() const { return told_->errors; }
  void wait_for_progress(std::uint64_t at_least) { wait_for(told_->progress, at_least, "progress"); }
  void wait_for_count(std::uint64_t at_least) { wait_for(told_->count, at_least, "count"); }

  pid_t pid = 0;

 private:
  void wait_for(std::atomic<std::uint64_t>& value, std::uint64_t at_least, const char* what) {
    std::uint64_t limit = monotonic_ns() + 20'000'000'000;
    while (value < at_least) {
      ASSERT_LT(monotonic_ns(), limit) << what << " stays at " << value << ", expected " << at_least;
      usleep(50);
    }
  }
  Told* told_ = nullptr;
};

inline void start_thread(void* (*body)(void*), void* argument) {
  pthread_t thread;
  if (pthread_create(&thread, nullptr, body, argument) == 0) pthread_detach(thread);
}

// `threads` threads that count, with a short sleep in between so that all get to run.
inline void* count_up(void* told) {
  for (;;) {
    for (int i = 0; i < 100; ++i) ++static_cast<Told*>(told)->progress;
    if (usleep(50) != 0) ++static_cast<Told*>(told)->errors;
  }
}
inline void spin_threads(Told& told, int threads) {
  for (int i = 0; i < threads; ++i) start_thread(count_up, &told);
  told.count = 1;
  count_up(&told);
}

// Threads that make their successor and end: at any time a handful, never the same for long.
inline void* make_successor(void* told) {
  ++static_cast<Told*>(told)->progress;
  start_thread(make_successor, told);
  return nullptr;
}
inline void thread_storm(Told& told, int) {
  for (int i = 0; i < 4; ++i) start_thread(make_successor, &told);
  for (;;) pause();
}

inline Told* signals_go_to = nullptr;
inline void count_signals(Told& told, int) {
  signals_go_to = &told;
  struct sigaction action{};
  action.sa_handler = [](int) { ++signals_go_to->count; };
  sigaction(SIGUSR1, &action, nullptr);
  sigset_t usr1;  // taken by this thread only
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &usr1, nullptr);
  start_thread(count_up, &told);
  pthread_sigmask(SIG_UNBLOCK, &usr1, nullptr);
  for (;;)
    if (pause() != -1 || errno != EINTR) ++told.errors;
}

inline void sleep_often(Told& told, int) {
  for (;; ++told.progress) {
    timespec pause{.tv_sec = 0, .tv_nsec = 3'000'000};
    std::uint64_t before = monotonic_ns();
    if (nanosleep(&pause, nullptr) != 0 || monotonic_ns() - before < 3'000'000) ++told.errors;
  }
}

inline void* write_pipe(void* fd) {
  for (;;) {
    usleep(2000);
    if (write(int(reinterpret_cast<std::intptr_t>(fd)), "x", 1) != 1) abort();
  }
}
inline void read_pipe(Told& told, int) {
  int ends[2];
  if (pipe(ends) != 0) _exit(1);
  start_thread(write_pipe, reinterpret_cast<void*>(std::intptr_t(ends[1])));
  for (;; ++told.progress) {
    char byte;
    if (read(ends[0], &byte, 1) != 1) ++told.errors;
  }
}

// A futex with a time limit, as the Go runtime sleeps.
inline void wait_on_condition(Told& told, int) {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t never = PTHREAD_COND_INITIALIZER;
  pthread_mutex_lock(&lock);
  for (;; ++told.progress) {
    timespec at{};
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_nsec += 3'000'000;
    if (at.tv_nsec >= 1'000'000'000) ++at.tv_sec, at.tv_nsec -= 1'000'000'000;
    if (pthread_cond_timedwait(&never, &lock, &at) != ETIMEDOUT) ++told.errors;
  }
}

// The parent of a vfork sleeps, deaf to everything but its death, until the child executes or ends.
inline void hang_in_vfork(Told& told, int) {
  start_thread(count_up, &told);
  pid_t child = vfork();
  if (child == 0) {
    told.count = std::uint64_t(getpid());
    for (;;) pause();
  }
  for (;; usleep(1000)) ++told.progress;
}

// A program with three threads of which one executes the program anew after a moment, for ever. The program
// is the test itself: enter_exec_target, called before its main, sees the number of the shared memory's
// descriptor in its environment.
inline constexpr const char* kExecTarget = "MEMSNAP_TEST_EXEC_TARGET";

inline void* execute_anew(void*) {
  usleep(1500);
  char name[] = "exec-target";
  char* words[] = {name, nullptr};
  execv("/proc/self/exe", words);
  abort();
}
inline void exec_for_ever(Told& told, int) {
  setenv(kExecTarget, std::to_string(told.descriptor).c_str(), 1);
  ++told.progress;
  for (int i = 0; i < 2; ++i) start_thread(count_up, &told);
  start_thread(execute_anew, nullptr);
  for (;;) pause();
}
__attribute__((constructor)) inline void enter_exec_target() {
  const char* descriptor = std::getenv(kExecTarget);
  if (!descriptor) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  void* shared = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, std::atoi(descriptor), 0);
  if (shared == MAP_FAILED) _exit(1);
  exec_for_ever(*static_cast<Told*>(shared), 0);
}

}  // namespace memsnap
