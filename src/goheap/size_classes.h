// How full the allocator's spans are, by size class: the table `classes`.
#pragma once

#include "goheap/raw_heap.h"
#include "tables/heap.h"

namespace memsnap {

void write_classes(const RawHeap& heap, ClassTable& classes);

}  // namespace memsnap
