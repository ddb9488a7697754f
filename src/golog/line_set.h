// Tells lines that were seen before, by 128 bits of hash: with a million lines two of them are taken for one
// with a chance of 1 in 10^26.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace memsnap {

class LineSet {
 public:
  // More different lines than any program's log has; what comes after that many is left out, so that memory
  // is bounded.
  static constexpr std::size_t kMost = std::size_t(1) << 22;

  // False when the same bytes were added before, with the same context.
  bool add(std::string_view text, std::uint64_t context = 0) {
    Key key = hash(text, context);
    if (keys_.empty() || used_ * 2 >= keys_.size()) grow();
    return place(keys_, key) && ++used_ != 0;
  }
  bool contains(std::string_view text, std::uint64_t context = 0) const {
    if (keys_.empty()) return false;
    Key key = hash(text, context);
    for (std::size_t at = key.low;; ++at) {
      const Key& slot = keys_[at & (keys_.size() - 1)];
      if (slot == key) return true;
      if (slot == Key{}) return false;
    }
  }
  std::size_t size() const { return used_; }

 private:
  struct Key {
    std::uint64_t low = 0, high = 0;
    bool operator==(const Key&) const = default;
  };
  static constexpr std::uint64_t kOdd1 = 0x9e37'79b9'7f4a'7c15, kOdd2 = 0xc2b2'ae3d'27d4'eb4f,
                                 kOdd3 = 0x1656'67b1'9e37'79f9;

  static std::uint64_t word(const char* at, std::size_t size) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, size);
    return value;
  }
  static std::uint64_t turn(std::uint64_t value, int bits) { return value << bits | value >> (64 - bits); }
  static std::uint64_t finish(std::uint64_t value) {
    value = (value ^ value >> 32) * kOdd2;
    value = (value ^ value >> 29) * kOdd3;
    return value ^ value >> 32;
  }
  static Key hash(std::string_view text, std::uint64_t context) {
    std::uint64_t a = context + text.size() * kOdd1, b = turn(context, 32) ^ kOdd2;
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= 16; at += 16, left -= 16) {
      std::uint64_t x = word(at, 8), y = word(at + 8, 8);
      a = turn((a ^ x) * kOdd1, 31) + y;
      b = turn((b ^ y) * kOdd3, 27) + x;
    }
    std::uint64_t x = word(at, left < 8 ? left : 8), y = left > 8 ? word(at + 8, left - 8) : 0;
    a = turn((a ^ x) * kOdd1, 31) + y;
    b = turn((b ^ y) * kOdd3, 27) + x;
    Key key{finish(a), finish(b ^ turn(a, 17))};
    if (key == Key{}) key.low = 1;  // an empty slot
    return key;
  }
  static bool place(std::vector<Key>& keys, const Key& key) {
    for (std::size_t at = key.low;; ++at) {
      Key& slot = keys[at & (keys.size() - 1)];
      if (slot == key) return false;
      if (slot == Key{}) return slot = key, true;
    }
  }
  void grow() {
    constexpr std::size_t kFirst = 1024;
    std::vector<Key> larger(keys_.empty() ? kFirst : keys_.size() * 2);
    for (const Key& key : keys_)
      if (key != Key{}) place(larger, key);
    keys_ = std::move(larger);
  }

  std::vector<Key> keys_;  // none, or a power of two of them, half free
  std::size_t used_ = 0;
};

}  // namespace memsnap
