// Type arguments in place of type parameters.
#include "gotypes/checker.h"

namespace memsnap::types {

TypeId Checker::instantiate(ObjectId generic, std::span<const TypeId> arguments) {
  for (TypeId argument : arguments)
    if (t_.depth(argument) > kMostInstanceDepth) return kUnknownType;
  resolve(generic);
  const ObjectRow& row = d_.row(generic);
  if (!row.object.alias) return t_.named(generic, arguments);
  std::span<const TypeId> params = type_params_of(generic);
  if (params.size() != arguments.size()) return kUnknownType;
  return subst(row.type, {params, arguments});
}

TypeId Checker::instantiate_signature(TypeId signature, std::span<const TypeId> arguments) {
  std::span<const TypeId> params = t_.type_params(signature);
  Binding binding{params, arguments};
  if (params.size() != arguments.size()) return kUnknownType;
  return t_.signature(subst(t_.params(signature), binding), subst(t_.results(signature), binding),
                      t_.variadic(signature));
}

TypeId Checker::subst(TypeId t, const Binding& binding) {
  if (!t_.has_type_params(t) || binding.from.empty()) return t;
  OuterCall outer(work_);
  if (++work_ > kMostSubstitutions) return kUnknownType;
  switch (t_.kind(t)) {
    case TypeKind::kTypeParam:
      for (std::size_t i = 0; i < binding.from.size(); ++i)
        if (binding.from[i] == t) return binding.to[i];
      return t;
    case TypeKind::kPointer: return t_.pointer(subst(t_.elem(t), binding));
    case TypeKind::kSlice: return t_.slice(subst(t_.elem(t), binding));
    case TypeKind::kArray: return t_.array(subst(t_.elem(t), binding), t_.length(t));
    case TypeKind::kMap: {
      TypeId key = subst(t_.key(t), binding);
      return t_.map(key, subst(t_.elem(t), binding));
    }
    case TypeKind::kChan: return t_.chan(subst(t_.elem(t), binding), t_.direction(t));
    case TypeKind::kTuple: return subst_parts(t, binding);
    case TypeKind::kSignature: {
      TypeId params = subst(t_.params(t), binding), results = subst(t_.results(t), binding);
      return t_.signature(params, results, t_.variadic(t), t_.type_params(t));
    }
    case TypeKind::kNamed: {
      std::vector<TypeId> arguments;
      for (TypeId part : t_.parts(t)) arguments.push_back(subst(part, binding));
      for (TypeId argument : arguments)
        if (t_.depth(argument) > kMostInstanceDepth) return kUnknownType;
      return t_.named(t_.object(t), arguments);
    }
    case TypeKind::kUnion: {
      std::vector<Term> terms;
      for (Term term : t_.terms(t)) terms.push_back({subst(term.type, binding), term.tilde});
      return t_.union_of(terms);
    }
    case TypeKind::kStruct: return subst_struct(t, binding);
    case TypeKind::kInterface: return subst_interface(t, binding);
    default: return t;
  }
}

TypeId Checker::subst_parts(TypeId tuple, const Binding& binding) {
  std::vector<TypeId> parts;
  for (TypeId part : t_.parts(tuple)) parts.push_back(subst(part, binding));
  return t_.tuple(parts);
}

TypeId Checker::subst_struct(TypeId t, const Binding& binding) {
  std::vector<Field> fields;
  for (Field field : t_.fields(t)) {
    field.type = subst(field.type, binding);
    fields.push_back(field);
  }
  return t_.structure(fields, t_.tags(t));
}

TypeId Checker::subst_interface(TypeId t, const Binding& binding) {
  std::vector<Method> methods;
  for (Method method : t_.methods(t)) {
    method.type = subst(method.type, binding);
    methods.push_back(method);
  }
  std::vector<Term> embedded;
  for (Term term : t_.embedded(t)) embedded.push_back({subst(term.type, binding), term.tilde});
  return t_.interface(methods, embedded);
}

}  // namespace memsnap::types
