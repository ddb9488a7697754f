#include "goheap/raw_heap.h"

#include <algorithm>

namespace memsnap {

Place RawHeap::place(ObjectId id) const {
  std::uint32_t number = std::uint32_t(id);
  CHECK(number < object_count_);
  std::uint32_t row = id_span_[number / 64];
  // Spans without objects begin with the same number as the next one.
  while (row + 1 < spans_.size() && spans_[row + 1].first_object <= number) ++row;
  const Span& span = spans_[row];
  std::uint32_t word = span.first_bit_word, last = word + (span.nelems - 1) / 64;
  while (word < last && bits_[word + 1].rank <= number) ++word;
  std::uint64_t bits = bits_[word].bits;
  for (std::uint32_t skip = number - bits_[word].rank; skip > 0; --skip) bits &= bits - 1;
  std::uint64_t slot = (word - span.first_bit_word) * 64 + std::uint64_t(std::countr_zero(bits));
  return {id, row, span.start + slot * span.elem_size, span.elem_size};
}

std::vector<std::uint64_t> RawHeap::pointer_mask(const Place& object) const {
  const Span& span = spans_[object.span];
  if (span.noscan || !span.memory) return {};
  std::vector<std::uint64_t> mask(std::size_t((object.size / 8 + 63) / 64));
  each_pointer(
      object, [&](std::uint32_t word, std::uint64_t) { mask[word / 64] |= std::uint64_t(1) << (word % 64); });
  return mask;
}

void RawHeap::drop_copies() {
  for (Span& span : spans_) span.memory = nullptr;
  memory_->drop_copies();
}

}  // namespace memsnap
