// The heap as the allocator sees it at one instant: spans, allocated slots, pointer words, and the copied
// memory that must be consistent. Everything of goheap stands on it; nothing outside goheap sees it.
// Facts: runtime/mheap.go, mbitmap.go, mgcmark_greenteagc.go; go-heap.md section 1 of the design.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "base/value_at.h"
#include "goheap/frozen.h"
#include "goheap/program.h"
#include "image/address_space.h"
#include "tables/ids.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap {

// What find() needs comes first, so that it lies in one cache line.
struct alignas(64) Span {
  std::uint64_t start = 0, limit = 0, elem_size = 0;
  const std::byte* memory = nullptr;  // our copy of [start, start + bytes()); nullptr for noscan spans
  std::uint32_t div_mul = 0,
                nelems = 0;          // slot = offset * div_mul >> 32; 0 for the one slot of large objects
  std::uint32_t first_bit_word = 0;  // of its allocated bits
  std::uint32_t first_object = 0;    // ObjectId of its first allocated slot
  std::uint64_t pages = 0;
  std::uint8_t size_class = 0;  // 0: one large object
  bool noscan = false;
  std::uint64_t large_type = 0, specials = 0, mspan = 0;  // addresses in the target
  std::uint32_t alloc_count = 0, free_index = 0, sweepgen = 0;
  std::uint64_t bytes() const { return pages * 8192; }
};

// An object found by an address that lies in it.
struct Place {
  ObjectId id = kNoObject;
  std::uint32_t span = 0;   // row of RawHeap::spans
  std::uint64_t start = 0;  // address of the object
  std::uint64_t size = 0;   // bytes of the slot
};

struct ModuleData {  // of runtime.moduledata; addresses in the target
  std::uint64_t self = 0, text = 0, etext = 0, noptrdata = 0, enoptrdata = 0, data = 0, edata = 0, bss = 0,
                ebss = 0, noptrbss = 0, enoptrbss = 0, types = 0, etypes = 0, rodata = 0, gofunc = 0, end = 0;
  std::vector<std::uint8_t> data_mask, bss_mask;  // one bit per word: pointer
};

// Which words of a value are pointers, from the type's own mask or rebuilt from its fields.
struct TypeMask {
  std::uint64_t size = 0;   // of one value; 0 when the rtype makes no sense
  std::uint64_t words = 0;  // leading words that may hold pointers
  std::vector<std::uint64_t> bits;
};

class RawHeap {
 public:
  // Objects, in address order.
  std::size_t objects() const { return object_count_; }
  std::uint64_t allocated_bytes() const { return allocated_bytes_; }
  const std::vector<Span>& spans() const { return spans_; }

  // The allocated object that contains this address; id is kNoObject when there is none.
  Place find(std::uint64_t addr) const {
    const Span* span = span_at(addr);
    if (!span || addr >= span->limit) return {};
    std::uint32_t slot = std::uint32_t(((addr - span->start) * span->div_mul) >> 32);
    if (slot >= span->nelems) return {};
    const BitWord& word = bits_[span->first_bit_word + slot / 64];
    std::uint64_t below = std::uint64_t(1) << (slot % 64);
    if (!(word.bits & below)) return {};
    return {.id = ObjectId(word.rank + std::uint32_t(std::popcount(word.bits & (below - 1)))),
            .span = std::uint32_t(span - spans_.data()),
            .start = span->start + slot * span->elem_size,
            .size = span->elem_size};
  }
  Place place(ObjectId id) const;  // start, size and span of an object
  bool in_heap_range(std::uint64_t addr) const { return addr >= low_ && addr < high_; }
  // The span in use that contains this address, also between its objects; nullptr when there is none.
  const Span* span_at(std::uint64_t addr) const {
    if (!in_heap_range(addr)) return nullptr;
    std::uint64_t page = (addr - low_) / 8192;
    std::uint32_t row = page_span_[(std::size_t(arena_block_[page / 8192]) * 8192) + page % 8192];
    return row ? &spans_[row - 1] : nullptr;
  }
  // What find(addr) will look at, fetched ahead: first the span, then, once that has come, its bits.
  void prefetch_span(std::uint64_t addr) const {
    if (const Span* span = span_at(addr)) __builtin_prefetch(span);
  }
  void prefetch_bits(std::uint64_t addr) const {
    const Span* span = span_at(addr);
    if (!span || addr >= span->limit) return;
    std::uint64_t slot = ((addr - span->start) * span->div_mul) >> 32;
    __builtin_prefetch(bits_.data() + span->first_bit_word + slot / 64);
  }
  bool allocated(const Span& span, std::uint32_t slot) const {
    return (bits_[span.first_bit_word + slot / 64].bits >> (slot % 64)) & 1;
  }
  // Calls visit(place) for every object of a span, in address order.
  template <class Visit>
  void each_object(std::uint32_t span_row, Visit&& visit) const;

  // Calls visit(word, value) for every word of the object that the allocator's own bitmap or type says is a
  // pointer, nil included. Small objects (<= 512 B): span bitmap. Larger ones: malloc header or largeType.
  template <class Visit>
  void each_pointer(const Place& object, Visit&& visit) const;
  // The same as bits, one per word of the object; empty when noscan.
  std::vector<std::uint64_t> pointer_mask(const Place& object) const;
  // The same in one word, for scannable objects of at most 512 bytes.
  std::uint64_t small_pointer_mask(const Place& object) const {
    return small_mask(spans_[object.span], object.start);
  }
  // rtype that the allocator stored for this object (malloc header or largeType), 0 when it stored none,
  // and the offset of the first data byte (8 behind a malloc header).
  struct HeaderType {
    std::uint64_t rtype = 0;
    std::uint32_t data_offset = 0;
  };
  HeaderType header_type(const Place& object) const {
    const Span& span = spans_[object.span];
    if (span.noscan || span.elem_size <= kNoHeaderSize) return {};
    if (span.size_class == 0) return {span.large_type, 0};
    return {load(span.memory + (object.start - span.start)), 8};
  }

  bool knows_type(std::uint64_t rtype) const { return mask_of(rtype) != nullptr; }  // of a header

  // Bytes of an object or of anything copied; nullptr when not copied (noscan objects, rodata).
  const std::byte* look(std::uint64_t addr, std::uint64_t size) const {
    const Span* span = span_at(addr);
    if (!span) return memory_->look(addr, size);
    if (!span->memory || addr + size < addr || addr + size > span->start + span->bytes()) return nullptr;
    return span->memory + (addr - span->start);
  }
  // Copied or, for what does not change, from the process; zero when unreadable.
  const AddressSpace& memory() const { return *memory_; }
  WindowCache& cache() const { return *cache_; }  // over memory(); not for use by two threads
  std::uint64_t word(std::uint64_t addr) const {
    if (auto* copy = look(addr, 8)) return load(copy);
    return cache_->word(addr);
  }
  template <class T>
  T value(std::uint64_t addr) const {
    if (auto* copy = look(addr, sizeof(T))) return value_at<T>({copy, sizeof(T)}, 0);
    return cache_->get<T>(addr);
  }

  // Gives the copies of spans back: from here on only what does not change can be read.
  void drop_copies();

  const Program& program() const { return *program_; }
  std::uint64_t bias() const { return bias_; }  // add to an address of the executable
  const std::vector<ModuleData>& modules() const { return modules_; }
  const Pclntab& pclntab() const { return *pclntab_; }

  // Filled by the readers of spans.cc, memory comes from capture.cc.
  friend class SpanReader;
  friend class Capture;
  friend struct RawHeapTest;

 private:
  static constexpr std::uint64_t kNoHeaderSize = 512;  // larger objects have a malloc header or a largeType
  struct BitWord {
    std::uint64_t bits = 0;  // allocated slots
    std::uint32_t rank = 0;  // objects before the first of these slots
  };
  static std::uint64_t load(const std::byte* at) {
    std::uint64_t value;
    std::memcpy(&value, at, 8);
    return value;
  }
  // Pointer words of a small object: at most 64, its slot is at most 512 bytes.
  std::uint64_t small_mask(const Span& span, std::uint64_t start) const;
  const TypeMask* mask_of(std::uint64_t rtype) const {
    auto found = masks_.find(rtype);
    return found == masks_.end() || found->second.size == 0 ? nullptr : &found->second;
  }

  const Program* program_ = nullptr;
  std::uint64_t bias_ = 0;
  std::uint64_t low_ = 0, high_ = 0;  // multiples of 64 MiB
  std::size_t object_count_ = 0;
  std::uint64_t allocated_bytes_ = 0;
  std::vector<Span> spans_;  // in use, sorted by address
  std::vector<BitWord> bits_;
  std::vector<std::uint32_t> arena_block_;  // per 64 MiB from low_: block of page_span_; block 0 is empty
  std::vector<std::uint32_t> page_span_;    // per 8 KiB page of a block: row of spans_ + 1, 0 for none
  std::vector<std::uint32_t> id_span_;      // per 64 objects: span of the first
  std::unordered_map<std::uint64_t, TypeMask> masks_;  // of every header type and largeType
  std::vector<ModuleData> modules_;
  std::unique_ptr<FrozenMemory> memory_;
  std::unique_ptr<WindowCache> cache_;
  std::unique_ptr<Pclntab> pclntab_;
};

template <class Visit>
void RawHeap::each_object(std::uint32_t span_row, Visit&& visit) const {
  const Span& span = spans_[span_row];
  std::uint32_t id = span.first_object;
  for (std::uint32_t base = 0; base < span.nelems; base += 64)
    for (std::uint64_t bits = bits_[span.first_bit_word + base / 64].bits; bits; bits &= bits - 1) {
      std::uint32_t slot = base + std::uint32_t(std::countr_zero(bits));
      visit(Place{ObjectId(id++), span_row, span.start + slot * span.elem_size, span.elem_size});
    }
}

inline std::uint64_t RawHeap::small_mask(const Span& span, std::uint64_t start) const {
  // runtime/mbitmap.go, spanHeapBitsRange and heapBitsSmallForAddr.
  std::uint64_t bitmap = span.bytes() - span.bytes() / 64;
  if (program_->green_tea && span.elem_size >= 16) bitmap -= 128;
  std::uint64_t bit = (start - span.start) / 8, count = span.elem_size / 8;
  const std::byte* words = span.memory + bitmap + bit / 64 * 8;
  std::uint64_t mask = load(words) >> (bit % 64);
  if (bit % 64 + count > 64) mask |= load(words + 8) << (64 - bit % 64);
  return count < 64 ? mask & ((std::uint64_t(1) << count) - 1) : mask;
}

template <class Visit>
void RawHeap::each_pointer(const Place& object, Visit&& visit) const {
  const Span& span = spans_[object.span];
  if (span.noscan || !span.memory) return;
  const std::byte* memory = span.memory + (object.start - span.start);
  if (span.elem_size <= kNoHeaderSize) {
    for (std::uint64_t mask = small_mask(span, object.start); mask; mask &= mask - 1) {
      std::uint32_t word = std::uint32_t(std::countr_zero(mask));
      visit(word, load(memory + word * 8));
    }
    return;
  }
  auto [rtype, offset] = header_type(object);
  const TypeMask* type = rtype ? mask_of(rtype) : nullptr;
  if (!type) return;
  // The mask is tiled over the slot; what is behind the last value is zero.
  for (std::uint64_t base = offset; base < object.size; base += type->size)
    for (std::uint64_t first = 0; first < type->words; first += 64)
      for (std::uint64_t mask = type->bits[first / 64]; mask; mask &= mask - 1) {
        std::uint64_t at = base + (first + std::uint64_t(std::countr_zero(mask))) * 8;
        if (at + 8 > object.size) return;
        visit(std::uint32_t(at / 8), load(memory + at));
      }
}

}  // namespace memsnap
