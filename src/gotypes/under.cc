// What types are made of: underlying types, constraints, type sets, method sets of interfaces.
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {

TypeId Checker::underlying(TypeId t) {
  switch (t_.kind(t)) {
    case TypeKind::kNamed: return named_underlying(t);
    case TypeKind::kTypeParam: return constraint(t);
    default: return t;
  }
}

TypeId Checker::named_underlying(TypeId t) {
  std::size_t at = std::size_t(t);
  if (at >= under_.size()) {
    under_.resize(t_.size() + t_.size() / 2);
    under_state_.resize(under_.size());
  }
  if (under_state_[at] != 0) return under_[at];
  under_state_[at] = 1;  // who comes back here while we look goes in a circle: unknown
  ObjectId object = t_.object(t);
  std::span<const TypeId> arguments = t_.parts(t);
  TypeId result = kUnknownType;
  if (arguments.empty()) {
    result = resolve_named(object);
  } else {
    TypeId origin = named_underlying(t_.named(object));
    std::span<const TypeId> params = type_params_of(object);
    if (params.size() == arguments.size()) result = subst(origin, {params, arguments});
  }
  // A circle through this type may have been cut at the wrong place while it was busy; it stays unknown.
  under_[at] = result;
  under_state_[at] = 2;
  return result;
}

TypeId Checker::constraint(TypeId type_param) {
  const ObjectRow& row = d_.row(t_.object(type_param));
  TypeId bound = d_.type_infos[row.extra].underlying;
  if (!known(bound)) return kUnknownType;
  TypeId under = t_.kind(bound) == TypeKind::kTypeParam ? kUnknownType : underlying(bound);
  if (t_.kind(under) == TypeKind::kInterface) return under;
  Term element{bound, false};
  return t_.interface({}, {&element, 1});
}

namespace {

// The terms that both sets have, one side's tilde given up where the other has none.
std::vector<Term> intersection(Checker& checker, const std::vector<Term>& a, const std::vector<Term>& b) {
  std::vector<Term> both;
  for (const Term& x : a)
    for (const Term& y : b) {
      bool same = checker.identical(x.type, y.type);
      if (same)
        both.push_back({x.type, x.tilde && y.tilde});
      else if (x.tilde && checker.identical(checker.underlying(y.type), x.type))
        both.push_back(y);
      else if (y.tilde && checker.identical(checker.underlying(x.type), y.type))
        both.push_back(x);
    }
  return both;
}

}  // namespace

const TypeSet& Checker::type_set(TypeId interface) {
  // Who comes back here meanwhile embeds itself, and finds no restriction.
  auto [row, fresh] = type_sets_.try_emplace(std::uint32_t(interface));
  TypeSet& set = row->second;  // stays where it is
  if (fresh) set = make_type_set(interface);
  return set;
}

TypeSet Checker::make_type_set(TypeId interface) {
  constexpr std::size_t kMostTerms = 1'000;
  TypeSet set;
  for (const Term& element : t_.embedded(interface)) {
    TypeSet part;
    if (!known(element.type)) {
      if (element.tilde) set.comparable = true;
      continue;
    }
    bool single = t_.kind(element.type) != TypeKind::kUnion;
    std::span<const Term> terms = single ? std::span<const Term>(&element, 1) : t_.terms(element.type);
    part.all = false;
    for (const Term& term : terms) {
      TypeId under = t_.kind(term.type) == TypeKind::kTypeParam ? term.type : underlying(term.type);
      if (t_.kind(under) != TypeKind::kInterface) {
        if (known(term.type))
          part.terms.push_back(term);
        else
          part.all = true;
        continue;
      }
      const TypeSet below = type_set(under);
      part.comparable = part.comparable || (single && below.comparable);
      if (below.all) part.all = true;
      part.terms.insert(part.terms.end(), below.terms.begin(), below.terms.end());
    }
    set.comparable = set.comparable || part.comparable;
    if (part.all || part.terms.size() > kMostTerms) continue;
    set.terms = set.all ? part.terms : intersection(*this, set.terms, part.terms);
    set.all = false;
  }
  return set;
}

TypeId Checker::core(TypeId t) {
  TypeId under = underlying(t);
  if (t_.kind(under) != TypeKind::kInterface) return under;
  bool param = t_.kind(t) == TypeKind::kTypeParam;
  const TypeSet set = type_set(under);
  if (set.all || set.terms.empty()) return param ? kUnknownType : under;
  TypeId core = kUnknownType;
  for (const Term& term : set.terms) {
    TypeId part = underlying(term.type);
    if (!known(core)) core = part;
    if (identical(core, part)) continue;
    // []byte | string work alike in range, index, append and copy.
    bool channels = t_.kind(core) == TypeKind::kChan && t_.kind(part) == TypeKind::kChan &&
                    identical(t_.elem(core), t_.elem(part));
    if (!channels) return kUnknownType;
    if (t_.direction(core) == ast::ChanDir::kBoth) core = part;
  }
  return core;
}

TypeId Checker::deref(TypeId t) {
  TypeId under = t_.kind(t) == TypeKind::kPointer ? t : underlying(t);
  return t_.kind(under) == TypeKind::kPointer ? t_.elem(under) : t;
}

const std::vector<Method>& Checker::method_set(TypeId interface) {
  auto [row, fresh] = method_sets_.try_emplace(std::uint32_t(interface));
  if (!fresh) return row->second;
  auto explicit_ones = t_.methods(interface);
  std::vector<Method> methods(explicit_ones.begin(), explicit_ones.end());
  for (const Term& element : t_.embedded(interface)) {
    if (!known(element.type) || t_.kind(element.type) == TypeKind::kTypeParam) continue;
    TypeId under = underlying(element.type);
    if (t_.kind(under) != TypeKind::kInterface || under == interface) continue;
    for (const Method& method : method_set(under)) {
      auto same = [&](const Method& m) { return m.name == method.name && m.package == method.package; };
      if (std::ranges::none_of(methods, same)) methods.push_back(method);
    }
  }
  std::ranges::sort(methods, {}, [](const Method& m) { return std::pair(m.name, m.package); });
  return method_sets_[std::uint32_t(interface)] = std::move(methods);
}

}  // namespace memsnap::types
