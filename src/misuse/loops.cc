#include "misuse/loops.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

bool has_known_length(const Code& code, NodeId loop) {
  auto range = code.as<ast::RangeStmt>(loop);
  if (!range) return false;
  NodeId over = code.inner(range->x);
  if (auto literal = code.as<ast::CompositeLit>(over); literal && literal->elts.size() <= 8) return false;
  TypeKind kind = code.type_kind(over);
  return kind == TypeKind::kSlice || kind == TypeKind::kArray || kind == TypeKind::kMap;
}

namespace {

// No statement of the body ends the iteration before its end. A return that leaves the variable behind, as
// most do that give an error back, does not count: nobody sees how far the loop came.
bool runs_through(const Code& code, NodeId loop, ObjectId variable) {
  auto gives = [&](NodeId result) {
    return code.as<ast::ReturnStmt>(result)->results.empty() ||
           std::ranges::any_of(code.uses(variable), [&](NodeId use) { return code.inside(use, result); });
  };
  bool through = true;
  ast::walk(code.source(), code.loop_body(loop), [&](NodeId node) {
    Kind kind = code.kind(node);
    if (kind == Kind::kFuncLit) return false;
    if (kind == Kind::kReturnStmt && gives(node)) through = false;
    if (kind == Kind::kBranchStmt && code.loop(node) == loop) through = false;
    return through;
  });
  return through;
}

}  // namespace

NodeId filling_loop(const Code& code, NodeId definition, How how) {
  ObjectId variable = code.object(definition);
  if (!types::is_there(variable) || !code.is_local(variable)) return ast::kNoNode;
  NodeId found = ast::kNoNode;
  for (NodeId use : code.uses(variable)) {
    Access access = access_of(code, use);
    if (is_there(found)) {  // whatever else is done with it in the loop makes the length another one
      bool harmless = access.how == how || access.how == How::kAppended || access.how == How::kLen ||
                      access.how == How::kRead || access.how == How::kInner;
      if (code.inside(use, found) && !harmless) return ast::kNoNode;
      continue;
    }
    if (use == definition || access.how == How::kAppended) continue;
    NodeId statement = code.statement(use);
    NodeId loop = code.loop(statement);
    if (access.how != how || !is_there(loop)) return ast::kNoNode;
    if (!has_known_length(code, loop) || !runs_through(code, loop, variable)) return ast::kNoNode;
    if (code.parent(statement) != code.loop_body(loop)) return ast::kNoNode;
    if (code.parent(loop) != code.parent(code.statement(definition))) return ast::kNoNode;
    if (how == How::kInsert && code.is_constant(access.key)) return ast::kNoNode;
    found = loop;
  }
  return found;
}

std::string length_text(const Code& code, NodeId loop) {
  NodeId over = code.inner(code.as<ast::RangeStmt>(loop)->x);
  Kind kind = code.kind(over);
  if (kind != Kind::kIdent && kind != Kind::kSelectorExpr) return "";
  return "len(" + std::string(code.text(over)) + ")";
}

}  // namespace memsnap::misuse
