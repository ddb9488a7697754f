// Types, as go/parser reads them.
#include "gosrc/parser.h"

namespace memsnap {

using ast::ChanDir;

ast::NodeId Parser::parse_ident() {
  if (tok() != Token::kIdent) {
    std::uint32_t at = pos();
    expect(Token::kIdent);
    return tree_.add(Kind::kIdent, {at, at}, std::uint32_t(kBlank));
  }
  NodeId ident = tree_.add(Kind::kIdent, {pos(), in_.end()}, std::uint32_t(in_.name()));
  next();
  return ident;
}

ast::NodeId Parser::parse_type() {
  NodeId type = try_ident_or_type();
  if (ast::is_there(type)) return type;
  std::uint32_t at = pos();
  error_expected(at, "type");
  advance(ends_expr);
  return bad(Kind::kBadExpr, at);
}

ast::NodeId Parser::parse_qualified_ident(NodeId ident) {
  NodeId type = parse_type_name(ident);
  return tok() == Token::kLbrack ? parse_type_instance(type) : type;
}

ast::NodeId Parser::parse_type_name(NodeId ident) {
  if (!ast::is_there(ident)) ident = parse_ident();
  if (!got(Token::kPeriod)) return ident;
  NodeId sel = parse_ident();
  return tree_.add(Kind::kSelectorExpr, since(node(ident).pos), ident, sel);
}

// Behind the `[`; `len` is the length if it was read already.
ast::NodeId Parser::parse_array_type(std::uint32_t lbrack, NodeId len) {
  if (!ast::is_there(len)) {
    ++expr_lev_;
    if (tok() == Token::kEllipsis) {
      std::uint32_t at = pos();
      next();
      len = tree_.add(Kind::kEllipsis, since(at));
    } else if (tok() != Token::kRbrack) {
      len = parse_rhs();
    }
    --expr_lev_;
  }
  if (tok() == Token::kComma) {
    error(pos(), "unexpected comma; expecting ]");
    next();
  }
  expect(Token::kRbrack);
  NodeId elt = parse_type();
  return tree_.add(Kind::kArrayType, since(lbrack), len, elt);
}

// A field or parameter `x [P]E`, or the type `x[P, Q]`.
Parser::NamedType Parser::parse_array_field_or_type_instance(NodeId x) {
  std::uint32_t lbrack = expect(Token::kLbrack), trailing = 0;
  std::size_t args = tree_.open();
  if (tok() != Token::kRbrack) {
    ++expr_lev_;
    tree_.push(parse_rhs());
    while (tok() == Token::kComma) {
      std::uint32_t comma = pos();
      next();
      if (tok() == Token::kRbrack) {
        trailing = comma;
        break;
      }
      tree_.push(parse_rhs());
    }
    --expr_lev_;
  }
  expect(Token::kRbrack);
  if (tree_.length(args) <= 1) {
    NodeId len = tree_.length(args) ? tree_.item(args, 0) : kNoNode;
    NodeId elt = ast::is_there(len) ? try_ident_or_type() : parse_type();
    if (ast::is_there(elt)) {
      if (trailing) error(trailing, "unexpected comma; expecting ]");
      tree_.drop(args);
      return {x, tree_.add(Kind::kArrayType, since(lbrack), len, elt)};
    }
  }
  return {kNoNode, index_expr(x, args)};
}

// x[i] or x[i, j] of the open list `indices`, behind the `]`.
ast::NodeId Parser::index_expr(NodeId x, std::size_t indices) {
  Extent where = since(node(x).pos);
  if (tree_.length(indices) > 1)
    return tree_.add(Kind::kIndexListExpr, where, std::uint32_t(x), tree_.close(indices));
  NodeId index = tree_.item(indices, 0);
  tree_.drop(indices);
  return tree_.add(Kind::kIndexExpr, where, x, index);
}

// A Field of the open list `names`, which may be empty.
ast::NodeId Parser::field(std::size_t names, NodeId type, NodeId tag, Extent where) {
  std::uint32_t place = tree_.row(tag);
  if (tree_.length(names))
    tree_.close(names);
  else
    tree_.row(kNoNode);  // a list of none
  return tree_.add(Kind::kField, where, std::uint32_t(type), place);
}

ast::NodeId Parser::parse_field_decl() {
  std::uint32_t from = pos();
  std::size_t names = tree_.open();
  NodeId type = kNoNode, tag = kNoNode;
  if (tok() != Token::kIdent) {
    type = parse_embedded_field();
  } else {
    NodeId name = parse_ident();
    if (tok() == Token::kPeriod || tok() == Token::kString || tok() == Token::kSemicolon ||
        tok() == Token::kRbrace) {
      type = tok() == Token::kPeriod ? parse_qualified_ident(name) : name;
    } else {
      tree_.push(name);
      while (got(Token::kComma)) tree_.push(parse_ident());
      if (tree_.length(names) == 1 && tok() == Token::kLbrack) {
        tree_.drop(names);
        NamedType both = parse_array_field_or_type_instance(name);
        if (ast::is_there(both.name)) tree_.push(both.name);
        type = both.type;
      } else {
        type = parse_type();
      }
    }
  }
  if (tok() == Token::kString) {
    tag = tree_.add(Kind::kBasicLit, {pos(), in_.end()}, 0, 0, Token::kString);
    next();
  }
  NodeId made = field(names, type, tag, since(from));
  expect_semi();
  return made;
}

// `*T`, and with a complaint what is in parentheses.
ast::NodeId Parser::parse_embedded_field() {
  std::uint32_t from = pos();
  bool parens = false;
  auto open = [&] {
    if (tok() != Token::kLparen) return;
    error(pos(), "cannot parenthesize embedded type");
    next();
    parens = true;
  };
  open();
  bool star = got(Token::kMul);
  if (!parens) open();
  NodeId type = parse_qualified_ident(kNoNode);
  if (star) type = tree_.add(Kind::kStarExpr, since(from), type);
  if (parens) got(Token::kRparen);
  return type;
}

ast::NodeId Parser::parse_struct_type() {
  std::uint32_t from = expect(Token::kStruct), lbrace = expect(Token::kLbrace);
  std::size_t fields = tree_.open();
  while (tok() == Token::kIdent || tok() == Token::kMul || tok() == Token::kLparen)
    tree_.push(parse_field_decl());
  expect(Token::kRbrace);
  NodeId list = tree_.add(Kind::kFieldList, since(lbrace), tree_.close(fields));
  return tree_.add(Kind::kStructType, since(from), list);
}

ast::NodeId Parser::parse_func_type() {
  std::uint32_t from = expect(Token::kFunc);
  if (tok() == Token::kLbrack) {
    std::uint32_t at = pos();
    if (ast::is_there(parse_type_parameters())) error(at, "function type must have no type parameters");
  }
  return parse_signature(from, kNoNode);
}

ast::NodeId Parser::parse_signature(std::uint32_t from, NodeId type_params) {
  NodeId params = parse_parameters(false);
  NodeId results = parse_parameters(true);
  return tree_.add(Kind::kFuncType, since(from), tree_.row(type_params, params, results));
}

// A method or an embedded element without what follows it behind `|`.
ast::NodeId Parser::parse_method_spec() {
  std::uint32_t from = pos();
  std::size_t names = tree_.open();
  NodeId x = parse_type_name(kNoNode), type = x;
  if (!is(x, Kind::kIdent)) {
    if (tok() == Token::kLbrack) type = parse_type_instance(x);
  } else if (tok() == Token::kLbrack) {
    type = parse_method_or_instance(x);
  } else if (tok() == Token::kLparen) {
    tree_.push(x);
    type = parse_signature(pos(), kNoNode);
  }
  if (!tree_.length(names)) type = embedded_elem(type);
  return field(names, type, kNoNode, since(from));
}

// m[T any](), which interfaces may not have, or the embedded E[T].
ast::NodeId Parser::parse_method_or_instance(NodeId ident) {
  std::uint32_t lbrack = pos();
  next();
  ++expr_lev_;
  NodeId x = parse_expr();
  --expr_lev_;
  if (is(x, Kind::kIdent) && tok() != Token::kComma && tok() != Token::kRbrack) {
    std::uint32_t list = parse_parameter_list({x, kNoNode}, Token::kRbrack, false);
    expect(Token::kRbrack);
    NodeId params = tree_.add(Kind::kFieldList, since(lbrack), list);
    error(lbrack, "interface method must have no type parameters");
    tree_.push(ident);
    return parse_signature(pos(), params);
  }
  std::size_t list = tree_.open();
  tree_.push(x);
  if (at_comma("type argument list", Token::kRbrack)) {
    ++expr_lev_;
    next();
    while (tok() != Token::kRbrack && tok() != Token::kEof) {
      tree_.push(parse_type());
      if (!at_comma("type argument list", Token::kRbrack)) break;
      next();
    }
    --expr_lev_;
  }
  expect_closing(Token::kRbrack, "type argument list");
  return index_expr(ident, list);
}

// A union; x is its first term if that was read already.
ast::NodeId Parser::embedded_elem(NodeId x) {
  if (!ast::is_there(x)) x = embedded_term();
  for (int length = 1; tok() == Token::kOr; ++length) {
    spine(length);
    next();
    NodeId y = embedded_term();
    x = tree_.add(Kind::kBinaryExpr, since(node(x).pos), x, y, Token::kOr);
  }
  return x;
}

ast::NodeId Parser::embedded_term() {
  std::uint32_t at = pos();
  if (got(Token::kTilde)) {
    NodeId x = parse_type();
    return tree_.add(Kind::kUnaryExpr, since(at), x, kNoNode, Token::kTilde);
  }
  NodeId type = try_ident_or_type();
  if (ast::is_there(type)) return type;
  error_expected(at, "~ term or type");
  advance(ends_expr);
  return bad(Kind::kBadExpr, at);
}

ast::NodeId Parser::parse_interface_type() {
  std::uint32_t from = expect(Token::kInterface), lbrace = expect(Token::kLbrace);
  std::size_t methods = tree_.open();
  for (;;) {
    if (tok() == Token::kIdent) {
      tree_.push(parse_method_spec());
    } else {
      std::uint32_t at = pos();
      NodeId first = tok() == Token::kTilde ? embedded_term() : try_ident_or_type();
      if (!ast::is_there(first)) break;
      NodeId type = embedded_elem(first);
      tree_.push(field(tree_.open(), type, kNoNode, since(at)));
    }
    expect_semi();
  }
  expect(Token::kRbrace);
  NodeId list = tree_.add(Kind::kFieldList, since(lbrace), tree_.close(methods));
  return tree_.add(Kind::kInterfaceType, since(from), list);
}

ast::NodeId Parser::parse_map_type() {
  std::uint32_t from = expect(Token::kMap);
  expect(Token::kLbrack);
  NodeId key = parse_type();
  expect(Token::kRbrack);
  NodeId value = parse_type();
  return tree_.add(Kind::kMapType, since(from), key, value);
}

ast::NodeId Parser::parse_chan_type() {
  std::uint32_t from = pos();
  ChanDir dir = ChanDir::kBoth;
  if (got(Token::kChan)) {
    if (got(Token::kArrow)) dir = ChanDir::kSend;
  } else {
    expect(Token::kArrow);
    expect(Token::kChan);
    dir = ChanDir::kRecv;
  }
  NodeId value = parse_type();
  return tree_.add(Kind::kChanType, since(from), value, kNoNode, Token::kIllegal, std::uint8_t(dir));
}

ast::NodeId Parser::parse_type_instance(NodeId type) {
  std::uint32_t opening = expect(Token::kLbrack);
  ++expr_lev_;
  std::size_t list = tree_.open();
  while (tok() != Token::kRbrack && tok() != Token::kEof) {
    tree_.push(parse_type());
    if (!at_comma("type argument list", Token::kRbrack)) break;
    next();
  }
  --expr_lev_;
  std::uint32_t closing = pos();
  expect_closing(Token::kRbrack, "type argument list");
  if (!tree_.length(list)) {
    error_expected(closing, "type argument list");
    tree_.push(tree_.add(Kind::kBadExpr, {opening + 1, std::max(closing, opening + 1)}));
  }
  return index_expr(type, list);
}

// kNoNode when no type stands here; nothing is read then.
ast::NodeId Parser::try_ident_or_type() {
  Nest nest(*this);
  std::uint32_t at = pos();
  switch (tok()) {
    case Token::kIdent: return parse_qualified_ident(kNoNode);
    case Token::kLbrack: next(); return parse_array_type(at, kNoNode);
    case Token::kStruct: return parse_struct_type();
    case Token::kFunc: return parse_func_type();
    case Token::kInterface: return parse_interface_type();
    case Token::kMap: return parse_map_type();
    case Token::kChan:
    case Token::kArrow: return parse_chan_type();
    case Token::kMul: {
      next();
      NodeId base = parse_type();
      return tree_.add(Kind::kStarExpr, since(at), base);
    }
    case Token::kLparen: {
      next();
      NodeId type = parse_type();
      expect(Token::kRparen);
      return tree_.add(Kind::kParenExpr, since(at), type);
    }
    default: return kNoNode;
  }
}

}  // namespace memsnap
