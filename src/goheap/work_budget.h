// How much a pass over contents of the target may do. Counted in bytes and not in time, so that a heap gives
// the same answer on a busy machine as on an idle one.
#pragma once

#include <cstdint>

namespace memsnap {

class WorkBudget {
 public:
  static constexpr std::uint64_t kEach = 64;  // what a text costs beside its bytes

  explicit WorkBudget(std::uint64_t bytes) : left_(bytes) {}

  static std::uint64_t cost(std::uint64_t length) { return kEach + length; }
  // Whether there is room for this; then it is taken.
  bool take(std::uint64_t work) {
    if (work > left_) return false;
    left_ -= work;
    return true;
  }
  std::uint64_t left() const { return left_; }

 private:
  std::uint64_t left_;
};

}  // namespace memsnap
