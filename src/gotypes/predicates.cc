// Questions about types: identity, assignability, what implements what.
#include "gotypes/checker.h"

#include <algorithm>

namespace memsnap::types {
namespace {

constexpr int kMostComparisons = 50'000;
constexpr int kDeepest = 500;  // structs in structs

bool within(Basic b, Basic from, Basic to) { return from <= b && b <= to; }
bool integer(Basic b) {
  return within(b, Basic::kInt, Basic::kUintptr) || b == Basic::kUntypedInt || b == Basic::kUntypedRune;
}
bool unsigned_integer(Basic b) { return within(b, Basic::kUint, Basic::kUintptr); }
bool boolean(Basic b) { return b == Basic::kBool || b == Basic::kUntypedBool; }
bool text(Basic b) { return b == Basic::kString || b == Basic::kUntypedString; }

}  // namespace

bool Checker::identical_parts(std::span<const TypeId> a, std::span<const TypeId> b) {
  return std::ranges::equal(a, b, [&](TypeId x, TypeId y) { return identical(x, y); });
}

bool Checker::identical_structs(TypeId a, TypeId b) {
  std::span<const Field> x = t_.fields(a), y = t_.fields(b);
  if (x.size() != y.size() || !std::ranges::equal(t_.tags(a), t_.tags(b))) return false;
  return std::ranges::equal(x, y, [&](const Field& f, const Field& g) {
    return f.name == g.name && f.embedded == g.embedded && identical(f.type, g.type);
  });
}

bool Checker::identical_interfaces(TypeId a, TypeId b) {
  const std::vector<Method> x = method_set(a), y = method_set(b);
  auto same = [&](const Method& m, const Method& n) {
    return m.name == n.name && m.package == n.package && identical(m.type, n.type);
  };
  if (!std::ranges::equal(x, y, same)) return false;
  const TypeSet s = type_set(a), t = type_set(b);
  if (s.all != t.all || s.comparable != t.comparable || s.terms.size() != t.terms.size()) return false;
  return std::ranges::equal(s.terms, t.terms, [&](const Term& p, const Term& q) {
    return p.tilde == q.tilde && identical(p.type, q.type);
  });
}

bool Checker::identical(TypeId a, TypeId b) {
  if (a == b) return true;
  if (t_.kind(a) != t_.kind(b)) return false;
  OuterCall outer(work_);
  if (++work_ > kMostComparisons || work_ < 0) return false;
  switch (t_.kind(a)) {
    case TypeKind::kPointer:
    case TypeKind::kSlice: return identical(t_.elem(a), t_.elem(b));
    case TypeKind::kArray: return t_.length(a) == t_.length(b) && identical(t_.elem(a), t_.elem(b));
    case TypeKind::kMap: return identical(t_.key(a), t_.key(b)) && identical(t_.elem(a), t_.elem(b));
    case TypeKind::kChan: return t_.direction(a) == t_.direction(b) && identical(t_.elem(a), t_.elem(b));
    case TypeKind::kTuple: return identical_parts(t_.parts(a), t_.parts(b));
    case TypeKind::kNamed: return t_.object(a) == t_.object(b) && identical_parts(t_.parts(a), t_.parts(b));
    case TypeKind::kSignature:
      return t_.variadic(a) == t_.variadic(b) && t_.type_params(a).size() == t_.type_params(b).size() &&
             identical(t_.params(a), t_.params(b)) && identical(t_.results(a), t_.results(b));
    case TypeKind::kStruct: return identical_structs(a, b);
    case TypeKind::kInterface: return identical_interfaces(a, b);
    default: return false;
  }
}

bool Checker::comparable(TypeId t, int depth) {
  auto [row, fresh] = comparable_.try_emplace(std::uint32_t(t), false);
  bool& answer = row->second;  // stays where it is
  if (fresh) answer = find_comparable(t, depth);
  return answer;
}

bool Checker::find_comparable(TypeId t, int depth) {
  if (depth > kDeepest) return false;
  if (t_.kind(t) == TypeKind::kTypeParam) {
    const TypeSet set = type_set(constraint(t));
    if (set.comparable) return true;
    auto term = [&](const Term& x) { return comparable(x.type, depth + 1); };
    return !set.all && std::ranges::all_of(set.terms, term);
  }
  TypeId under = underlying(t);
  switch (t_.kind(under)) {
    case TypeKind::kBasic: return t_.basic(under) != Basic::kUntypedNil;
    case TypeKind::kPointer:
    case TypeKind::kChan:
    case TypeKind::kInterface: return true;
    case TypeKind::kArray: return comparable(t_.elem(under), depth + 1);
    case TypeKind::kStruct:
      return std::ranges::all_of(t_.fields(under),
                                 [&](const Field& f) { return comparable(f.type, depth + 1); });
    default: return false;
  }
}

bool Checker::has_pointers(TypeId t, int depth) {
  auto [row, fresh] = has_pointers_.try_emplace(std::uint32_t(t), true);
  bool& answer = row->second;
  if (fresh) answer = find_pointers(t, depth);
  return answer;
}

bool Checker::find_pointers(TypeId t, int depth) {
  if (depth > kDeepest) return true;
  TypeId under = underlying(t);
  switch (t_.kind(under)) {
    case TypeKind::kBasic: return text(t_.basic(under)) || t_.basic(under) == Basic::kUnsafePointer;
    case TypeKind::kArray: return t_.length(under) != 0 && has_pointers(t_.elem(under), depth + 1);
    case TypeKind::kStruct:
      return std::ranges::any_of(t_.fields(under),
                                 [&](const Field& f) { return has_pointers(f.type, depth + 1); });
    default: return true;
  }
}

bool Checker::implements(TypeId t, TypeId interface) {
  TypeId wanted = underlying(interface);
  if (t_.kind(wanted) != TypeKind::kInterface || !known(t)) return false;
  const std::vector<Method> methods = method_set(wanted);
  for (const Method& method : methods) {
    Found found = lookup(t, method.package, method.name);
    if (found.kind != Found::Kind::kMethod || !identical(found.type, method.type)) return false;
    // A method with a pointer receiver is not in the method set of the value.
    const ObjectRow& row = d_.row(found.object);
    if (row.extra == 0 || found.indirect) continue;
    if (t_.kind(d_.func_infos[row.extra].receiver) == TypeKind::kPointer) return false;
  }
  const TypeSet set = type_set(wanted);
  if (set.comparable && !comparable(t)) return false;
  if (set.all) return true;
  return std::ranges::any_of(set.terms, [&](const Term& term) {
    return identical(t, term.type) || (term.tilde && identical(underlying(t), term.type));
  });
}

bool Checker::assignable(TypeId from, TypeId to) {
  if (!known(from) || !known(to)) return false;
  if (identical(from, to)) return true;
  TypeId source = underlying(from), target = underlying(to);
  if (is_untyped(from)) {
    if (t_.basic(from) == Basic::kUntypedNil) {
      TypeKind kind = t_.kind(target);
      return kind != TypeKind::kBasic ? kind != TypeKind::kStruct && kind != TypeKind::kArray
                                      : t_.basic(target) == Basic::kUnsafePointer;
    }
    return t_.kind(target) == TypeKind::kBasic || is_interface(to);
  }
  bool one_unnamed = t_.kind(from) != TypeKind::kNamed || t_.kind(to) != TypeKind::kNamed;
  bool params = t_.kind(from) == TypeKind::kTypeParam || t_.kind(to) == TypeKind::kTypeParam;
  if (one_unnamed && !params && t_.kind(source) != TypeKind::kBasic && identical(source, target)) return true;
  if (is_interface(to)) return implements(from, to);
  return one_unnamed && t_.kind(source) == TypeKind::kChan && t_.kind(target) == TypeKind::kChan &&
         t_.direction(source) == ast::ChanDir::kBoth && identical(t_.elem(source), t_.elem(target));
}

template <class Test>
bool Checker::all_basics(TypeId t, Test test) {
  if (t_.kind(t) == TypeKind::kTypeParam) {
    const TypeSet set = type_set(constraint(t));
    return !set.all && !set.terms.empty() &&
           std::ranges::all_of(set.terms, [&](const Term& x) { return test(t_.basic(underlying(x.type))); });
  }
  return test(t_.basic(underlying(t)));
}

bool Checker::is_text(TypeId t) { return all_basics(t, text); }
bool Checker::is_integer(TypeId t) { return all_basics(t, integer); }
bool Checker::is_unsigned(TypeId t) { return all_basics(t, unsigned_integer); }
bool Checker::is_boolean(TypeId t) { return all_basics(t, boolean); }

TypeId Checker::default_type(TypeId t) const {
  switch (t_.basic(t)) {
    case Basic::kUntypedBool: return t_.basic(Basic::kBool);
    case Basic::kUntypedInt: return t_.basic(Basic::kInt);
    case Basic::kUntypedRune: return t_.basic(Basic::kInt32);
    case Basic::kUntypedFloat: return t_.basic(Basic::kFloat64);
    case Basic::kUntypedComplex: return t_.basic(Basic::kComplex128);
    case Basic::kUntypedString: return t_.basic(Basic::kString);
    default: return t;
  }
}

}  // namespace memsnap::types
