// Flame graphs: the tree of all stacks, cut where a frame would be too narrow to see.
#pragma once

#include "reports/stack_rows.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Of a difference `value` is the new side. The width of a frame is the sum of the larger side of each of its
// stacks, so that what went and what came can both be seen, and frames never are wider than their caller.
struct FlameSums {
  std::int64_t value = 0, base = 0, width = 0;
};

struct FlameNode {
  static constexpr std::uint32_t kSmall = ~0u;
  std::uint32_t name = kSmall;  // of StackRows::names; kSmall: what was too narrow, all in one
  std::uint32_t depth = 0;      // the root, which has no name either, is at 0
  FlameSums sums;
};

struct FlameLimits {
  double least_share = 0;  // of the root's width; 0: all that are there
  std::size_t most_nodes = 0;
};

// Callers before callees, the widest callee first; the first is the root. With too many nodes the widest
// stay.
std::vector<FlameNode> make_flame(const StackRows& stacks, const FlameLimits& limits);

// The package of a Go function, or what stands for it in other languages; frames are coloured by it.
std::string_view frame_package(std::string_view function);

}  // namespace memsnap
