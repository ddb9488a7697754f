// Control flow of one function body: blocks of steps. A step is a node at the moment when it is evaluated:
// operands before operators, the value before the store, conditions of && and || as branches.
//
//   x.m[f(k)] = g() && h    steps  x  x.m  f k f(k)  g g()  |true: h|  g()&&h  x.m[f(k)]  the AssignStmt
//
// Every evaluated expression and every simple statement is a step once; types, labels, field names behind a
// dot and the bodies of closures are none (a FuncLit is one step: the making of the closure). The keys of
// composite literals are steps, also those that are names of fields. A DeferStmt is the step where its
// arguments are evaluated; the deferred call itself runs between a return and the exit and is no step.
//
//   Cfg cfg = Cfg::build(source, body, never_returns);
//   Point p = cfg.point(node);
//   for (const Edge& e : cfg.out(cfg.block(p))) if (e.kind == EdgeKind::kTrue) see(e.cond, e.to);
#pragma once

#include "gosrc/source_file.h"

#include <functional>
#include <span>
#include <vector>

namespace memsnap::flow {

using ast::NodeId;

enum class BlockId : std::uint32_t {};
enum class Point : std::uint32_t {};  // a step; those of a block are consecutive, in order
constexpr BlockId kEntry{0}, kExit{1}, kPanic{2};
constexpr Point kNoPoint{~0u};
constexpr bool is_there(Point p) { return p != kNoPoint; }

enum class EdgeKind : std::uint8_t {
  kJump,
  kTrue,    // cond held; it is never a &&, || or ! or in parentheses
  kFalse,   // it did not
  kNext,    // cond is the RangeStmt: there is one more; key and value are set behind this edge
  kDone,    // there is none
  kCase,    // cond is the expression or the CommClause or, in a type switch, the CaseClause chosen
  kNoCase,  // the expression was not equal to the tag; in a type switch, cond is the switch
};

struct Edge {
  BlockId to{};
  EdgeKind kind = EdgeKind::kJump;
  NodeId cond = ast::kNoNode;
};

class Cfg {
 public:
  // `never_returns` says of a CallExpr whether control comes back: 0 it does, 1 it panics, 2 it ends the
  // goroutine or the program.
  using Ends = std::function<int(NodeId call)>;
  // Of a BlockStmt. With a File it is the initialisers of its package variables, one after the other.
  static Cfg build(const SourceFile& file, NodeId body, const Ends& never_returns);

  std::size_t blocks() const { return first_.size() - 1; }
  std::size_t steps() const { return steps_.size(); }
  NodeId node(Point p) const { return steps_[std::size_t(p)]; }
  Point point(NodeId node) const;  // kNoPoint when it is not evaluated
  BlockId block(Point p) const;
  Point begin(BlockId b) const { return Point{first_[std::size_t(b)]}; }
  Point end(BlockId b) const { return Point{first_[std::size_t(b) + 1]}; }  // behind the last step
  std::span<const Edge> out(BlockId b) const;
  std::span<const BlockId> in(BlockId b) const;  // as often as there are edges
  bool reached(BlockId b) const { return rank_[std::size_t(b)] != kNotReached; }
  bool reached(Point p) const { return reached(block(p)); }
  std::span<const BlockId> order() const { return order_; }  // reached blocks, reverse postorder

  std::span<const NodeId> defers() const { return defers_; }      // DeferStmts
  std::span<const NodeId> goes() const { return goes_; }          // GoStmts
  std::span<const NodeId> closures() const { return closures_; }  // FuncLits written in this body itself

  // Every way to b leads through a. A block dominates itself; nothing dominates what is not reached.
  bool dominates(BlockId a, BlockId b) const;
  bool dominates(Point a, Point b) const;
  BlockId idom(BlockId b) const { return idom_[std::size_t(b)]; }  // kEntry of kEntry

  // The conditions known at a point: edges of kind other than kJump that every way there takes last.
  std::vector<Edge> conditions(Point p) const;

  // Whether control can go from behind `from` to `to` without meeting a step for which `stops` answers true.
  // From a step to itself: around a loop.
  bool can_reach(Point from, Point to) const;
  bool can_reach(Point from, Point to, const std::function<bool(Point)>& stops) const;
  bool in_cycle(Point p) const { return can_reach(p, p); }

 private:
  friend class CfgBuilder;
  Cfg() = default;
  void finish();
  void number();
  void dominate();

  static constexpr std::uint32_t kNotReached = ~0u;
  std::vector<NodeId> steps_;
  std::vector<std::uint32_t> first_;  // of each block's steps, and behind the last
  std::vector<std::uint32_t> out_first_, in_first_;
  std::vector<Edge> out_;
  std::vector<BlockId> in_;
  std::vector<std::pair<NodeId, Point>> points_;  // by node
  std::vector<BlockId> order_, idom_;
  std::vector<std::uint32_t> rank_;                // of a block in order_
  std::vector<std::uint32_t> tree_in_, tree_out_;  // numbers of the dominator tree
  std::vector<NodeId> defers_, goes_, closures_;
};

}  // namespace memsnap::flow
