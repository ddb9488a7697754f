// Which goroutines nothing can ever wake: the runtime's own leak finder, on a capture.
//
// A set of goroutines L is alive: those that run or may wake by themselves, and those that wait for something
// that L can reach. Whatever the rest waits for is reachable only from the rest, so no one outside it can
// wake it, and no one inside it will. Sound as long as no pointer is hidden in an integer.
// Facts: runtime/mgc.go (findGoroutineLeaks, go1.26); stacks-stripped.md section 3 of the design.
#pragma once

#include "goheap/goroutines.h"
#include "goheap/parts.h"
#include "goheap/roots.h"
#include "goheap/wait_targets.h"
#include "tables/heap.h"

#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

struct LeakInputs {
  const RawHeap& heap;
  const EdgeTable& edges;
  std::span<const Goroutine> goroutines;
  const Waits& waits;
  std::span<const StaticRoot> statics;
  std::span<const SpecialRoot> specials;
  std::span<const StackRoot> stacks;  // in the order of the goroutines
  std::span<const std::uint64_t> timer_heaps;
};

// One per goroutine: 1 when nothing can wake it. Never the main goroutine.
std::vector<std::uint8_t> leaked_goroutines(const LeakInputs& in);

}  // namespace memsnap
