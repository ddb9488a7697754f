// Composite literals.
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {

using ast::is_there;
using ast::Kind;

void Checker::element(NodeId n, TypeId type) {
  Operand x = expr(n, source().kind(n) == Kind::kCompositeLit ? type : kUnknownType);
  assign(x, type);
}

void Checker::struct_literal(const ast::CompositeLit& lit, TypeId type) {
  TypeId structure = core(type);
  std::span<const Field> fields = t_.fields(structure);
  for (std::size_t i = 0; i < lit.elts.size(); ++i) {
    auto pair = source().as<ast::KeyValueExpr>(lit.elts[i]);
    if (!pair) {
      element(lit.elts[i], i < fields.size() ? fields[i].type : kUnknownType);
      continue;
    }
    NameId name = source().name(pair->key);
    TypeId t = kUnknownType;
    // Also of an embedded struct, since go 1.27.
    TypeId holder = t_.kind(type) == TypeKind::kTypeParam ? structure : type;
    if (Found found = lookup(holder, env_.package, name); found.kind == Found::Kind::kField) {
      record_object(pair->key, found.object);
      t = found.type;
    }
    element(pair->value, t);
  }
}

std::int64_t Checker::element_literals(ast::NodeList elts, TypeId elem) {
  std::int64_t at = 0, length = 0;
  for (NodeId elt : elts) {
    auto pair = source().as<ast::KeyValueExpr>(elt);
    if (pair) {
      Operand key = expr(pair->key);
      if (is_untyped(key.type)) convert_untyped(key, t_.basic(Basic::kInt));
      Value value = converted(key.value, Basic::kUntypedInt, d_.texts);
      bool good = key.mode == Mode::kConstant && value.kind == Value::Kind::kInt && value.integer >= 0 &&
                  value.integer < INT32_MAX;
      at = good ? std::int64_t(value.integer) : INT32_MAX;
    }
    if (env_.facts) element(pair ? pair->value : elt, elem);
    length = std::max(length, ++at);
  }
  return length <= INT32_MAX ? length : -1;
}

void Checker::map_literal(ast::NodeList elts, TypeId key, TypeId elem) {
  for (NodeId elt : elts) {
    auto pair = source().as<ast::KeyValueExpr>(elt);
    if (pair) element(pair->key, key);
    element(pair ? pair->value : elt, elem);
  }
}

Operand Checker::composite(NodeId n, TypeId hint) {
  auto lit = source().get<ast::CompositeLit>(n);
  Operand result{.mode = Mode::kValue};
  TypeId base = hint;
  auto array = source().as<ast::ArrayType>(lit.type);
  if (array && source().kind(array->len) == Kind::kEllipsis) {
    TypeId elem = type_expr(array->elt);
    result.type = t_.array(elem, element_literals(lit.elts, elem));
    record_type(lit.type, result.type);
    return result;
  }
  if (is_there(lit.type)) {
    base = result.type = type_expr(lit.type);
  } else {
    result.type = hint;
    TypeId c = core(hint);
    if (t_.kind(c) == TypeKind::kPointer) base = t_.elem(c);
  }
  if (!env_.facts) return result;  // the type is all that is asked for
  TypeId c = core(base);
  switch (t_.kind(c)) {
    case TypeKind::kStruct: struct_literal(lit, base); break;
    case TypeKind::kArray:
    case TypeKind::kSlice: element_literals(lit.elts, t_.elem(c)); break;
    case TypeKind::kMap: map_literal(lit.elts, t_.key(c), t_.elem(c)); break;
    default:
      for (NodeId elt : lit.elts) {
        auto pair = source().as<ast::KeyValueExpr>(elt);
        if (pair && source().kind(pair->key) != Kind::kIdent) element(pair->key, kUnknownType);
        element(pair ? pair->value : elt, kUnknownType);
      }
  }
  return result;
}

}  // namespace memsnap::types
