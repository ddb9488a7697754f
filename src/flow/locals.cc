#include "flow/locals.h"

#include <algorithm>

namespace memsnap::flow {

using types::ObjectKind;

// The pointer method of a variable that is no pointer takes its address.
static bool takes_pointer(Program& program, FileId file, const SourceFile& source, NodeId method_selector) {
  types::Selection s = program.selection_of(file, method_selector);
  if (s.kind != types::Selection::Kind::kMethod || s.indirect) return false;
  if (program.types().kind(program.underlying(s.receiver)) == types::TypeKind::kInterface) return false;
  const types::Object& method = program.object(s.object);
  if (!ast::is_there(method.decl) || method.file == types::kNoFile) return true;
  const SourceFile& there = method.file == file ? source : program.source(method.file);
  auto decl = there.as<ast::FuncDecl>(method.decl);
  if (!decl) return false;
  auto list = there.as<ast::FieldList>(decl->recv);
  if (!list || list->list.empty()) return true;
  auto field = there.as<ast::Field>(list->list[0]);
  return !field || there.kind(ast::unparen(there, field->type)) == ast::Kind::kStarExpr;
}

class LocalsBuilder {
 public:
  LocalsBuilder(Program& program, const FunctionTable& functions, FuncId id, const Cfg& cfg,
                const ast::Parents& parents)
      : program_(program),
        function_(functions[id]),
        deep_(functions.depth(id) > FunctionTable::kMaxDepth),
        source_(program.source(function_.file)),
        cfg_(cfg),
        parents_(parents) {}

  Locals run() {
    for (ObjectId var : parameters(program_, function_))
      if (is_there(var)) define({.var = var, .at = kNoPoint, .kind = DefKind::kParameter});
    for (ObjectId var : named_results(program_, function_))
      if (is_there(var)) define({.var = var, .at = kNoPoint, .kind = DefKind::kZero});
    for (std::uint32_t p = 0; p < cfg_.steps(); ++p) step(Point{p});
    if (!deep_)
      for (NodeId closure : cfg_.closures()) inside(closure);
    else
      for (Local& l : out_.locals_) l.captured = l.captured_written = true;
    return gather();
  }

 private:
  bool is_local(ObjectId object) const {
    const types::Object& o = program_.object(object);
    return o.kind == ObjectKind::kVar && !o.package_level;
  }
  bool declared_in(ObjectId object, NodeId node) const {
    const types::Object& o = program_.object(object);
    if (o.file != function_.file) return false;
    NodeId at = ast::is_there(o.ident) ? o.ident : o.decl;
    return source_.pos(at) >= source_.pos(node) && source_.end(at) <= source_.end(node);
  }
  Local& local(ObjectId var) {
    auto [at, fresh] = rows_.try_emplace(std::uint32_t(var), std::uint32_t(out_.locals_.size()));
    if (fresh) out_.locals_.push_back({.var = var, .outer = !declared_in(var, function_.node)});
    return out_.locals_[at->second];
  }
  void define(Def def) {
    local(def.var);
    out_.defs_.push_back(def);
  }

  void step(Point p) {
    NodeId node = cfg_.node(p);
    if (source_.kind(node) == ast::Kind::kCaseClause) return type_case(p, node);
    if (source_.kind(node) != ast::Kind::kIdent) return;
    ObjectId var = program_.object_of(function_.file, node);
    if (!is_local(var)) return;
    Local& l = local(var);
    Use use = use_of(program_, function_.file, parents_, node);
    note(l, use);
    if (!whole(p, use)) out_.uses_.push_back({p, use});
  }

  void type_case(Point p, NodeId clause) {
    ObjectId var = program_.object_of(function_.file, clause);
    if (!is_local(var)) return;
    NodeId value = ast::kNoNode, above = parents_.of(parents_.of(clause));
    if (auto s = source_.as<ast::TypeSwitchStmt>(above))
      if (auto named = source_.as<ast::AssignStmt>(s->assign); named && !named->rhs.empty())
        if (auto assertion = source_.as<ast::TypeAssertExpr>(named->rhs[0])) value = assertion->x;
    define({.var = var, .at = p, .kind = DefKind::kTypeSwitch, .node = clause, .value = value});
  }

  void note(Local& l, const Use& use) {
    if (use.kind == UseKind::kAddress) l.address_taken = true;
    types::TypeKind kind = program_.types().kind(program_.underlying(program_.type(l.var)));
    bool in_place = kind == types::TypeKind::kArray || kind == types::TypeKind::kStruct;
    if (use.kind == UseKind::kElementAddress && in_place) l.address_taken = true;
    if (use.kind == UseKind::kSlice && kind == types::TypeKind::kArray) l.address_taken = true;
    if (use.kind == UseKind::kMethod && kind != types::TypeKind::kPointer)
      l.address_taken |= takes_pointer(program_, function_.file, source_, parents_.of(use.node));
  }

  // Whether the step assigns the whole variable; then it is a definition and no use, but for x++ and x += y.
  bool whole(Point p, const Use& use) {
    if (use.kind < UseKind::kWrite || (use.kind > UseKind::kRangeWrite && use.kind != UseKind::kAppend))
      return false;
    Def def{.var = use.object, .at = p, .kind = DefKind::kValue, .node = use.node, .value = use.other};
    NodeId above = parents_.of(use.node);
    while (source_.kind(above) == ast::Kind::kParenExpr) above = parents_.of(above);
    auto assignment = source_.as<ast::AssignStmt>(above);
    bool change =
        source_.kind(above) == ast::Kind::kIncDecStmt || (assignment && ast::is_op_assign(assignment->tok));
    if (change) {
      def.kind = DefKind::kChange;
      out_.uses_.push_back({p, use});
    } else if (use.kind == UseKind::kRangeWrite) {
      def.kind = DefKind::kRange;
      def.index = source_.get<ast::RangeStmt>(above).value == use.node ? 1 : 0;
    } else if (use.kind == UseKind::kTupleWrite) {
      def.kind = DefKind::kPart;
      def.index = place(above, use.node);
    } else if (!ast::is_there(use.other)) {
      def.kind = DefKind::kZero;
    }
    out_.defs_.push_back(def);
    return true;
  }

  std::uint32_t place(NodeId statement, NodeId target) const {
    ast::NodeList list;
    if (auto s = source_.as<ast::AssignStmt>(statement)) list = s->lhs;
    if (auto s = source_.as<ast::ValueSpec>(statement)) list = s->names;
    return std::uint32_t(std::ranges::find(list, target) - list.begin());
  }

  void inside(NodeId closure) {
    ast::walk(source_, closure, [&](NodeId node) {
      if (source_.kind(node) != ast::Kind::kIdent) return true;
      ObjectId var = program_.object_of(function_.file, node);
      if (!is_local(var) || declared_in(var, closure)) return true;
      Local& l = local(var);
      Use use = use_of(program_, function_.file, parents_, node);
      note(l, use);
      l.captured = true;
      l.captured_written |= use.kind >= UseKind::kWrite && use.kind <= UseKind::kRangeWrite;
      l.captured_written |= use.kind == UseKind::kAppend;
      return true;
    });
  }

  Locals gather() {
    std::ranges::sort(out_.locals_, {}, &Local::var);
    std::ranges::stable_sort(out_.defs_, {}, &Def::var);
    std::ranges::stable_sort(out_.uses_, {}, [](const LocalUse& u) { return u.use.object; });
    std::uint32_t def = 0, use = 0;
    for (Local& l : out_.locals_) {
      l.first_def = def;
      while (def < out_.defs_.size() && out_.defs_[def].var == l.var) ++def;
      l.defs = def - l.first_def;
      l.first_use = use;
      while (use < out_.uses_.size() && out_.uses_[use].use.object == l.var) ++use;
      l.uses = use - l.first_use;
    }
    out_.cfg_ = &cfg_;
    return std::move(out_);
  }

  Program& program_;
  const Function& function_;
  bool deep_;
  const SourceFile& source_;
  const Cfg& cfg_;
  const ast::Parents& parents_;
  std::unordered_map<std::uint32_t, std::uint32_t> rows_;
  Locals out_;
};

Locals Locals::build(Program& program, const FunctionTable& functions, FuncId function, const Cfg& cfg,
                     const ast::Parents& parents) {
  return LocalsBuilder(program, functions, function, cfg, parents).run();
}

const Local* Locals::find(ObjectId var) const {
  auto at = std::ranges::lower_bound(locals_, var, {}, &Local::var);
  return at != locals_.end() && at->var == var ? &*at : nullptr;
}

// Definitions of a variable lie by point, those at the entry (kNoPoint) first.
static std::span<const Def> behind_entry(std::span<const Def> defs) {
  std::size_t n = 0;
  while (n < defs.size() && !is_there(defs[n].at)) ++n;
  return defs.subspan(n);
}

Reaching Locals::reaching(ObjectId var, Point at) const {
  Reaching found;
  const Local* l = find(var);
  if (l == nullptr) return {.defs = {}, .complete = false};
  found.complete = !l->captured_written && !l->address_taken;
  std::span<const Def> all = defs(*l), placed = behind_entry(all);
  std::vector<bool> seen(cfg_->blocks());
  std::vector<std::pair<BlockId, Point>> open{{cfg_->block(at), at}};
  for (int budget = kBudget; !open.empty(); --budget) {
    auto [b, before] = open.back();
    open.pop_back();
    if (budget == 0) return {.defs = {}, .complete = false};
    auto behind = std::ranges::lower_bound(placed, before, {}, &Def::at);
    if (behind != placed.begin() && std::prev(behind)->at >= cfg_->begin(b)) {
      found.defs.push_back(&*std::prev(behind));
      continue;
    }
    if (b == kEntry) {
      for (const Def& d : all.first(all.size() - placed.size())) found.defs.push_back(&d);
      found.complete &= !l->outer;
    }
    for (BlockId from : cfg_->in(b)) {
      if (seen[std::size_t(from)] || !cfg_->reached(from)) continue;
      seen[std::size_t(from)] = true;
      open.push_back({from, cfg_->end(from)});
    }
  }
  std::ranges::sort(found.defs);
  found.defs.erase(std::unique(found.defs.begin(), found.defs.end()), found.defs.end());
  return found;
}

std::vector<const LocalUse*> Locals::uses_after(ObjectId var, Point from) const {
  std::vector<const LocalUse*> found;
  const Local* l = find(var);
  if (l == nullptr) return found;
  std::span<const Def> placed = behind_entry(defs(*l));
  std::span<const LocalUse> all = uses(*l);
  std::vector<bool> seen(cfg_->blocks());
  std::vector<std::pair<BlockId, Point>> open{{cfg_->block(from), Point{std::uint32_t(from) + 1}}};
  for (int budget = kBudget; !open.empty() && budget > 0; --budget) {
    auto [b, begin] = open.back();
    open.pop_back();
    Point end = cfg_->end(b);
    auto def = std::ranges::lower_bound(placed, begin, {}, &Def::at);
    while (def != placed.end() && def->at < end && def->kind == DefKind::kChange) ++def;
    bool killed = def != placed.end() && def->at < end;
    if (killed) end = def->at;
    auto use = std::ranges::lower_bound(all, begin, {}, &LocalUse::at);
    for (; use != all.end() && use->at < end; ++use) found.push_back(&*use);
    if (killed) continue;
    for (const Edge& e : cfg_->out(b)) {
      if (seen[std::size_t(e.to)]) continue;
      seen[std::size_t(e.to)] = true;
      open.push_back({e.to, cfg_->begin(e.to)});
    }
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<Capture> captures(Program& program, const FunctionTable& functions, FuncId closure,
                              const ast::Parents& parents) {
  std::vector<Capture> found;
  const Function& function = functions[closure];
  const SourceFile& source = program.source(function.file);
  ast::walk(source, function.node, [&](NodeId node) {
    if (source.kind(node) != ast::Kind::kIdent) return true;
    ObjectId var = program.object_of(function.file, node);
    const types::Object& o = program.object(var);
    if (o.kind != ObjectKind::kVar || o.package_level || o.file != function.file) return true;
    NodeId at = ast::is_there(o.ident) ? o.ident : o.decl;
    if (source.pos(at) >= source.pos(function.node) && source.end(at) <= source.end(function.node))
      return true;
    UseKind kind = use_of(program, function.file, parents, node).kind;
    bool written = (kind >= UseKind::kWrite && kind <= UseKind::kRangeWrite) || kind == UseKind::kAppend;
    auto there = std::ranges::find(found, var, &Capture::var);
    if (there == found.end())
      found.push_back({var, written, node});
    else
      there->written |= written;
    return true;
  });
  return found;
}

}  // namespace memsnap::flow
