// Type arguments from the types of values. A pattern holds type parameters that are looked for; what it is
// compared with is taken as it is, also where it holds the same parameters (a generic function that calls
// itself).
#pragma once

#include "gotypes/checker.h"

namespace memsnap::types {

class Unifier {
 public:
  // `bound` has a place for each of `params`, kUnknownType where nothing is known yet.
  Unifier(Checker& checker, std::span<const TypeId> params, std::vector<TypeId>& bound)
      : c_(checker), t_(checker.data().types), params_(params), bound_(bound) {}

  // Inexact, as for assignments: a named type goes with the literal that it stands for.
  bool unify(TypeId pattern, TypeId ground, int depth = 0);
  // ~[]E, *T and the methods of constraints, until nothing new comes of them.
  void use_constraints();
  // A parameter func(T) U and a generic function that is its argument.
  void use_generic(TypeId param, TypeId generic);
  // Which of the parameters a type is; their count when it is none.
  std::size_t place(TypeId t) const;

 private:
  bool bind(std::size_t place, TypeId ground, int depth);
  bool unify_parts(TypeId pattern, TypeId ground, int depth);
  bool unify_named(TypeId pattern, TypeId ground, int depth);
  bool unify_methods(TypeId interface, TypeId ground, int depth);
  bool use_constraint(std::size_t place);
  bool all_bound(TypeId pattern, int depth = 0) const;

  Checker& c_;
  TypeTable& t_;
  std::span<const TypeId> params_;
  std::vector<TypeId>& bound_;
  mutable int steps_ = 0;  // a type may hold another twice, that a third twice, and so on
};

}  // namespace memsnap::types
