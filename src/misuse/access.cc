#include "misuse/access.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

std::size_t place_in(ast::NodeList list, NodeId node) {
  return std::size_t(std::ranges::find(list, node) - list.begin());
}

NodeId with_parens(const Code& code, NodeId node) {
  while (code.kind(code.parent(node)) == Kind::kParenExpr) node = code.parent(node);
  return node;
}

// The assignment that has `place` on its left side.
bool as_left_side(const Code& code, NodeId place, Access& out) {
  NodeId up = code.parent(place);
  if (auto assign = code.as<ast::AssignStmt>(up)) {
    std::size_t at = place_in(assign->lhs, place);
    if (at == assign->lhs.size()) return false;
    out.statement = up;
    out.updates = assign->tok != ast::Token::kAssign && assign->tok != ast::Token::kDefine;
    if (assign->lhs.size() == assign->rhs.size()) out.value = assign->rhs[at];
    return true;
  }
  if (auto step = code.as<ast::IncDecStmt>(up)) {
    out.statement = up;
    out.updates = true;
    return true;
  }
  if (auto range = code.as<ast::RangeStmt>(up)) {
    out.statement = up;
    return place == range->key || place == range->value;
  }
  return false;
}

void index_access(const Code& code, NodeId index, Access& out) {
  out.node = index;
  out.key = code.as<ast::IndexExpr>(index)->index;
  NodeId place = with_parens(code, index);
  if (as_left_side(code, place, out)) {
    out.how = How::kInsert;
    return;
  }
  out.how = How::kRead;
  // m[k][j] = v and m[k].f = v change what the entry holds; so does whoever has &m[k].
  NodeId below = place;
  for (NodeId up = code.parent(below);; below = up, up = code.parent(up)) {
    Kind kind = code.kind(up);
    if (auto unary = code.as<ast::UnaryExpr>(up)) {
      if (unary->op == ast::Token::kAnd) out.how = How::kInner;
      return;
    }
    bool deeper = kind == Kind::kParenExpr || kind == Kind::kSelectorExpr || kind == Kind::kStarExpr;
    if (auto inner = code.as<ast::IndexExpr>(up)) deeper = inner->x == below;
    if (deeper) continue;
    Access ignored;
    if (below != place && as_left_side(code, below, ignored)) out.how = How::kInner;
    return;
  }
}

void call_access(const Code& code, NodeId call, NodeId argument, Access& out) {
  auto one = *code.as<ast::CallExpr>(call);
  out.node = call;
  std::size_t at = place_in(one.args, argument);
  if (at == one.args.size()) return;  // it is what is called
  out.how = How::kArgument;
  switch (code.called(call)) {
    case Known::kLen:
    case Known::kCap: out.how = How::kLen; break;
    case Known::kDelete:
      out.how = How::kDelete;
      if (one.args.size() > 1) out.key = one.args[1];
      break;
    case Known::kMapsDeleteFunc:
    case Known::kSlicesDelete:
      if (at == 0) out.how = How::kDelete;
      break;
    case Known::kClear: out.how = How::kClear; break;
    case Known::kClone: out.how = How::kRange; break;
    case Known::kSort: out.how = How::kRange; break;
    case Known::kCopy:
    case Known::kMapsCopy: out.how = at == 0 ? How::kInsert : How::kRange; break;
    case Known::kAppend: {
      if (at > 0) {
        out.how = one.ellipsis ? How::kRange : How::kStore;
        break;
      }
      out.how = How::kAppendTo;
      NodeId result = with_parens(code, call);
      if (auto assign = code.as<ast::AssignStmt>(code.parent(result)); assign) {
        std::size_t side = place_in(assign->rhs, result);
        if (side < assign->lhs.size() && assign->lhs.size() == assign->rhs.size() &&
            code.same(assign->lhs[side], argument))
          out.how = How::kAppend, out.statement = code.parent(result);
      }
      break;
    }
    default: break;
  }
}

}  // namespace

NodeId whole_name(const Code& code, NodeId ident) {
  NodeId up = code.parent(ident);
  if (auto selector = code.as<ast::SelectorExpr>(up); selector && selector->sel == ident)
    return with_parens(code, up);
  return with_parens(code, ident);
}

Access access_of(const Code& code, NodeId ident) {
  Access out{.expr = whole_name(code, ident)};
  NodeId expr = out.expr, up = code.parent(expr);
  out.node = up;
  if (auto index = code.as<ast::IndexExpr>(up); index && index->x == expr) {
    index_access(code, up, out);
  } else if (code.kind(up) == Kind::kCallExpr) {
    call_access(code, up, expr, out);
  } else if (auto range = code.as<ast::RangeStmt>(up); range && range->x == expr) {
    out.how = How::kRange;
  } else if (as_left_side(code, expr, out)) {
    out.how = How::kAssign;
    if (is_there(out.value) && code.called(code.inner(out.value)) == Known::kAppend &&
        code.same(code.as<ast::CallExpr>(code.inner(out.value))->args[0], expr))
      out.how = How::kAppended;
  } else if (auto spec = code.as<ast::ValueSpec>(up)) {
    std::size_t at = place_in(spec->names, expr);
    out.how = at < spec->names.size() ? How::kAssign : How::kStore;
    out.statement = up;
    if (at < spec->values.size() && spec->names.size() == spec->values.size()) out.value = spec->values[at];
  } else if (auto pair = code.as<ast::KeyValueExpr>(up)) {
    out.how = pair->key == expr ? How::kAssign : How::kStore;
    out.value = pair->key == expr ? pair->value : ast::kNoNode;
    out.statement = up;
  } else if (auto binary = code.as<ast::BinaryExpr>(up)) {
    if (binary->op == ast::Token::kEql || binary->op == ast::Token::kNeq) out.how = How::kCompare;
  } else if (auto unary = code.as<ast::UnaryExpr>(up)) {
    if (unary->op == ast::Token::kAnd) out.how = How::kAddress;
  } else if (auto slice = code.as<ast::SliceExpr>(up)) {
    out.how = How::kSlice;
  } else if (auto selector = code.as<ast::SelectorExpr>(up)) {
    out.how = How::kMethod;
  } else if (code.kind(up) == Kind::kReturnStmt) {
    out.how = How::kReturn;
  } else if (code.kind(up) == Kind::kSendStmt) {
    out.how = How::kSend;
  } else if (code.kind(up) == Kind::kAssignStmt || code.kind(up) == Kind::kCompositeLit) {
    out.how = How::kStore;
  }
  return out;
}

bool is_fresh_value(const Code& code, NodeId value) {
  value = code.inner(value);
  if (auto unary = code.as<ast::UnaryExpr>(value); unary && unary->op == ast::Token::kAnd)
    value = code.inner(unary->x);
  if (code.kind(value) == Kind::kCompositeLit) return true;
  Known callee = code.called(value);
  return callee == Known::kMake || callee == Known::kNew || callee == Known::kClone;
}

}  // namespace memsnap::misuse
