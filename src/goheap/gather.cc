#include "goheap/gather.h"

#include <algorithm>
#include <numeric>

namespace memsnap {

namespace {

// A range of its own costs the kernel as much as about 3 KiB more of the neighbour.
constexpr std::uint64_t kGap = 2048;
constexpr std::uint64_t kLongest = 256 << 10;  // bytes of one joined range
constexpr std::uint64_t kAtOnce = 16 << 20;

}  // namespace

void gather(const AddressSpace& space, std::span<const Range> ranges,
            const std::function<void(std::size_t, std::span<const std::byte>)>& visit) {
  std::vector<std::uint32_t> order(ranges.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return ranges[i].from; });
  std::vector<Range> joined;
  std::vector<std::byte> bytes;
  std::size_t next = 0;
  while (next < order.size()) {
    // A batch of joined ranges, and the members that lie in them.
    joined.clear();
    std::size_t first = next;
    std::uint64_t total = 0;
    for (; next < order.size(); ++next) {
      Range range = ranges[order[next]];
      if (range.to < range.from || range.to - range.from > kLongest) continue;
      bool near = !joined.empty() && range.from <= joined.back().to + kGap &&
                  range.to - joined.back().from <= kLongest;
      std::uint64_t more =
          near ? (range.to > joined.back().to ? range.to - joined.back().to : 0) : range.to - range.from;
      if (total + more > kAtOnce) break;
      total += more;
      if (!near)
        joined.push_back(range);
      else
        joined.back().to = std::max(joined.back().to, range.to);
    }
    bytes.resize(std::size_t(total));
    bool whole = space.read_ranges(joined, bytes);
    std::size_t part = 0;
    std::uint64_t before = 0;  // bytes of the joined ranges in front of this one
    std::vector<bool> readable(joined.size(), true);
    if (!whole) {
      // Some went meanwhile: one by one, so that the others are not lost.
      std::uint64_t at = 0;
      for (std::size_t i = 0; i < joined.size(); ++i) {
        std::size_t size = std::size_t(joined[i].to - joined[i].from);
        readable[i] = space.read(joined[i].from, std::span(bytes).subspan(std::size_t(at), size)) == size;
        at += size;
      }
    }
    for (std::size_t i = first; i < next; ++i) {
      Range range = ranges[order[i]];
      if (range.to < range.from || range.to - range.from > kLongest) continue;
      while (part < joined.size() && joined[part].to < range.to)
        before += joined[part].to - joined[part].from, ++part;
      if (part == joined.size()) break;
      if (!readable[part]) continue;
      std::uint64_t at = before + (range.from - joined[part].from);
      visit(order[i], std::span(bytes).subspan(std::size_t(at), std::size_t(range.to - range.from)));
    }
  }
}

}  // namespace memsnap
