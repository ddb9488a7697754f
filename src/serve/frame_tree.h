// The stacks of a view as a tree of equal beginnings: a flame graph. What is too narrow to be seen is left
// out, so that the size of the answer follows the width of a screen and not the number of stacks.
#pragma once

#include "serve/profile_view.h"

#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

struct TreeQuery {
  enum Kind : std::uint8_t {
    kDown,     // from the roots to the leaves
    kUp,       // from the leaves to the roots
    kCallees,  // from `focus` to the leaves, and
    kCallers,  // from it to the roots: of the one nearest to the root when a stack has it twice
  } kind = kDown;
  std::uint32_t focus = ProfileView::kNone;
  std::vector<std::uint32_t> path;  // only stacks that begin so, and only what is below
  double narrowest = 1.0 / 4000;    // of the whole, what is narrower is left out
  std::size_t most = 60'000;        // nodes; above that what is wider is left out too
};

// In the order of a walk that goes down first, the widest child first.
struct FrameTree {
  static constexpr std::uint32_t kAll = ~0u;  // the frame of the node above all others
  struct Node {
    std::uint32_t frame = kAll, depth = 0;
    Sides total, self;  // what the children shown do not have and is not self has been left out
  };
  std::vector<Node> nodes;
  double narrowest = 0;
};
FrameTree grow_tree(const ProfileView& view, const TreeQuery& query);

// Per frame: what ends there, and what goes through it, a stack counted once.
struct FrameSums {
  std::vector<Sides> flat, cum;
};
FrameSums sum_frames(const ProfileView& view);

// Of stacks that have one of these frames, by frame.
Sides sum_of_any(const ProfileView& view, const std::vector<std::uint8_t>& wanted);

}  // namespace memsnap
