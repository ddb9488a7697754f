#include "goheap/spans.h"

#include "base/value_at.h"
#include "goheap/type_masks.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::uint64_t kPage = 8192;  // runtime pages
constexpr std::uint64_t kAddressEnd = std::uint64_t(1) << 47;
constexpr std::uint64_t kMostSpans = std::uint64_t(1) << 27;
constexpr std::uint8_t kInUse = 1, kManual = 2;  // runtime/mheap.go, mSpanState
constexpr std::uint64_t kInlineMarks = 128;      // bytes at the end of a span, green tea

std::uint64_t popcount(const std::vector<std::uint64_t>& words) {
  std::uint64_t sum = 0;
  for (std::uint64_t word : words) sum += std::uint64_t(std::popcount(word));
  return sum;
}

void set_below(std::vector<std::uint64_t>& words, std::uint32_t end) {
  for (std::uint32_t i = 0; i < end / 64; ++i) words[i] = ~std::uint64_t(0);
  if (end % 64) words[end / 64] |= (std::uint64_t(1) << (end % 64)) - 1;
}

}  // namespace

struct SpanReader::Offsets {
  explicit Offsets(const Layout& layout) {
    auto of = [&](std::string_view field) { return layout.at("runtime.mspan", field); };
    size = layout.size("runtime.mspan");
    start = of("startAddr"), pages = of("npages"), free_index = of("freeindex"), nelems = of("nelems");
    scan_index = of("freeIndexForScan"), alloc_bits = of("allocBits"), mark_bits = of("gcmarkBits");
    sweepgen = of("sweepgen"), div_mul = of("divMul"), alloc_count = of("allocCount"),
    span_class = of("spanclass");
    state = of("state"), elem_size = of("elemsize"), limit = of("limit"), specials = of("specials");
    large_type = of("largeType");
  }
  std::uint64_t size, start, pages, free_index, nelems, scan_index, alloc_bits, mark_bits, sweepgen, div_mul,
      alloc_count, span_class, state, elem_size, limit, specials, large_type;
};

Result<void> SpanReader::read() {
  const Layout& layout = program_.layout;
  const Offsets offsets(layout);
  std::uint64_t heap = TRY(program_.symbol("runtime.mheap_")) + bias_;
  std::uint64_t phase = TRY(program_.symbol("runtime.gcphase")) + bias_;
  counts_.gc_phase = memory_.fetch<std::uint32_t>(phase);
  counts_.sweepgen = memory_.fetch<std::uint32_t>(heap + layout.at("runtime.mheap", "sweepgen"));
  struct {
    std::uint64_t data, size;
  } all{};
  all.data = memory_.fetch<std::uint64_t>(heap + layout.at("runtime.mheap", "allspans"));
  all.size = memory_.fetch<std::uint64_t>(heap + layout.at("runtime.mheap", "allspans") + 8);
  if (all.size == 0 || all.size > kMostSpans)
    return fail(Cause::bad_input, "the runtime lists {} spans, expected 1 to {}", all.size, kMostSpans);
  std::vector<std::uint64_t> pointers(static_cast<std::size_t>(all.size));
  auto bytes = std::as_writable_bytes(std::span(pointers));
  if (memory_.read(all.data, bytes) != bytes.size())
    return fail(Cause::bad_input, "the list of {} spans at {:#x} cannot be read", all.size, all.data);

  rows_.reserve(pointers.size());
  std::vector<std::byte> record(static_cast<std::size_t>(offsets.size));
  for (std::uint64_t mspan : pointers) {
    if (!memory_.fetch(mspan, record))
      return fail(Cause::bad_input, "the span record at {:#x} cannot be read", mspan);
    TRY_VOID(take(offsets, mspan, record));
  }
  std::ranges::sort(rows_, {}, [](const Row& row) { return row.span.start; });
  return {};
}

Result<void> SpanReader::take(const Offsets& offset, std::uint64_t mspan, Bytes bytes) {
  auto state = value_at<std::uint8_t>(bytes, offset.state);
  if (state == kManual) ++counts_.manual;
  if (state != kInUse) return {};
  Row row;
  Span& span = row.span;
  span.mspan = mspan;
  span.start = value_at<std::uint64_t>(bytes, offset.start);
  span.pages = value_at<std::uint64_t>(bytes, offset.pages);
  span.limit = value_at<std::uint64_t>(bytes, offset.limit);
  span.elem_size = value_at<std::uint64_t>(bytes, offset.elem_size);
  span.large_type = value_at<std::uint64_t>(bytes, offset.large_type);
  span.specials = value_at<std::uint64_t>(bytes, offset.specials);
  span.nelems = value_at<std::uint16_t>(bytes, offset.nelems);
  span.free_index = value_at<std::uint16_t>(bytes, offset.free_index);
  span.alloc_count = value_at<std::uint16_t>(bytes, offset.alloc_count);
  span.sweepgen = value_at<std::uint32_t>(bytes, offset.sweepgen);
  auto span_class = value_at<std::uint8_t>(bytes, offset.span_class);
  span.size_class = span_class >> 1;
  span.noscan = (span_class & 1) != 0;
  span.div_mul = span.size_class ? value_at<std::uint32_t>(bytes, offset.div_mul) : 0;
  if (auto sane = check(span); !sane) {
    if (running_) return {};
    return sane;
  }
  row.alloc_bits = value_at<std::uint64_t>(bytes, offset.alloc_bits);
  row.mark_bits = value_at<std::uint64_t>(bytes, offset.mark_bits);
  row.scan_index =
      std::min<std::uint32_t>(value_at<std::uint16_t>(bytes, offset.scan_index), span.free_index);
  std::uint32_t age = counts_.sweepgen - span.sweepgen;  // wraps for h+1 and h+3
  row.sweeping = age == 1;
  row.cached = age == ~std::uint32_t(2);
  // During a mark phase every span is swept.
  row.unswept = counts_.gc_phase == 0 && (age == 2 || age == 1 || age == ~std::uint32_t(0));
  // Now, while the target is stopped.
  std::vector<std::byte> bits((span.nelems + 7) / 8);
  if (row.needs_bits() && !running_) memory_.fetch(row.alloc_bits, bits);
  if (row.needs_marks() && !running_) memory_.fetch(row.mark_bits, bits);
  ++counts_.spans;
  counts_.objects += span.alloc_count;
  counts_.unswept += row.unswept;
  counts_.heap_bytes += span.bytes();
  if (!span.noscan) counts_.scannable_bytes += span.bytes();
  rows_.push_back(row);
  return {};
}

Result<void> SpanReader::check(const Span& span) const {
  bool fits = span.start % kPage == 0 && span.start > 0 && span.start < kAddressEnd && span.pages > 0 &&
              span.pages <= (kAddressEnd - span.start) / kPage;
  bool slots = fits && span.nelems > 0 && span.free_index <= span.nelems && span.elem_size >= 8 &&
               span.elem_size % 8 == 0 && span.elem_size <= span.bytes() &&
               span.nelems * span.elem_size <= span.bytes() && span.limit > span.start &&
               span.limit <= span.start + span.bytes();
  if (span.size_class == 0)
    slots = slots && span.nelems == 1;
  else
    slots = slots && (((span.nelems - 1) * span.elem_size * span.div_mul) >> 32) == span.nelems - 1;
  if (slots) return {};
  return fail(Cause::bad_input,
              "the span record at {:#x} makes no sense: start {:#x}, {} pages, {} slots of {} bytes",
              span.mspan, span.start, span.pages, span.nelems, span.elem_size);
}

Result<void> SpanReader::copy() {
  std::vector<Range> ranges;
  ranges.reserve(rows_.size());
  for (const Row& row : rows_) {
    const Span& span = row.span;
    std::uint64_t end = span.start + span.bytes();
    if (!span.noscan)
      ranges.push_back({span.start, end});
    else if (row.needs_marks() && has_inline_marks(span))
      ranges.push_back({end - kInlineMarks, end});
  }
  return memory_.copy(ranges);
}

Result<std::vector<SpecialRecord>> SpanReader::read_specials() {
  std::vector<std::uint64_t> lists, starts;
  for (const Row& row : rows_)
    if (row.span.specials) lists.push_back(row.span.specials), starts.push_back(row.span.start);
  return memsnap::read_specials(program_, lists, starts, memory_);
}

std::vector<std::uint64_t> SpanReader::bitmap(std::uint64_t addr, std::uint32_t bits) const {
  std::vector<std::uint64_t> words((bits + 63) / 64);
  auto bytes = std::as_writable_bytes(std::span(words)).first((bits + 7) / 8);
  if (memory_.read(addr, bytes) != bytes.size()) std::ranges::fill(words, 0);
  if (bits % 64) words.back() &= (std::uint64_t(1) << (bits % 64)) - 1;
  return words;
}

// gcmarkBits and, with green tea, the marks at the end of the span: scans[63], owned, marks[63], class.
std::vector<std::uint64_t> SpanReader::marks_of(const Row& row) const {
  auto marks = bitmap(row.mark_bits, row.span.nelems);
  if (!has_inline_marks(row.span)) return marks;
  std::uint64_t inline_marks = row.span.start + row.span.bytes() - kInlineMarks + 64;
  auto more = bitmap(inline_marks, std::min<std::uint32_t>(row.span.nelems, 63 * 8));
  for (std::size_t i = 0; i < more.size(); ++i) marks[i] |= more[i];
  return marks;
}

// Objects that the collector found dead but whose finalizer is to run: the sweeper keeps them.
void SpanReader::revive(const Row& row, std::vector<std::uint64_t>& live,
                        const std::vector<std::uint64_t>& slots) const {
  const Layout& layout = program_.layout;
  const int finalizer = layout.special_kinds().finalizer;
  std::uint64_t special = row.span.specials;
  for (int hops = 0; special && hops < 1 << 20; ++hops) {
    auto kind = memory_.fetch<std::uint8_t>(special + layout.at("runtime.special", "kind"));
    auto offset = memory_.fetch<std::uint64_t>(special + layout.at("runtime.special", "offset"));
    std::uint64_t slot = offset / row.span.elem_size;
    if (kind == finalizer && slot < row.span.nelems)
      live[slot / 64] |= slots[slot / 64] & (1ull << (slot % 64));
    special = memory_.fetch<std::uint64_t>(special + layout.at("runtime.special", "next"));
  }
}

std::vector<std::uint64_t> SpanReader::allocated_of(const Row& row) {
  const Span& span = row.span;
  std::vector<std::uint64_t> slots((span.nelems + 63) / 64);
  if (row.needs_bits()) slots = bitmap(row.alloc_bits, span.nelems);
  std::vector<std::uint64_t> known = slots;
  set_below(slots, span.free_index);
  if (row.scan_index < span.free_index) {
    // An object that is being made: freeIndexForScan moves on when its pointers mean something, or, during a
    // mark phase, its mark is set (runtime/malloc.go, mallocgc).
    set_below(known, row.scan_index);
    auto marks = marks_of(row);
    for (std::size_t i = 0; i < known.size(); ++i) known[i] |= slots[i] & marks[i];
  } else {
    known = slots;
  }

  std::uint64_t count = popcount(slots), want = span.alloc_count;
  if (row.sweeping) {
    // The sweeper had swapped the bits already: mark bits are fresh ones, allocBits are the answer.
    auto marks = marks_of(row);
    bool swapped = span.free_index == 0 && count == want && popcount(marks) == 0;
    if (swapped) return slots;
    for (std::size_t i = 0; i < slots.size(); ++i) marks[i] &= slots[i];
    revive(row, marks, slots);
    return marks;
  }
  // A thread may have been stopped between taking a slot and counting it.
  std::uint64_t slack = row.cached ? 1 : 0;
  if (count > want + slack || want > count + slack) ++counts_.mismatches;
  if (!row.unswept) return known;
  auto live = marks_of(row);
  for (std::size_t i = 0; i < live.size(); ++i) live[i] &= slots[i];
  revive(row, live, slots);
  return live;
}

Result<void> SpanReader::build(RawHeap& heap) {
  heap.program_ = &program_;
  heap.bias_ = bias_;
  heap.spans_.reserve(rows_.size());
  std::uint64_t objects = 0, previous_end = 0;
  for (const Row& row : rows_) {
    if (row.span.start < previous_end)
      return fail(Cause::bad_input, "two spans claim the memory at {:#x}", row.span.start);
    previous_end = row.span.start + row.span.bytes();
    Span span = row.span;
    span.first_bit_word = std::uint32_t(heap.bits_.size());
    span.first_object = std::uint32_t(objects);
    if (!span.noscan) span.memory = memory_.look(span.start, span.bytes());
    if (!span.noscan && !span.memory)
      return fail(Cause::bad_input, "the span at {:#x} was not copied", span.start);
    for (std::uint64_t bits : allocated_of(row)) {
      heap.bits_.push_back({bits, std::uint32_t(objects)});
      objects += std::uint64_t(std::popcount(bits));
    }
    heap.allocated_bytes_ += (objects - span.first_object) * span.elem_size;
    if (objects > ~std::uint32_t(0) - (1 << 20))
      return fail(Cause::refused, "the heap has more than {} objects", objects);
    heap.spans_.push_back(span);
  }
  heap.object_count_ = std::size_t(objects);
  TRY_VOID(index_pages(heap));
  index_objects(heap);
  load_masks(heap);
  rows_ = {};
  return {};
}

Result<void> SpanReader::index_pages(RawHeap& heap) const {
  constexpr std::uint64_t kArena = 64 << 20, kPagesOfArena = kArena / kPage;
  if (heap.spans_.empty()) return fail(Cause::bad_input, "the heap has no span in use");
  heap.low_ = heap.spans_.front().start & ~(kArena - 1);
  heap.high_ = (heap.spans_.back().start + heap.spans_.back().bytes() + kArena - 1) & ~(kArena - 1);
  heap.arena_block_.assign(std::size_t((heap.high_ - heap.low_) / kArena), 0);
  heap.page_span_.assign(std::size_t(kPagesOfArena), 0);
  for (std::size_t row = 0; row < heap.spans_.size(); ++row) {
    const Span& span = heap.spans_[row];
    for (std::uint64_t page = (span.start - heap.low_) / kPage, end = page + span.pages; page < end; ++page) {
      std::uint32_t& block = heap.arena_block_[std::size_t(page / kPagesOfArena)];
      if (block == 0) {
        block = std::uint32_t(heap.page_span_.size() / kPagesOfArena);
        heap.page_span_.resize(heap.page_span_.size() + kPagesOfArena, 0);
      }
      heap.page_span_[std::size_t(block * kPagesOfArena + page % kPagesOfArena)] = std::uint32_t(row + 1);
    }
  }
  return {};
}

void SpanReader::index_objects(RawHeap& heap) const {
  heap.id_span_.resize(heap.object_count_ / 64 + 1);
  std::size_t next = 0;
  for (std::size_t row = 0; row < heap.spans_.size(); ++row) {
    std::size_t end = row + 1 < heap.spans_.size() ? heap.spans_[row + 1].first_object : heap.object_count_;
    for (; next * 64 < end; ++next) heap.id_span_[next] = std::uint32_t(row);
  }
}

void SpanReader::load_masks(RawHeap& heap) const {
  TypeMasks masks(program_, memory_);
  std::uint64_t last = 0;
  for (std::uint32_t row = 0; row < heap.spans_.size(); ++row) {
    const Span& span = heap.spans_[row];
    if (span.noscan || span.elem_size <= RawHeap::kNoHeaderSize) continue;
    heap.each_object(row, [&](const Place& object) {
      std::uint64_t rtype = heap.header_type(object).rtype;
      if (rtype == 0 || rtype == last) return;
      last = rtype;
      if (!heap.masks_.contains(rtype)) heap.masks_.emplace(rtype, masks.read(rtype, object.size));
    });
  }
}

}  // namespace memsnap
