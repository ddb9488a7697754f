// Untyped constants, nil, and untyped results of comparisons and shifts, where their context gives them a
// type.
#include "gotypes/checker.h"

namespace memsnap::types {

using ast::Kind;
using ast::Token;

// Writes the type into the expression's tree: into its operands too where they took their type from it.
void Checker::update_untyped(NodeId n, TypeId type) {
  if (!env_.facts) return;
  Facts& facts = *env_.facts;
  std::vector<NodeId> open{n};
  while (!open.empty()) {
    NodeId node = open.back();
    open.pop_back();
    std::uint32_t& word = facts.types[std::size_t(node)];
    if (!is_untyped(TypeId{word & Facts::kTypeMask})) continue;
    bool constant = (word & Facts::kConstBit) != 0;
    word = std::uint32_t(type) | (word & Facts::kConstBit);
    if (auto paren = source().as<ast::ParenExpr>(node)) open.push_back(paren->x);
    if (constant) continue;  // what a constant is made of never gets a type
    if (auto unary = source().as<ast::UnaryExpr>(node); unary && unary->op != Token::kArrow)
      open.push_back(unary->x);
    auto binary = source().as<ast::BinaryExpr>(node);
    if (!binary || ast::precedence(binary->op) == 3) continue;
    open.push_back(binary->x);
    if (binary->op != Token::kShl && binary->op != Token::kShr) open.push_back(binary->y);
  }
}

void Checker::convert_untyped(Operand& x, TypeId target) {
  if (!is_untyped(x.type) || !known(target)) {
    if (is_untyped(x.type) && x.mode != Mode::kNil)
      target = default_type(x.type);
    else
      return;
  }
  if (is_untyped(target)) {
    // Both untyped: the larger kind of number.
    if (x.mode != Mode::kNil && target > x.type) x.type = target;
    return;
  }
  TypeId final = target;
  if (t_.kind(target) != TypeKind::kTypeParam && t_.kind(underlying(target)) == TypeKind::kInterface &&
      x.mode != Mode::kNil)
    final = default_type(x.type);
  if (x.mode == Mode::kConstant) {
    Basic basic = t_.basic(underlying(final));
    if (basic != Basic::kNotBasic) x.value = converted(x.value, basic, d_.texts);
  }
  update_untyped(x.node, final);
  x.type = final;
  if (x.mode == Mode::kNil) x.mode = Mode::kValue;
}

void Checker::assign(Operand& x, TypeId target) {
  if (is_untyped(x.type)) {
    convert_untyped(x, known(target) ? target : default_type(x.type));
  } else if (!t_.type_params(x.type).empty() && known(target)) {
    infer_argument(x, target);
  }
}

}  // namespace memsnap::types
