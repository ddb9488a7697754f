// What the runtime keeps where: spans without objects, and its own records about the heap. Facts:
// runtime/mheap.go, mpagealloc.go, malloc.go (persistentalloc, sysAlloc), mgc.go (work bufs).
#pragma once

#include "goheap/raw_heap.h"

#include <cstdint>
#include <string>
#include <vector>

namespace memsnap {

// Words of MemoryTable::cause, docs/memory.md.
enum class MemoryCause : std::uint8_t {
  kLiveHeap,
  kGarbage,
  kFragmentation,
  kIdleSpans,
  kStacks,
  kRuntime,
  kBinary,
  kFile,
  kCgoHeap,
  kThreadStacks,
  kMmap,
  kKernel,
  kUnknown,
};
inline constexpr std::size_t kMemoryCauses = 13;
std::string_view cause_name(MemoryCause cause);

struct Region {  // whole 4 KiB pages
  std::uint64_t from = 0, to = 0;
  MemoryCause cause = MemoryCause::kUnknown;
  std::string owner;
  std::uint32_t span = kNoRow;  // row of RawHeap::spans when objects decide who owns what
};

// While the target is stopped: copies the list of all spans, whose array moves when it grows.
Result<void> copy_regions(const Program& program, std::uint64_t bias, FrozenMemory& memory);

struct RuntimeRegions {
  std::vector<Region> regions;  // sorted, not overlapping; arenas are covered whole
  std::vector<Range> arenas;    // of the heap, sorted
};
// Afterwards.
RuntimeRegions runtime_regions(const RawHeap& heap);

// Sorts, and lets the earlier of two regions have what both claim.
std::vector<Region> without_overlaps(std::vector<Region> regions);

}  // namespace memsnap
