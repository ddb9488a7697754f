// What declarations declare: when somebody asks (resolve), and once more with everything recorded (check).
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {

using ast::is_there;
using ast::Kind;

// ---- New objects

ObjectId Checker::new_object(ObjectKind kind, NodeId ident, NodeId decl, TypeId type) {
  Object object{.kind = kind};
  object.name = source().name(ident);
  object.exported = is_exported(d_.names.text(object.name));
  object.package = env_.package;
  object.file = env_.file;
  object.ident = ident;
  object.decl = decl;
  return d_.add_object(object, type, 0, State::kDone);
}

void Checker::declare(ObjectId object) {
  const Object& o = d_.row(object).object;
  record_object(o.ident, object);
  if (o.name != kBlank && o.name != kNoName) env_.locals.push(o.name, object);
}

TypeId Checker::new_type_param(NodeId ident, NodeId decl) {
  ObjectId object = new_object(ObjectKind::kTypeName, ident, decl, kUnknownType);
  d_.type_infos.emplace_back().params_state = State::kDone;
  ObjectRow& row = d_.row(object);
  row.extra = std::uint32_t(d_.type_infos.size() - 1);
  return row.type = t_.type_param(object);
}

// Fills `params`, or declares again those that are there. Constraints may speak of all of them.
void Checker::declare_type_params(NodeId fields, std::vector<TypeId>& params) {
  bool fresh = params.empty();
  std::size_t i = 0;
  ast::NodeList list = source().get<ast::FieldList>(fields).list;
  for (NodeId node : list)
    for (NodeId name : source().get<ast::Field>(node).names) {
      if (fresh) params.push_back(new_type_param(name, node));
      if (i < params.size()) declare(t_.object(params[i++]));
    }
  i = 0;
  for (NodeId node : list) {
    auto field = source().get<ast::Field>(node);
    TypeId bound = type_expr(field.type);
    for (std::size_t k = 0; k < field.names.size() && i < params.size(); ++k, ++i)
      if (fresh) d_.type_infos[d_.row(t_.object(params[i])).extra].underlying = bound;
  }
}

std::span<const TypeId> Checker::type_params_of(ObjectId type_name) {
  const ObjectRow& row = d_.row(type_name);
  if (row.object.kind != ObjectKind::kTypeName || row.extra == 0) return {};
  TypeInfo& info = d_.type_infos[row.extra];
  if (info.params_state == State::kOpen && row.object.package_level) {
    info.params_state = State::kBusy;
    Enter file(*this, row.object.file);
    auto spec = source().get<ast::TypeSpec>(row.object.decl);
    // They count while the constraints are read: one may speak of the type itself.
    if (is_there(spec.type_params)) declare_type_params(spec.type_params, info.params);
    info.params_state = State::kDone;
  }
  return info.params;
}

// ---- Resolving

void Checker::resolve(ObjectId object) {
  if (d_.row(object).state != State::kOpen) return;
  Deeper level(*this);
  if (level.too_deep() || d_.row(object).object.file == kNoFile) return;
  d_.row(object).state = State::kBusy;
  Enter file(*this, d_.row(object).object.file);
  resolve_in_env(object);
  d_.row(object).state = State::kDone;
}

void Checker::resolve_in_env(ObjectId object) {
  const ObjectRow& row = d_.row(object);
  switch (row.object.kind) {
    case ObjectKind::kConst: return resolve_const(object);
    case ObjectKind::kVar: return resolve_var(object);
    case ObjectKind::kFunc: return resolve_func(object);
    case ObjectKind::kTypeName: {
      if (!row.object.alias) return;
      NodeId decl = row.object.decl;
      for (TypeId param : type_params_of(object)) declare(t_.object(param));
      TypeId type = type_expr(source().get<ast::TypeSpec>(decl).type);
      d_.row(object).type = type;
      return;
    }
    default: return;
  }
}

TypeId Checker::resolve_named(ObjectId object) {
  const ObjectRow& row = d_.row(object);
  if (row.extra == 0) return kUnknownType;
  TypeInfo& info = d_.type_infos[row.extra];
  if (info.local || info.state == State::kDone || row.object.file == kNoFile) return info.underlying;
  Deeper level(*this);
  if (level.too_deep()) return kUnknownType;
  NodeId decl = row.object.decl;
  std::span<const TypeId> params = type_params_of(object);
  Enter file(*this, row.object.file);
  for (TypeId param : params) declare(t_.object(param));
  TypeId type = type_expr(source().get<ast::TypeSpec>(decl).type);
  info.underlying = t_.kind(type) == TypeKind::kTypeParam ? kUnknownType : underlying(type);
  info.state = State::kDone;
  return info.underlying;
}

void Checker::resolve_const(ObjectId object) {
  ObjectRow row = d_.row(object);
  ConstInfo info = d_.constants[row.extra];
  env_.iota = info.iota;
  TypeId type = is_there(info.type) ? type_expr(info.type) : kUnknownType;
  Operand x = expr(info.value);
  if (is_there(info.type))
    convert_untyped(x, type);
  else
    type = x.type;
  d_.row(object).type = type;
  if (x.mode == Mode::kConstant) d_.constants[row.extra].known = x.value;
}

void Checker::resolve_var(ObjectId object) {
  Object o = d_.row(object).object;
  auto spec = source().get<ast::ValueSpec>(o.decl);
  if (is_there(spec.type)) {
    TypeId type = type_expr(spec.type);
    d_.row(object).type = type;
    return;
  }
  std::size_t i = std::size_t(std::ranges::find(spec.names, o.ident) - spec.names.begin());
  std::vector<TypeId> none(spec.names.size());
  if (spec.values.size() == spec.names.size()) {
    Operand x = value(spec.values[i]);
    d_.row(object).type = x.type;
    return;
  }
  std::vector<Operand> values = values_for(spec.names.size(), spec.values, none);
  for (std::size_t k = 0; k < spec.names.size() && k < values.size(); ++k) {
    ObjectId other = spec.names[k] == o.ident ? object : object_at(spec.names[k]);
    if (types::is_there(other) && d_.row(other).state != State::kDone) d_.row(other).type = values[k].type;
  }
}

void Checker::declare_receiver_params(NodeId type, FuncInfo& info) {
  for (bool more = true; more;) {
    if (auto star = source().as<ast::StarExpr>(type))
      type = star->x;
    else if (auto paren = source().as<ast::ParenExpr>(type))
      type = paren->x;
    else
      more = false;
  }
  std::vector<NodeId> names;
  if (auto one = source().as<ast::IndexExpr>(type)) names = {one->index};
  if (auto list = source().as<ast::IndexListExpr>(type))
    names.assign(list->indices.begin(), list->indices.end());
  bool fresh = info.receiver_params.empty();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (source().kind(names[i]) != Kind::kIdent) return;
    if (fresh) info.receiver_params.push_back(new_type_param(names[i], names[i]));
    declare(t_.object(info.receiver_params[i]));
  }
  if (!fresh) return;
  std::span<const TypeId> declared = type_params_of(info.base);
  if (declared.size() != names.size()) return;
  for (std::size_t i = 0; i < names.size(); ++i) {
    TypeId bound = d_.type_infos[d_.row(t_.object(declared[i])).extra].underlying;
    bound = subst(bound, {declared, info.receiver_params});
    d_.type_infos[d_.row(t_.object(info.receiver_params[i])).extra].underlying = bound;
  }
}

void Checker::resolve_func(ObjectId object) {
  ObjectRow row = d_.row(object);
  auto func = source().as<ast::FuncDecl>(row.object.decl);
  if (!func) return;
  if (is_there(func->recv) && row.extra != 0) {
    ast::NodeList fields = source().get<ast::FieldList>(func->recv).list;
    FuncInfo& info = d_.func_infos[row.extra];
    if (!fields.empty()) {
      NodeId type = source().get<ast::Field>(fields[0]).type;
      declare_receiver_params(type, info);
      info.receiver = receiver_type(type, info);
    }
  }
  std::vector<TypeId> type_params;
  TypeId type = func_type(func->type, &type_params);
  d_.row(object).type = type;
}

// *T[A, B] with the A and B that this receiver declares, `_` among them, which no scope knows.
TypeId Checker::receiver_type(NodeId type, const FuncInfo& info) {
  if (info.receiver_params.empty()) return type_expr(type);
  bool pointer = false;
  for (NodeId n = type;;) {
    if (auto star = source().as<ast::StarExpr>(n)) {
      n = star->x;
      pointer = true;
    } else if (auto paren = source().as<ast::ParenExpr>(n)) {
      n = paren->x;
    } else {
      break;
    }
  }
  TypeId named = instantiate(info.base, info.receiver_params);
  return pointer ? t_.pointer(named) : named;
}

// ---- Checking

// The object of package level, or the method, that is declared at that Ident of this file.
ObjectId Checker::object_at(NodeId ident) const {
  const std::vector<ObjectId>& objects = d_.packages[std::size_t(env_.package)].objects;
  auto place = [&](ObjectId id) { return std::pair(d_.row(id).object.file, d_.row(id).object.ident); };
  auto found = std::ranges::lower_bound(objects, std::pair(env_.file, ident), {}, place);
  return found != objects.end() && place(*found) == std::pair(env_.file, ident) ? *found : kNoObject;
}

void Checker::check(PackageId package) {
  collect(d_, package);
  std::vector<FileId> files = d_.package(package).about.files;
  for (FileId id : files) {
    FileRow& row = d_.file(id);
    if (row.facts.there()) continue;
    row.facts.types.assign(row.source.node_count(), 0);
    row.facts.slots.assign(row.source.node_count(), 0);
    Enter file(*this, id);
    env_.facts = &row.facts;
    for (const Import& import : row.imports) {
      record_object(d_.row(import.object).object.decl, import.object);
      record_object(d_.row(import.object).object.ident, import.object);
    }
    for (NodeId decl : row.source.decls()) {
      check_decl(decl);
      env_.locals.cut(0);
    }
  }
}

void Checker::check_decl(NodeId decl) {
  if (source().kind(decl) == Kind::kFuncDecl) return check_function(decl);
  auto group = source().as<ast::GenDecl>(decl);
  if (!group) return;
  if (group->tok == ast::Token::kConst) return check_consts(*group);
  for (NodeId spec : group->specs) {
    if (source().kind(spec) == Kind::kTypeSpec) check_type(spec);
    if (source().kind(spec) == Kind::kValueSpec) check_vars(spec);
    env_.locals.cut(0);
  }
}

void Checker::check_consts(const ast::GenDecl& group) {
  for (std::int64_t iota = 0; NodeId spec : group.specs) {
    auto value = source().as<ast::ValueSpec>(spec);
    if (!value) continue;
    env_.iota = iota++;
    for (NodeId name : value->names) {
      ObjectId object = object_at(name);
      record_object(name, object);
      resolve(object);
    }
    TypeId type = is_there(value->type) ? type_expr(value->type) : kUnknownType;
    for (NodeId n : value->values) {
      Operand x = expr(n);
      if (is_there(value->type)) convert_untyped(x, type);
    }
  }
  env_.iota = -1;
}

void Checker::check_vars(NodeId spec) {
  auto var = source().get<ast::ValueSpec>(spec);
  TypeId type = is_there(var.type) ? type_expr(var.type) : kUnknownType;
  std::vector<TypeId> targets(var.names.size(), type);
  if (!var.values.empty()) values_for(var.names.size(), var.values, targets);
  for (NodeId name : var.names) {
    ObjectId object = object_at(name);
    record_object(name, object);
    resolve(object);
  }
}

void Checker::check_type(NodeId spec) {
  auto type = source().get<ast::TypeSpec>(spec);
  ObjectId object = object_at(type.name);
  record_object(type.name, object);
  resolve(object);
  type_params_of(object);
  const ObjectRow& row = d_.row(object);
  if (is_there(type.type_params) && row.extra != 0)
    declare_type_params(type.type_params, d_.type_infos[row.extra].params);
  type_expr(type.type);
}

void Checker::check_function(NodeId decl) {
  auto func = source().get<ast::FuncDecl>(decl);
  ObjectId object = object_at(func.name);
  record_object(func.name, object);
  if (!types::is_there(object)) return;
  TypeId signature = type(object);
  ObjectRow row = d_.row(object);
  if (is_there(func.recv) && row.extra != 0) {
    ast::NodeList fields = source().get<ast::FieldList>(func.recv).list;
    if (!fields.empty()) {
      auto field = source().get<ast::Field>(fields[0]);
      FuncInfo& info = d_.func_infos[row.extra];
      declare_receiver_params(field.type, info);
      type_expr(field.type);
      record_type(field.type, info.receiver);
      for (NodeId name : field.names) {
        ObjectId receiver = new_object(ObjectKind::kVar, name, fields[0], info.receiver);
        d_.row(receiver).object.parameter = true;
        declare(receiver);
      }
    }
  }
  std::span<const TypeId> declared = t_.type_params(signature);
  std::vector<TypeId> type_params(declared.begin(), declared.end());
  func_type(func.type, &type_params);
  function_body(func.type, func.body, signature);
}

}  // namespace memsnap::types
