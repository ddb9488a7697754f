// Ranges of code that may lie inside each other, made into parts that do not.
#pragma once

#include "dwarf/sections.h"

namespace memsnap::dw {

inline constexpr std::uint32_t kNobody = ~std::uint32_t(0);

struct OwnedRange {
  CodeRange code;
  std::uint32_t owner = 0;
};
struct CodePart {  // up to the next one
  std::uint64_t from = 0;
  std::uint32_t owner = kNobody;
};

// Sorted. Where several ranges hold a pc, it is that of the highest owner: of functions numbered as their
// entries stand, that is the innermost.
std::vector<CodePart> disjoint_parts(std::vector<OwnedRange> ranges);
std::uint32_t owner_at(std::span<const CodePart> parts, std::uint64_t pc);

}  // namespace memsnap::dw
