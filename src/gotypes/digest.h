// 128 bits that say whether bytes are the same as in an earlier run. Not for keeping secrets or enemies out.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap::types {

struct Digest {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const Digest&) const = default;
};

// Pieces are kept apart: add("ab"), add("c") is not add("a"), add("bc").
class Digester {
 public:
  void add(std::string_view piece);
  void add(Digest digest);
  void add(std::uint64_t number);
  Digest result() const { return {a_ ^ b_ << 32 ^ b_ >> 32, b_}; }

 private:
  void word(std::uint64_t w);
  std::uint64_t a_ = 0x243f6a8885a308d3, b_ = 0x13198a2e03707344;  // digits of pi
};

std::string hex(Digest digest);  // 32 digits

}  // namespace memsnap::types
