// Reads the allocator's spans: which slots are allocated, and copies of all memory that may hold pointers.
// Facts: runtime/mheap.go (mspan), mgcsweep.go (sweep), mgcmark_greenteagc.go (inline mark bits).
#pragma once

#include "base/result.h"
#include "goheap/program.h"
#include "goheap/raw_heap.h"
#include "goheap/roots.h"

#include <cstdint>
#include <vector>

namespace memsnap {

struct SpanCounts {
  std::uint64_t spans = 0, unswept = 0, manual = 0;
  std::uint64_t objects = 0;          // allocated slots, dead ones that are not swept included
  std::uint64_t heap_bytes = 0;       // of spans in use
  std::uint64_t scannable_bytes = 0;  // of those whose objects may hold pointers
  std::uint64_t mismatches = 0;  // swept spans whose allocated slots are not as many as the runtime counts
  std::uint32_t gc_phase = 0, sweepgen = 0;
};

// The order of calls is read, copy, read_specials (while the target is stopped, on memory that is then
// thawed), build.
class SpanReader {
 public:
  // running: the target is not stopped. Records that change meanwhile are left out, and only counts() is of
  // use.
  SpanReader(const Program& program, std::uint64_t bias, FrozenMemory& memory, bool running = false)
      : program_(program), bias_(bias), memory_(memory), running_(running) {}

  Result<void> read();
  Result<void> copy();
  // After copy(), still while the target is stopped.
  Result<std::vector<SpecialRecord>> read_specials();
  // Also fills the masks of all types that the allocator stored.
  Result<void> build(RawHeap& heap);
  const SpanCounts& counts() const { return counts_; }
  // What copy() will read, for the estimate.
  std::uint64_t copy_bytes() const { return counts_.scannable_bytes; }

 private:
  struct Row {
    Span span;
    std::uint64_t alloc_bits = 0, mark_bits = 0;  // addresses
    std::uint32_t scan_index = 0;                 // freeIndexForScan
    bool unswept = false, sweeping = false, cached = false;
    bool needs_bits() const { return scan_index < span.nelems || sweeping; }
    bool needs_marks() const { return unswept || scan_index < span.free_index; }
  };
  struct Offsets;

  Result<void> take(const Offsets& at, std::uint64_t mspan, Bytes bytes);
  Result<void> check(const Span& span) const;
  bool has_inline_marks(const Span& span) const {
    return program_.green_tea && span.elem_size >= 16 && span.elem_size <= 512;
  }
  std::vector<std::uint64_t> bitmap(std::uint64_t addr, std::uint32_t bits) const;
  std::vector<std::uint64_t> marks_of(const Row& row) const;
  std::vector<std::uint64_t> allocated_of(const Row& row);
  void revive(const Row& row, std::vector<std::uint64_t>& live,
              const std::vector<std::uint64_t>& slots) const;
  Result<void> index_pages(RawHeap& heap) const;
  void index_objects(RawHeap& heap) const;
  void load_masks(RawHeap& heap) const;

  const Program& program_;
  std::uint64_t bias_;
  FrozenMemory& memory_;
  bool running_;
  std::vector<Row> rows_;  // in use, sorted by address
  SpanCounts counts_;
};

}  // namespace memsnap
