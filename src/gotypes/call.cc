// Calls and conversions.
#include "gotypes/checker.h"
#include "gotypes/unify.h"

#include <algorithm>

namespace memsnap::types {

using ast::is_there;
using ast::Kind;

Operand Checker::call(NodeId n, TypeId) {
  auto c = source().get<ast::CallExpr>(n);
  Operand f = expr(c.fun);
  if (f.mode == Mode::kType) return conversion(n, c, f.type);
  if (f.mode == Mode::kBuiltin) return builtin(n, c, Builtin(d_.row(f.object).extra));
  TypeId signature = core(f.type);
  if (t_.kind(signature) != TypeKind::kSignature) {
    for (NodeId arg : c.args) value(arg);
    return {.mode = Mode::kValue};
  }
  std::span<const TypeId> params = t_.type_params(signature);
  if (params.empty()) {
    if (!env_.facts) return result_of(signature);  // what it is called with makes no difference
    std::vector<Operand> args = arguments(c, signature);
    apply(args, signature, c.ellipsis);
    return result_of(signature);
  }
  std::vector<TypeId> given;
  NodeId fun = c.fun;
  while (auto paren = source().as<ast::ParenExpr>(fun)) fun = paren->x;
  if (auto one = source().as<ast::IndexExpr>(fun)) given = type_list({&one->index, 1});
  if (auto list = source().as<ast::IndexListExpr>(fun)) given = type_list(list->indices);
  std::vector<Operand> args = arguments(c, signature);
  signature = infer(signature, std::move(given), args, c.ellipsis, c.fun);
  record(c.fun, {.mode = Mode::kValue, .type = signature});
  apply(args, signature, c.ellipsis);
  return result_of(signature);
}

Operand Checker::result_of(TypeId signature) {
  std::span<const TypeId> results = t_.parts(t_.results(signature));
  if (results.empty()) return {.mode = known(signature) ? Mode::kNoValue : Mode::kValue};
  return {.mode = Mode::kValue, .type = results.size() == 1 ? results[0] : t_.results(signature)};
}

// The operands of a call; f(g()) with several results of g gives each of them.
std::vector<Operand> Checker::arguments(const ast::CallExpr& c, TypeId) {
  std::vector<Operand> args;
  for (NodeId arg : c.args) args.push_back(expr(arg));
  if (args.size() != 1 || t_.kind(args[0].type) != TypeKind::kTuple) return args;
  TypeId tuple = args[0].type;
  args.clear();
  for (TypeId part : t_.parts(tuple)) args.push_back({.mode = Mode::kValue, .type = part});
  return args;
}

TypeId Checker::parameter(TypeId signature, std::size_t i, std::size_t, bool spread) {
  std::span<const TypeId> params = t_.parts(t_.params(signature));
  if (t_.variadic(signature) && !params.empty() && i + 1 >= params.size() && !spread)
    return t_.elem(params.back());
  return i < params.size() ? params[i] : kUnknownType;
}

void Checker::apply(std::vector<Operand>& args, TypeId signature, bool spread) {
  for (std::size_t i = 0; i < args.size(); ++i) assign(args[i], parameter(signature, i, args.size(), spread));
}

Operand Checker::conversion(NodeId, const ast::CallExpr& c, TypeId target) {
  if (c.args.size() != 1) {
    for (NodeId arg : c.args) value(arg);
    return {.mode = Mode::kValue, .type = target};
  }
  Operand x = expr(c.args[0]);
  TypeId under = t_.kind(target) == TypeKind::kTypeParam ? kUnknownType : underlying(target);
  Basic basic = t_.basic(under);
  bool constant_type = basic != Basic::kNotBasic && basic != Basic::kUnsafePointer;
  Operand result{.mode = Mode::kValue, .type = target};
  bool constant = x.mode == Mode::kConstant && constant_type;
  if (constant) {
    result.mode = Mode::kConstant;
    result.value = converted(x.value, basic, d_.texts);
  }
  if (!is_untyped(x.type)) {
    if (!t_.type_params(x.type).empty()) infer_argument(x, target);
    return result;
  }
  TypeId final = target;
  bool text_of_number = basic == Basic::kString && is_integer(x.type);
  bool interface = t_.kind(under) == TypeKind::kInterface;
  if (x.mode != Mode::kNil && (interface || text_of_number || (x.mode == Mode::kConstant && !constant_type)))
    final = default_type(x.type);
  convert_untyped(x, final);
  return result;
}

// ---- Generic functions

void Checker::record_instance(NodeId fun, std::span<const TypeId> arguments) {
  if (!env_.facts) return;
  for (bool more = true; more;) {
    if (auto paren = source().as<ast::ParenExpr>(fun))
      fun = paren->x;
    else if (auto index = source().as<ast::IndexExpr>(fun))
      fun = index->x;
    else if (auto indices = source().as<ast::IndexListExpr>(fun))
      fun = indices->x;
    else if (auto selector = source().as<ast::SelectorExpr>(fun))
      fun = selector->sel;
    else
      more = false;
  }
  if (source().kind(fun) == Kind::kIdent)
    env_.facts->instances[std::uint32_t(fun)].assign(arguments.begin(), arguments.end());
}

bool Checker::infer_params(TypeId signature, std::vector<TypeId>& bound, std::span<const Operand> args,
                           bool spread) {
  Unifier unifier(*this, t_.type_params(signature), bound);
  auto each = [&](auto visit) {
    for (std::size_t i = 0; i < args.size(); ++i) {
      TypeId param = parameter(signature, i, args.size(), spread);
      if (t_.has_type_params(param)) visit(args[i], param);
    }
  };
  each([&](const Operand& arg, TypeId param) {
    bool generic = !t_.type_params(arg.type).empty();
    if (known(arg.type) && !is_untyped(arg.type) && !generic) unifier.unify(param, arg.type);
  });
  unifier.use_constraints();
  // The largest kind among the untyped constants of a parameter is its type.
  std::vector<TypeId> untyped(bound.size());
  bool all_known = true;
  each([&](const Operand& arg, TypeId) { all_known = all_known && !t_.has_unknown(arg.type); });
  each([&](const Operand& arg, TypeId param) {
    if (!all_known) return;  // an argument that is not known would perhaps have said another type
    std::size_t i = unifier.place(param);
    if (i < bound.size() && !known(bound[i]) && is_untyped(arg.type) && arg.mode != Mode::kNil)
      untyped[i] = std::max(untyped[i], arg.type);
  });
  for (std::size_t i = 0; i < bound.size(); ++i)
    if (known(untyped[i])) bound[i] = default_type(untyped[i]);
  unifier.use_constraints();
  // Generic functions that are passed as arguments, by what is known of their parameters and results.
  each([&](const Operand& arg, TypeId param) {
    if (!t_.type_params(arg.type).empty()) unifier.use_generic(param, arg.type);
  });
  unifier.use_constraints();
  return std::ranges::all_of(bound, known);
}

TypeId Checker::infer(TypeId signature, std::vector<TypeId> given, std::vector<Operand>& args, bool spread,
                      NodeId fun) {
  std::size_t count = t_.type_params(signature).size();
  given.resize(count);
  if (infer_params(signature, given, args, spread)) record_instance(fun, given);
  return instantiate_signature(signature, given);
}

// A generic function where one of type `target` is wanted.
void Checker::infer_argument(Operand& arg, TypeId target) {
  TypeId wanted = core(target);
  std::span<const TypeId> params = t_.type_params(arg.type);
  if (t_.kind(wanted) != TypeKind::kSignature) return;
  std::vector<TypeId> bound(params.size());
  if (env_.facts && is_there(arg.node)) {
    if (auto one = source().as<ast::IndexExpr>(arg.node)) bound[0] = type_expr(one->index);
  }
  Unifier unifier(*this, params, bound);
  unifier.unify(t_.params(arg.type), t_.params(wanted));
  unifier.unify(t_.results(arg.type), t_.results(wanted));
  unifier.use_constraints();
  arg.type = instantiate_signature(arg.type, bound);
  if (!is_there(arg.node)) return;
  if (std::ranges::all_of(bound, known)) record_instance(arg.node, bound);
  record(arg.node, arg);
}

}  // namespace memsnap::types
