// if, switch, select and for, as go/parser reads them.
#include "gosrc/parser.h"

namespace memsnap {

void Parser::parse_if_header(NodeId& init, NodeId& cond) {
  if (tok() == Token::kLbrace) {
    error(pos(), "missing condition in if statement");
    cond = bad(Kind::kBadExpr, pos());
    return;
  }
  int before = expr_lev_;
  expr_lev_ = -1;
  if (tok() != Token::kSemicolon) {
    if (got(Token::kVar)) error(pos(), "var declaration not allowed in if initializer");
    init = parse_simple_stmt(Simple::kBasic);
  }
  NodeId cond_stmt = kNoNode;
  bool semicolon = false, newline = false;
  std::uint32_t at = pos();
  if (tok() == Token::kLbrace) {
    cond_stmt = init;
    init = kNoNode;
  } else {
    semicolon = tok() == Token::kSemicolon;
    newline = semicolon && in_.is_newline();
    expect(Token::kSemicolon);
    if (tok() != Token::kLbrace) cond_stmt = parse_simple_stmt(Simple::kBasic);
  }
  if (ast::is_there(cond_stmt))
    cond = make_expr(cond_stmt, "boolean expression");
  else if (newline)
    error(at, "unexpected newline, expecting { after if clause");
  else if (semicolon)
    error(at, "missing condition in if statement");
  if (!ast::is_there(cond)) cond = bad(Kind::kBadExpr, pos());
  expr_lev_ = before;
}

ast::NodeId Parser::parse_if_stmt() {
  Nest nest(*this);
  std::uint32_t from = expect(Token::kIf);
  NodeId init = kNoNode, cond = kNoNode, otherwise = kNoNode;
  parse_if_header(init, cond);
  NodeId body = parse_block();
  Extent where = since(from);
  if (got(Token::kElse)) {
    if (tok() == Token::kIf) {
      otherwise = parse_if_stmt();
      where.end = node(otherwise).end;
    } else if (tok() == Token::kLbrace) {
      otherwise = parse_block();
      where = since(from);
      expect_semi();
    } else {
      error_expected(pos(), "if statement or block");
      otherwise = tree_.add(Kind::kBadStmt, here());
    }
  } else {
    expect_semi();
  }
  std::uint32_t place = tree_.row(init, cond, body);
  return tree_.add(Kind::kIfStmt, where, place, std::uint32_t(otherwise));
}

// From the colon on; the clause ends with its last statement, without the semicolon behind that.
std::uint32_t Parser::parse_clause_body(std::uint32_t from, Extent& where) {
  expect(Token::kColon);
  where = since(from);
  std::size_t body = tree_.open();
  parse_stmt_list();
  if (std::size_t count = tree_.length(body))
    where.end = std::max(where.end, node(tree_.item(body, count - 1)).end);
  return tree_.close(body);
}

ast::NodeId Parser::parse_case_clause() {
  std::uint32_t from = pos();
  std::size_t list = tree_.open();
  bool is_default = false;
  if (got(Token::kCase)) {
    parse_list(true);
  } else {
    expect(Token::kDefault);
    is_default = true;
  }
  std::uint32_t cases = tree_.close(list);
  Extent where;
  std::uint32_t body = parse_clause_body(from, where);
  return tree_.add(Kind::kCaseClause, where, cases, body, Token::kIllegal, is_default);
}

// x.(type) or v := x.(type).
bool Parser::is_type_switch_guard(NodeId stmt) {
  auto is_guard = [&](NodeId x) { return is(x, Kind::kTypeAssertExpr) && node(x).b == 0; };
  if (!ast::is_there(stmt)) return false;
  if (is(stmt, Kind::kExprStmt)) return is_guard(NodeId{node(stmt).a});
  auto assign = tree_.file().as<ast::AssignStmt>(stmt);
  if (!assign || assign->lhs.size() != 1 || assign->rhs.size() != 1 || !is_guard(assign->rhs[0]))
    return false;
  if (assign->tok == Token::kAssign) error(node(assign->lhs[0]).end, "expected ':=', found '='");
  return assign->tok == Token::kAssign || assign->tok == Token::kDefine;
}

// The block of a switch or select.
ast::NodeId Parser::parse_clauses(NodeId (Parser::*clause)()) {
  std::uint32_t lbrace = expect(Token::kLbrace);
  std::size_t list = tree_.open();
  while (tok() == Token::kCase || tok() == Token::kDefault) tree_.push((this->*clause)());
  if (at_func_decl())
    error_expected(pos(), "'}'");
  else
    expect(Token::kRbrace);
  return tree_.add(Kind::kBlockStmt, since(lbrace), tree_.close(list));
}

ast::NodeId Parser::parse_switch_stmt() {
  std::uint32_t from = expect(Token::kSwitch);
  NodeId init = kNoNode, tag = kNoNode;
  if (tok() != Token::kLbrace) {
    int before = expr_lev_;
    expr_lev_ = -1;
    if (tok() != Token::kSemicolon) tag = parse_simple_stmt(Simple::kBasic);
    if (got(Token::kSemicolon)) {
      init = tag;
      tag = tok() == Token::kLbrace ? kNoNode : parse_simple_stmt(Simple::kBasic);
    }
    expr_lev_ = before;
  }
  bool types = is_type_switch_guard(tag);
  NodeId body = parse_clauses(&Parser::parse_case_clause);
  Extent where = since(from);
  expect_semi();
  if (!types) tag = make_expr(tag, "switch expression");
  std::uint32_t place = tree_.row(init, tag);
  return tree_.add(types ? Kind::kTypeSwitchStmt : Kind::kSwitchStmt, where, place, std::uint32_t(body));
}

// What a case of select waits for.
ast::NodeId Parser::parse_comm() {
  std::uint32_t from = pos();
  std::size_t lhs = tree_.open(), told = tree_.errors().size();
  parse_list(false);
  Token op = tok();
  if (op == Token::kAssign || op == Token::kDefine) {
    if (tree_.length(lhs) > 2) {
      error_expected(from, "1 or 2 expressions");
      tree_.drop(lhs, 2);
    }
    std::uint32_t left = tree_.close(lhs);
    next();
    std::size_t rhs = tree_.open();
    tree_.push(parse_rhs());
    return tree_.add(Kind::kAssignStmt, since(from), left, tree_.close(rhs), op);
  }
  one_expression(lhs, told, from);
  NodeId x = tree_.item(lhs, 0);
  tree_.drop(lhs);
  if (!got(Token::kArrow)) return tree_.add(Kind::kExprStmt, {from, std::max(from, node(x).end)}, x);
  NodeId value = parse_rhs();
  return tree_.add(Kind::kSendStmt, since(from), x, value);
}

ast::NodeId Parser::parse_comm_clause() {
  std::uint32_t from = pos();
  NodeId comm = kNoNode;
  if (got(Token::kCase))
    comm = parse_comm();
  else
    expect(Token::kDefault);
  Extent where;
  std::uint32_t body = parse_clause_body(from, where);
  return tree_.add(Kind::kCommClause, where, std::uint32_t(comm), body);
}

ast::NodeId Parser::parse_select_stmt() {
  std::uint32_t from = expect(Token::kSelect);
  NodeId body = parse_clauses(&Parser::parse_comm_clause);
  Extent where = since(from);
  expect_semi();
  return tree_.add(Kind::kSelectStmt, where, body);
}

ast::NodeId Parser::parse_for_stmt() {
  std::uint32_t from = expect(Token::kFor);
  NodeId init = kNoNode, cond = kNoNode, post = kNoNode;
  RangeClause range;
  if (tok() != Token::kLbrace) {
    int before = expr_lev_;
    expr_lev_ = -1;
    if (got(Token::kRange)) {
      range.there = true;
      range.x = parse_rhs();
    } else if (tok() != Token::kSemicolon) {
      cond = parse_simple_stmt(Simple::kRangeOk, &range);
    }
    if (!range.there && got(Token::kSemicolon)) {
      init = cond;
      cond = tok() == Token::kSemicolon ? kNoNode : parse_simple_stmt(Simple::kBasic);
      expect_semi();
      if (tok() != Token::kLbrace) post = parse_simple_stmt(Simple::kBasic);
    }
    expr_lev_ = before;
  }
  if (range.there) return parse_range_body(from, range);
  NodeId body = parse_block();
  Extent where = since(from);
  expect_semi();
  cond = make_expr(cond, "boolean or range expression");
  std::uint32_t place = tree_.row(init, cond, post);
  return tree_.add(Kind::kForStmt, where, place, std::uint32_t(body));
}

ast::NodeId Parser::parse_range_body(std::uint32_t from, const RangeClause& range) {
  NodeId body = parse_block();
  Extent where = since(from);
  expect_semi();
  if (ast::is_there(range.extra)) {
    error_expected(node(range.extra).pos, "at most 2 expressions");
    return tree_.add(Kind::kBadStmt, where);
  }
  std::uint32_t place = tree_.row(range.key, range.value, range.x);
  return tree_.add(Kind::kRangeStmt, where, place, std::uint32_t(body), range.tok);
}

}  // namespace memsnap
