// Roots beside the stacks, as runtime/mgcmark.go's markroot takes them: words of data and bss, specials, the
// queues of finalizers and cleanups, timers, the tiny allocator.
#pragma once

#include "base/result.h"
#include "goheap/frozen.h"
#include "goheap/parts.h"
#include "goheap/program.h"
#include "goheap/raw_heap.h"

#include <cstdint>
#include <vector>

namespace memsnap {

// A special record of a span (runtime/mheap.go, type special).
struct SpecialRecord {
  std::uint64_t at = 0;      // address of the record
  std::uint64_t object = 0;  // address that it was set for; may lie within the object
  std::uint8_t kind = 0;     // Layout::special_kinds
};

// An entry of a queue: what is to be run for an object that was found dead.
struct QueuedCall {
  RootKind kind = RootKind::kFinalizer;
  std::uint64_t function = 0;    // funcval
  std::uint64_t values[3] = {};  // what else it keeps, 0 where there is nothing
};

struct RuntimeRoots {
  std::vector<SpecialRecord> specials;  // sorted by object
  std::vector<QueuedCall> queued;
  std::vector<std::uint64_t> processors;   // addresses of all p
  std::vector<std::uint64_t> timer_heaps;  // backing array of each p's timers
  std::vector<std::uint64_t> tiny_blocks;  // that the tiny allocator of each p fills
};

// Both while the target is stopped and after the spans were copied.
Result<std::vector<SpecialRecord>> read_specials(const Program& program,
                                                 const std::vector<std::uint64_t>& lists,
                                                 const std::vector<std::uint64_t>& span_starts,
                                                 FrozenMemory& memory);
Result<RuntimeRoots> read_runtime_roots(const Program& program, std::uint64_t bias, FrozenMemory& memory);

// Afterwards. Only words that point into an allocated object.
std::vector<StaticRoot> static_roots(const RawHeap& heap);
// What finalizers, cleanups and weak handles keep alive by themselves: not the object they are set for.
std::vector<SpecialRoot> special_roots(const RawHeap& heap, const RuntimeRoots& roots);

}  // namespace memsnap
