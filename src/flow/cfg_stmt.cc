#include "flow/cfg_builder.h"
#include "gosrc/walk.h"

namespace memsnap::flow {

using ast::Kind;
using ast::Token;

Cfg CfgBuilder::run(NodeId body) {
  if (auto block_stmt = file_.as<ast::BlockStmt>(body)) stmts(block_stmt->list);
  if (auto whole = file_.as<ast::File>(body))
    for (NodeId decl : whole->decls) declare(decl);
  edge(kExit);

  Cfg cfg;
  cfg.first_.assign(blocks_ + 1, 0);
  cfg.out_first_.assign(blocks_ + 1, 0);
  for (auto& [at, node] : steps_) ++cfg.first_[std::size_t(at) + 1];
  for (auto& [at, to] : edges_) ++cfg.out_first_[std::size_t(at) + 1];
  for (std::size_t b = 0; b < blocks_; ++b) {
    cfg.first_[b + 1] += cfg.first_[b];
    cfg.out_first_[b + 1] += cfg.out_first_[b];
  }
  cfg.steps_.resize(steps_.size());
  cfg.out_.resize(edges_.size());
  std::vector<std::uint32_t> step_at = cfg.first_, edge_at = cfg.out_first_;
  for (auto& [at, node] : steps_) cfg.steps_[step_at[std::size_t(at)]++] = node;
  for (auto& [at, to] : edges_) cfg.out_[edge_at[std::size_t(at)]++] = to;
  cfg.defers_ = std::move(defers_);
  cfg.goes_ = std::move(goes_);
  cfg.closures_ = std::move(closures_);
  cfg.finish();
  return cfg;
}

void CfgBuilder::stmts(ast::NodeList list) {
  for (NodeId node : list) stmt(node);
}

void CfgBuilder::stmt(NodeId node, NameId label) {
  switch (file_.kind(node)) {
    case Kind::kBlockStmt: return stmts(file_.get<ast::BlockStmt>(node).list);
    case Kind::kIfStmt: return if_stmt(node);
    case Kind::kForStmt: return for_stmt(node, label);
    case Kind::kRangeStmt: return range_stmt(node, label);
    case Kind::kSwitchStmt: return switch_stmt(node, label);
    case Kind::kTypeSwitchStmt: return type_switch_stmt(node, label);
    case Kind::kSelectStmt: return select_stmt(node, label);
    case Kind::kLabeledStmt: return labeled(node);
    case Kind::kBranchStmt: return branch(node);
    default: return simple(node);
  }
}

void CfgBuilder::simple(NodeId node) {
  if (auto s = file_.as<ast::ExprStmt>(node)) return eval(s->x), list(node);
  if (auto s = file_.as<ast::SendStmt>(node)) return eval(s->chan), eval(s->value), list(node);
  if (auto s = file_.as<ast::DeclStmt>(node)) return declare(s->decl);
  if (auto s = file_.as<ast::IncDecStmt>(node)) {
    operands_of_target(s->x);
    targets({&s->x, 1});
    return list(node);
  }
  if (file_.kind(node) == Kind::kAssignStmt) return assign(node);
  if (auto s = file_.as<ast::GoStmt>(node)) {
    operands_of_call(s->call);
    goes_.push_back(node);
    return list(node);
  }
  if (auto s = file_.as<ast::DeferStmt>(node)) {
    operands_of_call(s->call);
    defers_.push_back(node);
    return list(node);
  }
  if (auto s = file_.as<ast::ReturnStmt>(node)) {
    for (NodeId result : s->results) eval(result);
    list(node);
    edge(kExit);
    start(block());
  }
}

void CfgBuilder::assign(NodeId node) {
  auto s = file_.get<ast::AssignStmt>(node);
  for (NodeId left : s.lhs) operands_of_target(left);
  for (NodeId right : s.rhs) eval(right);
  targets(s.lhs);
  list(node);
}

void CfgBuilder::declare(NodeId decl) {
  auto d = file_.as<ast::GenDecl>(decl);
  if (!d || d->tok != Token::kVar) return;
  for (NodeId spec : d->specs) {
    auto value = file_.as<ast::ValueSpec>(spec);
    if (!value) continue;
    for (NodeId v : value->values) eval(v);
    targets(value->names);
    list(spec);
  }
}

void CfgBuilder::if_stmt(NodeId node) {
  auto s = file_.get<ast::IfStmt>(node);
  if (ast::is_there(s.init)) simple(s.init);
  BlockId yes = block(), after = block(), no = ast::is_there(s.else_) ? block() : after;
  cond(s.cond, yes, no);
  start(yes);
  stmt(s.body);
  edge(after);
  if (ast::is_there(s.else_)) {
    start(no);
    stmt(s.else_);
    edge(after);
  }
  start(after);
}

void CfgBuilder::for_stmt(NodeId node, NameId label) {
  auto s = file_.get<ast::ForStmt>(node);
  if (ast::is_there(s.init)) simple(s.init);
  BlockId head = block(), body = block(), post = ast::is_there(s.post) ? block() : head, after = block();
  jump_to(head);
  if (ast::is_there(s.cond))
    cond(s.cond, body, after);
  else
    edge(body);
  targets_.push_back({label, after, post, true});
  start(body);
  stmt(s.body);
  edge(post);
  targets_.pop_back();
  if (ast::is_there(s.post)) {
    start(post);
    simple(s.post);
    edge(head);
  }
  start(after);
}

void CfgBuilder::range_stmt(NodeId node, NameId label) {
  auto s = file_.get<ast::RangeStmt>(node);
  eval(s.x);
  BlockId head = block(), body = block(), after = block();
  jump_to(head);
  list(node);
  edge(body, EdgeKind::kNext, node);
  edge(after, EdgeKind::kDone, node);
  start(body);
  for (NodeId target : {s.key, s.value})
    if (ast::is_there(target)) operands_of_target(target);
  for (NodeId target : {s.key, s.value})
    if (ast::is_there(target)) targets({&target, 1});
  targets_.push_back({label, after, head, true});
  stmt(s.body);
  edge(head);
  targets_.pop_back();
  start(after);
}

void CfgBuilder::switch_tests(const ast::SwitchStmt& s, const std::vector<BlockId>& bodies, BlockId after) {
  auto clauses = file_.as<ast::BlockStmt>(s.body);
  BlockId otherwise = after;
  for (std::size_t i = 0; clauses && i < clauses->list.size(); ++i) {
    auto clause = file_.as<ast::CaseClause>(clauses->list[i]);
    if (!clause) continue;
    if (clause->is_default) otherwise = bodies[i];
    for (NodeId expr : clause->list) {
      BlockId next = block();
      if (ast::is_there(s.tag)) {
        eval(expr);
        edge(bodies[i], EdgeKind::kCase, expr);
        edge(next, EdgeKind::kNoCase, expr);
      } else {
        cond(expr, bodies[i], next);
      }
      start(next);
    }
  }
  edge(otherwise);
}

void CfgBuilder::clause_bodies(ast::NodeList clauses, const std::vector<BlockId>& bodies, BlockId after,
                               NameId label, bool list_clause) {
  targets_.push_back({label, after, {}, false});
  BlockId fall = fall_;
  bool may_fall = may_fall_;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    auto clause = file_.as<ast::CaseClause>(clauses[i]);
    if (!clause) continue;
    start(bodies[i]);
    if (list_clause) list(clauses[i]);
    may_fall_ = i + 1 < clauses.size();
    if (may_fall_) fall_ = bodies[i + 1];
    stmts(clause->body);
    edge(after);
  }
  fall_ = fall, may_fall_ = may_fall;
  targets_.pop_back();
  start(after);
}

void CfgBuilder::switch_stmt(NodeId node, NameId label) {
  auto s = file_.get<ast::SwitchStmt>(node);
  if (ast::is_there(s.init)) simple(s.init);
  if (ast::is_there(s.tag)) eval(s.tag);
  auto body = file_.as<ast::BlockStmt>(s.body);
  ast::NodeList clauses = body ? body->list : ast::NodeList{};
  std::vector<BlockId> bodies;
  for (std::size_t i = 0; i < clauses.size(); ++i) bodies.push_back(block());
  BlockId after = block();
  switch_tests(s, bodies, after);
  clause_bodies(clauses, bodies, after, label, false);
}

void CfgBuilder::type_switch_stmt(NodeId node, NameId label) {
  auto s = file_.get<ast::TypeSwitchStmt>(node);
  if (ast::is_there(s.init)) simple(s.init);
  auto named = file_.as<ast::AssignStmt>(s.assign);
  if (auto bare = file_.as<ast::ExprStmt>(s.assign)) eval(bare->x);
  if (named)
    for (NodeId right : named->rhs) eval(right);
  list(s.assign);
  auto body = file_.as<ast::BlockStmt>(s.body);
  ast::NodeList clauses = body ? body->list : ast::NodeList{};
  std::vector<BlockId> bodies;
  BlockId after = block();
  bool has_default = false;
  for (NodeId each : clauses) {
    bodies.push_back(block());
    auto clause = file_.as<ast::CaseClause>(each);
    has_default |= clause && clause->is_default;
    edge(bodies.back(), EdgeKind::kCase, each);
  }
  if (!has_default) edge(after, EdgeKind::kNoCase, node);
  clause_bodies(clauses, bodies, after, label, true);
}

// Of all clauses the channels and the values to send are evaluated, in order, before one is chosen.
void CfgBuilder::select_operands(NodeId comm) {
  if (auto s = file_.as<ast::SendStmt>(comm)) return eval(s->chan), eval(s->value);
  NodeId receive = ast::kNoNode;
  if (auto s = file_.as<ast::ExprStmt>(comm)) receive = s->x;
  if (auto s = file_.as<ast::AssignStmt>(comm); s && s->rhs.size() == 1) receive = s->rhs[0];
  receive = ast::unparen(file_, receive);
  if (auto unary = file_.as<ast::UnaryExpr>(receive)) eval(unary->x);
}

void CfgBuilder::select_comm(NodeId comm) {
  if (auto s = file_.as<ast::ExprStmt>(comm)) list(ast::unparen(file_, s->x));
  if (auto s = file_.as<ast::AssignStmt>(comm)) {
    for (NodeId left : s->lhs) operands_of_target(left);
    for (NodeId right : s->rhs) list(ast::unparen(file_, right));
    targets(s->lhs);
  }
  if (ast::is_there(comm)) list(comm);
}

void CfgBuilder::select_stmt(NodeId node, NameId label) {
  auto body = file_.as<ast::BlockStmt>(file_.get<ast::SelectStmt>(node).body);
  ast::NodeList clauses = body ? body->list : ast::NodeList{};
  for (NodeId each : clauses)
    if (auto clause = file_.as<ast::CommClause>(each)) select_operands(clause->comm);
  list(node);
  std::vector<BlockId> bodies;
  for (NodeId each : clauses) {
    bodies.push_back(block());
    edge(bodies.back(), EdgeKind::kCase, each);
  }
  BlockId after = block();
  targets_.push_back({label, after, {}, false});
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    auto clause = file_.as<ast::CommClause>(clauses[i]);
    if (!clause) continue;
    start(bodies[i]);
    select_comm(clause->comm);
    stmts(clause->body);
    edge(after);
  }
  targets_.pop_back();
  start(after);
}

BlockId CfgBuilder::label_block(NameId label) {
  auto [at, fresh] = labels_.try_emplace(std::uint32_t(label), BlockId{});
  if (fresh) at->second = block();
  return at->second;
}

void CfgBuilder::labeled(NodeId node) {
  auto s = file_.get<ast::LabeledStmt>(node);
  NameId label = file_.name(s.label);
  jump_to(label_block(label));
  stmt(s.stmt, label);
}

void CfgBuilder::branch(NodeId node) {
  auto s = file_.get<ast::BranchStmt>(node);
  NameId label = file_.name(s.label);
  list(node);
  if (s.tok == Token::kGoto) {
    edge(label_block(label));
  } else if (s.tok == Token::kFallthrough) {
    if (may_fall_) edge(fall_);
  } else {
    for (std::size_t i = targets_.size(); i-- > 0;) {
      const Target& t = targets_[i];
      if (label != kNoName ? t.label != label : (s.tok == Token::kContinue && !t.loop)) continue;
      if (s.tok == Token::kBreak)
        edge(t.after);
      else if (t.loop)
        edge(t.next);
      break;
    }
  }
  start(block());
}

}  // namespace memsnap::flow
