// The runtime's own profile records: who allocated what is sampled, who waited for a channel or a lock.
// Facts: runtime/mprof.go. The program needs no endpoint and no import for it.
#pragma once

#include "base/result.h"
#include "goheap/frozen.h"
#include "goheap/program.h"
#include "goheap/raw_heap.h"
#include "goheap/roots.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <cstdint>
#include <span>

namespace memsnap {

// While the target is stopped: copies all records, and of the specials which record each sampled object has.
Result<void> copy_profile(const Program& program, std::uint64_t bias, FrozenMemory& memory,
                          std::span<const SpecialRecord> specials);

// Fills buckets, samples and their frames, and the counters profile.rate (MemProfileRate in bytes; 0: no
// heap profile is kept), profile.buckets and profile.ticks_per_second (of BucketTable::cycles; 0: not known).
Result<void> read_profile(const RawHeap& heap, std::span<const SpecialRecord> specials, Heap& out,
                          StringPool& strings);

}  // namespace memsnap
