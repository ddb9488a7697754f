// Finds the row of a table that has a certain content, without storing the content a second time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace memsnap {

// An open hash table of row numbers. A slot is a row + 1 and the 32 bits of its hash, so the table grows
// without looking at the rows, and most rows that do not fit are told by their hash.
class RowSet {
 public:
  static constexpr std::uint32_t kNone = ~0u;

  // The row with this hash for which equal(row), kNone when there is none.
  template <class Equal>
  std::uint32_t find(std::uint32_t hash, Equal&& equal) const {
    if (slots_.empty()) return kNone;
    for (std::size_t at = hash;; ++at) {
      std::uint64_t slot = slots_[at & (slots_.size() - 1)];
      if (slot == 0) return kNone;
      std::uint32_t row = std::uint32_t(slot) - 1;
      if (slot >> 32 == hash && equal(row)) return row;
    }
  }
  void insert(std::uint32_t hash, std::uint32_t row) {
    if (++used_ * 3 > slots_.size() * 2) grow();
    place(slots_, std::uint64_t(hash) << 32 | (row + 1));
  }
  // Inlined by force: g++ 12 takes a call that only prefetches for one without effect and drops it.
  [[gnu::always_inline]] void prefetch(std::uint32_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }

 private:
  static void place(std::vector<std::uint64_t>& slots, std::uint64_t slot) {
    std::size_t at = slot >> 32;
    while (slots[at & (slots.size() - 1)] != 0) ++at;
    slots[at & (slots.size() - 1)] = slot;
  }
  void grow() {
    constexpr std::size_t kFirst = 64;
    std::vector<std::uint64_t> larger(slots_.empty() ? kFirst : slots_.size() * 2);
    for (std::uint64_t slot : slots_)
      if (slot != 0) place(larger, slot);
    slots_ = std::move(larger);
  }

  std::vector<std::uint64_t> slots_;  // none, or a power of two of them, of which at least a third is free
  std::size_t used_ = 0;
};

// Mixes numbers into the hash of a row.
class RowHash {
 public:
  explicit RowHash(std::uint64_t seed = 0) : sum_(seed) {}
  RowHash& operator<<(std::uint64_t number) {
    sum_ = (sum_ ^ number) * 0x9e37'79b9'7f4a'7c15;
    sum_ ^= sum_ >> 29;
    return *this;
  }
  std::uint32_t get() const { return std::uint32_t(sum_ ^ sum_ >> 32); }

 private:
  std::uint64_t sum_;
};

}  // namespace memsnap
