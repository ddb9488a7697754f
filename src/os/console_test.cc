#include "os/console.h"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace memsnap {
namespace {

struct End {
  int status = -1;
  std::string said;
};

// Runs `act` in a process of its own, with what it says on standard error.
template <class Act>
End end_of(Act act) {
  int ends[2];
  if (pipe(ends) != 0) return {};
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    watch_signals();
    act();
    _exit(99);
  }
  close(ends[1]);
  End end;
  char piece[256];
  for (ssize_t n; (n = read(ends[0], piece, sizeof piece)) > 0;) end.said.append(piece, std::size_t(n));
  close(ends[0]);
  int state = 0;
  waitpid(child, &state, 0);
  end.status = WIFEXITED(state) ? WEXITSTATUS(state) : 1000 + WTERMSIG(state);
  return end;
}

TEST(Console, SignalsEndItWithTheDocumentedStatus) {
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    End end = end_of([&] { kill(getpid(), signal), pause(); });
    EXPECT_EQ(end.status, 130) << signal;
    EXPECT_EQ(end.said, "memsnap: interrupted; what was being looked at runs on\n");
  }
}

TEST(Console, OneSignalMayStopInsteadAndTheNextEndsIt) {
  End clean = end_of([] {
    std::atomic<bool> stopped = false;
    StopInstead instead([&] { stopped = true; });
    kill(getpid(), SIGINT);
    while (!stopped) std::this_thread::yield();
    _exit(7);
  });
  EXPECT_EQ(clean.status, 7);
  End twice = end_of([] {
    StopInstead instead([] { kill(getpid(), SIGTERM); });
    kill(getpid(), SIGINT);
    pause();
  });
  EXPECT_EQ(twice.status, 130);
  End later = end_of([] {
    {
      StopInstead instead([] {});
    }
    kill(getpid(), SIGINT), pause();
  });
  EXPECT_EQ(later.status, 130);
}

TEST(Console, TimeOutEndsItWith124) {
  End end = end_of([] { end_after(std::chrono::milliseconds(20)), pause(); });
  EXPECT_EQ(end.status, 124);
  EXPECT_NE(end.said.find("timed out"), std::string::npos);
}

TEST(Console, NoMoreMemoryEndsItWith4) {
#if defined(__SANITIZE_ADDRESS__)
  return;  // its allocator ends the process in its own way
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer)
  return;
#  endif
#endif
  auto fill = [] {
    end_without_memory();
    alarm(30);
    rlimit most{.rlim_cur = rlim_t(4) << 30, .rlim_max = RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &most);
    std::vector<std::vector<char>> all(100'000);
    for (auto& one : all) one.reserve(1 << 20);  // address space is enough, and costs no time
  };
  End end = end_of(fill);
  EXPECT_EQ(end.status, 4);
  EXPECT_EQ(
      end.said,
      "memsnap: there is no more memory (ulimit -v allows 4096 MiB); what was being looked at runs on\n");
  // Many threads at once say it once.
  end = end_of([&] {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back(fill);
  });
  EXPECT_EQ(end.status, 4);
  EXPECT_EQ(std::ranges::count(end.said, '\n'), 1);
}

TEST(Console, TimeOutTakenBack) {
  End end = end_of([] {
    end_after(std::chrono::milliseconds(20));
    end_after(std::chrono::nanoseconds(0));
    usleep(60'000);
  });
  EXPECT_EQ(end.status, 99);
}

TEST(Console, ClosedPipeIsAnErrorAndNoDeath) {
  End end = end_of([] {
    int ends[2];
    if (pipe(ends) != 0) _exit(1);
    close(ends[0]);
    _exit(is_broken_pipe(write_to(ends[1], "text")) ? 42 : 1);
  });
  EXPECT_EQ(end.status, 42);
}

TEST(Console, PipeIsNoTerminal) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_FALSE(is_terminal(ends[0]));
  EXPECT_EQ(terminal_columns(ends[0]), 0u);
  close(ends[0]);
  EXPECT_EQ(write_to(ends[0], "x"), EBADF);
  close(ends[1]);
}

}  // namespace
}  // namespace memsnap
