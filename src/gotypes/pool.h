// Rows that stay where they are: spans into a Pool hold until it goes, however much is added.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace memsnap::types {

template <class T>
class Pool {
 public:
  // Gives the place of the first of them, which lie in one piece.
  std::uint32_t add(std::span<const T> rows) {
    if (rows.empty()) return 0;
    if (rows.size() > left_) {
      std::size_t size = std::max(rows.size(), std::size_t(1) << kBits);
      blocks_.push_back(std::make_unique<T[]>(size));
      left_ = size;
      used_ = 0;
    }
    std::uint32_t place = std::uint32_t(((blocks_.size() - 1) << kBits) + used_);
    std::ranges::copy(rows, blocks_.back().get() + used_);
    used_ += rows.size();
    left_ -= rows.size();
    // A longer block is not added to: places within it would not fit.
    if (used_ >= std::size_t(1) << kBits) left_ = 0;
    return place;
  }
  std::span<const T> get(std::uint32_t place, std::uint32_t count) const {
    if (count == 0) return {};
    return {blocks_[place >> kBits].get() + (place & ((1u << kBits) - 1)), count};
  }

 private:
  static constexpr int kBits = 12;
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t used_ = 0, left_ = 0;
};

// A table that only grows, and whose rows stay where they are.
template <class T>
class Rows {
 public:
  std::size_t size() const { return count_; }
  T& operator[](std::size_t i) { return blocks_[i >> kBits][i & kMask]; }
  const T& operator[](std::size_t i) const { return blocks_[i >> kBits][i & kMask]; }
  T& emplace_back() {
    if (count_ >> kBits == blocks_.size()) blocks_.push_back(std::make_unique<T[]>(std::size_t(1) << kBits));
    return (*this)[count_++];
  }
  void push_back(const T& row) { emplace_back() = row; }

 private:
  static constexpr int kBits = 10;
  static constexpr std::size_t kMask = (std::size_t(1) << kBits) - 1;
  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t count_ = 0;
};

}  // namespace memsnap::types
