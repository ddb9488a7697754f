// The profiles that a Go runtime keeps in its own memory, as go tool pprof knows them: what
// /debug/pprof/heap, block, mutex and goroutine would have answered when the heap was captured. The program
// needs no server for it.
#pragma once

#include "base/result.h"
#include "tables/heap.h"
#include "tables/profile.h"

#include <string_view>

namespace memsnap {

// `kind` is heap, block, mutex or goroutine. The frames of the runtime's tables have no addresses, so each
// line of source is a location. Goroutines have their state and, where the runtime knows it, the time that
// they have waited as labels. Fails when the runtime keeps no heap profile.
Result<Profile> profile_of_heap(const Heap& heap, std::string_view kind);

}  // namespace memsnap
