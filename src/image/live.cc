#include "image/live.h"

#include <algorithm>
#include <array>

namespace memsnap {

bool LiveMemory::read_ranges(std::span<const Range> ranges, std::span<std::byte> out) const {
  constexpr std::size_t kAtOnce = 4096;
  bool whole = true;
  std::array<RemotePiece, kAtOnce> pieces;
  std::size_t at = 0;
  while (!ranges.empty()) {
    std::size_t count = std::min(ranges.size(), kAtOnce), total = 0;
    for (std::size_t i = 0; i < count; ++i) {
      pieces[i] = {ranges[i].from, std::size_t(ranges[i].to - ranges[i].from)};
      total += pieces[i].size;
    }
    whole &= memory_.read(std::span(pieces).first(count), out.subspan(at, total));
    at += total;
    ranges = ranges.subspan(count);
  }
  return whole;
}

}  // namespace memsnap
