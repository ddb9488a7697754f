// Statements without clauses, as go/parser reads them.
#include "gosrc/bytes_check.h"
#include "gosrc/parser.h"

#include <fmt/core.h>

namespace memsnap {

// `func name` at the first column of a line: the block around it lacks its end.
bool Parser::at_func_decl() const {
  std::string_view text = tree_.file().bytes();
  if (tok() != Token::kFunc || (pos() > 0 && text[pos() - 1] != '\n')) return false;
  std::string_view rest = text.substr(next_token(text, in_.end()));
  return !rest.empty() && is_letter(decode_rune(rest).value);
}

void Parser::parse_stmt_list() {
  while (tok() != Token::kCase && tok() != Token::kDefault && tok() != Token::kRbrace &&
         tok() != Token::kEof && !at_func_decl())
    tree_.push(parse_stmt());
}

ast::NodeId Parser::parse_block() {
  std::size_t list = tree_.open();
  std::uint32_t from = expect(Token::kLbrace);
  parse_stmt_list();
  if (at_func_decl())
    error_expected(pos(), "'}'");
  else
    expect(Token::kRbrace);
  return tree_.add(Kind::kBlockStmt, since(from), tree_.close(list));
}

// Complains of more expressions than one, unless there was a complaint about them already.
void Parser::one_expression(std::size_t list, std::size_t told, std::uint32_t from) {
  if (tree_.length(list) > 1 && tree_.errors().size() == told) error_expected(from, "1 expression");
}

// With kRangeOk the header of a range loop may be what is read; `range` is filled then.
ast::NodeId Parser::parse_simple_stmt(Simple mode, RangeClause* range) {
  std::uint32_t from = pos();
  std::size_t lhs = tree_.open(), told = tree_.errors().size();
  parse_list(false);
  if (tok() == Token::kDefine || tok() == Token::kAssign || ast::is_op_assign(tok()))
    return parse_assignment(lhs, from, mode == Simple::kRangeOk ? range : nullptr);
  NodeId x = tree_.item(lhs, 0);
  one_expression(lhs, told, from);
  tree_.drop(lhs);
  switch (Token op = tok()) {
    case Token::kColon: return parse_labeled(x, from, mode);
    case Token::kArrow: {
      next();
      NodeId value = parse_rhs();
      return tree_.add(Kind::kSendStmt, since(from), x, value);
    }
    case Token::kInc:
    case Token::kDec: next(); return tree_.add(Kind::kIncDecStmt, since(from), x, kNoNode, op);
    default: return tree_.add(Kind::kExprStmt, {from, std::max(from, node(x).end)}, x);
  }
}

// In front of the operator; the left sides are the open list.
ast::NodeId Parser::parse_assignment(std::size_t lhs, std::uint32_t from, RangeClause* range) {
  Token op = tok();
  next();
  if (range && tok() == Token::kRange && !ast::is_op_assign(op)) {
    next();
    range->there = true;
    range->tok = op;
    range->x = parse_rhs();
    std::size_t count = tree_.length(lhs);
    range->key = tree_.item(lhs, 0);
    if (count > 1) range->value = tree_.item(lhs, 1);
    if (count > 2) range->extra = tree_.item(lhs, count - 1);
    tree_.drop(lhs);
    return kNoNode;
  }
  std::uint32_t left = tree_.close(lhs);
  std::size_t rhs = tree_.open();
  parse_list(true);
  return tree_.add(Kind::kAssignStmt, since(from), left, tree_.close(rhs), op);
}

ast::NodeId Parser::parse_labeled(NodeId label, std::uint32_t from, Simple mode) {
  std::uint32_t colon = pos();
  next();
  if (mode == Simple::kLabelOk && is(label, Kind::kIdent)) {
    NodeId stmt = parse_stmt();
    return tree_.add(Kind::kLabeledStmt, {from, std::max(colon + 1, node(stmt).end)}, label, stmt);
  }
  error(colon, "illegal label declaration");
  return tree_.add(Kind::kBadStmt, {from, colon + 1});
}

// `go` or `defer`.
ast::NodeId Parser::parse_call_stmt(Kind kind, std::string_view word) {
  std::uint32_t from = pos();
  next();
  NodeId x = parse_rhs(), call = unparen(x);
  if (call != x) error(node(x).pos, fmt::format("expression in {} must not be parenthesized", word));
  Extent where = since(from);
  if (!is(call, Kind::kCallExpr)) {
    if (!is(call, Kind::kBadExpr))
      error(node(call).end, fmt::format("expression in {} must be function call", word));
    expect_semi();
    return tree_.add(Kind::kBadStmt, where);
  }
  expect_semi();
  return tree_.add(kind, where, call);
}

ast::NodeId Parser::parse_return_stmt() {
  std::uint32_t from = pos();
  next();
  std::size_t results = tree_.open();
  if (tok() != Token::kSemicolon && tok() != Token::kRbrace) parse_list(true);
  Extent where = since(from);
  expect_semi();
  return tree_.add(Kind::kReturnStmt, where, tree_.close(results));
}

ast::NodeId Parser::parse_branch_stmt() {
  std::uint32_t from = pos();
  Token keyword = tok();
  next();
  NodeId label = kNoNode;
  bool may_have_label = keyword == Token::kContinue || keyword == Token::kBreak;
  if (keyword == Token::kGoto || (may_have_label && tok() == Token::kIdent)) label = parse_ident();
  Extent where = since(from);
  expect_semi();
  return tree_.add(Kind::kBranchStmt, where, label, kNoNode, keyword);
}

// The expression of an ExprStmt; kNoNode of kNoNode.
ast::NodeId Parser::make_expr(NodeId stmt, std::string_view want) {
  if (!ast::is_there(stmt)) return kNoNode;
  if (is(stmt, Kind::kExprStmt)) return NodeId{node(stmt).a};
  std::string_view found = is(stmt, Kind::kAssignStmt) ? "assignment" : "simple statement";
  Extent where{node(stmt).pos, node(stmt).end};
  error(where.pos,
        fmt::format("expected {}, found {} (missing parentheses around composite literal?)", want, found));
  return tree_.add(Kind::kBadExpr, where);
}

ast::NodeId Parser::parse_stmt() {
  Nest nest(*this);
  switch (tok()) {
    case Token::kGo: return parse_call_stmt(Kind::kGoStmt, "go");
    case Token::kDefer: return parse_call_stmt(Kind::kDeferStmt, "defer");
    case Token::kReturn: return parse_return_stmt();
    case Token::kBreak:
    case Token::kContinue:
    case Token::kGoto:
    case Token::kFallthrough: return parse_branch_stmt();
    case Token::kIf: return parse_if_stmt();
    case Token::kSwitch: return parse_switch_stmt();
    case Token::kSelect: return parse_select_stmt();
    case Token::kFor: return parse_for_stmt();
    case Token::kLbrace: {
      NodeId block = parse_block();
      expect_semi();
      return block;
    }
    case Token::kConst:
    case Token::kType:
    case Token::kVar: {
      NodeId decl = parse_decl(starts_stmt);
      return tree_.add(Kind::kDeclStmt, {node(decl).pos, node(decl).end}, decl);
    }
    case Token::kIdent:
    case Token::kInt:
    case Token::kFloat:
    case Token::kImag:
    case Token::kChar:
    case Token::kString:
    case Token::kFunc:
    case Token::kLparen:
    case Token::kLbrack:
    case Token::kStruct:
    case Token::kMap:
    case Token::kChan:
    case Token::kInterface:
    case Token::kAdd:
    case Token::kSub:
    case Token::kMul:
    case Token::kAnd:
    case Token::kXor:
    case Token::kArrow:
    case Token::kNot: {
      NodeId stmt = parse_simple_stmt(Simple::kLabelOk);
      if (!is(stmt, Kind::kLabeledStmt)) expect_semi();
      return stmt;
    }
    default: return parse_other_stmt();
  }
}

// An empty statement, or none.
ast::NodeId Parser::parse_other_stmt() {
  std::uint32_t at = pos();
  if (tok() == Token::kSemicolon) {
    bool newline = in_.is_newline();
    next();
    return tree_.add(Kind::kEmptyStmt, since(at), 0, 0, Token::kIllegal, newline);
  }
  if (tok() == Token::kRbrace) return tree_.add(Kind::kEmptyStmt, here(), 0, 0, Token::kIllegal, 1);
  error_expected(at, "statement");
  advance(starts_stmt);
  return bad(Kind::kBadStmt, at);
}

}  // namespace memsnap
