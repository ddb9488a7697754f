#include "flow/values.h"
#include "flow/use_context.h"

#include <algorithm>
#include <functional>
#include <optional>

namespace memsnap::flow {

using ast::Kind;
using types::ObjectKind;

namespace {

constexpr int kMaxSteps = 1'000;  // back from where a field is asked for
constexpr int kMaxDepth = 6;      // variables that are copies of variables, functions that return calls

// What several ways to one place say together.
class Joined {
 public:
  void add(Nilness one) {
    bool nil = all_ == Nilness::kNil || one == Nilness::kNil;
    bool maybe = all_ == Nilness::kMaybe || one == Nilness::kMaybe;
    if (any_ && all_ != one) one = nil || maybe ? Nilness::kMaybe : Nilness::kUnknown;
    all_ = one;
    any_ = true;
  }
  Nilness all() const { return all_; }

 private:
  bool any_ = false;
  Nilness all_ = Nilness::kUnknown;
};

// One question and those that it leads to, within `depth` steps from value to value.
class Nil {
 public:
  Nil(Module& module, FuncId function, int depth)
      : module_(module),
        program_(module.program()),
        function_(function),
        file_(module.functions()[function].file),
        source_(program_.source(file_)),
        depth_(depth) {}

  Nilness of(NodeId expr, Point at) {
    if (depth_ <= 0) return Nilness::kUnknown;
    expr = ast::unparen(source_, expr);
    switch (source_.kind(expr)) {
      case Kind::kCompositeLit:
      case Kind::kFuncLit: return Nilness::kMade;
      case Kind::kUnaryExpr:
        return source_.get<ast::UnaryExpr>(expr).op == ast::Token::kAnd ? Nilness::kMade : Nilness::kUnknown;
      case Kind::kCallExpr: return of_call(expr, at, 0);
      case Kind::kIdent: return of_name(expr, at);
      case Kind::kSelectorExpr: return of_field(expr, at);
      default: return Nilness::kUnknown;
    }
  }

  // Result `index` of every return of this function.
  Nilness of_returns(std::uint32_t index) {
    if (depth_ <= 0 || !ast::is_there(module_.functions()[function_].body)) return Nilness::kUnknown;
    const Cfg& cfg = module_.body(function_).cfg;
    std::vector<ObjectId> named = named_results(program_, module_.functions()[function_]);
    Joined all;
    for (std::uint32_t p = 0; p < cfg.steps(); ++p) {
      auto s = source_.as<ast::ReturnStmt>(cfg.node(Point{p}));
      if (!s || !cfg.reached(Point{p})) continue;
      Nilness one = Nilness::kUnknown;
      if (index < s->results.size())
        one = of(s->results[index], Point{p});
      else if (s->results.empty() && index < named.size())
        one = of_variable(named[index], Point{p});
      else if (s->results.size() == 1)
        one = of_call(ast::unparen(source_, s->results[0]), Point{p}, index);
      all.add(one);
    }
    return all.all();
  }

 private:
  Nilness of_call(NodeId expr, Point at, std::uint32_t index) {
    auto call = source_.as<ast::CallExpr>(expr);
    if (!call) return Nilness::kUnknown;
    std::string_view builtin = builtin_of(program_, file_, expr);
    if (builtin == "make" || builtin == "new") return Nilness::kMade;
    if (builtin == "append")
      return call->args.size() > 1 && !call->ellipsis ? Nilness::kMade : Nilness::kUnknown;
    if (!builtin.empty()) return Nilness::kUnknown;
    if (program_.is_conversion(file_, expr))
      return call->args.empty() ? Nilness::kUnknown
                                : Nil(module_, function_, depth_ - 1).of(call->args[0], at);
    FuncId callee = module_.functions().of(program_.callee_of(file_, expr));
    return is_there(callee) ? Nil(module_, callee, std::min(depth_ - 1, 2)).of_returns(index)
                            : Nilness::kUnknown;
  }

  Nilness of_name(NodeId ident, Point at) {
    ObjectId object = program_.object_of(file_, ident);
    const types::Object& o = program_.object(object);
    if (o.kind == ObjectKind::kNil) return Nilness::kNil;
    if (o.kind != ObjectKind::kVar || o.package_level) return Nilness::kUnknown;
    return of_variable(object, at);
  }

  // The last event from `begin` on and before `end`; kMaxSteps are looked at in all.
  using Event = std::function<std::optional<Nilness>(Point begin, Point end)>;
  using Refine = std::function<std::optional<Nilness>(const Edge&)>;
  // Backwards from the point: the last event on each way, or what a test on an edge says.
  Nilness search(Point at, const Event& event, const Refine& refine, Nilness at_entry) {
    const Cfg& cfg = module_.body(function_).cfg;
    Joined all;
    std::vector<bool> seen(cfg.blocks());
    std::vector<std::pair<BlockId, Point>> open{{cfg.block(at), at}};
    for (int budget = Locals::kBudget; !open.empty(); --budget) {
      auto [b, before] = open.back();
      open.pop_back();
      if (budget <= 0) return Nilness::kUnknown;
      if (auto found = event(cfg.begin(b), before)) {
        all.add(*found);
        continue;
      }
      if (b == kEntry) all.add(at_entry);
      for (BlockId from : cfg.in(b)) {
        if (!cfg.reached(from) || edge_says(from, b, refine, all) || seen[std::size_t(from)]) continue;
        seen[std::size_t(from)] = true;
        open.push_back({from, cfg.end(from)});
      }
    }
    return all.all();
  }

  bool edge_says(BlockId from, BlockId to, const Refine& refine, Joined& all) const {
    for (const Edge& e : module_.body(function_).cfg.out(from)) {
      if (e.to != to) continue;
      auto found = refine(e);
      if (!found) continue;
      all.add(*found);
      return true;
    }
    return false;
  }

  // x == nil or x != nil on the edge, where `same` knows x.
  std::optional<Nilness> tested(const Edge& e, const std::function<bool(NodeId)>& same) const {
    if (e.kind != EdgeKind::kTrue && e.kind != EdgeKind::kFalse) return std::nullopt;
    auto two = source_.as<ast::BinaryExpr>(e.cond);
    if (!two || (two->op != ast::Token::kEql && two->op != ast::Token::kNeq)) return std::nullopt;
    for (auto [x, y] : {std::pair(two->x, two->y), std::pair(two->y, two->x)}) {
      ObjectId nil = program_.object_of(file_, ast::unparen(source_, y));
      if (program_.object(nil).kind != ObjectKind::kNil || !same(ast::unparen(source_, x))) continue;
      return (two->op == ast::Token::kEql) == (e.kind == EdgeKind::kTrue) ? Nilness::kNil : Nilness::kMade;
    }
    return std::nullopt;
  }

  Nilness of_variable(ObjectId var, Point at) {
    const Locals& locals = module_.body(function_).locals;
    const Local* l = locals.find(var);
    if (l == nullptr) return Nilness::kUnknown;
    auto defs = locals.defs(*l);
    bool shared = l->captured_written || l->address_taken;
    Nilness entry = Nilness::kUnknown;
    if (!defs.empty() && !is_there(defs[0].at) && defs[0].kind == DefKind::kZero) entry = Nilness::kNil;
    while (!defs.empty() && !is_there(defs[0].at)) defs = defs.subspan(1);
    auto event = [&](Point begin, Point end) -> std::optional<Nilness> {
      auto behind = std::ranges::lower_bound(defs, end, {}, &Def::at);
      if (behind == defs.begin() || std::prev(behind)->at < begin) return std::nullopt;
      const Def& def = *std::prev(behind);
      return shared && def.kind == DefKind::kZero ? Nilness::kUnknown : of_def(def);
    };
    auto refine = [&](const Edge& e) {
      return tested(e, [&](NodeId x) { return program_.object_of(file_, x) == var; });
    };
    return search(at, event, refine, shared ? Nilness::kUnknown : entry);
  }

  Nilness of_def(const Def& def) {
    Nil next(module_, function_, depth_ - 1);
    switch (def.kind) {
      case DefKind::kZero: return Nilness::kNil;
      case DefKind::kValue: return next.of(def.value, def.at);
      case DefKind::kPart: return next.of_call(ast::unparen(source_, def.value), def.at, def.index);
      default: return Nilness::kUnknown;
    }
  }

  // x.f where x is a local that was made here: what the literal gave it, or what was stored since. Calls that
  // have x may have set it.
  Nilness of_field(NodeId expr, Point at) {
    PathId path = module_.path(file_, expr);
    PathTable& paths = module_.paths();
    if (!is_there(path) || paths.length(path) != 2 || !is_there(paths.last_field(path)))
      return Nilness::kUnknown;
    ObjectId var = paths.root(path), field = paths.last_field(path);
    const Local* l = module_.body(function_).locals.find(var);
    if (l == nullptr || l->captured_written) return Nilness::kUnknown;
    int left = kMaxSteps;
    auto event = [&](Point begin, Point end) -> std::optional<Nilness> {
      for (std::uint32_t p = std::uint32_t(end); p-- > std::uint32_t(begin);) {
        if (--left < 0) return Nilness::kUnknown;
        if (auto found = field_event(Point{p}, *l, path, field)) return found;
      }
      return std::nullopt;
    };
    auto refine = [&](const Edge& e) {
      return tested(e, [&](NodeId x) {
        return source_.kind(x) == Kind::kSelectorExpr && module_.path(file_, x) == path;
      });
    };
    return search(at, event, refine, Nilness::kUnknown);
  }

  std::optional<Nilness> field_event(Point p, const Local& l, PathId path, ObjectId field) {
    const Body& body = module_.body(function_);
    NodeId node = body.cfg.node(p);
    if (source_.kind(node) == Kind::kSelectorExpr && module_.path(file_, node) == path) {
      Use use = module_.use(file_, node);
      if (use.kind == UseKind::kWrite && is_there(use.other))
        return Nil(module_, function_, depth_ - 1).of(use.other, p);
      if (is_write(use.kind) && use.kind < UseKind::kLiteral) return Nilness::kUnknown;
      if (use.kind == UseKind::kAddress) return Nilness::kUnknown;
    }
    if (source_.kind(node) == Kind::kFuncLit && l.captured) return Nilness::kUnknown;
    if (source_.kind(node) != Kind::kIdent || program_.object_of(file_, node) != l.var) return std::nullopt;
    for (const Def& def : body.locals.defs(l))
      if (def.at == p) return of_literal(def, field);
    UseKind kind = module_.use(file_, node).kind;
    bool away = kind == UseKind::kMethod || kind == UseKind::kArgument || kind == UseKind::kAddress ||
                kind == UseKind::kStore || kind == UseKind::kSend || kind == UseKind::kReturn;
    return away ? std::optional(Nilness::kUnknown) : std::nullopt;
  }

  Nilness of_literal(const Def& def, ObjectId field) {
    if (def.kind == DefKind::kZero)
      return program_.types().kind(program_.underlying(program_.type(def.var))) == types::TypeKind::kStruct
                 ? Nilness::kNil
                 : Nilness::kUnknown;
    if (def.kind != DefKind::kValue) return Nilness::kUnknown;
    NodeId value = ast::unparen(source_, def.value);
    if (builtin_of(program_, file_, value) == "new") {
      auto call = source_.get<ast::CallExpr>(value);
      return !call.args.empty() && program_.is_type(file_, call.args[0]) ? Nilness::kNil : Nilness::kUnknown;
    }
    if (auto unary = source_.as<ast::UnaryExpr>(value); unary && unary->op == ast::Token::kAnd)
      value = ast::unparen(source_, unary->x);
    auto literal = source_.as<ast::CompositeLit>(value);
    if (!literal) return Nilness::kUnknown;
    for (NodeId elt : literal->elts) {
      auto pair = source_.as<ast::KeyValueExpr>(elt);
      if (!pair) return Nilness::kUnknown;
      if (program_.object_of(file_, pair->key) == field)
        return Nil(module_, function_, depth_ - 1).of(pair->value, def.at);
    }
    return Nilness::kNil;
  }

  Module& module_;
  Program& program_;
  FuncId function_;
  FileId file_;
  const SourceFile& source_;
  int depth_;
};

}  // namespace

Nilness nilness(Module& module, FuncId function, NodeId expr, Point at) {
  return Nil(module, function, kMaxDepth).of(expr, at);
}

bool returns_only_nil(Module& module, FuncId function, std::uint32_t index) {
  return Nil(module, function, kMaxDepth).of_returns(index) == Nilness::kNil;
}

}  // namespace memsnap::flow
