// Expressions.
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {

using ast::is_there;
using ast::Kind;
using ast::Token;

void Checker::record(NodeId n, const Operand& x) {
  if (!env_.facts) return;
  std::uint32_t word = std::uint32_t(x.type);
  if (x.mode == Mode::kType) word |= Facts::kTypeBit;
  if (x.mode == Mode::kConstant) {
    word |= Facts::kConstBit;
    if (x.value.known() && source().kind(n) != Kind::kIdent) {
      env_.facts->values.push_back(x.value);
      env_.facts->slots[std::size_t(n)] = std::uint32_t(env_.facts->values.size());
    }
  }
  env_.facts->types[std::size_t(n)] = word;
}

Operand Checker::expr(NodeId n, TypeId hint) {
  if (!is_there(n)) return {};
  Deeper level(*this);
  if (level.too_deep()) return {};
  Operand x = raw_expr(n, hint);
  x.node = n;
  record(n, x);
  return x;
}

Operand Checker::value(NodeId n, TypeId hint) {
  Operand x = expr(n, hint);
  if (is_untyped(x.type)) convert_untyped(x, default_type(x.type));
  return x;
}

Operand Checker::raw_expr(NodeId n, TypeId hint) {
  const SourceFile& file = source();
  switch (file.kind(n)) {
    case Kind::kIdent: return ident(n);
    case Kind::kBasicLit: return literal(n);
    case Kind::kFuncLit: return func_lit(n);
    case Kind::kCompositeLit: return composite(n, hint);
    case Kind::kParenExpr: return expr(file.get<ast::ParenExpr>(n).x, hint);
    case Kind::kSelectorExpr: return selector(n);
    case Kind::kIndexExpr: {
      auto i = file.get<ast::IndexExpr>(n);
      return index(n, i.x, {&i.index, 1});
    }
    case Kind::kIndexListExpr: {
      auto i = file.get<ast::IndexListExpr>(n);
      return index(n, i.x, i.indices);
    }
    case Kind::kSliceExpr: return slice(n);
    case Kind::kTypeAssertExpr: return type_assert(n);
    case Kind::kCallExpr: return call(n, hint);
    case Kind::kStarExpr: return star(n);
    case Kind::kUnaryExpr: return unary(n, hint);
    case Kind::kBinaryExpr: return binary(n);
    case Kind::kArrayType:
    case Kind::kStructType:
    case Kind::kFuncType:
    case Kind::kInterfaceType:
    case Kind::kMapType:
    case Kind::kChanType: return {.mode = Mode::kType, .type = raw_type(n)};
    case Kind::kKeyValueExpr: expr(file.get<ast::KeyValueExpr>(n).value); return {};
    default: return {};
  }
}

// ---- Names

Operand Checker::ident(NodeId n) {
  NameId name = source().name(n);
  if (name == kBlank) return {};
  ObjectId object = lookup_name(name);
  record_object(n, object);
  return use_object(n, object);
}

Operand Checker::use_object(NodeId, ObjectId object) {
  const ObjectRow& row = d_.row(object);
  switch (row.object.kind) {
    case ObjectKind::kConst: {
      TypeId t = type(object);
      Value value = d_.constants[row.extra].known;
      if (object == d_.iota && env_.iota >= 0) value = Value::of(Int128(env_.iota));
      return {.mode = Mode::kConstant, .type = t, .value = value};
    }
    case ObjectKind::kTypeName: return {.mode = Mode::kType, .type = type(object)};
    case ObjectKind::kVar:
    case ObjectKind::kField: return {.mode = Mode::kVariable, .type = type(object)};
    case ObjectKind::kFunc: return {.mode = Mode::kValue, .type = type(object), .object = object};
    case ObjectKind::kBuiltin: return {.mode = Mode::kBuiltin, .type = kUnknownType, .object = object};
    case ObjectKind::kNil: return {.mode = Mode::kNil, .type = row.type};
    default: return {.mode = Mode::kInvalid};
  }
}

Operand Checker::literal(NodeId n) {
  auto lit = source().get<ast::BasicLit>(n);
  Basic basic = lit.kind == Token::kInt     ? Basic::kUntypedInt
                : lit.kind == Token::kFloat ? Basic::kUntypedFloat
                : lit.kind == Token::kImag  ? Basic::kUntypedComplex
                : lit.kind == Token::kChar  ? Basic::kUntypedRune
                                            : Basic::kUntypedString;
  return {.mode = Mode::kConstant,
          .type = t_.basic(basic),
          .value = literal_value(lit.kind, lit.value, d_.texts)};
}

Operand Checker::func_lit(NodeId n) {
  auto lit = source().get<ast::FuncLit>(n);
  TypeId signature = type_expr(lit.type);
  if (env_.facts) function_body(lit.type, lit.body, signature);
  return {.mode = Mode::kValue, .type = signature};
}

// ---- Selectors

Operand Checker::package_member(NodeId, const ast::SelectorExpr& s, ObjectId pkg_name) {
  record_object(s.x, pkg_name);
  PackageId package = imported(pkg_name);
  ObjectId object = package == kNoPackage ? kNoObject : d_.package(package).scope.find(source().name(s.sel));
  if (!types::is_there(object)) return {.mode = Mode::kValue};
  record_object(s.sel, object);
  Operand x = use_object(s.sel, object);
  record(s.sel, x);
  return x;
}

Operand Checker::method_expr(const ast::SelectorExpr& s, TypeId receiver) {
  Found found = lookup(receiver, env_.package, source().name(s.sel));
  if (found.kind != Found::Kind::kMethod) return {.mode = Mode::kValue};
  record_object(s.sel, found.object);
  if (t_.kind(found.type) != TypeKind::kSignature) return {.mode = Mode::kValue};
  std::span<const TypeId> params = t_.parts(t_.params(found.type));
  std::vector<TypeId> with{receiver};
  with.insert(with.end(), params.begin(), params.end());
  TypeId t = t_.signature(t_.tuple(with), t_.results(found.type), t_.variadic(found.type),
                          t_.type_params(found.type));
  return {.mode = Mode::kValue, .type = t};
}

Operand Checker::selector(NodeId n) {
  auto s = source().get<ast::SelectorExpr>(n);
  if (source().kind(s.x) == Kind::kIdent) {
    ObjectId object = lookup_name(source().name(s.x));
    if (d_.row(object).object.kind == ObjectKind::kPkgName) return package_member(n, s, object);
  }
  Operand x = expr(s.x);
  if (x.mode == Mode::kType) return method_expr(s, x.type);
  if (is_untyped(x.type)) convert_untyped(x, default_type(x.type));
  Found found = lookup(x.type, env_.package, source().name(s.sel));
  if (found.kind == Found::Kind::kNone) return {.mode = Mode::kVariable};
  record_object(s.sel, found.object);
  Operand result{.mode = Mode::kValue, .type = found.type};
  bool addressable = x.mode == Mode::kVariable || found.indirect;
  if (found.kind == Found::Kind::kField && addressable) result.mode = Mode::kVariable;
  record(s.sel, result);
  return result;
}

// ---- Index, slice, assertion, dereference

Operand Checker::index(NodeId n, NodeId xn, ast::NodeList indices) {
  Operand x = expr(xn);
  if (x.mode == Mode::kType) return {.mode = Mode::kType, .type = instance_type(n, xn, indices)};
  std::span<const TypeId> params = t_.type_params(x.type);
  if (!params.empty()) {
    std::vector<TypeId> list = type_list(indices);
    // The call or the assignment that this is part of finds the rest.
    if (list.size() != params.size()) return x;
    TypeId t = instantiate_signature(x.type, list);
    record_instance(xn, list);
    return {.mode = Mode::kValue, .type = t};
  }
  if (indices.size() != 1) return {.mode = Mode::kVariable};
  return index_value(x, indices[0]);
}

void Checker::index_expr(NodeId n) {
  if (!is_there(n)) return;
  Operand x = expr(n);
  if (is_untyped(x.type)) convert_untyped(x, t_.basic(Basic::kInt));
}

Operand Checker::index_value(Operand x, NodeId index) {
  TypeId c = core(x.type);
  switch (t_.kind(c)) {
    case TypeKind::kMap: {
      Operand key = expr(index);
      assign(key, t_.key(c));
      return {.mode = Mode::kMapIndex, .type = t_.elem(c)};
    }
    case TypeKind::kBasic:
      index_expr(index);
      if (!is_text(c)) return {.mode = Mode::kVariable};
      return {.mode = Mode::kValue, .type = t_.basic(Basic::kUint8)};
    case TypeKind::kSlice: index_expr(index); return {.mode = Mode::kVariable, .type = t_.elem(c)};
    case TypeKind::kArray:
      index_expr(index);
      return {.mode = x.mode == Mode::kVariable ? Mode::kVariable : Mode::kValue, .type = t_.elem(c)};
    case TypeKind::kPointer: {
      index_expr(index);
      TypeId array = underlying(t_.elem(c));
      return {.mode = Mode::kVariable,
              .type = t_.kind(array) == TypeKind::kArray ? t_.elem(array) : kUnknownType};
    }
    default: value(index); return index_param(x);
  }
}

// Of a type parameter without a core type: []byte | string, []T | [4]T.
Operand Checker::index_param(Operand x) {
  Operand result{.mode = Mode::kVariable};
  if (t_.kind(x.type) != TypeKind::kTypeParam) return result;
  const TypeSet set = type_set(constraint(x.type));
  for (std::size_t i = 0; i < set.terms.size(); ++i) {
    TypeId under = underlying(set.terms[i].type), elem = t_.elem(under);
    if (t_.kind(under) == TypeKind::kPointer) elem = t_.elem(underlying(elem));
    if (t_.kind(under) == TypeKind::kBasic) elem = t_.basic(Basic::kUint8), result.mode = Mode::kValue;
    if (i > 0 && !identical(elem, result.type)) return {.mode = Mode::kVariable};
    result.type = elem;
  }
  return result;
}

Operand Checker::slice(NodeId n) {
  auto s = source().get<ast::SliceExpr>(n);
  Operand x = expr(s.x);
  for (NodeId bound : {s.low, s.high, s.max}) index_expr(bound);
  TypeId c = core(x.type);
  Operand result{.mode = Mode::kValue};
  switch (t_.kind(c)) {
    case TypeKind::kBasic: result.type = is_text(c) ? default_type(x.type) : kUnknownType; break;
    case TypeKind::kSlice: result.type = x.type; break;
    case TypeKind::kArray: result.type = t_.slice(t_.elem(c)); break;
    case TypeKind::kPointer: {
      TypeId array = underlying(t_.elem(c));
      if (t_.kind(array) == TypeKind::kArray) result.type = t_.slice(t_.elem(array));
      break;
    }
    // []byte | string
    default: result.type = t_.kind(x.type) == TypeKind::kTypeParam ? x.type : kUnknownType;
  }
  return result;
}

Operand Checker::type_assert(NodeId n) {
  auto a = source().get<ast::TypeAssertExpr>(n);
  expr(a.x);
  if (!is_there(a.type)) return {};
  return {.mode = Mode::kCommaOk, .type = type_expr(a.type)};
}

Operand Checker::star(NodeId n) {
  Operand x = expr(source().get<ast::StarExpr>(n).x);
  if (x.mode == Mode::kType) return {.mode = Mode::kType, .type = t_.pointer(x.type)};
  TypeId c = core(x.type);
  return {.mode = Mode::kVariable, .type = t_.kind(c) == TypeKind::kPointer ? t_.elem(c) : kUnknownType};
}

// ---- Operators

Operand Checker::unary(NodeId n, TypeId) {
  auto u = source().get<ast::UnaryExpr>(n);
  Operand x = expr(u.x);
  if (u.op == Token::kAnd) {
    if (!known(x.type)) return {.mode = Mode::kValue};
    return {.mode = Mode::kValue, .type = t_.pointer(x.type)};
  }
  if (u.op == Token::kArrow) {
    TypeId c = core(x.type);
    return {.mode = Mode::kCommaOk, .type = t_.kind(c) == TypeKind::kChan ? t_.elem(c) : kUnknownType};
  }
  if (u.op == Token::kTilde) return {};
  Operand result{.mode = Mode::kValue, .type = x.type};
  if (x.mode == Mode::kConstant) {
    result.mode = Mode::kConstant;
    TypeId under = underlying(x.type);
    int bits = t_.basic(under) == Basic::kUint8    ? 8
               : t_.basic(under) == Basic::kUint16 ? 16
               : t_.basic(under) == Basic::kUint32 ? 32
                                                   : 64;
    result.value = unary_value(u.op, x.value, is_unsigned(x.type), bits);
  }
  return result;
}

// The left spine of a + b + c is as long as the source likes, so it is a loop.
Operand Checker::binary(NodeId n) {
  std::vector<NodeId> spine;
  NodeId left = n;
  for (; source().kind(left) == Kind::kBinaryExpr; left = source().get<ast::BinaryExpr>(left).x)
    spine.push_back(left);
  Operand x = expr(left);
  for (auto node = spine.rbegin(); node != spine.rend(); ++node) {
    x = binary_step(*node, x);
    x.node = *node;
    if (*node != n) record(*node, x);
  }
  return x;
}

void Checker::match_types(Operand& x, Operand& y) {
  bool a = is_untyped(x.type), b = is_untyped(y.type);
  if (a && b) {
    auto numeric = [&](const Operand& o) {
      return t_.basic(o.type) >= Basic::kUntypedInt && t_.basic(o.type) <= Basic::kUntypedComplex;
    };
    if (numeric(x) && numeric(y)) x.type = y.type = std::max(x.type, y.type);
  } else if (a) {
    convert_untyped(x, known(y.type) ? y.type : default_type(x.type));
  } else if (b) {
    convert_untyped(y, known(x.type) ? x.type : default_type(y.type));
  }
}

Operand Checker::comparison(NodeId, Token op, Operand x, Operand y) {
  Operand result{.mode = Mode::kValue, .type = t_.basic(Basic::kUntypedBool)};
  if (x.mode == Mode::kConstant && y.mode == Mode::kConstant) {
    result.mode = Mode::kConstant;
    result.value = binary_value(op, x.value, y.value, true, d_.texts);
    return result;
  }
  if (is_untyped(x.type) && x.mode != Mode::kNil) convert_untyped(x, default_type(x.type));
  if (is_untyped(y.type) && y.mode != Mode::kNil) convert_untyped(y, default_type(y.type));
  return result;
}

Operand Checker::shift(NodeId, Token op, Operand x, Operand y) {
  if (is_untyped(y.type)) convert_untyped(y, t_.basic(Basic::kUint));
  Operand result{.mode = Mode::kValue, .type = x.type};
  if (x.mode != Mode::kConstant) return result;
  Value whole = converted(x.value, Basic::kUntypedInt, d_.texts);
  if (y.mode == Mode::kConstant) {
    result.mode = Mode::kConstant;
    result.value = binary_value(op, whole, converted(y.value, Basic::kUntypedInt, d_.texts), true, d_.texts);
    if (is_untyped(x.type) && !is_integer(x.type)) result.type = t_.basic(Basic::kUntypedInt);
  }
  return result;  // an untyped constant shifted by a variable: its context gives the type
}

Operand Checker::binary_step(NodeId n, Operand x) {
  auto b = source().get<ast::BinaryExpr>(n);
  Operand y = expr(b.y);
  if (b.op == Token::kShl || b.op == Token::kShr) return shift(n, b.op, x, y);
  match_types(x, y);
  if (ast::precedence(b.op) == 3) return comparison(n, b.op, x, y);
  // Both operands of a correct program have one type, so one that is known says what the other's is.
  Operand result{.mode = Mode::kValue, .type = known(x.type) ? x.type : y.type};
  if (x.mode == Mode::kConstant && y.mode == Mode::kConstant) {
    result.mode = Mode::kConstant;
    result.value = binary_value(b.op, x.value, y.value, is_integer(result.type), d_.texts);
    if (!is_untyped(result.type))
      result.value = converted(result.value, t_.basic(underlying(result.type)), d_.texts);
  }
  return result;
}

}  // namespace memsnap::types
