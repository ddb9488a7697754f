// The heap as the allocator sees it at one instant: spans, allocated slots, pointer words, and the copied
// memory that must be consistent. Everything of goheap stands on it; nothing outside goheap sees it.
// Facts: runtime/mheap.go, mbitmap.go, mgcmark_greenteagc.go; go-heap.md section 1 of the design.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "goheap/program.h"
#include "image/address_space.h"
#include "tables/ids.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace memsnap {

struct Span {
  std::uint64_t start = 0, pages = 0, elem_size = 0, limit = 0;
  std::uint64_t large_type = 0, specials = 0, mspan = 0;   // addresses in the target
  std::uint32_t nelems = 0, alloc_count = 0, free_index = 0, div_mul = 0;
  std::uint32_t sweepgen = 0;
  std::uint8_t size_class = 0;
  bool noscan = false;
  std::uint32_t first_object = 0;   // ObjectId of its first allocated slot
  std::uint32_t first_bit_word = 0; // of its allocated bits in RawHeap::bit_words
  std::uint64_t bytes() const { return pages * 8192; }
};

// An object found by an address that lies in it.
struct Place {
  ObjectId id = kNoObject;
  std::uint32_t span = 0;           // row of RawHeap::spans
  std::uint64_t start = 0;          // address of the object
  std::uint64_t size = 0;           // bytes of the slot
};

// Copies of target memory by address range; what is not copied is read from `behind` (the live process),
// which is right only for memory that does not change: rodata, rtypes, and contents read after the resume.
class FrozenMemory final : public AddressSpace {
 public:
  explicit FrozenMemory(const AddressSpace& behind) : behind_(behind) {}
  // Ranges may come in any order and must not overlap; adjacent ones are joined into one stretch of memory.
  Result<void> copy(std::span<const Range> ranges);
  std::size_t read(std::uint64_t addr, std::span<std::byte> out) const override;
  // The copy of [addr, addr + size), or nullptr when it was not copied whole.
  const std::byte* look(std::uint64_t addr, std::uint64_t size) const;
  std::uint64_t copied_bytes() const { return copied_; }

 private:
  struct Piece { std::uint64_t from, to; std::byte* memory; };
  const AddressSpace& behind_;
  std::vector<Piece> pieces_;       // sorted by address
  std::uint64_t copied_ = 0;
 public:
  ~FrozenMemory() override;
  FrozenMemory(const FrozenMemory&) = delete;
  FrozenMemory& operator=(const FrozenMemory&) = delete;
};

struct ModuleData {                 // of runtime.moduledata; addresses in the target
  std::uint64_t self = 0, text = 0, etext = 0, noptrdata = 0, enoptrdata = 0, data = 0, edata = 0, bss = 0,
      ebss = 0, noptrbss = 0, enoptrbss = 0, types = 0, etypes = 0, rodata = 0, gofunc = 0, end = 0;
  std::vector<std::uint8_t> data_mask, bss_mask;   // one bit per word: pointer
};

class RawHeap {
 public:
  // Objects, in address order.
  std::size_t objects() const { return object_count_; }
  std::uint64_t allocated_bytes() const { return allocated_bytes_; }
  const std::vector<Span>& spans() const { return spans_; }

  // The allocated object that contains this address; id is kNoObject when there is none.
  Place find(std::uint64_t addr) const;
  Place place(ObjectId id) const;           // start, size and span of an object
  bool in_heap_range(std::uint64_t addr) const { return addr >= low_ && addr < high_; }
  bool allocated(const Span& span, std::uint32_t slot) const {
    return (bit_words_[span.first_bit_word + slot / 64] >> (slot % 64)) & 1;
  }

  // Calls visit(word, value) for every word of the object that the allocator's own bitmap or type says is a
  // pointer, nil included. Small objects (<= 512 B): span bitmap. Larger ones: malloc header or largeType.
  template <class Visit>
  void each_pointer(const Place& object, Visit&& visit) const;
  // The same as bits, one per word of the object; empty when noscan.
  std::vector<std::uint64_t> pointer_mask(const Place& object) const;
  // rtype that the allocator stored for this object (malloc header or largeType), 0 when it stored none,
  // and the offset of the first data byte (8 behind a malloc header).
  struct HeaderType { std::uint64_t rtype = 0; std::uint32_t data_offset = 0; };
  HeaderType header_type(const Place& object) const;

  // Bytes of an object or of anything copied; nullptr when not copied (noscan objects, rodata).
  const std::byte* look(std::uint64_t addr, std::uint64_t size) const { return memory_->look(addr, size); }
  // Copied or, for what does not change, from the process; zero when unreadable.
  const AddressSpace& memory() const { return *memory_; }
  WindowCache& cache() const { return *cache_; }     // over memory(); not for use by two threads
  std::uint64_t word(std::uint64_t addr) const {
    if (auto* p = memory_->look(addr, 8)) return *reinterpret_cast<const std::uint64_t*>(p);
    return cache_->word(addr);
  }

  const Program& program() const { return *program_; }
  std::uint64_t bias() const { return bias_; }        // add to an address of the executable
  const std::vector<ModuleData>& modules() const { return modules_; }
  const Pclntab& pclntab() const { return *pclntab_; }

  // Filled by the readers of spans.cc, memory comes from capture.cc.
  friend class SpanReader;
  friend class Capture;

 private:
  const Program* program_ = nullptr;
  std::uint64_t bias_ = 0;
  std::uint64_t low_ = 0, high_ = 0;
  std::size_t object_count_ = 0;
  std::uint64_t allocated_bytes_ = 0;
  std::vector<Span> spans_;                 // in use, sorted by address
  std::vector<std::uint64_t> bit_words_;    // allocated bits of all spans
  std::vector<std::uint32_t> rank_;         // per bit word: objects before it
  std::vector<std::uint32_t> page_span_;    // per 8 KiB page from low_: row of spans_ + 1, 0 for none
  std::vector<ModuleData> modules_;
  std::unique_ptr<FrozenMemory> memory_;
  std::unique_ptr<WindowCache> cache_;
  std::unique_ptr<Pclntab> pclntab_;
};

}  // namespace memsnap
