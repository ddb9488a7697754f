// Resident memory, every byte of it with an owner: the table `memory`, and the counters of the process and
// of the runtime (memstats.*, gc.*, process.*, memory.*; docs/counters.md).
#pragma once

#include "base/result.h"
#include "goheap/frozen.h"
#include "goheap/program.h"
#include "goheap/raw_heap.h"
#include "os/process.h"
#include "os/stop.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

// While the target is stopped.
Result<void> copy_memory(const Program& program, std::uint64_t bias, FrozenMemory& memory);

// What the kernel says of the process: read right after the resume, since it moves on.
struct ResidentMemory {
  ProcessStatus status;
  std::vector<Mapping> mappings;
  std::vector<Residency> pages;  // of each mapping; empty where nothing is resident
  bool page_exact = false;       // false: the kernel does not show single pages to us
  MemoryLimit limit;
  std::uint64_t uptime_ns = 0;
};
Result<ResidentMemory> read_resident(pid_t pid);

// Needs out.objects with their flags. `threads` tell whose stack is where.
void explain_memory(const RawHeap& heap, const ResidentMemory& resident,
                    std::span<const ThreadRegisters> threads, Heap& out, StringPool& strings);

}  // namespace memsnap
