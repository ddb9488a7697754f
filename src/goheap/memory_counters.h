// The runtime's own numbers about its memory, as runtime.ReadMemStats computes them (runtime/mstats.go).
#pragma once

#include "goheap/frozen.h"
#include "goheap/program.h"
#include "image/address_space.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

struct RuntimeCounters {
  std::vector<std::pair<std::string_view, std::int64_t>> all;  // names as in docs/counters.md
  // Of those, what explains resident memory.
  std::uint64_t stack_inuse = 0, metadata_sys = 0;  // metadata: mspan, mcache, buckhash, gc, other, OS stacks
};

// While the target is stopped: copies what the allocator keeps per processor.
Result<void> copy_counters(const Program& program, std::uint64_t bias, FrozenMemory& memory);
// Afterwards. Numbers that a release does not have are left out.
RuntimeCounters read_counters(const Program& program, std::uint64_t bias, const AddressSpace& memory);

}  // namespace memsnap
