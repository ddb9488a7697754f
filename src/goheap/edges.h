// Pointers between objects, in compressed rows.
#pragma once

#include "base/result.h"
#include "goheap/raw_heap.h"
#include "tables/heap.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace memsnap {

struct EdgeCounts {
  std::uint64_t edges = 0;
  std::uint64_t free_slots = 0;                               // pointers into a free slot of a span in use
  std::uint64_t bad_headers = 0;                              // objects whose stored type makes no sense
  std::uint64_t first_free_holder = 0, first_bad_header = 0;  // addresses of one such object, for the message
};

// A word of an object that is not to be an edge: its pointer belongs to a label of its own.
struct HiddenWord {
  ObjectId object;
  std::uint32_t word;
};

// hidden: sorted by object, then word.
Result<EdgeCounts> build_edges(const RawHeap& heap, const std::vector<HiddenWord>& hidden, int threads,
                               EdgeTable& edges);

}  // namespace memsnap
