// Types as they are written.
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {

using ast::is_there;
using ast::Kind;

TypeId Checker::type_expr(NodeId n) {
  if (!is_there(n)) return kUnknownType;
  Deeper level(*this);
  if (level.too_deep()) return kUnknownType;
  TypeId t = raw_type(n);
  record_type(n, t);
  return t;
}

TypeId Checker::raw_type(NodeId n) {
  const SourceFile& file = source();
  switch (file.kind(n)) {
    case Kind::kIdent: {
      ObjectId object = lookup_name(file.name(n));
      record_object(n, object);
      return type_of_name(n, object);
    }
    case Kind::kParenExpr: return type_expr(file.get<ast::ParenExpr>(n).x);
    case Kind::kStarExpr: return t_.pointer(type_expr(file.get<ast::StarExpr>(n).x));
    case Kind::kArrayType: return array_type(n);
    case Kind::kMapType: {
      auto map = file.get<ast::MapType>(n);
      TypeId key = type_expr(map.key);
      return t_.map(key, type_expr(map.value));
    }
    case Kind::kChanType: {
      auto chan = file.get<ast::ChanType>(n);
      return t_.chan(type_expr(chan.value), chan.dir);
    }
    case Kind::kFuncType: {
      std::size_t mark = env_.locals.size();
      TypeId t = func_type(n, nullptr);
      env_.locals.cut(mark);
      return t;
    }
    case Kind::kStructType: return struct_type(n);
    case Kind::kInterfaceType: return interface_type(n);
    case Kind::kSelectorExpr: {
      Operand x = selector(n);
      return x.mode == Mode::kType ? x.type : kUnknownType;
    }
    case Kind::kIndexExpr: {
      auto index = file.get<ast::IndexExpr>(n);
      return instance_type(n, index.x, {&index.index, 1});
    }
    case Kind::kIndexListExpr: {
      auto index = file.get<ast::IndexListExpr>(n);
      return instance_type(n, index.x, index.indices);
    }
    case Kind::kEllipsis: return t_.slice(type_expr(file.get<ast::Ellipsis>(n).elt));
    case Kind::kUnaryExpr:
    case Kind::kBinaryExpr: return union_type(n);
    default: return kUnknownType;
  }
}

TypeId Checker::type_of_name(NodeId, ObjectId object) {
  if (d_.row(object).object.kind != ObjectKind::kTypeName) return kUnknownType;
  return type(object);
}

TypeId Checker::array_type(NodeId n) {
  auto array = source().get<ast::ArrayType>(n);
  if (!is_there(array.len)) return t_.slice(type_expr(array.elt));
  std::int64_t length = -1;
  if (source().kind(array.len) != Kind::kEllipsis) {
    Operand x = expr(array.len);
    if (is_untyped(x.type)) convert_untyped(x, t_.basic(Basic::kInt));
    Value value = converted(x.value, Basic::kUntypedInt, d_.texts);
    if (x.mode == Mode::kConstant && value.kind == Value::Kind::kInt && value.integer >= 0 &&
        value.integer <= INT64_MAX)
      length = std::int64_t(value.integer);
  }
  return t_.array(type_expr(array.elt), length);
}

TypeId Checker::instance_type(NodeId, NodeId generic, ast::NodeList arguments) {
  TypeId origin = type_expr(generic);
  std::vector<TypeId> list = type_list(arguments);
  NodeId name = generic;
  while (auto paren = source().as<ast::ParenExpr>(name)) name = paren->x;
  if (auto selector = source().as<ast::SelectorExpr>(name)) name = selector->sel;
  ObjectId object = t_.object(origin);
  if (source().kind(name) == Kind::kIdent) {
    // A generic alias has no type of its own that would name it.
    ObjectId found = name == generic || !is_there(object) ? lookup_name(source().name(name)) : object;
    if (name != generic && source().kind(generic) == Kind::kSelectorExpr) {
      auto qualified = source().get<ast::SelectorExpr>(generic);
      ObjectId package = lookup_name(source().name(qualified.x));
      if (d_.row(package).object.kind == ObjectKind::kPkgName)
        found = d_.package(imported(package)).scope.find(source().name(name));
    }
    if (d_.row(found).object.kind == ObjectKind::kTypeName) object = found;
    if (env_.facts) env_.facts->instances[std::uint32_t(name)] = list;
  }
  if (!types::is_there(object) || type_params_of(object).size() != list.size()) return kUnknownType;
  return instantiate(object, list);
}

std::vector<TypeId> Checker::type_list(ast::NodeList nodes) {
  std::vector<TypeId> list;
  for (NodeId node : nodes) list.push_back(type_expr(node));
  return list;
}

// ---- Structs

std::vector<Field> Checker::field_list(NodeId fields, std::vector<std::string_view>& tags) {
  std::vector<Field> rows;
  auto add = [&](NodeId ident, NodeId node, TypeId type, bool embedded) {
    ObjectId object = new_object(ObjectKind::kField, ident, node, type);
    d_.row(object).object.embedded = embedded;
    rows.push_back({source().name(ident), type, object, embedded});
  };
  bool tagged = false;
  for (NodeId node : source().get<ast::FieldList>(fields).list) {
    auto field = source().get<ast::Field>(node);
    TypeId type = type_expr(field.type);
    std::size_t before = rows.size();
    for (NodeId name : field.names) add(name, node, type, false);
    if (field.names.empty()) {
      // T, *T, p.T, T[A]: the name is that of T.
      NodeId name = field.type;
      for (bool more = true; more;) {
        if (auto star = source().as<ast::StarExpr>(name))
          name = star->x;
        else if (auto paren = source().as<ast::ParenExpr>(name))
          name = paren->x;
        else if (auto index = source().as<ast::IndexExpr>(name))
          name = index->x;
        else if (auto indices = source().as<ast::IndexListExpr>(name))
          name = indices->x;
        else if (auto qualified = source().as<ast::SelectorExpr>(name))
          name = qualified->sel;
        else
          more = false;
      }
      add(name, node, type, true);
    }
    std::string_view tag;
    if (auto literal = source().as<ast::BasicLit>(field.tag))
      tag = literal_value(literal->kind, literal->value, d_.texts).text;
    tagged = tagged || !tag.empty();
    for (; before < rows.size(); ++before) tags.push_back(tag);
  }
  if (!tagged) tags.clear();
  return rows;
}

void Checker::record_fields(NodeId fields, TypeId structure) {
  std::span<const Field> rows = t_.fields(structure);
  std::size_t i = 0;
  for (NodeId node : source().get<ast::FieldList>(fields).list) {
    auto field = source().get<ast::Field>(node);
    for (NodeId name : field.names)
      if (i < rows.size()) record_object(name, rows[i++].object);
    if (field.names.empty()) ++i;
  }
}

TypeId Checker::struct_type(NodeId n) {
  auto type = source().get<ast::StructType>(n);
  std::uint64_t site = std::uint64_t(env_.file) << 32 | std::uint32_t(n);
  auto there = site_types_.find(site);
  if (there == site_types_.end()) {
    std::vector<std::string_view> tags;
    std::vector<Field> fields = field_list(type.fields, tags);
    there = site_types_.emplace(site, t_.structure(fields, tags)).first;
  } else if (env_.facts) {
    for (NodeId node : source().get<ast::FieldList>(type.fields).list)
      type_expr(source().get<ast::Field>(node).type);
  }
  TypeId result = there->second;
  if (env_.facts) record_fields(type.fields, result);
  return result;
}

// ---- Interfaces

TypeId Checker::interface_type(NodeId n) {
  auto type = source().get<ast::InterfaceType>(n);
  std::uint64_t site = std::uint64_t(env_.file) << 32 | std::uint32_t(n);
  auto there = site_types_.find(site);
  TypeId known_type = there == site_types_.end() ? kUnknownType : there->second;
  if (known(known_type) && !env_.facts) return known_type;
  std::vector<Method> methods;
  std::vector<Term> embedded;
  for (NodeId node : source().get<ast::FieldList>(type.methods).list) {
    auto field = source().get<ast::Field>(node);
    TypeId t = type_expr(field.type);
    if (field.names.empty()) embedded.push_back({t, false});
    for (NodeId name : field.names) {
      Method method{source().name(name), kNoPackage, t, kNoObject};
      if (!is_exported(d_.names.text(method.name))) method.package = env_.package;
      // By where it stands: a wrong program names two methods alike.
      auto old = std::ranges::find_if(t_.methods(known_type), [&](const Method& one) {
        return is_there(one.object) && d_.row(one.object).object.ident == name;
      });
      if (known(known_type) && old != t_.methods(known_type).end()) {
        method.object = old->object;
      } else {
        method.object = new_object(ObjectKind::kFunc, name, node, t);
        d_.row(method.object).object.method = true;
      }
      record_object(name, method.object);
      methods.push_back(method);
    }
  }
  if (known(known_type)) return known_type;
  TypeId result = t_.interface(methods, embedded);
  if (!methods.empty()) site_types_[site] = result;
  return result;
}

void Checker::union_terms(NodeId n, std::vector<Term>& terms) {
  // The left spine of a | b | c is as long as the source likes.
  std::vector<NodeId> right;
  NodeId left = n;
  for (auto pair = source().as<ast::BinaryExpr>(left); pair && pair->op == ast::Token::kOr;
       pair = source().as<ast::BinaryExpr>(left)) {
    right.push_back(pair->y);
    left = pair->x;
  }
  right.push_back(left);
  for (auto term = right.rbegin(); term != right.rend(); ++term) {
    auto tilde = source().as<ast::UnaryExpr>(*term);
    if (tilde && tilde->op == ast::Token::kTilde) {
      TypeId t = type_expr(tilde->x);
      record_type(*term, t);
      terms.push_back({t, true});
    } else {
      terms.push_back({type_expr(*term), false});
    }
  }
}

TypeId Checker::union_type(NodeId n) {
  auto pair = source().as<ast::BinaryExpr>(n);
  auto one = source().as<ast::UnaryExpr>(n);
  if (pair ? pair->op != ast::Token::kOr : !one || one->op != ast::Token::kTilde) return kUnknownType;
  std::vector<Term> terms;
  union_terms(n, terms);
  return t_.union_of(terms);
}

// ---- Functions

// `type_params`: filled, or used when there are some; they stay on the locals for the caller to take off.
TypeId Checker::func_type(NodeId n, std::vector<TypeId>* type_params) {
  auto type = source().get<ast::FuncType>(n);
  std::vector<TypeId> own;
  if (!type_params) type_params = &own;
  if (is_there(type.type_params)) declare_type_params(type.type_params, *type_params);
  bool variadic = false, ignored = false;
  TypeId params = param_types(type.params, variadic);
  TypeId results = param_types(type.results, ignored);
  return t_.signature(params, results, variadic, *type_params);
}

TypeId Checker::param_types(NodeId fields, bool& variadic) {
  std::vector<TypeId> types;
  if (is_there(fields))
    for (NodeId node : source().get<ast::FieldList>(fields).list) {
      auto field = source().get<ast::Field>(node);
      variadic = source().kind(field.type) == Kind::kEllipsis;
      TypeId t = type_expr(field.type);
      types.insert(types.end(), std::max<std::size_t>(1, field.names.size()), t);
    }
  return t_.tuple(types);
}

// Whether an expression that was parsed as a value is a type: T, p.T, *T, []T, T[A], (T).
bool Checker::is_type_expr(NodeId n) {
  const SourceFile& file = source();
  for (;;) {
    switch (file.kind(n)) {
      case Kind::kArrayType:
      case Kind::kStructType:
      case Kind::kFuncType:
      case Kind::kInterfaceType:
      case Kind::kMapType:
      case Kind::kChanType: return true;
      case Kind::kParenExpr: n = file.get<ast::ParenExpr>(n).x; break;
      case Kind::kStarExpr: n = file.get<ast::StarExpr>(n).x; break;
      case Kind::kIndexExpr: n = file.get<ast::IndexExpr>(n).x; break;
      case Kind::kIndexListExpr: n = file.get<ast::IndexListExpr>(n).x; break;
      case Kind::kIdent: return d_.row(lookup_name(file.name(n))).object.kind == ObjectKind::kTypeName;
      case Kind::kSelectorExpr: {
        auto s = file.get<ast::SelectorExpr>(n);
        if (file.kind(s.x) != Kind::kIdent) return false;
        ObjectId x = lookup_name(file.name(s.x));
        if (d_.row(x).object.kind != ObjectKind::kPkgName) return false;
        ObjectId member = d_.package(imported(x)).scope.find(file.name(s.sel));
        return d_.row(member).object.kind == ObjectKind::kTypeName;
      }
      default: return false;
    }
  }
}

// ---- Records

void Checker::record_type(NodeId n, TypeId t) {
  if (env_.facts) env_.facts->types[std::size_t(n)] = std::uint32_t(t) | Facts::kTypeBit;
}

}  // namespace memsnap::types
