// Walks the stacks of goroutines: their frames, and the words in them that the collector takes for pointers.
// Facts: runtime/mgcmark.go (scanstack, scanframeworker), runtime/traceback.go, runtime/stkframe.go.
#pragma once

#include "goheap/frames.h"
#include "goheap/goroutines.h"
#include "goheap/parts.h"
#include "goheap/raw_heap.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <span>

namespace memsnap {

// One trace per goroutine, in their order; rows of `frames` are appended.
Stacks scan_stacks(const RawHeap& heap, std::span<const Goroutine> goroutines, StringPool& strings,
                   FrameTable& frames);

}  // namespace memsnap
