// Declarations, as go/parser reads them.
#include "gosrc/parser.h"

namespace memsnap {

// The block of a function; kNoNode where bodies are skipped.
ast::NodeId Parser::parse_body() {
  if (mode_ == ParseMode::kAll) return parse_block();
  std::uint32_t lbrace = pos();
  in_.skip_block();
  if (tok() == Token::kEof)
    error(lbrace, "expected '}' for this block, found 'EOF'");
  else
    next();
  return kNoNode;
}

ast::NodeId Parser::parse_import_spec() {
  std::uint32_t from = pos();
  NodeId name = kNoNode;
  if (tok() == Token::kIdent) {
    name = parse_ident();
  } else if (tok() == Token::kPeriod) {
    name = tree_.add(Kind::kIdent, {from, in_.end()}, std::uint32_t(kDot));
    next();
  }
  std::uint32_t at = pos();
  NodeId path =
      tree_.add(Kind::kBasicLit, {at, tok() == Token::kString ? in_.end() : at}, 0, 0, Token::kString);
  if (tok() == Token::kString) {
    next();
  } else if (ast::is_literal(tok())) {
    error(at, "import path must be a string");
    next();
  } else {
    error(at, "missing import path");
    advance(ends_expr);
  }
  NodeId spec = tree_.add(Kind::kImportSpec, {from, std::max(from, node(path).end)}, name, path);
  tree_.import(spec);
  expect_semi();
  return spec;
}

ast::NodeId Parser::parse_value_spec(Token keyword) {
  std::uint32_t from = pos();
  std::size_t names = tree_.open();
  tree_.push(parse_ident());
  while (got(Token::kComma)) tree_.push(parse_ident());
  NodeId type = kNoNode;
  std::size_t values = tree_.open();
  bool is_const = keyword == Token::kConst;
  if (is_const) {
    if (tok() != Token::kEof && tok() != Token::kSemicolon && tok() != Token::kRparen)
      type = try_ident_or_type();
  } else if (tok() != Token::kAssign) {
    type = parse_type();
  }
  if (got(Token::kAssign)) parse_list(true);
  Extent where = since(from);
  std::uint32_t values_place = tree_.close(values);
  std::uint32_t place = tree_.row(NodeId{values_place});
  tree_.close(names);  // right behind, so that both are found from one place
  expect_semi();
  return tree_.add(Kind::kValueSpec, where, std::uint32_t(type), place);
}

// Behind `[` and what of the first parameter was read.
ast::NodeId Parser::parse_generic_type(std::uint32_t lbrack, NamedType first, bool& alias, NodeId& params) {
  std::uint32_t fields = parse_parameter_list(first, Token::kRbrack, false);
  expect(Token::kRbrack);
  params = tree_.add(Kind::kFieldList, since(lbrack), fields);
  alias = got(Token::kAssign);
  return parse_type();
}

// `type T [`: an array or slice type, or type parameters. Both may begin as an expression does, so that is
// read first and then taken apart: an array's length may be `P * C`, and a parameter may be `P *C`.
ast::NodeId Parser::parse_array_or_generic(bool& alias, NodeId& params) {
  std::uint32_t lbrack = expect(Token::kLbrack);
  if (tok() != Token::kIdent) return parse_array_type(lbrack, kNoNode);
  NodeId x = parse_ident();
  if (tok() != Token::kLbrack) {  // P [ begins a slice constraint: no constant length looks so
    ++expr_lev_;
    x = parse_binary_expr(parse_primary_expr(x), 1);
    --expr_lev_;
  }
  NamedType first = extract_name(x, tok() == Token::kComma);
  if (ast::is_there(first.name) && (ast::is_there(first.type) || tok() != Token::kRbrack))
    return parse_generic_type(lbrack, first, alias, params);
  return parse_array_type(lbrack, x);
}

ast::NodeId Parser::parse_type_spec() {
  std::uint32_t from = pos();
  NodeId name = parse_ident(), params = kNoNode, type = kNoNode;
  bool alias = false;
  if (tok() == Token::kLbrack) {
    type = parse_array_or_generic(alias, params);
  } else {
    alias = got(Token::kAssign);
    type = parse_type();
  }
  Extent where = since(from);
  expect_semi();
  std::uint32_t place = tree_.row(name, params);
  return tree_.add(Kind::kTypeSpec, where, place, std::uint32_t(type), Token::kIllegal, alias);
}

// Splits x into a parameter's name and its constraint: P*E is P *E, P(E) is P (E), P*E|F is P *E|F. Where it
// may as well be a value, only with `force`. A plain name gives itself and no type; what cannot be split
// gives no name.
Parser::NamedType Parser::extract_name(NodeId x, bool force) {
  if (is(x, Kind::kIdent)) return {x, kNoNode};
  ast::Node whole = node(x);
  NodeId left{whole.a}, right{whole.b};
  if (whole.kind == Kind::kBinaryExpr && whole.op == Token::kMul) {
    if (is(left, Kind::kIdent) && (force || is_type_elem(right)))
      return {left, tree_.add(Kind::kStarExpr, {token_behind(node(left).end), whole.end}, right)};
  } else if (whole.kind == Kind::kBinaryExpr && whole.op == Token::kOr) {
    // Only the leftmost term may hold the name; what is right of it is hung under it again.
    std::size_t rights = tree_.open();
    while (is(x, Kind::kBinaryExpr) && node(x).op == Token::kOr) {
      force = force || is_type_elem(NodeId{node(x).b});
      tree_.push(NodeId{node(x).b});
      x = NodeId{node(x).a};
    }
    NamedType first = is(x, Kind::kIdent) ? NamedType{} : extract_name(x, force);
    for (std::size_t i = tree_.length(rights); ast::is_there(first.type) && i-- > 0;) {
      NodeId y = tree_.item(rights, i);
      first.type =
          tree_.add(Kind::kBinaryExpr, {node(first.type).pos, node(y).end}, first.type, y, Token::kOr);
    }
    tree_.drop(rights);
    if (ast::is_there(first.type)) return first;
  } else if (auto call = tree_.file().as<ast::CallExpr>(x)) {
    if (is(call->fun, Kind::kIdent) && call->args.size() == 1 && !call->ellipsis &&
        (force || is_type_elem(call->args[0]))) {
      NodeId name = call->fun;
      return {name, tree_.add(Kind::kParenExpr, {token_behind(node(name).end), whole.end}, call->args[0])};
    }
  }
  return {};
}

// Whether x can only be a type element, and no value.
bool Parser::is_type_elem(NodeId x) {
  for (;;) {
    switch (node(x).kind) {
      case Kind::kArrayType:
      case Kind::kStructType:
      case Kind::kFuncType:
      case Kind::kInterfaceType:
      case Kind::kMapType:
      case Kind::kChanType: return true;
      case Kind::kUnaryExpr: return node(x).op == Token::kTilde;
      case Kind::kBinaryExpr:
        if (is_type_elem(NodeId{node(x).b})) return true;
        [[fallthrough]];
      case Kind::kParenExpr: x = NodeId{node(x).a}; break;
      default: return false;
    }
  }
}

ast::NodeId Parser::parse_spec(Token keyword) {
  switch (keyword) {
    case Token::kImport: return parse_import_spec();
    case Token::kType: return parse_type_spec();
    default: return parse_value_spec(keyword);
  }
}

ast::NodeId Parser::parse_gen_decl(Token keyword) {
  std::uint32_t from = expect(keyword);
  std::size_t specs = tree_.open();
  bool parens = got(Token::kLparen);
  Extent where;
  if (parens) {
    while (tok() != Token::kRparen && tok() != Token::kEof) tree_.push(parse_spec(keyword));
    expect(Token::kRparen);
    where = since(from);
    expect_semi();
  } else {
    NodeId spec = parse_spec(keyword);
    tree_.push(spec);
    where = {from, std::max(from, node(spec).end)};
  }
  return tree_.add(Kind::kGenDecl, where, tree_.close(specs), 0, keyword, parens);
}

ast::NodeId Parser::parse_func_decl() {
  std::uint32_t from = expect(Token::kFunc);
  NodeId recv = tok() == Token::kLparen ? parse_parameters(false) : kNoNode;
  NodeId name = parse_ident();
  NodeId type_params = tok() == Token::kLbrack ? parse_type_parameters() : kNoNode;
  NodeId type = parse_signature(from, type_params), body = kNoNode;
  bool has_body = tok() == Token::kLbrace;
  Extent where = since(from);
  if (tok() == Token::kSemicolon) {
    next();
    if (tok() == Token::kLbrace) {
      error(pos(), "unexpected semicolon or newline before {");
      has_body = true;
    }
  } else if (!has_body) {
    expect_semi();
  }
  if (has_body) {
    body = parse_body();
    where = since(from);
    expect_semi();
  }
  std::uint32_t place = tree_.row(recv, name, type);
  return tree_.add(Kind::kFuncDecl, where, place, std::uint32_t(body), Token::kIllegal, has_body);
}

ast::NodeId Parser::parse_decl(bool (*sync)(Token)) {
  switch (tok()) {
    case Token::kImport:
    case Token::kConst:
    case Token::kVar:
    case Token::kType: return parse_gen_decl(tok());
    case Token::kFunc: return parse_func_decl();
    default: break;
  }
  std::uint32_t at = pos();
  error_expected(at, "declaration");
  advance(sync);
  return bad(Kind::kBadDecl, at);
}

}  // namespace memsnap
