// The modules of a Go program: one for the executable, one for each plugin that it loaded.
#pragma once

#include "base/result.h"
#include "goheap/frozen.h"
#include "goheap/program.h"
#include "goheap/raw_heap.h"

#include <vector>

namespace memsnap {

// While the target is stopped. The masks of data and bss are read with them.
Result<std::vector<ModuleData>> read_modules(const Program& program, std::uint64_t bias,
                                             FrozenMemory& memory);

// What must be copied of the modules' variables: data and bss whole; of memory without pointers the
// variables of the runtime.
std::vector<Range> static_ranges(const Program& program, std::uint64_t bias,
                                 const std::vector<ModuleData>& modules);

}  // namespace memsnap
