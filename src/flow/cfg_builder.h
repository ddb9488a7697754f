// Takes one body apart into blocks; Cfg::finish puts them in order.
#pragma once

#include "flow/cfg.h"

#include <unordered_map>

namespace memsnap::flow {

class CfgBuilder {
 public:
  CfgBuilder(const SourceFile& file, const Cfg::Ends& never_returns) : file_(file), ends_(never_returns) {}
  Cfg run(NodeId body);

 private:
  // Expressions are worked off a stack, since `a + b + ...` is as deep as it is long.
  enum class Do : std::uint8_t { kEval, kList, kCond, kStart, kBranch };
  struct Work {
    Do what;
    NodeId node = ast::kNoNode;
    BlockId yes{}, no{};
  };
  struct Target {
    NameId label = kNoName;
    BlockId after{}, next{};
    bool loop = false;
  };

  BlockId block() { return BlockId{blocks_++}; }
  void start(BlockId b) { now_ = b; }
  void edge(BlockId to, EdgeKind kind = EdgeKind::kJump, NodeId cond = ast::kNoNode) {
    edges_.push_back({now_, {to, kind, cond}});
  }
  void jump_to(BlockId b) { edge(b), start(b); }
  void list(NodeId node) { steps_.push_back({now_, node}); }

  // cfg_expr.cc
  void eval(NodeId expr);
  void cond(NodeId expr, BlockId yes, BlockId no);
  void work();
  void open(NodeId expr);
  void open_call(NodeId expr);
  void open_cond(const Work& w);
  void later(NodeId expr) {
    if (ast::is_there(expr)) work_.push_back({Do::kEval, expr});
  }
  void later(ast::NodeList exprs) {
    for (std::size_t i = exprs.size(); i-- > 0;) later(exprs[i]);
  }
  void ended(NodeId call);
  void operands_of_target(NodeId expr);
  void operands_of_call(NodeId expr);
  void targets(ast::NodeList exprs);

  // cfg_stmt.cc
  void stmt(NodeId node, NameId label = kNoName);
  void simple(NodeId node);
  void stmts(ast::NodeList list);
  void assign(NodeId node);
  void declare(NodeId decl);
  void if_stmt(NodeId node);
  void for_stmt(NodeId node, NameId label);
  void range_stmt(NodeId node, NameId label);
  void switch_stmt(NodeId node, NameId label);
  void switch_tests(const ast::SwitchStmt& s, const std::vector<BlockId>& bodies, BlockId after);
  void type_switch_stmt(NodeId node, NameId label);
  void clause_bodies(ast::NodeList clauses, const std::vector<BlockId>& bodies, BlockId after, NameId label,
                     bool list_clause);
  void select_stmt(NodeId node, NameId label);
  void select_operands(NodeId comm);
  void select_comm(NodeId comm);
  void labeled(NodeId node);
  void branch(NodeId node);
  BlockId label_block(NameId label);

  const SourceFile& file_;
  const Cfg::Ends& ends_;
  BlockId now_ = kEntry;
  std::uint32_t blocks_ = 3;
  std::vector<std::pair<BlockId, NodeId>> steps_;
  std::vector<std::pair<BlockId, Edge>> edges_;
  std::vector<NodeId> defers_, goes_, closures_;
  std::vector<Work> work_;
  std::vector<Target> targets_;
  std::unordered_map<std::uint32_t, BlockId> labels_;
  BlockId fall_{};  // where fallthrough leads
  bool may_fall_ = false;
};

}  // namespace memsnap::flow
