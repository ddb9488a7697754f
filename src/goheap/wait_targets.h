// What blocked goroutines wait for.
// Facts: runtime/chan.go, select.go, sema.go (semtable, notifyList), runtime2.go (sudog).
#pragma once

#include "goheap/goroutines.h"
#include "goheap/raw_heap.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace memsnap {

struct WaitTarget {
  enum class Kind : std::uint8_t {
    kOther,    // runs, sleeps, waits for the network, a timer, the runtime: it may wake by itself
    kNothing,  // a nil channel, select {}: nothing can wake it
    kObjects,  // any of `addresses`: channels, a mutex, a condition, a wait group
  };
  Kind kind = Kind::kOther;
  std::vector<std::uint64_t> addresses;
};

struct Waits {
  std::vector<WaitTarget> targets;    // one per goroutine
  std::vector<std::uint64_t> sudogs;  // records of those that wait; they lead to one another
  std::uint64_t insane = 0;           // goroutines said to wait for a channel that is none
};

// The runtime's words for why a goroutine waits; "" when it does not.
std::string_view wait_reason(const RawHeap& heap, const Goroutine& goroutine);
Waits find_wait_targets(const RawHeap& heap, std::uint64_t bias, std::span<const Goroutine> goroutines);

}  // namespace memsnap
