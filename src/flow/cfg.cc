#include "flow/cfg.h"
#include "flow/cfg_builder.h"
#include "graph/graph.h"

#include <algorithm>

namespace memsnap::flow {

Cfg Cfg::build(const SourceFile& file, NodeId body, const Ends& never_returns) {
  return CfgBuilder(file, never_returns).run(body);
}

std::span<const Edge> Cfg::out(BlockId b) const {
  std::size_t row = std::size_t(b);
  return std::span(out_).subspan(out_first_[row], out_first_[row + 1] - out_first_[row]);
}

std::span<const BlockId> Cfg::in(BlockId b) const {
  std::size_t row = std::size_t(b);
  return std::span(in_).subspan(in_first_[row], in_first_[row + 1] - in_first_[row]);
}

Point Cfg::point(NodeId node) const {
  auto at = std::ranges::lower_bound(points_, node, {}, &std::pair<NodeId, Point>::first);
  return at != points_.end() && at->first == node ? at->second : kNoPoint;
}

BlockId Cfg::block(Point p) const {
  auto behind = std::ranges::upper_bound(first_, std::uint32_t(p));
  return BlockId{std::uint32_t(behind - first_.begin() - 1)};
}

void Cfg::finish() {
  in_first_.assign(blocks() + 1, 0);
  for (const Edge& e : out_) ++in_first_[std::size_t(e.to) + 1];
  for (std::size_t b = 0; b < blocks(); ++b) in_first_[b + 1] += in_first_[b];
  in_.resize(out_.size());
  std::vector<std::uint32_t> at = in_first_;
  for (std::uint32_t b = 0; b < blocks(); ++b)
    for (const Edge& e : out(BlockId{b})) in_[at[std::size_t(e.to)]++] = BlockId{b};
  points_.reserve(steps());
  for (std::uint32_t p = 0; p < steps(); ++p) points_.push_back({steps_[p], Point{p}});
  std::ranges::sort(points_);
  number();
  dominate();
}

// Depth first from the entry; order_ is the reverse of the order in which blocks are left.
void Cfg::number() {
  rank_.assign(blocks(), kNotReached);
  std::vector<std::pair<BlockId, std::uint32_t>> open{{kEntry, 0}};
  rank_[0] = 0;
  while (!open.empty()) {
    auto& [b, next] = open.back();
    if (next == out(b).size()) {
      order_.push_back(b);
      open.pop_back();
      continue;
    }
    BlockId to = out(b)[next++].to;
    if (rank_[std::size_t(to)] != kNotReached) continue;
    rank_[std::size_t(to)] = 0;
    open.push_back({to, 0});
  }
  std::ranges::reverse(order_);
  for (std::uint32_t i = 0; i < order_.size(); ++i) rank_[std::size_t(order_[i])] = i;
}

void Cfg::dominate() {
  std::uint32_t n = std::uint32_t(blocks());
  std::vector<std::uint32_t> target, bytes(n, 0);
  for (const Edge& e : out_) target.push_back(std::uint32_t(e.to));
  const std::uint32_t root_first[] = {0, 1}, root_target[] = {0};
  const std::uint8_t root_phase[] = {0};
  RootedGraph graph{.first = out_first_,
                    .target = target,
                    .root_first = root_first,
                    .root_target = root_target,
                    .root_phase = root_phase,
                    .bytes = bytes,
                    .barriers = {}};
  std::vector<std::uint32_t> up = dominators(graph).idom;
  idom_.assign(n, kEntry);
  std::vector<std::uint32_t> child(n, kNotReached), sibling(n, kNotReached);
  for (std::size_t i = order_.size(); i-- > 1;) {
    std::uint32_t b = std::uint32_t(order_[i]), over = up[b];
    idom_[b] = BlockId{over};
    sibling[b] = child[over];
    child[over] = b;
  }
  tree_in_.assign(n, 0);
  tree_out_.assign(n, 0);
  std::uint32_t clock = 0;
  tree_in_[0] = ++clock;
  for (std::uint32_t b = 0;;) {  // down to the first child, else to the next sibling of the nearest above
    if (child[b] != kNotReached) {
      b = child[b];
      tree_in_[b] = ++clock;
      continue;
    }
    tree_out_[b] = ++clock;
    while (b != 0 && sibling[b] == kNotReached) {
      b = std::uint32_t(idom_[b]);
      tree_out_[b] = ++clock;
    }
    if (b == 0) break;
    b = sibling[b];
    tree_in_[b] = ++clock;
  }
}

bool Cfg::dominates(BlockId a, BlockId b) const {
  if (!reached(a) || !reached(b)) return false;
  return tree_in_[std::size_t(a)] <= tree_in_[std::size_t(b)] &&
         tree_out_[std::size_t(b)] <= tree_out_[std::size_t(a)];
}

bool Cfg::dominates(Point a, Point b) const {
  BlockId x = block(a), y = block(b);
  return x == y ? reached(x) && a <= b : dominates(x, y);
}

std::vector<Edge> Cfg::conditions(Point p) const {
  std::vector<Edge> found;
  for (BlockId b = block(p); reached(b) && b != kEntry; b = idom(b)) {
    if (in(b).size() != 1) continue;
    for (const Edge& e : out(in(b)[0]))
      if (e.to == b && e.kind != EdgeKind::kJump) found.push_back(e);
  }
  return found;
}

bool Cfg::can_reach(Point from, Point to) const { return can_reach(from, to, nullptr); }

bool Cfg::can_reach(Point from, Point to, const std::function<bool(Point)>& stops) const {
  std::vector<bool> seen(blocks());
  std::vector<BlockId> open;
  BlockId goal = block(to);
  auto run = [&](BlockId b, std::uint32_t p) {  // 1: there; else what follows is to be looked at, or not
    bool here = b == goal && p <= std::uint32_t(to);
    std::uint32_t last = here ? std::uint32_t(to) : std::uint32_t(end(b));
    if (stops)
      for (; p < last; ++p)
        if (stops(Point{p})) return false;
    if (here) return true;
    for (const Edge& e : out(b)) {
      if (seen[std::size_t(e.to)]) continue;
      seen[std::size_t(e.to)] = true;
      open.push_back(e.to);
    }
    return false;
  };
  if (run(block(from), std::uint32_t(from) + 1)) return true;
  while (!open.empty()) {
    BlockId b = open.back();
    open.pop_back();
    if (run(b, std::uint32_t(begin(b)))) return true;
  }
  return false;
}

}  // namespace memsnap::flow
