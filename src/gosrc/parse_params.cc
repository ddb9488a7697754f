// Parameter lists of functions and of generic types. Whether `a, b` are names or types is known at the end of
// the list only.
#include "gosrc/parser.h"

namespace memsnap {

ast::NodeId Parser::parse_dots_type() {
  std::uint32_t at = expect(Token::kEllipsis);
  NodeId elt = parse_type();
  return tree_.add(Kind::kEllipsis, since(at), elt);
}

// Behind the name.
Parser::NamedType Parser::parse_named_param(NodeId name, bool type_sets_ok) {
  switch (tok()) {
    case Token::kIdent:
    case Token::kMul:
    case Token::kArrow:
    case Token::kFunc:
    case Token::kChan:
    case Token::kMap:
    case Token::kStruct:
    case Token::kInterface:
    case Token::kLparen: return {name, parse_type()};
    case Token::kLbrack: return parse_array_field_or_type_instance(name);
    case Token::kEllipsis: return {name, parse_dots_type()};
    case Token::kPeriod: return {kNoNode, parse_qualified_ident(name)};
    case Token::kTilde: return {name, type_sets_ok ? embedded_elem(kNoNode) : kNoNode};
    case Token::kOr:
      if (type_sets_ok) return {kNoNode, embedded_elem(name)};
      [[fallthrough]];
    default: return {name, kNoNode};
  }
}

Parser::NamedType Parser::parse_param_decl(NodeId name, bool type_sets_ok) {
  if (!ast::is_there(name) && type_sets_ok && tok() == Token::kTilde)
    return {kNoNode, embedded_elem(kNoNode)};
  NamedType param;
  if (ast::is_there(name) || tok() == Token::kIdent) {
    param = parse_named_param(ast::is_there(name) ? name : parse_ident(), type_sets_ok);
  } else {
    switch (tok()) {
      case Token::kMul:
      case Token::kArrow:
      case Token::kFunc:
      case Token::kLbrack:
      case Token::kChan:
      case Token::kMap:
      case Token::kStruct:
      case Token::kInterface:
      case Token::kLparen: param.type = parse_type(); break;
      case Token::kEllipsis: param.type = parse_dots_type(); break;
      default: error_expected(pos(), "')'"); advance(ends_expr);
    }
  }
  bool open = ast::is_there(param.type) && !is(param.type, Kind::kEllipsis);
  if (type_sets_ok && open && tok() == Token::kOr) param.type = embedded_elem(param.type);
  return param;
}

// Onto params_, up to the closing token. Of `first` the name, or both, were read already.
void Parser::read_parameters(NamedType first, Token closing) {
  bool type_params = closing == Token::kRbrack;
  while (ast::is_there(first.name) || (tok() != closing && tok() != Token::kEof)) {
    NamedType param = first;
    if (!ast::is_there(first.type))
      param = parse_param_decl(first.name, type_params);
    else if (type_params)
      param.type = embedded_elem(first.type);
    first = {};
    if (ast::is_there(param.name) || ast::is_there(param.type)) params_.push_back(param);
    if (!at_comma("parameter list", closing)) return;
    next();
  }
}

// The place of the list of Fields, in front of the closing token.
std::uint32_t Parser::parse_parameter_list(NamedType first, Token closing, bool variadic_ok) {
  std::uint32_t start = ast::is_there(first.name) ? node(first.name).pos : pos();
  std::size_t from = params_.size();
  read_parameters(first, closing);
  std::span<NamedType> params(params_.begin() + std::ptrdiff_t(from), params_.end());
  std::uint32_t fields = 0;
  if (!params.empty()) {
    distribute_types(params, start, closing == Token::kRbrack);
    check_dots(params, variadic_ok);
    fields = param_fields(params);
  }
  params_.resize(from);
  return fields;
}

void Parser::complain_of_missing(std::uint32_t at, bool no_types, bool type_params, std::size_t count) {
  std::string what;
  if (no_types) {
    at = pos();  // of the closing token
    what = type_params ? "missing type constraint" : "missing parameter type";
  } else {
    what = type_params ? "missing type parameter name" : "missing parameter name";
    if (type_params && count == 1) what += " or invalid array length";
  }
  error(at, std::move(what));
}

// Either all parameters have names or none does; `a, b int` gives a the type of b.
void Parser::distribute_types(std::span<NamedType> params, std::uint32_t start, bool type_params) {
  std::size_t named = 0, typed = 0;
  for (const NamedType& p : params) {
    named += ast::is_there(p.name) && ast::is_there(p.type);
    typed += ast::is_there(p.type);
  }
  if (named == 0) {  // what looked like names are types
    for (NamedType& p : params)
      if (ast::is_there(p.name)) p = {kNoNode, p.name};
    if (type_params) complain_of_missing(start, typed == 0, true, params.size());
    return;
  }
  if (named == params.size()) return;
  bool complain = false;
  std::uint32_t at = 0;
  NodeId type = kNoNode;
  for (std::size_t i = params.size(); i-- > 0;) {
    NamedType& p = params[i];
    if (ast::is_there(p.type)) {
      type = p.type;
      if (ast::is_there(p.name)) continue;
      at = node(type).pos;
      p.name = tree_.add(Kind::kIdent, {at, at}, std::uint32_t(kBlank));
      complain = true;
    } else if (ast::is_there(type)) {
      p.type = type;
    } else {
      at = node(p.name).pos;
      p.type = bad(Kind::kBadExpr, at);
      complain = true;
    }
  }
  if (complain) complain_of_missing(at, named == typed, type_params, params.size());
}

void Parser::check_dots(std::span<NamedType> params, bool variadic_ok) {
  bool told = false;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (!is(params[i].type, Kind::kEllipsis) || (variadic_ok && i + 1 == params.size())) continue;
    Extent where{node(params[i].type).pos, node(params[i].type).end};
    if (!told) error(where.pos, variadic_ok ? "can only use ... with final parameter" : "invalid use of ...");
    told = true;
    params[i].type = tree_.add(Kind::kBadExpr, where);
  }
}

std::uint32_t Parser::param_fields(std::span<const NamedType> params) {
  std::size_t fields = tree_.open();
  for (std::size_t i = 0; i < params.size();) {
    const NamedType& first = params[i];
    std::size_t names = tree_.open();
    std::uint32_t from = node(ast::is_there(first.name) ? first.name : first.type).pos;
    if (!ast::is_there(first.name))
      ++i;
    else
      for (; i < params.size() && params[i].type == first.type; ++i) tree_.push(params[i].name);
    NodeId made = field(names, first.type, kNoNode, {from, std::max(from, node(first.type).end)});
    tree_.push(made);
  }
  return tree_.close(fields);
}

// kNoNode, with a complaint, for [].
ast::NodeId Parser::parse_type_parameters() {
  std::uint32_t lbrack = expect(Token::kLbrack), rbrack = 0, fields = 0;
  if (tok() != Token::kRbrack) fields = parse_parameter_list({}, Token::kRbrack, false);
  rbrack = expect(Token::kRbrack);
  if (fields) return tree_.add(Kind::kFieldList, since(lbrack), fields);
  error(rbrack, "empty type parameter list");
  return kNoNode;
}

ast::NodeId Parser::parse_parameters(bool result) {
  std::uint32_t from = pos();
  if (!result || tok() == Token::kLparen) {
    expect(Token::kLparen);
    std::uint32_t fields = tok() == Token::kRparen ? 0 : parse_parameter_list({}, Token::kRparen, !result);
    expect(Token::kRparen);
    return tree_.add(Kind::kFieldList, since(from), fields);
  }
  NodeId type = try_ident_or_type();
  if (!ast::is_there(type)) return kNoNode;
  std::size_t list = tree_.open();
  NodeId made = field(list, type, kNoNode, since(from));
  tree_.push(made);
  return tree_.add(Kind::kFieldList, since(from), tree_.close(list));
}

}  // namespace memsnap
