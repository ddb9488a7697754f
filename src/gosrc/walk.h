// Going over trees: children in source order, whole subtrees, and the way back up.
#pragma once

#include "gosrc/source_file.h"

#include <vector>

namespace memsnap::ast {

// The children of a node that are there, in the order of the source; of a FuncDecl as written: receiver,
// name, type, body. Appends to `to`, which is not cleared.
void children(const SourceFile& file, NodeId node, std::vector<NodeId>& to);

// Calls enter(node) for the node and everything below it, parents first, in source order; where enter answers
// false, what is below that node is left out. Needs no stack of its own depth. Nothing for kNoNode.
template <class Enter>
void walk(const SourceFile& file, NodeId top, Enter&& enter) {
  if (!is_there(top)) return;
  std::vector<NodeId> open{top}, below;
  while (!open.empty()) {
    NodeId node = open.back();
    open.pop_back();
    if (!enter(node)) continue;
    below.clear();
    children(file, node, below);
    open.insert(open.end(), below.rbegin(), below.rend());
  }
}

// x of (((x))).
inline NodeId unparen(const SourceFile& file, NodeId x) {
  while (auto paren = file.as<ParenExpr>(x)) x = paren->x;
  return x;
}

// Where the operator of a BinaryExpr, AssignStmt, SendStmt or IncDecStmt stands; else the node's place.
std::uint32_t operator_pos(const SourceFile& file, NodeId node);

// For each node its parent, kNoNode for the root and for nodes that recovery from an error left outside the
// tree.
class Parents {
 public:
  explicit Parents(const SourceFile& file);
  NodeId of(NodeId node) const { return parent_[std::size_t(node)]; }

  // The nearest node of that kind above `node`; kNoNode when there is none.
  NodeId enclosing(const SourceFile& file, NodeId node, Kind kind) const;
  // The nearest FuncDecl or FuncLit above `node`; kNoNode at package level.
  NodeId function(NodeId node) const { return function_[std::size_t(node)]; }
  // The innermost for or range of its function which runs it again and again: not the one whose first
  // statement it is, nor the one that ranges over it. kNoNode: none.
  NodeId loop(NodeId node) const { return loop_[std::size_t(node)]; }

 private:
  void put_below(const SourceFile& file, NodeId node, const std::vector<NodeId>& below);

  std::vector<NodeId> parent_, function_, loop_;
};

}  // namespace memsnap::ast
