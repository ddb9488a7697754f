// Fills the table of goroutines.
#pragma once

#include "goheap/goroutines.h"
#include "goheap/parts.h"
#include "goheap/raw_heap.h"
#include "goheap/wait_targets.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <cstdint>
#include <span>

namespace memsnap {

struct GoroutineFacts {
  const RawHeap& heap;
  std::span<const Goroutine> goroutines;
  const Stacks& stacks;
  const Waits& waits;
  std::span<const std::uint8_t> leaked;  // one per goroutine
  std::uint64_t now = 0;                 // the target's nanotime when it was stopped
};

// All columns but root, which the labels give.
void write_goroutines(const GoroutineFacts& facts, StringPool& strings, GoroutineTable& table);

// A goroutine of the runtime itself (runtime/traceback.go, isSystemGoroutine).
bool is_system(std::string_view start_function);
// Name of the function at this pc of the target; "" when there is none.
std::string_view function_name(const RawHeap& heap, std::uint64_t pc);

}  // namespace memsnap
