#include "serve/frame_tree.h"

#include <algorithm>

namespace memsnap {
namespace {

// The part of a stack that a tree is about, walked from `at` in steps of +1 or -1.
struct Slice {
  const std::uint32_t* at = nullptr;
  std::uint32_t length = 0;
  Sides value;
};

std::vector<Slice> slices_of(const ProfileView& view, const TreeQuery& query) {
  std::vector<Slice> slices;
  slices.reserve(view.stacks());
  for (std::size_t row = 0; row < view.stacks(); ++row) {
    std::span<const std::uint32_t> stack = view.stack(row);
    auto length = std::uint32_t(stack.size());
    Slice slice{stack.data(), length, view.value(row)};
    if (query.kind == TreeQuery::kUp) {
      slice.at = stack.data() + length - 1;
    } else if (query.kind != TreeQuery::kDown) {
      auto found = std::uint32_t(std::ranges::find(stack, query.focus) - stack.begin());
      if (found == length) continue;
      slice.at += found;
      slice.length = query.kind == TreeQuery::kCallees ? length - found : found + 1;
    }
    slices.push_back(slice);
  }
  return slices;
}

// Splits groups of slices by their next frame, widest first, until they are too narrow.
class Grower {
 public:
  Grower(const ProfileView& view, const TreeQuery& query)
      : query_(query),
        step_(query.kind == TreeQuery::kUp || query.kind == TreeQuery::kCallers ? -1 : 1),
        slices_(slices_of(view, query)),
        sums_(view.frames().size()) {
    std::erase_if(slices_, [&](const Slice& slice) { return !begins_with(slice, query.path); });
    for (std::uint32_t i = 0; i < slices_.size(); ++i) {
      order_.push_back(i);
      all_ = all_ + slices_[i].value;
    }
    spare_.resize(order_.size());
  }

  FrameTree grow(double narrowest) {
    FrameTree tree{.nodes = {}, .narrowest = narrowest};
    auto cut = std::uint64_t(double(all_.weight()) * narrowest);
    std::vector<Group> open = {{0, std::uint32_t(order_.size()), 0, top_frame(), all_}};
    while (!open.empty()) {
      Group group = open.back();
      open.pop_back();
      if (tree.nodes.size() > query_.most) return tree;
      std::size_t node = tree.nodes.size();
      tree.nodes.push_back({.frame = group.frame, .depth = group.depth, .total = group.total, .self = {}});
      tree.nodes[node].self = split(group, cut, open);
    }
    return tree;
  }

 private:
  struct Group {
    std::uint32_t begin, end;  // of order_
    std::uint32_t depth;       // of the node
    std::uint32_t frame;
    Sides total;
  };
  struct Sum {
    Sides total;
    std::uint32_t count = 0, place = 0;
  };

  std::uint32_t frame_at(const Slice& slice, std::uint32_t depth) const {
    return slice.at[std::ptrdiff_t(depth) * step_];
  }
  bool begins_with(const Slice& slice, const std::vector<std::uint32_t>& path) const {
    if (slice.length < path.size()) return false;
    for (std::uint32_t i = 0; i < path.size(); ++i)
      if (frame_at(slice, i) != path[i]) return false;
    return true;
  }
  // How many frames the root of the tree has used up.
  std::uint32_t used_by_root() const {
    bool focused = query_.kind == TreeQuery::kCallees || query_.kind == TreeQuery::kCallers;
    return std::max<std::uint32_t>(std::uint32_t(query_.path.size()), focused ? 1 : 0);
  }
  std::uint32_t top_frame() const {
    if (!query_.path.empty()) return query_.path.back();
    return used_by_root() > 0 ? query_.focus : FrameTree::kAll;
  }

  // Puts the children of a group that are wide enough on `open`, the widest on top, and gives what ends here.
  Sides split(const Group& group, std::uint64_t cut, std::vector<Group>& open) {
    std::uint32_t at = used_by_root() + group.depth;
    Sides self;
    seen_.clear();
    for (std::uint32_t i = group.begin; i < group.end; ++i) {
      const Slice& slice = slices_[order_[i]];
      if (slice.length <= at) {
        self = self + slice.value;
        continue;
      }
      std::uint32_t frame = frame_at(slice, at);
      Sum& sum = sums_[frame];
      if (sum.count++ == 0) seen_.push_back(frame);
      sum.total = sum.total + slice.value;
    }
    std::erase_if(seen_, [&](std::uint32_t frame) {
      if (sums_[frame].total.weight() >= std::max<std::uint64_t>(cut, 1)) return false;
      return sums_[frame] = {}, true;
    });
    std::ranges::sort(seen_, [&](std::uint32_t a, std::uint32_t b) {
      std::uint64_t wide = sums_[a].total.weight(), other = sums_[b].total.weight();
      return wide != other ? wide < other : a > b;
    });
    place_children(group, at, open);
    return self;
  }

  void place_children(const Group& group, std::uint32_t at, std::vector<Group>& open) {
    if (seen_.empty()) return;
    std::uint32_t place = group.begin;
    for (std::uint32_t frame : seen_) {
      Sum& sum = sums_[frame];
      sum.place = place;
      open.push_back({place, place + sum.count, group.depth + 1, frame, sum.total});
      place += sum.count;
    }
    for (std::uint32_t i = group.begin; i < group.end; ++i) {
      const Slice& slice = slices_[order_[i]];
      if (slice.length <= at) continue;
      Sum& sum = sums_[frame_at(slice, at)];
      if (sum.count > 0) spare_[sum.place++] = order_[i];
    }
    // The rest of the group is of no use any more.
    std::copy(spare_.begin() + group.begin, spare_.begin() + place, order_.begin() + group.begin);
    for (std::uint32_t frame : seen_) sums_[frame] = {};
  }

  const TreeQuery& query_;
  int step_;
  std::vector<Slice> slices_;
  std::vector<std::uint32_t> order_, spare_;  // rows of slices_
  std::vector<Sum> sums_;                     // by frame, all zero between calls of split
  std::vector<std::uint32_t> seen_;
  Sides all_;
};

}  // namespace

FrameTree grow_tree(const ProfileView& view, const TreeQuery& query) {
  double narrowest = query.narrowest;
  for (;;) {
    FrameTree tree = Grower(view, query).grow(narrowest);
    if (tree.nodes.size() <= query.most || narrowest >= 1) return tree;
    narrowest *= 2;
  }
}

FrameSums sum_frames(const ProfileView& view) {
  std::size_t frames = view.frames().size();
  FrameSums sums{std::vector<Sides>(frames), std::vector<Sides>(frames)};
  std::vector<std::size_t> seen_in(frames, ~std::size_t(0));
  for (std::size_t row = 0; row < view.stacks(); ++row) {
    std::span<const std::uint32_t> stack = view.stack(row);
    Sides value = view.value(row);
    for (std::uint32_t frame : stack) {
      if (seen_in[frame] == row) continue;
      seen_in[frame] = row;
      sums.cum[frame] = sums.cum[frame] + value;
    }
    if (!stack.empty()) sums.flat[stack.back()] = sums.flat[stack.back()] + value;
  }
  return sums;
}

Sides sum_of_any(const ProfileView& view, const std::vector<std::uint8_t>& wanted) {
  Sides sum;
  for (std::size_t row = 0; row < view.stacks(); ++row)
    if (std::ranges::any_of(view.stack(row), [&](std::uint32_t frame) { return wanted[frame] != 0; }))
      sum = sum + view.value(row);
  return sum;
}

}  // namespace memsnap
