#include "flow/use_context.h"
#include "flow/values.h"

#include <algorithm>

namespace memsnap::flow {

using ast::Kind;

namespace {

constexpr std::uint32_t kMaxUses = 1'000;  // each is a search

class Fresh {
 public:
  Fresh(Module& module, FuncId function, int depth)
      : module_(module),
        program_(module.program()),
        file_(module.functions()[function].file),
        source_(program_.source(file_)),
        body_(module.body(function)),
        depth_(depth) {}

  bool at(ObjectId var, Point p) const {
    const Local* l = body_.locals.find(var);
    if (l == nullptr || l->outer || l->captured_written) return false;
    if (l->uses > kMaxUses) return false;
    Reaching r = body_.locals.reaching(var, p);
    if (r.defs.empty()) return false;
    for (const Def* def : r.defs)
      if (!made(*def)) return false;
    for (const LocalUse& use : body_.locals.uses(*l))
      if (shares(use.use) && before(use.at, p)) return false;
    return !l->captured || !closure_before(var, p);
  }

  bool returned() const {
    bool any = false;
    for (std::uint32_t p = 0; p < body_.cfg.steps(); ++p) {
      auto s = source_.as<ast::ReturnStmt>(body_.cfg.node(Point{p}));
      if (!s || !body_.cfg.reached(Point{p})) continue;
      if (s->results.empty()) return false;
      NodeId first = ast::unparen(source_, s->results[0]);
      if (program_.object(program_.object_of(file_, first)).kind == types::ObjectKind::kNil) continue;
      // The return itself is what shares it, so the use in it does not count: uses come before the statement.
      if (!value(first) && !variable_returned(first)) return false;
      any = true;
    }
    return any;
  }

 private:
  bool before(Point use, Point p) const {
    return use < p ? body_.cfg.can_reach(use, p) : use != p && body_.cfg.can_reach(use, p);
  }

  bool variable_returned(NodeId expr) const {
    if (source_.kind(expr) != Kind::kIdent) return false;
    Point p = body_.cfg.point(expr);
    return is_there(p) && at(program_.object_of(file_, expr), p);
  }

  bool made(const Def& def) const {
    if (def.kind == DefKind::kZero) return true;
    if (def.kind != DefKind::kValue && !(def.kind == DefKind::kPart && def.index == 0)) return false;
    return value(ast::unparen(source_, def.value));
  }

  // A value that nobody else has: a literal, new, make, or what a constructor made.
  bool value(NodeId expr) const {
    if (auto unary = source_.as<ast::UnaryExpr>(expr); unary && unary->op == ast::Token::kAnd)
      expr = ast::unparen(source_, unary->x);
    if (source_.kind(expr) == Kind::kCompositeLit) return true;
    if (source_.kind(expr) != Kind::kCallExpr) return false;
    std::string_view builtin = builtin_of(program_, file_, expr);
    if (!builtin.empty()) return builtin == "make" || builtin == "new";
    if (depth_ <= 0 || program_.is_conversion(file_, expr)) return false;
    FuncId callee = module_.functions().of(program_.callee_of(file_, expr));
    if (!is_there(callee) || !ast::is_there(module_.functions()[callee].body)) return false;
    return Fresh(module_, callee, depth_ - 1).returned();
  }

  bool shares(const Use& use) const {
    switch (use.kind) {
      case UseKind::kStore:
      case UseKind::kSend:
      case UseKind::kReturn:
      case UseKind::kArgument:
      case UseKind::kAddress:
      case UseKind::kElementAddress:
      case UseKind::kAppendFrom: return true;
      case UseKind::kMethod: return method_shares(use);
      default: return false;
    }
  }

  // A method keeps to itself what it is called on, unless it runs beside or starts what does.
  bool method_shares(const Use& use) const {
    const ast::Parents& parents = module_.parents(file_);
    NodeId call = parents.of(parents.of(use.node));
    if (source_.kind(call) != Kind::kCallExpr || source_.kind(parents.of(call)) == Kind::kGoStmt) return true;
    FuncId callee = module_.functions().of(program_.callee_of(file_, call));
    if (!is_there(callee)) return false;
    return std::ranges::any_of(module_.calls().from(callee), [](const CallSite& site) {
      return site.kind == CallKind::kGo || site.kind == CallKind::kHandler;
    });
  }

  bool closure_before(ObjectId var, Point p) const {
    const ast::Parents& parents = module_.parents(file_);
    for (NodeId closure : body_.cfg.closures()) {
      Point made = body_.cfg.point(closure);
      Kind above = source_.kind(parents.of(parents.of(closure)));
      auto call = source_.as<ast::CallExpr>(parents.of(closure));
      if (call && call->fun == closure && above != Kind::kGoStmt) continue;  // called where it is written
      if (!is_there(made) || !before(made, p)) continue;
      for (const Capture& c :
           captures(program_, module_.functions(), module_.functions().of(file_, closure), parents))
        if (c.var == var) return true;
    }
    return false;
  }

  Module& module_;
  Program& program_;
  FileId file_;
  const SourceFile& source_;
  const Body& body_;
  int depth_;
};

}  // namespace

bool is_fresh(Module& module, FuncId function, ObjectId var, Point at) {
  return Fresh(module, function, 2).at(var, at);
}

}  // namespace memsnap::flow
