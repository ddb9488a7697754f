#include "dwarf/code_parts.h"

#include <queue>

namespace memsnap::dw {

std::vector<CodePart> disjoint_parts(std::vector<OwnedRange> ranges) {
  std::ranges::sort(ranges, [](const OwnedRange& a, const OwnedRange& b) {
    return a.code.from != b.code.from ? a.code.from < b.code.from : a.owner < b.owner;
  });
  auto lower = [](const OwnedRange& a, const OwnedRange& b) { return a.owner < b.owner; };
  std::priority_queue<OwnedRange, std::vector<OwnedRange>, decltype(lower)> open(lower);
  std::vector<CodePart> parts;
  auto put = [&](std::uint64_t from, std::uint32_t owner) {
    if (!parts.empty() && parts.back().from == from)
      parts.back().owner = owner;
    else if (parts.empty() ? owner != kNobody : parts.back().owner != owner)
      parts.push_back({from, owner});
  };
  // Everything that ends at or before `at` ends, and shows what lay under it.
  auto close_until = [&](std::uint64_t at) {
    while (!open.empty() && open.top().code.to <= at) {
      std::uint64_t end = open.top().code.to;
      while (!open.empty() && open.top().code.to <= end) open.pop();
      put(end, open.empty() ? kNobody : open.top().owner);
    }
  };
  for (const OwnedRange& range : ranges) {
    if (range.code.from >= range.code.to) continue;
    close_until(range.code.from);
    open.push(range);
    put(range.code.from, open.top().owner);
  }
  close_until(~std::uint64_t(0));
  return parts;
}

std::uint32_t owner_at(std::span<const CodePart> parts, std::uint64_t pc) {
  auto next = std::ranges::upper_bound(parts, pc, {}, &CodePart::from);
  return next == parts.begin() ? kNobody : (next - 1)->owner;
}

}  // namespace memsnap::dw
