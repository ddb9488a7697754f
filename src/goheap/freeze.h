// What is read of a target while it is stopped: the copies and the few things needed to know what to copy.
// Nothing is analysed here, so that the stop is short.
#pragma once

#include "base/result.h"
#include "goheap/frozen.h"
#include "goheap/goroutines.h"
#include "goheap/modules.h"
#include "goheap/program.h"
#include "goheap/roots.h"
#include "goheap/spans.h"
#include "image/address_space.h"
#include "os/stop.h"

#include <chrono>
#include <memory>
#include <vector>

namespace memsnap {

struct FreezeSizes {
  std::uint64_t spans = 0, objects = 0, heap_bytes = 0, scannable_bytes = 0, static_bytes = 0,
                stack_bytes = 0;
  std::uint64_t goroutines = 0;
  std::uint64_t copy_bytes() const { return scannable_bytes + static_bytes + stack_bytes; }
};

struct Freeze {
  std::unique_ptr<FrozenMemory> memory;
  std::unique_ptr<SpanReader> spans;
  std::vector<ModuleData> modules;
  std::vector<Goroutine> goroutines;
  std::vector<std::uint64_t> all_g, all_m;
  RuntimeRoots roots;
  FreezeSizes sizes;
};

// Sizes of a target that runs: close enough to plan with.
Result<FreezeSizes> measure(const Program& program, std::uint64_t bias, const AddressSpace& target);

// memory: prepared before the stop for sizes.copy_bytes(). registers: of the stopped threads, with the tids
// that the target's own pid namespace gives them.
Result<Freeze> freeze(const Program& program, std::uint64_t bias, std::unique_ptr<FrozenMemory> memory,
                      std::span<const ThreadRegisters> registers);

}  // namespace memsnap
