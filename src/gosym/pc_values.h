// One table of runtime.pctab: values that hold for stretches of a function's code, as pairs of varints
// (zig-zag difference of the value, length of the stretch) ended by a zero (runtime/symtab.go, step).
#pragma once

#include "base/bytes.h"

#include <cstdint>

namespace memsnap {

class PcValues {
 public:
  // code_size: of the function; a table that goes on beyond it is damaged and ends there. Table 0 is empty.
  // quantum: bytes that lengths are counted in.
  PcValues(Bytes pctab, std::uint32_t table, std::uint64_t code_size, unsigned quantum = 1)
      : code_size_(code_size), quantum_(quantum) {
    if (table == 0 || table >= pctab.size()) return;
    at_ = pctab.data() + table;
    stop_ = pctab.data() + pctab.size();
  }

  // Goes to the next stretch; false behind the last.
  bool next() {
    if (end_ >= code_size_) return false;
    std::uint32_t difference = varint();
    if (at_ == stop_ || (difference == 0 && !first_)) return false;
    first_ = false;
    value_ += (difference & 1) != 0 ? ~(difference >> 1) : difference >> 1;
    std::uint32_t length = varint();
    if (failed_ || (length == 0 && ++idle_ > kMostIdle)) return false;
    end_ += std::uint64_t(length) * quantum_;
    return true;
  }
  std::int32_t value() const { return std::int32_t(value_); }
  std::uint64_t end() const { return end_; }  // of the stretch, from the function's entry

 private:
  static constexpr unsigned kMostIdle = 64;  // stretches without code; there are none in sound tables

  std::uint32_t varint() {
    std::uint32_t value = 0;
    for (unsigned shift = 0; at_ != stop_; shift += 7) {
      unsigned byte = unsigned(*at_++);
      if (shift < 32) value |= std::uint32_t(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    return 0;
  }

  const std::byte* at_ = nullptr;
  const std::byte* stop_ = nullptr;
  std::uint64_t code_size_ = 0, end_ = 0;
  std::uint32_t value_ = ~0u;  // -1 before the first difference
  unsigned quantum_ = 1;
  unsigned idle_ = 0;
  bool first_ = true, failed_ = false;
};

}  // namespace memsnap
