// Some of the nodes of a capture, each with its number among them: a bit per node, not a word.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace memsnap {

class NodeSet {
 public:
  // In any order, before the first question.
  void resize(std::size_t nodes) { bits_.assign(nodes / 64 + 1, 0); }
  void add(std::uint32_t node) { bits_[node / 64] |= std::uint64_t(1) << (node % 64); }
  void number() {
    before_.clear();
    count_ = 0;
    for (std::uint64_t bits : bits_) {
      before_.push_back(std::uint32_t(count_));
      count_ += std::size_t(std::popcount(bits));
    }
  }

  bool empty() const { return bits_.empty(); }
  std::size_t count() const { return count_; }
  bool contains(std::uint32_t node) const { return (bits_[node / 64] >> (node % 64) & 1) != 0; }
  // How many smaller nodes are in the set.
  std::uint32_t rank(std::uint32_t node) const {
    std::uint64_t smaller = bits_[node / 64] & ((std::uint64_t(1) << (node % 64)) - 1);
    return before_[node / 64] + std::uint32_t(std::popcount(smaller));
  }

 private:
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> before_;
  std::size_t count_ = 0;
};

}  // namespace memsnap
