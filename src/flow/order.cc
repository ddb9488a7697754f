#include "flow/order.h"

#include <algorithm>

namespace memsnap::flow {

using ast::Kind;

std::vector<NodeId> loops_around(Module& module, FileId file, NodeId node) {
  const SourceFile& source = module.program().source(file);
  const ast::Parents& parents = module.parents(file);
  std::vector<NodeId> found;
  for (NodeId below = node, above = parents.of(node); ast::is_there(above);
       below = above, above = parents.of(above)) {
    Kind kind = source.kind(above);
    if (kind == Kind::kFuncLit || kind == Kind::kFuncDecl) break;
    // What is ranged over and what a loop begins with are evaluated once.
    if (auto loop = source.as<ast::ForStmt>(above); loop && loop->init != below) found.push_back(above);
    if (auto loop = source.as<ast::RangeStmt>(above); loop && loop->x != below) found.push_back(above);
  }
  return found;
}

bool repeats(Module& module, FuncId function, NodeId node) {
  const Cfg& cfg = module.body(function).cfg;
  Point p = cfg.point(node);
  return is_there(p) && cfg.in_cycle(p);
}

std::vector<Start> starts(Module& module, FuncId function) {
  std::vector<Start> found;
  FileId file = module.functions()[function].file;
  const SourceFile& source = module.program().source(file);
  const ast::Parents& parents = module.parents(file);
  const Cfg& cfg = module.body(function).cfg;
  for (NodeId go : cfg.goes()) found.push_back({.node = go, .at = cfg.point(go)});
  for (const CallSite& site : module.calls().from(function)) {
    if (site.kind != CallKind::kGo) continue;
    NodeId node = site.node;
    while (ast::is_there(node) && source.kind(node) != Kind::kGoStmt &&
           !(node != site.node && source.kind(node) == Kind::kCallExpr))
      node = parents.of(node);
    if (source.kind(parents.of(node)) == Kind::kGoStmt) node = parents.of(node);
    auto there = std::ranges::find(found, node, &Start::node);
    if (there != found.end() && !is_there(there->function))
      there->function = site.callee;
    else if (Point at = cfg.point(node); is_there(at))
      found.push_back({node, site.callee, at});
  }
  return found;
}

bool is_wait(Module& module, FileId file, NodeId node) {
  Program& program = module.program();
  const SourceFile& source = program.source(file);
  switch (source.kind(node)) {
    case Kind::kSelectStmt: return true;
    case Kind::kUnaryExpr: return source.get<ast::UnaryExpr>(node).op == ast::Token::kArrow;
    case Kind::kRangeStmt:
      return program.kind(program.type_of(file, source.get<ast::RangeStmt>(node).x)) ==
             types::TypeKind::kChan;
    case Kind::kCallExpr: {
      auto selector = source.as<ast::SelectorExpr>(ast::unparen(source, source.get<ast::CallExpr>(node).fun));
      return selector && source.text(selector->sel) == "Wait";
    }
    default: return false;
  }
}

bool may_overlap(Module& module, FuncId function, const Start& start, Point point) {
  FileId file = module.functions()[function].file;
  const Cfg& cfg = module.body(function).cfg;
  return cfg.can_reach(start.at, point, [&](Point p) { return is_wait(module, file, cfg.node(p)); });
}

}  // namespace memsnap::flow
