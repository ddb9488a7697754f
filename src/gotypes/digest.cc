#include "gotypes/digest.h"

#include <fmt/format.h>

#include <cstring>

namespace memsnap::types {
namespace {

__extension__ typedef unsigned __int128 Wide;

std::uint64_t folded(std::uint64_t x, std::uint64_t y) {
  Wide product = Wide(x) * y;
  return std::uint64_t(product) ^ std::uint64_t(product >> 64);
}

}  // namespace

void Digester::word(std::uint64_t w) {
  a_ = folded(a_ ^ w, 0x9e3779b97f4a7c15) + b_;
  b_ = folded(b_ ^ w, 0xd6e8feb86659fd93) ^ a_ >> 31;
}

void Digester::add(std::uint64_t number) { word(number); }

void Digester::add(Digest digest) {
  word(digest.high);
  word(digest.low);
}

void Digester::add(std::string_view piece) {
  word(piece.size());
  if (piece.size() >= 64) {  // four chains of products at a time
    std::uint64_t lanes[4] = {a_, b_, ~a_, ~b_};
    for (; piece.size() >= 32; piece.remove_prefix(32))
      for (int i = 0; i < 4; ++i) {
        std::uint64_t w = 0;
        std::memcpy(&w, piece.data() + 8 * i, 8);
        lanes[i] = folded(lanes[i] ^ w, 0x9e3779b97f4a7c15) + w;
      }
    for (std::uint64_t lane : lanes) word(lane);
  }
  for (; piece.size() >= 8; piece.remove_prefix(8)) {
    std::uint64_t w = 0;
    std::memcpy(&w, piece.data(), 8);
    word(w);
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, piece.data(), piece.size());
  word(rest);
}

std::string hex(Digest digest) { return fmt::format("{:016x}{:016x}", digest.high, digest.low); }

}  // namespace memsnap::types
