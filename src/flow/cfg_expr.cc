#include "flow/cfg_builder.h"
#include "gosrc/walk.h"

namespace memsnap::flow {

using ast::Kind;
using ast::Token;

void CfgBuilder::eval(NodeId expr) {
  later(expr);
  work();
}

void CfgBuilder::cond(NodeId expr, BlockId yes, BlockId no) {
  work_.push_back({Do::kCond, expr, yes, no});
  work();
}

void CfgBuilder::work() {
  while (!work_.empty()) {
    Work w = work_.back();
    work_.pop_back();
    switch (w.what) {
      case Do::kEval: open(w.node); break;
      case Do::kStart: start(w.yes); break;
      case Do::kCond: open_cond(w); break;
      case Do::kList:
        list(w.node);
        if (file_.kind(w.node) == Kind::kCallExpr) ended(w.node);
        break;
      case Do::kBranch:
        edge(w.yes, EdgeKind::kTrue, w.node);
        edge(w.no, EdgeKind::kFalse, w.node);
        break;
    }
  }
}

// Code behind panic(...) is a block that nothing leads to.
void CfgBuilder::ended(NodeId call) {
  int how = ends_ ? ends_(call) : 0;
  if (how == 0) return;
  if (how == 1) edge(kPanic);
  start(block());
}

void CfgBuilder::open_cond(const Work& w) {
  NodeId expr = ast::unparen(file_, w.node);
  if (auto no = file_.as<ast::UnaryExpr>(expr); no && no->op == Token::kNot) {
    work_.push_back({Do::kCond, no->x, w.no, w.yes});
    return;
  }
  auto both = file_.as<ast::BinaryExpr>(expr);
  if (!both || (both->op != Token::kLand && both->op != Token::kLor)) {
    work_.push_back({Do::kBranch, expr, w.yes, w.no});
    later(expr);
    return;
  }
  BlockId right = block();
  bool land = both->op == Token::kLand;
  work_.push_back({Do::kCond, both->y, w.yes, w.no});
  work_.push_back({Do::kStart, ast::kNoNode, right, right});
  work_.push_back({Do::kCond, both->x, land ? right : w.yes, land ? w.no : right});
}

void CfgBuilder::open_call(NodeId expr) {
  auto call = file_.get<ast::CallExpr>(expr);
  work_.push_back({Do::kList, expr});
  later(call.args);
  later(call.fun);
}

// Puts what is to be done for an expression on the stack, last things first.
void CfgBuilder::open(NodeId expr) {
  Kind kind = file_.kind(expr);
  if (kind == Kind::kCallExpr) return open_call(expr);
  if (kind >= Kind::kArrayType || kind == Kind::kEllipsis || kind == Kind::kBadExpr) return;
  if (auto pair = file_.as<ast::KeyValueExpr>(expr)) return later(pair->value), later(pair->key);
  if (auto two = file_.as<ast::BinaryExpr>(expr)) {
    if (two->op == Token::kLand || two->op == Token::kLor) {
      BlockId join = block();
      work_.push_back({Do::kList, expr});
      work_.push_back({Do::kStart, ast::kNoNode, join, join});
      work_.push_back({Do::kCond, expr, join, join});
      return;
    }
  }
  work_.push_back({Do::kList, expr});
  if (kind == Kind::kFuncLit) closures_.push_back(expr);
  if (auto literal = file_.as<ast::CompositeLit>(expr)) later(literal->elts);
  if (auto paren = file_.as<ast::ParenExpr>(expr)) later(paren->x);
  if (auto selector = file_.as<ast::SelectorExpr>(expr)) later(selector->x);
  if (auto index = file_.as<ast::IndexExpr>(expr)) later(index->index), later(index->x);
  if (auto generic = file_.as<ast::IndexListExpr>(expr)) later(generic->x);
  if (auto slice = file_.as<ast::SliceExpr>(expr))
    later(slice->max), later(slice->high), later(slice->low), later(slice->x);
  if (auto assertion = file_.as<ast::TypeAssertExpr>(expr)) later(assertion->x);
  if (auto star = file_.as<ast::StarExpr>(expr)) later(star->x);
  if (auto unary = file_.as<ast::UnaryExpr>(expr)) later(unary->x);
  if (auto two = file_.as<ast::BinaryExpr>(expr)) later(two->y), later(two->x);
}

// What is evaluated of the left side of an assignment before the right side is.
void CfgBuilder::operands_of_target(NodeId expr) {
  NodeId target = ast::unparen(file_, expr);
  if (auto selector = file_.as<ast::SelectorExpr>(target)) return eval(selector->x);
  if (auto star = file_.as<ast::StarExpr>(target)) return eval(star->x);
  if (auto index = file_.as<ast::IndexExpr>(target)) return eval(index->x), eval(index->index);
  if (file_.kind(target) != Kind::kIdent) eval(target);
}

void CfgBuilder::targets(ast::NodeList exprs) {
  for (NodeId expr : exprs) {
    Kind kind = file_.kind(ast::unparen(file_, expr));
    bool place = kind == Kind::kIdent || kind == Kind::kSelectorExpr || kind == Kind::kStarExpr ||
                 kind == Kind::kIndexExpr;
    if (place) list(ast::unparen(file_, expr));
  }
}

void CfgBuilder::operands_of_call(NodeId expr) {
  auto call = file_.as<ast::CallExpr>(ast::unparen(file_, expr));
  if (!call) return eval(expr);
  eval(call->fun);
  for (NodeId arg : call->args) eval(arg);
}

}  // namespace memsnap::flow
