// The local variables of one function body: where each is read and written, which definitions reach a point,
// what is read after it. Questions are answered by a search from the point, so nothing is computed that no
// rule asks for; a search that would look at more than kBudget blocks says that it is not complete.
//
//   Reaching r = body.locals.reaching(var, cfg.point(node));
//   if (r.complete && std::ranges::all_of(r.defs, [](const Def* d) { return d->kind == DefKind::kZero; }))
//   ... if (body.locals.read_after(var, p)) ...      // live: some way from p reads it before it is assigned
#pragma once

#include "flow/cfg.h"
#include "flow/uses.h"

#include <optional>
#include <vector>

namespace memsnap::flow {

enum class DefKind : std::uint8_t {
  kParameter,   // also receivers
  kZero,        // var x T, a named result
  kValue,       // `value` is assigned whole
  kPart,        // value is a call, receive, index or assertion that gives several: the one at `index`
  kRange,       // value is the RangeStmt; index 0 key, 1 value
  kChange,      // x++, x += value: what it was before counts
  kTypeSwitch,  // value is the y of x := y.(type)
};

struct Def {
  ObjectId var = types::kNoObject;
  Point at{};  // the store; of a parameter or named result kNoPoint
  DefKind kind = DefKind::kValue;
  NodeId node = ast::kNoNode;  // the Ident that is defined; of a type switch its CaseClause
  NodeId value = ast::kNoNode;
  std::uint32_t index = 0;
};

struct Reaching {
  std::vector<const Def*> defs;
  // false: something else may have written it (a closure, a pointer to it), or the search gave up
  bool complete = true;
};

struct Local {
  ObjectId var = types::kNoObject;
  bool address_taken = false;             // &x, or x.M() with a pointer receiver
  bool captured = false;                  // used in a closure of this function
  bool captured_written = false;          // and assigned there
  bool outer = false;                     // it is a variable of the function around this closure
  std::uint32_t first_def = 0, defs = 0;  // rows of all_defs()
  std::uint32_t first_use = 0,
                uses = 0;  // rows of all_uses(): by point; stores of the whole variable left out
};

struct LocalUse {
  Point at{};  // of the Ident
  Use use;
};

class Locals {
 public:
  static constexpr int kBudget = 2'000;
  static Locals build(Program& program, const FunctionTable& functions, FuncId function, const Cfg& cfg,
                      const ast::Parents& parents);

  std::span<const Local> all() const { return locals_; }  // by ObjectId
  const Local* find(ObjectId var) const;                  // null: not used in this body
  std::span<const Def> defs(const Local& v) const { return {defs_.data() + v.first_def, v.defs}; }
  std::span<const LocalUse> uses(const Local& v) const { return {uses_.data() + v.first_use, v.uses}; }

  // The definitions that may be the last before `at`.
  Reaching reaching(ObjectId var, Point at) const;
  // The uses that some way from behind `from` meets before the variable is assigned anew. Uses in closures
  // are not among them; where Local says captured, they may come at any time.
  std::vector<const LocalUse*> uses_after(ObjectId var, Point from) const;
  bool read_after(ObjectId var, Point from) const { return !uses_after(var, from).empty(); }

 private:
  friend class LocalsBuilder;
  const Cfg* cfg_ = nullptr;
  std::vector<Local> locals_;
  std::vector<Def> defs_;
  std::vector<LocalUse> uses_;
};

// What a closure takes from the functions around it, closures within it included.
struct Capture {
  ObjectId var = types::kNoObject;
  bool written = false;         // assigned there
  NodeId first = ast::kNoNode;  // its first use there
};
std::vector<Capture> captures(Program& program, const FunctionTable& functions, FuncId closure,
                              const ast::Parents& parents);

}  // namespace memsnap::flow
