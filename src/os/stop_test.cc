#include "os/stop.h"

#include "os/clock.h"
#include "os/process.h"
#include "os/stop_targets_test.h"

#include <gtest/gtest.h>

#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <random>
#include <set>
#include <thread>

namespace memsnap {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// States of all threads, as letters.
std::string states(pid_t pid) {
  std::string letters;
  for (pid_t tid : threads_of(pid))
    if (auto status = read_status(tid)) letters += status->state;
  return letters;
}

// Time enough for something to happen to a process, if it could: another one has run on meanwhile.
void let_another_run(std::uint64_t steps) {
  Target another(spin_threads, 1);
  another.wait_for_progress(steps);
}

// Until no thread of the process is alive; its parent has not asked for its end yet.
void wait_for_death(pid_t pid) {
  std::uint64_t limit = monotonic_ns() + 20'000'000'000;
  while (states(pid).find_first_not_of("ZX") != std::string::npos) {
    ASSERT_LT(monotonic_ns(), limit) << "the threads of " << pid << " are " << states(pid);
    usleep(50);
  }
}

bool none_stopped(pid_t pid) { return states(pid).find_first_of("tT") == std::string::npos; }

TEST(Stop, HoldsAllThreadsAndLetsThemGo) {
  Target target(spin_threads, 8);
  target.wait_for_count(1);
  target.wait_for_progress(1000);
  auto stopped = StoppedProcess::stop(target.pid, seconds(5));
  ASSERT_TRUE(stopped) << stopped.error().what;
  EXPECT_EQ(stopped->threads().size(), 9u);
  EXPECT_FALSE(stopped->was_stopped_before());
  EXPECT_EQ(states(target.pid).find_first_not_of('t'), std::string::npos);
  std::set<std::uint64_t> stacks, tls;
  for (const ThreadRegisters& thread : stopped->threads()) {
    stacks.insert(thread.rsp);
    tls.insert(thread.fs_base);
  }
  EXPECT_EQ(stacks.size(), 9u);
  EXPECT_EQ(tls.size(), 9u);
  std::uint64_t before = target.progress(), since = monotonic_ns();
  let_another_run(5000);
  EXPECT_EQ(target.progress(), before);
  std::uint64_t held = monotonic_ns() - since;
  auto pause = stopped->resume();
  EXPECT_GE(pause, std::chrono::nanoseconds(held));
  EXPECT_LT(pause, seconds(5));
  EXPECT_EQ(stopped->resume(), pause);
  EXPECT_FALSE(stopped->expired());
  target.wait_for_progress(before + 1000);
  EXPECT_TRUE(none_stopped(target.pid));
}

TEST(Stop, ThreadsThatComeAndGoAreStoppedToo) {
  Target target(thread_storm);
  target.wait_for_progress(50);
  for (int round = 0; round < 60; ++round) {
    auto stopped = StoppedProcess::stop(target.pid, seconds(5), seconds(3));
    ASSERT_TRUE(stopped) << stopped.error().what;
    std::uint64_t before = target.progress();
    EXPECT_EQ(states(target.pid).find_first_not_of('t'), std::string::npos) << states(target.pid);
    let_another_run(100);
    EXPECT_EQ(target.progress(), before);
    stopped->resume();
  }
  target.wait_for_progress(target.progress() + 50);
}

TEST(Stop, NoSignalIsLostOrDoubled) {
  Target target(count_signals);
  target.wait_for_progress(1);
  std::atomic<bool> done = false;
  std::thread stopper([&] {
    while (!done) {
      auto stopped = StoppedProcess::stop(target.pid, seconds(5), seconds(3));
      ASSERT_TRUE(stopped) << stopped.error().what;
    }
  });
  // Each is sent when the one before was counted: two that pend at once are one by POSIX.
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    ASSERT_EQ(kill(target.pid, SIGUSR1), 0);
    target.wait_for_count(i);
  }
  done = true;
  stopper.join();
  target.wait_for_progress(target.progress() + 1000);  // one that came twice has been counted by then
  EXPECT_EQ(target.count(), 1000u);
  EXPECT_EQ(target.errors(), 0u);
}

TEST(Stop, SystemCallsSeeNoInterruption) {
  for (auto body : {sleep_often, read_pipe, wait_on_condition}) {
    Target target(body);
    target.wait_for_progress(1);
    std::uint64_t until = monotonic_ns() + 400'000'000;
    while (monotonic_ns() < until) {
      auto stopped = StoppedProcess::stop(target.pid, seconds(5), seconds(3));
      ASSERT_TRUE(stopped) << stopped.error().what;
      stopped->resume();
    }
    target.wait_for_progress(target.progress() + 5);
    EXPECT_EQ(target.errors(), 0u);
  }
}

TEST(Stop, WhatWasStoppedStaysStopped) {
  Target target(spin_threads, 3);
  target.wait_for_count(1);
  target.wait_for_progress(100);
  kill(target.pid, SIGSTOP);
  int status = 0;
  ASSERT_EQ(waitpid(target.pid, &status, WUNTRACED), target.pid);
  for (int round = 0; round < 20; ++round) {
    auto stopped = StoppedProcess::stop(target.pid, seconds(5));
    ASSERT_TRUE(stopped) << stopped.error().what;
    EXPECT_TRUE(stopped->was_stopped_before());
    EXPECT_EQ(stopped->threads().size(), 4u);
    stopped->resume();
  }
  let_another_run(1000);
  EXPECT_EQ(states(target.pid), "TTTT");
  std::uint64_t before = target.progress();
  let_another_run(5000);
  EXPECT_EQ(target.progress(), before);
  kill(target.pid, SIGCONT);
  target.wait_for_progress(before + 100);
}

TEST(Stop, TheLimitLetsGo) {
  Target target(spin_threads, 3);
  target.wait_for_count(1);
  target.wait_for_progress(100);
  std::uint64_t begun = monotonic_ns();
  auto stopped = StoppedProcess::stop(target.pid, milliseconds(30));
  ASSERT_TRUE(stopped) << stopped.error().what;
  EXPECT_FALSE(stopped->expired());
  std::uint64_t before = target.progress();
  target.wait_for_progress(before + 100);  // without resume()
  EXPECT_TRUE(stopped->expired());
  EXPECT_TRUE(none_stopped(target.pid));
  std::chrono::nanoseconds seen(monotonic_ns() - begun);
  auto pause = stopped->resume();
  EXPECT_GE(pause, milliseconds(30));
  EXPECT_LE(pause, seen);  // it ended when the limit let go, not here
}

TEST(Stop, EndOfScopeLetsGo) {
  Target target(spin_threads, 2);
  target.wait_for_count(1);
  target.wait_for_progress(100);
  std::uint64_t before = 0;
  {
    auto stopped = StoppedProcess::stop(target.pid, seconds(5));
    ASSERT_TRUE(stopped);
    before = target.progress();
    StoppedProcess moved = std::move(*stopped);
    EXPECT_EQ(moved.threads().size(), 3u);
  }
  target.wait_for_progress(before + 100);
}

TEST(Stop, ReleaseFromAnotherThread) {
  Target target(spin_threads, 2);
  target.wait_for_count(1);
  target.wait_for_progress(100);
  auto stopped = StoppedProcess::stop(target.pid, seconds(60));
  ASSERT_TRUE(stopped);
  std::uint64_t before = target.progress();
  std::thread(release_stopped_processes).join();
  target.wait_for_progress(before + 100);
}

TEST(Stop, AlreadyTracedNamesTheTracer) {
  Target target(spin_threads, 2);
  target.wait_for_count(1);
  target.wait_for_progress(100);
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  pid_t tracer = fork();
  if (tracer == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "other tracer");
    char ok = ptrace(PTRACE_SEIZE, target.pid, 0, 0) == 0 ? 'y' : 'n';
    if (write(ready[1], &ok, 1) != 1) _exit(1);
    for (;;) pause();
  }
  char ok = 0;
  ASSERT_EQ(read(ready[0], &ok, 1), 1);
  ASSERT_EQ(ok, 'y');
  auto stopped = StoppedProcess::stop(target.pid, seconds(1));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().cause, Cause::refused);
  EXPECT_NE(stopped.error().what.find(fmt::format("traced by process {} (other tracer)", tracer)),
            std::string::npos)
      << stopped.error().what;
  kill(tracer, SIGKILL);
  waitpid(tracer, nullptr, 0);
  close(ready[0]);
  close(ready[1]);
  auto again = StoppedProcess::stop(target.pid, seconds(1));
  EXPECT_TRUE(again) << again.error().what;
}

TEST(Stop, WhatIsNoProcessIsSaid) {
  auto self = StoppedProcess::stop(getpid(), seconds(1));
  ASSERT_FALSE(self);
  EXPECT_EQ(self.error().cause, Cause::refused);

  pid_t child = fork();
  if (child == 0) _exit(0);
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT), 0);
  auto zombie = StoppedProcess::stop(child, seconds(1));
  ASSERT_FALSE(zombie);
  EXPECT_EQ(zombie.error().cause, Cause::bad_input);
  EXPECT_NE(zombie.error().what.find("zombie"), std::string::npos) << zombie.error().what;
  waitpid(child, nullptr, 0);
  auto gone = StoppedProcess::stop(child, seconds(1));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().what, fmt::format("there is no process {}", child));

  if (auto kernel = read_status(2); kernel && kernel->name == "kthreadd") {
    auto thread = StoppedProcess::stop(2, seconds(1));
    ASSERT_FALSE(thread);
    EXPECT_NE(thread.error().what.find("kernel"), std::string::npos) << thread.error().what;
  }

  Target target(spin_threads, 2);
  target.wait_for_count(1);
  target.wait_for_progress(100);
  for (pid_t tid : threads_of(target.pid))
    if (tid != target.pid) {
      auto thread = StoppedProcess::stop(tid, seconds(1));
      ASSERT_FALSE(thread);
      EXPECT_NE(thread.error().what.find(fmt::format("process {}", target.pid)), std::string::npos);
    }
}

TEST(Stop, KilledWhileHeld) {
  Target target(spin_threads, 4);
  target.wait_for_count(1);
  target.wait_for_progress(100);
  auto stopped = StoppedProcess::stop(target.pid, seconds(5));
  ASSERT_TRUE(stopped);
  kill(target.pid, SIGKILL);
  wait_for_death(target.pid);
  stopped->resume();
  int status = 0;
  ASSERT_EQ(waitpid(target.pid, &status, 0), target.pid);  // the parent gets the end, not the tracer
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  target.pid = 0;
}

TEST(Stop, AVforkParentIsGivenUp) {
  Target target(hang_in_vfork);
  target.wait_for_progress(1);
  auto stopped = StoppedProcess::stop(target.pid, seconds(5), milliseconds(60));
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().cause, Cause::let_go);
  EXPECT_NE(stopped.error().what.find("did not stop within "), std::string::npos) << stopped.error().what;
  EXPECT_NE(stopped.error().what.find("(state D"), std::string::npos) << stopped.error().what;
  EXPECT_TRUE(none_stopped(target.pid));
  auto status = read_status(target.pid);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->tracer, 0);
  kill(pid_t(target.count()), SIGKILL);  // the child
  target.wait_for_progress(3);
  auto again = StoppedProcess::stop(target.pid, seconds(5));
  EXPECT_TRUE(again) << again.error().what;
}

// A process that replaces its program while threads run is either stopped whole or refused, and goes on.
TEST(Stop, ExecInTheMiddle) {
  Target target(exec_for_ever);
  target.wait_for_progress(1);
  int stopped_whole = 0, refused = 0;
  for (int round = 0; round < 80; ++round) {
    auto before = identify_program(target.pid);
    auto stopped = StoppedProcess::stop(target.pid, seconds(5), seconds(3));
    if (stopped) {
      ++stopped_whole;
      EXPECT_EQ(states(target.pid).find_first_not_of("tZX"), std::string::npos);
    } else {
      ++refused;
      EXPECT_EQ(stopped.error().cause, Cause::bad_input) << stopped.error().what;
    }
  }
  EXPECT_EQ(stopped_whole + refused, 80);
  EXPECT_GT(stopped_whole, 0);
  std::uint64_t at = target.progress();
  target.wait_for_progress(at + 3);
}

// The tool killed at random instants of its loop: the target runs on, at once.
TEST(Stop, KilledTracerLeavesNothingBehind) {
  Target target(spin_threads, 6);
  target.wait_for_count(1);
  target.wait_for_progress(100);
  std::mt19937 random(20260114);
  int killed_while_held = 0;
  for (int round = 0; round < 220; ++round) {
    pid_t tool = fork();
    if (tool == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) {
        auto stopped = StoppedProcess::stop(target.pid, seconds(5), seconds(3));
        if (!stopped) _exit(1);
        usleep(unsigned(random() % 2000));
        stopped->resume();
      }
    }
    usleep(std::uniform_int_distribution<unsigned>(0, 8000)(random));
    killed_while_held += states(target.pid).find('t') != std::string::npos;
    kill(tool, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(tool, &status, 0), tool);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the loop ended by itself with " << WEXITSTATUS(status);
    std::uint64_t before = target.progress(), limit = monotonic_ns() + 100'000'000;
    while ((!none_stopped(target.pid) || target.progress() == before) && monotonic_ns() < limit) usleep(200);
    ASSERT_TRUE(none_stopped(target.pid)) << "round " << round << ": " << states(target.pid);
    ASSERT_GT(target.progress(), before) << "round " << round;
  }
  EXPECT_GT(killed_while_held, 20);
  EXPECT_EQ(target.errors(), 0u);
}

}  // namespace
}  // namespace memsnap
