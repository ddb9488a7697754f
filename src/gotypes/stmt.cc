// Function bodies.
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {

using ast::is_there;
using ast::Kind;
using ast::Token;

// Parameters are of the same block as the body: `x, err := f()` assigns to a result called err.
void Checker::function_body(NodeId type, NodeId body, TypeId signature) {
  if (!is_there(body) && d_.file(env_.file).bodies) return;
  Scope own(*this);
  auto func = source().get<ast::FuncType>(type);
  declare_params(func.params, t_.params(signature), false, type);
  declare_params(func.results, t_.results(signature), true, type);
  TypeId outer = std::exchange(env_.results, t_.results(signature));
  if (auto list = source().as<ast::BlockStmt>(body))
    for (NodeId n : list->list) stmt(n);
  env_.results = outer;
}

void Checker::declare_params(NodeId fields, TypeId tuple, bool results, NodeId) {
  if (!is_there(fields)) return;
  std::span<const TypeId> types = t_.parts(tuple);
  std::size_t i = 0;
  for (NodeId node : source().get<ast::FieldList>(fields).list) {
    auto field = source().get<ast::Field>(node);
    for (NodeId name : field.names) {
      ObjectId object = new_object(ObjectKind::kVar, name, node, i < types.size() ? types[i] : kUnknownType);
      d_.row(object).object.result = results;
      d_.row(object).object.parameter = !results;
      declare(object);
      ++i;
    }
    if (field.names.empty()) ++i;
  }
}

void Checker::block(ast::NodeList list) {
  Scope own(*this);
  for (NodeId n : list) stmt(n);
}

void Checker::stmt(NodeId n) {
  Deeper level(*this);
  if (!is_there(n) || level.too_deep()) return;
  raw_stmt(n);
}

void Checker::raw_stmt(NodeId n) {
  const SourceFile& file = source();
  switch (file.kind(n)) {
    case Kind::kDeclStmt: return local_decl(file.get<ast::DeclStmt>(n).decl);
    case Kind::kLabeledStmt: return stmt(file.get<ast::LabeledStmt>(n).stmt);
    case Kind::kExprStmt: value(file.get<ast::ExprStmt>(n).x); return;
    case Kind::kSendStmt: {
      auto s = file.get<ast::SendStmt>(n);
      Operand chan = expr(s.chan), x = expr(s.value);
      TypeId c = core(chan.type);
      assign(x, t_.kind(c) == TypeKind::kChan ? t_.elem(c) : kUnknownType);
      return;
    }
    case Kind::kIncDecStmt: expr(file.get<ast::IncDecStmt>(n).x); return;
    case Kind::kAssignStmt: return assign_stmt(n);
    case Kind::kGoStmt: expr(file.get<ast::GoStmt>(n).call); return;
    case Kind::kDeferStmt: expr(file.get<ast::DeferStmt>(n).call); return;
    case Kind::kReturnStmt: return return_stmt(n);
    case Kind::kBlockStmt: return block(file.get<ast::BlockStmt>(n).list);
    case Kind::kIfStmt: return if_stmt(n);
    case Kind::kSwitchStmt: return switch_stmt(n);
    case Kind::kTypeSwitchStmt: return type_switch(n);
    case Kind::kSelectStmt: return select_stmt(n);
    case Kind::kForStmt: return for_stmt(n);
    case Kind::kRangeStmt: return range_stmt(n);
    default: return;
  }
}

void Checker::if_stmt(NodeId n) {
  // else if else if … is a chain that the source makes as long as it likes; what each declares is seen by the
  // rest.
  Scope own(*this);
  for (NodeId at = n; is_there(at);) {
    auto s = source().as<ast::IfStmt>(at);
    if (!s) return stmt(at);
    env_.scope = env_.locals.size();
    simple(s->init);
    value(s->cond);
    stmt(s->body);
    at = s->else_;
  }
}

void Checker::for_stmt(NodeId n) {
  Scope own(*this);
  auto s = source().get<ast::ForStmt>(n);
  simple(s.init);
  if (is_there(s.cond)) value(s.cond);
  simple(s.post);
  stmt(s.body);
}

// ---- Assignments

std::vector<Operand> Checker::values_for(std::size_t count, ast::NodeList rhs,
                                         std::span<const TypeId> targets) {
  std::vector<Operand> values;
  auto fit = [&](Operand x, std::size_t i) {
    if (i < targets.size() && known(targets[i]))
      assign(x, targets[i]);
    else if (is_untyped(x.type) && x.mode != Mode::kNil)
      convert_untyped(x, default_type(x.type));
    values.push_back(x);
  };
  if (rhs.size() != 1 || count == 1) {
    for (std::size_t i = 0; i < rhs.size(); ++i) fit(expr(rhs[i]), i);
    values.resize(std::max(count, values.size()));
    return values;
  }
  Operand x = expr(rhs[0]);
  if (t_.kind(x.type) == TypeKind::kTuple) {
    for (TypeId part : t_.parts(x.type)) values.push_back({.mode = Mode::kValue, .type = part});
  } else if (count == 2 && (x.mode == Mode::kMapIndex || x.mode == Mode::kCommaOk)) {
    values.push_back(x);
    values.push_back({.mode = Mode::kValue, .type = t_.basic(Basic::kBool)});
  }
  values.resize(count);
  return values;
}

void Checker::define(NodeId n, const ast::AssignStmt& s) {
  std::vector<TypeId> targets;
  std::vector<ObjectId> old;
  for (NodeId lhs : s.lhs) {
    NameId name = source().name(lhs);
    ObjectId there = env_.locals.find(name, env_.scope);
    old.push_back(there);
    targets.push_back(types::is_there(there) ? type(there) : kUnknownType);
  }
  std::vector<Operand> values = values_for(s.lhs.size(), s.rhs, targets);
  for (std::size_t i = 0; i < s.lhs.size(); ++i) {
    NodeId lhs = s.lhs[i];
    if (source().kind(lhs) != Kind::kIdent) continue;
    ObjectId object = old[i];
    if (types::is_there(object)) {
      record_object(lhs, object);
    } else {
      TypeId t = values[i].mode == Mode::kNil ? kUnknownType : values[i].type;
      object = new_object(ObjectKind::kVar, lhs, n, t);
      declare(object);
    }
    record(lhs, {.mode = Mode::kVariable, .type = type(object)});
  }
}

void Checker::assign_stmt(NodeId n) {
  auto s = source().get<ast::AssignStmt>(n);
  if (s.tok == Token::kDefine) return define(n, s);
  std::vector<TypeId> targets;
  for (NodeId lhs : s.lhs) targets.push_back(expr(lhs).type);
  if (s.tok == Token::kAssign) {
    values_for(s.lhs.size(), s.rhs, targets);
    return;
  }
  for (NodeId rhs : s.rhs) {
    Operand y = expr(rhs);
    bool shift = s.tok == Token::kShlAssign || s.tok == Token::kShrAssign;
    assign(y, shift ? t_.basic(Basic::kUint) : targets[0]);
  }
}

void Checker::return_stmt(NodeId n) {
  auto s = source().get<ast::ReturnStmt>(n);
  if (s.results.empty()) return;
  std::span<const TypeId> targets = t_.parts(env_.results);
  values_for(s.results.size() == 1 ? std::max<std::size_t>(1, targets.size()) : s.results.size(), s.results,
             targets);
}

// ---- Switches and select

void Checker::switch_stmt(NodeId n) {
  Scope own(*this);
  auto s = source().get<ast::SwitchStmt>(n);
  simple(s.init);
  Operand tag = is_there(s.tag) ? value(s.tag) : Operand{};
  auto body = source().as<ast::BlockStmt>(s.body);
  if (!body) return;
  for (NodeId node : body->list) {
    auto clause = source().as<ast::CaseClause>(node);
    if (!clause) continue;
    for (NodeId e : clause->list) {
      Operand x = expr(e);
      assign(x, is_there(s.tag) ? tag.type : t_.basic(Basic::kBool));
    }
    block(clause->body);
  }
}

void Checker::type_clause(NodeId node, NodeId variable, TypeId whole) {
  auto clause = source().get<ast::CaseClause>(node);
  TypeId t = whole;
  for (NodeId e : clause.list) {
    bool nil = source().kind(e) == Kind::kIdent &&
               d_.row(lookup_name(source().name(e))).object.kind == ObjectKind::kNil;
    if (nil) expr(e);
    TypeId one = nil ? whole : type_expr(e);
    if (clause.list.size() == 1) t = one;
  }
  Scope own(*this);
  if (is_there(variable)) {
    ObjectId object = new_object(ObjectKind::kVar, variable, node, t);
    record_object(node, object);
    env_.locals.push(source().name(variable), object);
  }
  for (NodeId n : clause.body) stmt(n);
}

void Checker::type_switch(NodeId n) {
  Scope own(*this);
  auto s = source().get<ast::TypeSwitchStmt>(n);
  simple(s.init);
  NodeId variable = ast::kNoNode, x = ast::kNoNode;
  if (auto define = source().as<ast::AssignStmt>(s.assign);
      define && !define->lhs.empty() && !define->rhs.empty()) {
    variable = define->lhs[0];
    x = define->rhs[0];
  } else if (auto plain = source().as<ast::ExprStmt>(s.assign)) {
    x = plain->x;
  }
  auto assertion = source().as<ast::TypeAssertExpr>(x);
  TypeId whole = assertion ? expr(assertion->x).type : kUnknownType;
  auto body = source().as<ast::BlockStmt>(s.body);
  if (!body) return;
  for (NodeId node : body->list)
    if (source().kind(node) == Kind::kCaseClause) type_clause(node, variable, whole);
}

void Checker::select_stmt(NodeId n) {
  auto body = source().as<ast::BlockStmt>(source().get<ast::SelectStmt>(n).body);
  if (!body) return;
  for (NodeId node : body->list) {
    auto clause = source().as<ast::CommClause>(node);
    if (!clause) continue;
    Scope own(*this);
    simple(clause->comm);
    for (NodeId s : clause->body) stmt(s);
  }
}

// ---- Range

std::pair<TypeId, TypeId> Checker::range_types(TypeId x) {
  TypeId c = core(x), number = t_.basic(Basic::kInt);
  switch (t_.kind(c)) {
    case TypeKind::kBasic:
      if (is_text(c)) return {number, t_.basic(Basic::kInt32)};
      return {is_integer(x) ? x : kUnknownType, kUnknownType};
    case TypeKind::kSlice:
    case TypeKind::kArray: return {number, t_.elem(c)};
    case TypeKind::kMap: return {t_.key(c), t_.elem(c)};
    case TypeKind::kChan: return {t_.elem(c), kUnknownType};
    case TypeKind::kPointer: {
      TypeId array = underlying(t_.elem(c));
      if (t_.kind(array) == TypeKind::kArray) return {number, t_.elem(array)};
      return {};
    }
    case TypeKind::kSignature: {  // func(yield func(K, V) bool)
      std::span<const TypeId> params = t_.parts(t_.params(c));
      TypeId yield = params.size() == 1 ? core(params[0]) : kUnknownType;
      std::span<const TypeId> given = t_.parts(t_.params(yield));
      return {given.size() > 0 ? given[0] : kUnknownType, given.size() > 1 ? given[1] : kUnknownType};
    }
    default: return {};
  }
}

void Checker::range_variable(NodeId n, NodeId owner, TypeId type, bool define) {
  if (!is_there(n)) return;
  if (!define || source().kind(n) != Kind::kIdent) {
    if (source().name(n) != kBlank) expr(n);
    return;
  }
  ObjectId object = new_object(ObjectKind::kVar, n, owner, type);
  declare(object);
  record(n, {.mode = Mode::kVariable, .type = type});
}

void Checker::range_stmt(NodeId n) {
  Scope own(*this);
  auto s = source().get<ast::RangeStmt>(n);
  bool define = s.tok == Token::kDefine;
  Operand x = expr(s.x);
  if (is_untyped(x.type) && !is_text(x.type)) {
    // for i = range 10 takes the type of i.
    TypeId t = default_type(x.type);
    if (s.tok == Token::kAssign && is_integer(x.type) && is_there(s.key) && source().name(s.key) != kBlank)
      t = expr(s.key).type;
    convert_untyped(x, t);
  } else if (!t_.type_params(x.type).empty()) {
    x.type = kUnknownType;
  }
  auto [key, elem] = range_types(x.type);
  range_variable(s.key, n, key, define);
  range_variable(s.value, n, elem, define);
  stmt(s.body);
}

// ---- Declarations in functions

void Checker::local_decl(NodeId decl) {
  auto group = source().as<ast::GenDecl>(decl);
  if (!group) return;
  NodeId type = ast::kNoNode;
  ast::NodeList values;
  for (std::uint32_t iota = 0; NodeId spec : group->specs) {
    if (source().kind(spec) == Kind::kTypeSpec) local_type(spec);
    auto value_spec = source().as<ast::ValueSpec>(spec);
    if (!value_spec) continue;
    if (group->tok != Token::kConst) {
      local_vars(spec);
      continue;
    }
    if (is_there(value_spec->type) || !value_spec->values.empty())
      type = value_spec->type, values = value_spec->values;
    local_const(spec, type, values, iota++);
  }
}

void Checker::local_const(NodeId spec, NodeId type, ast::NodeList values, std::uint32_t iota) {
  auto names = source().get<ast::ValueSpec>(spec).names;
  std::int64_t outer = std::exchange(env_.iota, std::int64_t(iota));
  TypeId t = is_there(type) ? type_expr(type) : kUnknownType;
  std::vector<ObjectId> objects;
  for (std::size_t i = 0; i < names.size(); ++i) {
    Operand x = i < values.size() ? expr(values[i]) : Operand{};
    if (is_there(type)) convert_untyped(x, t);
    ObjectId object = new_object(ObjectKind::kConst, names[i], spec, is_there(type) ? t : x.type);
    ConstInfo info;
    if (x.mode == Mode::kConstant) info.known = x.value;
    d_.row(object).extra = std::uint32_t(d_.constants.size());
    d_.constants.push_back(info);
    objects.push_back(object);
  }
  for (ObjectId object : objects) declare(object);
  env_.iota = outer;
}

void Checker::local_vars(NodeId spec) {
  auto var = source().get<ast::ValueSpec>(spec);
  TypeId t = is_there(var.type) ? type_expr(var.type) : kUnknownType;
  std::vector<TypeId> targets(var.names.size(), t);
  std::vector<Operand> values;
  if (!var.values.empty()) values = values_for(var.names.size(), var.values, targets);
  for (std::size_t i = 0; i < var.names.size(); ++i) {
    TypeId own = is_there(var.type) || i >= values.size() ? t : values[i].type;
    ObjectId object = new_object(ObjectKind::kVar, var.names[i], spec, own);
    declare(object);
  }
}

void Checker::local_type(NodeId spec) {
  auto type = source().get<ast::TypeSpec>(spec);
  ObjectId object = new_object(ObjectKind::kTypeName, type.name, spec, kUnknownType);
  std::uint32_t place = std::uint32_t(d_.type_infos.size());
  TypeInfo& info = d_.type_infos.emplace_back();
  info.local = true;
  info.params_state = State::kDone;
  ObjectRow& row = d_.row(object);
  row.extra = place;
  row.object.alias = type.alias;
  if (type.alias) {
    row.type = type_expr(type.type);
    declare(object);
    return;
  }
  row.type = t_.named(object);
  declare(object);
  Scope own(*this);
  if (is_there(type.type_params)) declare_type_params(type.type_params, info.params);
  TypeId t = type_expr(type.type);
  info.underlying = t_.kind(t) == TypeKind::kTypeParam ? kUnknownType : underlying(t);
}

}  // namespace memsnap::types
