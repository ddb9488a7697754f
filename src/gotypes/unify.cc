#include "gotypes/unify.h"

#include <algorithm>

namespace memsnap::types {
namespace {

constexpr int kMostDepth = 200, kMostSteps = 20'000;

}  // namespace

std::size_t Unifier::place(TypeId t) const {
  return std::size_t(std::ranges::find(params_, t) - params_.begin());
}

bool Unifier::bind(std::size_t place, TypeId ground, int depth) {
  TypeId& there = bound_[place];
  if (!known(there)) {
    there = ground;
    return true;
  }
  if (c_.identical(there, ground)) return true;
  // Of a named type and the literal it stands for the named one is meant; of two channels the one with a
  // direction.
  bool named = t_.kind(there) == TypeKind::kNamed, other = t_.kind(ground) == TypeKind::kNamed;
  TypeId a = c_.underlying(there), b = c_.underlying(ground);
  bool channels = depth == 0 && t_.kind(a) == TypeKind::kChan && t_.kind(b) == TypeKind::kChan &&
                  c_.identical(t_.elem(a), t_.elem(b));
  if (!(named && other) && (channels || c_.identical(a, b))) {
    if (other || (!named && channels && t_.direction(b) != ast::ChanDir::kBoth)) there = ground;
    return true;
  }
  // An interface and something that implements it: the interface.
  if (depth == 0 && c_.is_interface(ground) && c_.implements(there, ground)) there = ground;
  return false;
}

bool Unifier::unify_parts(TypeId pattern, TypeId ground, int depth) {
  // Type arguments may be as inexact as what they are arguments of.
  int below = t_.kind(pattern) == TypeKind::kNamed ? depth : depth + 1;
  std::span<const TypeId> a = t_.parts(pattern), b = t_.parts(ground);
  if (a.size() != b.size()) return false;
  bool all = true;
  for (std::size_t i = 0; i < a.size(); ++i) all = unify(a[i], b[i], below) && all;
  return all;
}

// The methods of a generic interface, with those that the type has.
bool Unifier::unify_methods(TypeId interface, TypeId ground, int depth) {
  const std::vector<Method> methods = c_.method_set(interface);
  bool all = !methods.empty();
  for (const Method& method : methods) {
    Found found = c_.lookup(ground, method.package, method.name);
    all = found.kind == Found::Kind::kMethod && unify(method.type, found.type, depth + 1) && all;
  }
  return all;
}

bool Unifier::unify_named(TypeId pattern, TypeId ground, int depth) {
  if (t_.kind(ground) == TypeKind::kNamed && t_.object(pattern) == t_.object(ground))
    return unify_parts(pattern, ground, depth);
  TypeId under = c_.underlying(pattern);
  if (t_.kind(under) == TypeKind::kInterface) return unify_methods(under, ground, depth);
  if (t_.kind(ground) == TypeKind::kNamed) return false;
  return unify(under, ground, depth + 1);
}

bool Unifier::unify(TypeId pattern, TypeId ground, int depth) {
  if (depth > kMostDepth || ++steps_ > kMostSteps || !known(ground)) return false;
  if (std::size_t i = place(pattern); i < params_.size()) return bind(i, ground, depth);
  if (!t_.has_type_params(pattern)) return true;
  if (t_.kind(pattern) == TypeKind::kNamed) return unify_named(pattern, ground, depth);
  if (t_.kind(pattern) == TypeKind::kInterface) return unify_methods(pattern, ground, depth);
  if (t_.kind(ground) == TypeKind::kNamed)
    ground = c_.underlying(ground);
  else if (t_.kind(ground) == TypeKind::kTypeParam && t_.kind(pattern) != TypeKind::kTypeParam)
    ground = c_.core(ground);
  if (t_.kind(pattern) != t_.kind(ground)) return false;
  switch (t_.kind(pattern)) {
    case TypeKind::kPointer:
    case TypeKind::kSlice:
    case TypeKind::kChan: return unify(t_.elem(pattern), t_.elem(ground), depth + 1);
    case TypeKind::kArray:
      return t_.length(pattern) == t_.length(ground) && unify(t_.elem(pattern), t_.elem(ground), depth + 1);
    case TypeKind::kMap: {
      bool keys = unify(t_.key(pattern), t_.key(ground), depth + 1);
      return unify(t_.elem(pattern), t_.elem(ground), depth + 1) && keys;
    }
    case TypeKind::kTuple: return unify_parts(pattern, ground, depth);
    case TypeKind::kSignature: {
      bool params = unify(t_.params(pattern), t_.params(ground), depth + 1);
      return unify(t_.results(pattern), t_.results(ground), depth + 1) && params;
    }
    case TypeKind::kStruct: {
      std::span<const Field> a = t_.fields(pattern), b = t_.fields(ground);
      bool all = a.size() == b.size();
      for (std::size_t i = 0; all && i < a.size(); ++i)
        all = a[i].name == b[i].name && unify(a[i].type, b[i].type, depth + 1);
      return all;
    }
    default: return false;
  }
}

bool Unifier::all_bound(TypeId pattern, int depth) const {
  if (!t_.has_type_params(pattern)) return true;
  if (depth > kMostDepth || ++steps_ > kMostSteps) return false;
  if (std::size_t i = place(pattern); i < params_.size()) return known(bound_[i]);
  auto all = [&](std::span<const TypeId> parts) {
    return std::ranges::all_of(parts, [&](TypeId t) { return all_bound(t, depth + 1); });
  };
  switch (t_.kind(pattern)) {
    case TypeKind::kNamed:
    case TypeKind::kTuple: return all(t_.parts(pattern));
    case TypeKind::kSignature:
      return all_bound(t_.params(pattern), depth + 1) && all_bound(t_.results(pattern), depth + 1);
    case TypeKind::kMap:
      return all_bound(t_.key(pattern), depth + 1) && all_bound(t_.elem(pattern), depth + 1);
    case TypeKind::kStruct:
      return std::ranges::all_of(t_.fields(pattern),
                                 [&](const Field& f) { return all_bound(f.type, depth + 1); });
    case TypeKind::kPointer:
    case TypeKind::kSlice:
    case TypeKind::kArray:
    case TypeKind::kChan: return all_bound(t_.elem(pattern), depth + 1);
    case TypeKind::kTypeParam: return true;  // of somebody else
    default: return false;
  }
}

// True when it brought something new.
bool Unifier::use_constraint(std::size_t place) {
  std::vector<TypeId> before = bound_;
  TypeId interface = c_.constraint(params_[place]);
  const TypeSet set = c_.type_set(interface);
  TypeId core = kUnknownType;
  bool tilde = false;
  for (const Term& term : set.terms) {
    if (!known(core))
      core = set.terms.size() == 1 ? term.type : c_.underlying(term.type);
    else if (!c_.identical(core, c_.underlying(term.type)))
      return false;
    tilde = tilde || term.tilde || set.terms.size() > 1;
  }
  if (known(core) && known(bound_[place])) {
    TypeId ground = bound_[place];
    unify(core, tilde ? c_.underlying(ground) : ground, 1);
  } else if (known(core) && !tilde && all_bound(core)) {
    bound_[place] = c_.subst(core, {params_, bound_});
  }
  if (known(bound_[place]) && !c_.method_set(interface).empty()) unify_methods(interface, bound_[place], 1);
  return before != bound_;
}

void Unifier::use_constraints() {
  for (std::size_t round = 0; round <= params_.size(); ++round) {
    bool news = false;
    for (std::size_t i = 0; i < params_.size(); ++i) news = use_constraint(i) || news;
    if (!news) return;
  }
}

void Unifier::use_generic(TypeId param, TypeId generic) {
  TypeId wanted = c_.core(param);
  // First what the parameter says of the function, then what the function says of the parameter.
  std::span<const TypeId> own = t_.type_params(generic);
  std::vector<TypeId> found(own.size());
  Unifier inner(c_, own, found);
  auto pairs = [&](TypeId a, TypeId b) {
    std::span<const TypeId> x = t_.parts(a), y = t_.parts(b);
    for (std::size_t i = 0; i < x.size() && i < y.size(); ++i)
      if (all_bound(y[i])) inner.unify(x[i], c_.subst(y[i], {params_, bound_}));
  };
  pairs(t_.params(generic), t_.params(wanted));
  pairs(t_.results(generic), t_.results(wanted));
  inner.use_constraints();
  if (!std::ranges::all_of(found, known)) return;
  TypeId instance = c_.instantiate_signature(generic, found);
  unify(param, instance);
}

}  // namespace memsnap::types
