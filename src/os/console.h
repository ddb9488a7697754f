// What this process itself has: its terminal, its signals, its end.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

namespace memsnap {

bool is_terminal(int descriptor);
std::size_t terminal_columns(int descriptor);         // 0 when it is none
int write_to(int descriptor, std::string_view text);  // all of it; gives 0 or an errno
// What is there, waiting for it: bytes read, 0 at the end, minus an errno.
long read_from(int descriptor, std::span<char> into);
bool is_broken_pipe(int error);

// Called once, before any thread is started. A write to a closed pipe or beyond a size limit then fails
// instead of ending us. SIGINT, SIGTERM and SIGHUP (unless it was started with them ignored) end the process
// at once with status 130 and one line on standard error; temporary files go, and a process that we had
// stopped is let go first (the kernel would do that too). ^Z lets it go before we sleep.
void watch_signals();

// As long as one of these lives, the first SIGINT, SIGTERM or SIGHUP calls `stop` on the watcher's thread
// instead of ending the process; a second one ends it as ever. There is at most one.
class StopInstead {
 public:
  explicit StopInstead(std::function<void()> stop);
  ~StopInstead();
  StopInstead(const StopInstead&) = delete;
  StopInstead& operator=(const StopInstead&) = delete;
};

// From here on an allocation that fails ends the process with status 4 and one line that names the limit, if
// there is one. The kernel then lets go of a process that we had stopped.
void end_without_memory();

// Ends the process with status 124 when it still runs after this time. 0 takes the limit back.
void end_after(std::chrono::nanoseconds limit);

}  // namespace memsnap
