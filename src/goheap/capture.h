// Captures the Go heap of a live process into tables: stop, copy what must be consistent, resume, analyse.
#pragma once

#include "base/result.h"
#include "goheap/program.h"
#include "tables/heap.h"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace memsnap {

struct CaptureOptions {
  std::chrono::nanoseconds max_pause = std::chrono::seconds(1);  // refused when the estimate is above it
  bool key_shapes = true;  // look at map keys (class masks, lengths and counts only)
  bool duplicate_strings = true;
  // What each of the two may do, in bytes of text and 64 for every text (goheap/work_budget.h): about a
  // second each. What is left out then is said by the facts keys.partial and strings.partial.
  std::uint64_t key_work = std::uint64_t(128) << 20;
  std::uint64_t string_work = std::uint64_t(512) << 20;
  int threads = 2;
};

// What a capture will do to the target, known before it is stopped.
struct CaptureEstimate {
  std::chrono::nanoseconds pause{};
  std::uint64_t copy_bytes = 0;           // read while stopped
  std::uint64_t our_bytes = 0;            // memory that we need
  std::uint32_t threads = 0;              // of the target
  double crowding = 1;                    // tasks per processor here, which the pause allows for
  std::chrono::nanoseconds calm_pause{};  // without that
};
std::string busy_words(const CaptureEstimate& estimate);  // "; 3.5 tasks per processor here", "" when few

// Refused when the pause is above its limit or our memory above what is left here.
Result<void> check_limits(pid_t pid, const CaptureEstimate& estimate, const CaptureOptions& options);

// phase, done, total; called from the capturing thread.
using Progress = std::function<void(std::string_view phase, std::uint64_t done, std::uint64_t total)>;

class LiveTarget {
 public:
  static Result<std::unique_ptr<LiveTarget>> open(pid_t pid);  // reads the executable; does not stop anything
  virtual ~LiveTarget() = default;
  virtual const Program& program() const = 0;
  virtual Result<CaptureEstimate> estimate() = 0;
  // One consistent capture. Fails when the process went, exec'ed, or its pid now belongs to another one;
  // when a self-check of the walk fails, the error names it. With Cause::let_go the process took too long to
  // stop or to copy, and runs on. The first progress after "stopped" says that it was copied.
  virtual Result<Heap> capture(const CaptureOptions& options, const Progress& progress) = 0;
};

}  // namespace memsnap
