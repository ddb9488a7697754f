// Expressions, as go/parser reads them.
#include "gosrc/parser.h"

namespace memsnap {

using ast::ChanDir;

ast::NodeId Parser::parse_rhs() {
  bool before = in_rhs_;
  in_rhs_ = true;
  NodeId x = parse_expr();
  in_rhs_ = before;
  return x;
}

void Parser::parse_expr_list() {
  tree_.push(parse_expr());
  while (got(Token::kComma)) tree_.push(parse_expr());
}

void Parser::parse_list(bool in_rhs) {
  bool before = in_rhs_;
  in_rhs_ = in_rhs;
  parse_expr_list();
  in_rhs_ = before;
}

ast::NodeId Parser::unparen(NodeId x) {
  while (is(x, Kind::kParenExpr)) x = NodeId{node(x).a};
  return x;
}

ast::NodeId Parser::parse_func_type_or_lit() {
  std::uint32_t from = pos();
  NodeId type = parse_func_type();
  if (tok() != Token::kLbrace) return type;
  ++expr_lev_;
  NodeId body = parse_body();
  --expr_lev_;
  return tree_.add(Kind::kFuncLit, since(from), type, body);
}

// An operand or a type, [...]T among them.
ast::NodeId Parser::parse_operand() {
  std::uint32_t at = pos();
  switch (tok()) {
    case Token::kIdent: return parse_ident();
    case Token::kInt:
    case Token::kFloat:
    case Token::kImag:
    case Token::kChar:
    case Token::kString: {
      NodeId x = tree_.add(Kind::kBasicLit, {at, in_.end()}, 0, 0, tok());
      next();
      return x;
    }
    case Token::kLparen: {
      next();
      ++expr_lev_;
      NodeId x = parse_rhs();
      --expr_lev_;
      expect(Token::kRparen);
      return tree_.add(Kind::kParenExpr, since(at), x);
    }
    case Token::kFunc: return parse_func_type_or_lit();
    default: break;
  }
  NodeId type = try_ident_or_type();
  if (ast::is_there(type)) return type;
  error_expected(at, "operand");
  advance([](Token t) { return starts_stmt(t) || ends_expr(t); });
  return bad(Kind::kBadExpr, at);
}

// Behind the period.
ast::NodeId Parser::parse_selector_or_assertion(NodeId x) {
  std::uint32_t from = node(x).pos;
  if (tok() == Token::kLparen) {
    next();
    NodeId type = got(Token::kType) ? kNoNode : parse_type();
    expect(Token::kRparen);
    return tree_.add(Kind::kTypeAssertExpr, since(from), x, type);
  }
  std::uint32_t at = pos();
  NodeId sel = kNoNode;
  if (tok() == Token::kIdent) {
    sel = parse_ident();
  } else {
    error_expected(at, "selector or type assertion");
    if (tok() != Token::kRbrace) next();  // make progress
    sel = tree_.add(Kind::kIdent, {at, at}, std::uint32_t(kBlank));
  }
  return tree_.add(Kind::kSelectorExpr, since(from), x, sel);
}

ast::NodeId Parser::parse_index_or_slice_or_instance(NodeId x) {
  std::uint32_t from = node(x).pos;
  expect(Token::kLbrack);
  if (tok() == Token::kRbrack) {
    error_expected(pos(), "operand");
    NodeId index = bad(Kind::kBadExpr, pos());
    next();
    return tree_.add(Kind::kIndexExpr, since(from), x, index);
  }
  ++expr_lev_;
  std::size_t args = tree_.open();
  NodeId index[3] = {};
  std::uint32_t colon[2] = {};
  int colons = 0;
  if (tok() != Token::kColon) index[0] = parse_rhs();
  if (tok() == Token::kColon) {
    while (tok() == Token::kColon && colons < 2) {
      colon[colons++] = pos();
      next();
      if (tok() != Token::kColon && tok() != Token::kRbrack && tok() != Token::kEof)
        index[colons] = parse_rhs();
    }
  } else {
    tree_.push(index[0]);
    while (got(Token::kComma))
      if (tok() != Token::kRbrack && tok() != Token::kEof) tree_.push(parse_type());
  }
  --expr_lev_;
  std::uint32_t rbrack = expect(Token::kRbrack);
  if (!colons) return index_expr(x, args);
  if (colons == 2) {
    if (!ast::is_there(index[1])) {
      error(colon[0], "middle index required in 3-index slice");
      index[1] = tree_.add(Kind::kBadExpr, {colon[0] + 1, colon[1]});
    }
    if (!ast::is_there(index[2])) {
      error(colon[1], "final index required in 3-index slice");
      index[2] = tree_.add(Kind::kBadExpr, {colon[1] + 1, std::max(colon[1] + 1, rbrack)});
    }
  }
  std::uint32_t place = tree_.row(index[0], index[1], index[2]);
  return tree_.add(Kind::kSliceExpr, since(from), std::uint32_t(x), place, Token::kIllegal, colons == 2);
}

ast::NodeId Parser::parse_call_or_conversion(NodeId fun) {
  expect(Token::kLparen);
  ++expr_lev_;
  std::size_t args = tree_.open();
  bool ellipsis = false;
  while (tok() != Token::kRparen && tok() != Token::kEof && !ellipsis) {
    tree_.push(parse_rhs());
    ellipsis = got(Token::kEllipsis);
    if (!at_comma("argument list", Token::kRparen)) break;
    next();
  }
  --expr_lev_;
  expect_closing(Token::kRparen, "argument list");
  std::uint32_t list = tree_.close(args);
  return tree_.add(Kind::kCallExpr, since(node(fun).pos), std::uint32_t(fun), list, Token::kIllegal,
                   ellipsis);
}

ast::NodeId Parser::parse_value() {
  return tok() == Token::kLbrace ? parse_literal_value(kNoNode, pos()) : parse_expr();
}

ast::NodeId Parser::parse_element() {
  NodeId x = parse_value();
  if (!got(Token::kColon)) return x;
  NodeId value = parse_value();
  return tree_.add(Kind::kKeyValueExpr, since(node(x).pos), x, value);
}

ast::NodeId Parser::parse_literal_value(NodeId type, std::uint32_t from) {
  Nest nest(*this);
  expect(Token::kLbrace);
  std::size_t elts = tree_.open();
  ++expr_lev_;
  while (tok() != Token::kRbrace && tok() != Token::kEof) {
    tree_.push(parse_element());
    if (!at_comma("composite literal", Token::kRbrace)) break;
    next();
  }
  --expr_lev_;
  expect_closing(Token::kRbrace, "composite literal");
  return tree_.add(Kind::kCompositeLit, since(from), std::uint32_t(type), tree_.close(elts));
}

// Whether the `{` behind x begins a composite literal rather than a block.
bool Parser::may_be_literal_type(NodeId x) {
  switch (node(x).kind) {
    case Kind::kBadExpr:
    case Kind::kIdent:
    case Kind::kSelectorExpr:
    case Kind::kIndexExpr:
    case Kind::kIndexListExpr: return expr_lev_ >= 0;
    case Kind::kArrayType:
    case Kind::kStructType:
    case Kind::kMapType: return true;
    default: return false;
  }
}

// x is the operand if that was read already.
ast::NodeId Parser::parse_primary_expr(NodeId x) {
  if (!ast::is_there(x)) x = parse_operand();
  for (int length = 1;; ++length) {
    spine(length);
    switch (tok()) {
      case Token::kPeriod:
        next();
        x = parse_selector_or_assertion(x);
        break;
      case Token::kLbrack: x = parse_index_or_slice_or_instance(x); break;
      case Token::kLparen: x = parse_call_or_conversion(x); break;
      case Token::kLbrace: {
        NodeId type = unparen(x);
        if (!may_be_literal_type(type)) return x;
        if (type != x) error(node(type).pos, "cannot parenthesize type in composite literal");
        x = parse_literal_value(x, node(x).pos);
        break;
      }
      default: return x;
    }
  }
}

// `<-` and what follows: a receive operation, or a channel type whose arrow this is. Which of them is known
// only behind it; of `<-chan T` the operand `chan T` is a type, and the arrow is moved into it. So for
// `<-chan<- chan T`, where one arrow after the other moves in.
ast::NodeId Parser::receive_or_chan_type() {
  std::uint32_t arrow = pos();
  next();
  NodeId x = parse_unary_expr();
  if (!is(x, Kind::kChanType)) return tree_.add(Kind::kUnaryExpr, since(arrow), x, kNoNode, Token::kArrow);
  ChanDir dir = ChanDir::kSend;
  NodeId type = x;
  while (dir == ChanDir::kSend && is(type, Kind::kChanType)) {
    ast::Node& chan = tree_.node(type);
    ChanDir own = ChanDir(chan.flags);
    if (own == ChanDir::kRecv) error_expected(chan.pos, "'chan'");
    std::uint32_t behind_chan = token_behind(chan.pos + std::uint32_t(ast::word(Token::kChan).size()));
    chan.pos = std::exchange(arrow, own == ChanDir::kSend ? behind_chan : arrow);
    chan.flags = std::uint8_t(ChanDir::kRecv);
    dir = own;
    type = NodeId{chan.a};
  }
  if (dir == ChanDir::kSend) error_expected(arrow, "channel type");
  return x;
}

ast::NodeId Parser::parse_unary_expr() {
  Nest nest(*this);
  std::uint32_t at = pos();
  Token op = tok();
  switch (op) {
    case Token::kAdd:
    case Token::kSub:
    case Token::kNot:
    case Token::kXor:
    case Token::kAnd:
    case Token::kTilde: {
      next();
      NodeId x = parse_unary_expr();
      return tree_.add(Kind::kUnaryExpr, since(at), x, kNoNode, op);
    }
    case Token::kMul: {
      next();
      NodeId x = parse_unary_expr();
      return tree_.add(Kind::kStarExpr, since(at), x);
    }
    case Token::kArrow: return receive_or_chan_type();
    default: return parse_primary_expr(kNoNode);
  }
}

// x is the left operand if that was read already.
ast::NodeId Parser::parse_binary_expr(NodeId x, int precedence) {
  if (!ast::is_there(x)) x = parse_unary_expr();
  for (int length = 1;; ++length) {
    spine(length);
    Token op = in_rhs_ && tok() == Token::kAssign ? Token::kEql : tok();
    int own = ast::precedence(op);
    if (own < precedence) return x;
    expect(op);  // complains of `=` where `==` is meant
    NodeId y = parse_binary_expr(kNoNode, own + 1);
    x = tree_.add(Kind::kBinaryExpr, since(node(x).pos), x, y, op);
  }
}

}  // namespace memsnap
