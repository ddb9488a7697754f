#include "flow/lock_builder.h"
#include "gosrc/comments.h"

#include <algorithm>

namespace memsnap::flow {

namespace {

// What both hold, in the weaker way.
LockSet both(const LockSet& a, const LockSet& b) {
  LockSet found;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].path < b[j].path)
      ++i;
    else if (b[j].path < a[i].path)
      ++j;
    else {
      Held held = a[i++];
      held.mode = std::min(held.mode, b[j].mode);
      held.from_caller |= b[j++].from_caller;
      found.push_back(held);
    }
  }
  return found;
}

void hold(LockSet& set, const Held& lock) {
  auto at = std::ranges::lower_bound(set, lock.path, {}, &Held::path);
  if (at != set.end() && at->path == lock.path)
    *at = lock;
  else
    set.insert(at, lock);
}

void let_go(LockSet& set, PathId path) {
  std::erase_if(set, [&](const Held& held) { return held.path == path; });
}

}  // namespace

LockSet LockFacts::at(Point p) const {
  if (entry_.empty()) return {};
  BlockId b = cfg_->block(p);
  LockSet set = entry_[std::size_t(b)];
  auto change = std::ranges::lower_bound(changes_, cfg_->begin(b), {}, &Change::at);
  for (; change != changes_.end() && change->at < p; ++change) apply(set, *change);
  return set;
}

void LockFacts::apply(LockSet& set, const Change& change) const {
  if (change.drops_root)
    std::erase_if(set, [&](const Held& held) { return paths_->mentions(held.path, change.var); });
  else if (change.held)
    hold(set, change.lock);
  else
    let_go(set, change.lock.path);
}

bool LockFacts::holds(Point p, PathId mutex, LockMode mode) const {
  return std::ranges::any_of(at(p),
                             [&](const Held& held) { return held.path == mutex && held.mode >= mode; });
}

LockSet LockFacts::may_hold(Point p) const {
  LockSet found = at(p);
  for (const Change& change : changes_) {
    if (!change.held || std::ranges::binary_search(found, change.lock.path, {}, &Held::path)) continue;
    bool there = cfg_->can_reach(change.at, p, [&](Point q) {
      auto drop = std::ranges::lower_bound(changes_, q, {}, &Change::at);
      for (; drop != changes_.end() && drop->at == q; ++drop)
        if (!drop->held && !drop->drops_root && drop->lock.path == change.lock.path) return true;
      return false;
    });
    if (there) hold(found, change.lock);
  }
  return found;
}

bool LockFacts::may_be_assumed(Point p) const {
  return !complete_ || promise_.any || std::ranges::binary_search(noted_, p);
}

LockFacts LockBuilder::run(FuncId function) {
  id_ = function;
  function_ = &module_.functions()[function];
  FuncId top = function;
  while (is_there(module_.functions()[top].outer)) top = module_.functions()[top].outer;
  facts_.promise_ = lock_promise(program_, module_.functions()[top]);
  collect_notes();
  LockSet entry;
  if (program_.source(function_->file).kind(function_->node) == ast::Kind::kFuncLit)
    entry = around_closure();
  else if (level_ > 0)
    entry = module_.held_by_callers(function, level_);
  if (facts_.promise_.any && top != function && entry.empty() && runs_apart()) facts_.promise_ = {};

  const CallGraph& calls = module_.calls();
  bool helped = level_ > 0 && std::ranges::any_of(calls.from(function), [&](const CallSite& site) {
                  return calls.only_locks(site.callee) || calls.only_unlocks(site.callee);
                });
  if (entry.empty() && !helped && !calls.uses_locks(function)) return std::move(facts_);
  body_ = &module_.body(function);
  facts_.cfg_ = &body_->cfg;
  facts_.paths_ = &module_.paths();
  collect();
  solve(std::move(entry));
  if (facts_.complete_) summarize();
  return std::move(facts_);
}

void LockBuilder::collect() {
  const SourceFile& source = program_.source(function_->file);
  for (std::uint32_t p = 0; p < body_->cfg.steps(); ++p)
    if (source.kind(body_->cfg.node(Point{p})) == ast::Kind::kCallExpr)
      collect_call(Point{p}, body_->cfg.node(Point{p}));
  if (level_ > 0)
    for (const CallSite& site : module_.calls().from(id_))
      if (Point p = body_->cfg.point(site.node); is_there(p) && site.kind == CallKind::kStatic)
        collect_helper(p, site);
  collect_assignments();
  std::ranges::stable_sort(facts_.changes_, {}, &LockFacts::Change::at);
}

// A variable that is a pointer to a mutex stands for the mutex that it was set to.
PathId LockBuilder::resolved(PathId mutex) {
  PathTable& paths = module_.paths();
  if (paths.length(mutex) != 1) return mutex;
  const Local* l = body_->locals.find(paths.root(mutex));
  if (l == nullptr || l->defs != 1 || l->captured_written) return mutex;
  const Def& def = body_->locals.defs(*l)[0];
  if (def.kind != DefKind::kValue) return mutex;
  const SourceFile& source = program_.source(function_->file);
  NodeId value = ast::unparen(source, def.value);
  if (auto unary = source.as<ast::UnaryExpr>(value); unary && unary->op == ast::Token::kAnd) value = unary->x;
  PathId path = module_.path(function_->file, value);
  return is_there(path) ? path : mutex;
}

void LockBuilder::collect_call(Point p, NodeId call) {
  LockCall found = lock_call(program_, module_.paths(), function_->file, call);
  if (found.op == LockOp::kNone || !is_there(found.path)) return;
  PathId path = resolved(found.path);
  Held lock{.path = path, .since = call};
  bool reads = found.op == LockOp::kRLock || found.op == LockOp::kTryRLock;
  if (reads) lock.mode = LockMode::kRead;
  if (found.op == LockOp::kTryLock || found.op == LockOp::kTryRLock) return collect_trial(call, lock);
  bool held = found.op == LockOp::kLock || found.op == LockOp::kRLock;
  facts_.changes_.push_back({.at = p, .held = held, .lock = lock});
}

// The lock is held where the condition `call`, or a variable that has its answer, is true.
void LockBuilder::collect_trial(NodeId call, const Held& lock) {
  trials_.push_back({call, lock});
  const SourceFile& source = program_.source(function_->file);
  for (std::uint32_t b = 0; b < body_->cfg.blocks(); ++b) {
    for (const Edge& e : body_->cfg.out(BlockId{b})) {
      Point at = body_->cfg.point(e.cond);
      if (e.kind != EdgeKind::kTrue || source.kind(e.cond) != ast::Kind::kIdent || !is_there(at)) continue;
      Reaching r = body_->locals.reaching(program_.object_of(function_->file, e.cond), at);
      if (r.complete && r.defs.size() == 1 && ast::unparen(source, r.defs[0]->value) == call)
        trials_.push_back({e.cond, lock});
    }
  }
}

void LockBuilder::collect_helper(Point p, const CallSite& site) {
  const CallGraph& calls = module_.calls();
  bool locks = calls.only_locks(site.callee), unlocks = calls.only_unlocks(site.callee);
  if (!locks && !unlocks) return;
  const LockFacts& helper = module_.locks(site.callee, 0);
  Bindings bound = bindings(site.callee, function_->file, site.node);
  for (Held held : locks ? helper.acquired() : helper.released()) {
    held.path = up(held.path, bound);
    held.since = site.node;
    if (is_there(held.path)) facts_.changes_.push_back({.at = p, .held = locks, .lock = held});
  }
}

// A lock of c.mu says nothing once c is another.
void LockBuilder::collect_assignments() {
  std::vector<LockFacts::Change> drops;
  for (const Local& l : body_->locals.all()) {
    bool matters = std::ranges::any_of(facts_.changes_, [&](const LockFacts::Change& change) {
      return module_.paths().mentions(change.lock.path, l.var);
    });
    if (!matters) continue;
    for (const Def& def : body_->locals.defs(l))
      if (is_there(def.at)) drops.push_back({.at = def.at, .drops_root = true, .var = l.var});
  }
  facts_.changes_.insert(facts_.changes_.end(), drops.begin(), drops.end());
}

// Steps on a line with `// LOCK: ...`, or on the line below it.
void LockBuilder::collect_notes() {
  const SourceFile& source = program_.source(function_->file);
  std::vector<int> lines;
  for (const Comment& comment :
       comments_between(source, source.pos(function_->node), source.end(function_->node)))
    if (comment_text(source, comment).starts_with("LOCK:"))
      lines.push_back(source.position(comment.pos).line);
  if (lines.empty()) return;
  const Cfg& cfg = module_.body(id_).cfg;
  for (std::uint32_t p = 0; p < cfg.steps(); ++p) {
    int line = source.position(source.pos(cfg.node(Point{p}))).line;
    if (std::ranges::any_of(lines, [&](int l) { return l == line || l + 1 == line; }))
      facts_.noted_.push_back(Point{p});
  }
}

void LockBuilder::solve(LockSet entry) {
  const Cfg& cfg = body_->cfg;
  std::vector<LockSet>& sets = facts_.entry_;
  sets.assign(cfg.blocks(), {});
  std::vector<bool> known(cfg.blocks());
  known[0] = true;
  sets[0] = std::move(entry);
  if (facts_.changes_.size() > kMaxChanges) facts_.complete_ = false;
  std::size_t visits = 0;
  for (bool changed = true; changed && facts_.complete_;) {
    changed = false;
    for (BlockId b : cfg.order()) {
      if (!known[std::size_t(b)]) continue;
      LockSet out = through(b, sets[std::size_t(b)]);
      for (const Edge& e : cfg.out(b)) {
        LockSet set = out;
        for (const Trial& trial : trials_)
          if (e.kind == EdgeKind::kTrue && e.cond == trial.cond) hold(set, trial.lock);
        LockSet& there = sets[std::size_t(e.to)];
        bool first = !known[std::size_t(e.to)];
        LockSet now = first ? set : both(there, set);
        changed |= first || now != there;
        known[std::size_t(e.to)] = true;
        there = std::move(now);
      }
      if (++visits > kMaxVisits) facts_.complete_ = false;
    }
  }
  if (!facts_.complete_) sets.clear(), facts_.changes_.clear();
}

LockSet LockBuilder::through(BlockId b, LockSet set) const {
  auto change = std::ranges::lower_bound(facts_.changes_, body_->cfg.begin(b), {}, &LockFacts::Change::at);
  for (; change != facts_.changes_.end() && change->at < body_->cfg.end(b); ++change)
    facts_.apply(set, *change);
  return set;
}

void LockBuilder::summarize() {
  const SourceFile& source = program_.source(function_->file);
  LockSet held = facts_.entry_[std::size_t(kExit)];
  std::erase_if(held, [](const Held& lock) { return lock.from_caller; });
  for (NodeId statement : body_->cfg.defers()) {
    ast::walk(source, statement, [&](NodeId node) {
      LockCall call = lock_call(program_, module_.paths(), function_->file, node);
      if (call.op == LockOp::kUnlock || call.op == LockOp::kRUnlock) let_go(held, call.path);
      return true;
    });
  }
  facts_.acquired_ = std::move(held);
  for (const LockFacts::Change& change : facts_.changes_) {
    if (change.held || change.drops_root || !body_->cfg.reached(change.at)) continue;
    if (!facts_.holds(change.at, change.lock.path)) hold(facts_.released_, change.lock);
  }
}

// Whether the closure, or one that it is in, runs on a goroutine of its own or later.
bool LockBuilder::runs_apart() const {
  for (FuncId f = id_; is_there(f); f = module_.functions()[f].outer)
    for (const CallSite& site : module_.calls().into(f))
      if (site.kind == CallKind::kGo || site.kind == CallKind::kHandler) return true;
  return false;
}

// What is held when a closure runs: where it is called, where it is given to what calls it at once, where a
// variable that is only called is called, at the end when it is deferred.
LockSet LockBuilder::around_closure() {
  FuncId outer = function_->outer;
  if (!is_there(outer) || !ast::is_there(module_.functions()[outer].type)) return {};
  if (module_.functions().depth(id_) > FunctionTable::kMaxDepth) return {};
  for (const CallSite& site : module_.calls().into(id_))
    if (site.kind == CallKind::kGo || site.kind == CallKind::kHandler) return {};
  const LockFacts& facts = module_.locks(outer, level_);
  if (facts.entry_.empty()) return {};
  const Body& around = module_.body(outer);
  Point made = around.cfg.point(function_->node);
  if (!is_there(made)) return {};
  const SourceFile& source = program_.source(function_->file);
  const ast::Parents& parents = module_.parents(function_->file);
  NodeId above = parents.of(function_->node);
  while (source.kind(above) == ast::Kind::kParenExpr) above = parents.of(above);
  LockSet set;
  if (source.kind(above) == ast::Kind::kCallExpr) {
    set = facts.at(made);
    if (source.kind(parents.of(above)) == ast::Kind::kDeferStmt)
      set = both(set, facts.entry_[std::size_t(kExit)]);
  } else {
    set = at_calls_of_variable(around, facts);
  }
  for (Held& lock : set) lock.from_caller = true;
  return set;
}

LockSet LockBuilder::at_calls_of_variable(const Body& around, const LockFacts& facts) const {
  for (const Local& l : around.locals.all()) {
    auto defs = around.locals.defs(l);
    if (defs.size() != 1 || defs[0].value != function_->node || l.captured || l.address_taken) continue;
    LockSet set;
    bool first = true;
    for (const LocalUse& use : around.locals.uses(l)) {
      Point call = around.cfg.point(use.use.other);
      if (use.use.kind != UseKind::kCall || !is_there(call)) return {};
      set = first ? facts.at(call) : both(set, facts.at(call));
      first = false;
    }
    return set;
  }
  return {};
}

LockSet LockBuilder::held_by_callers(FuncId function) {
  const CallGraph& calls = module_.calls();
  if (level_ == 0 || !calls.closed(function)) return {};
  auto is_test = [&](const CallSite& site) {
    return program_.is_test(module_.functions()[site.caller].file);
  };
  bool only_tests = std::ranges::all_of(calls.into(function), is_test);
  LockSet set;
  bool first = true;
  for (const CallSite& site : calls.into(function)) {
    if (site.caller == function || (!only_tests && is_test(site))) continue;
    if (site.kind != CallKind::kStatic && site.kind != CallKind::kDefer) return {};
    LockSet there = at_site(site);
    set = first ? there : both(set, there);
    first = false;
    if (set.empty()) return {};
  }
  for (Held& lock : set) lock.from_caller = true, lock.since = ast::kNoNode;
  return set;
}

// What the caller holds there, in the callee's words.
LockSet LockBuilder::at_site(const CallSite& site) {
  if (const LockSet* known = module_.known_at(site, level_ - 1)) return *known;
  const LockFacts& facts = module_.locks(site.caller, level_ - 1);
  if (facts.entry_.empty()) return {};
  FileId file = module_.functions()[site.caller].file;
  const Cfg& cfg = module_.body(site.caller).cfg;
  Point p = cfg.point(site.kind == CallKind::kDefer ? module_.parents(file).of(site.node) : site.node);
  if (!is_there(p)) return {};
  LockSet found;
  Bindings bound = bindings(site.callee, file, site.node);
  for (Held lock : facts.at(p)) {
    lock.path = down(lock.path, bound);
    if (is_there(lock.path)) hold(found, lock);
  }
  return found;
}

LockBuilder::Bindings LockBuilder::bindings(FuncId callee, FileId file, NodeId node) {
  Bindings found;
  const SourceFile& source = program_.source(file);
  auto call = source.as<ast::CallExpr>(node);
  if (!call) return found;
  PathTable& paths = module_.paths();
  const Function& f = module_.functions()[callee];
  std::vector<ObjectId> params = parameters(program_, f);
  std::size_t next = 0;
  if (program_.object(f.object).method && !params.empty()) {
    NodeId fun = ast::unparen(source, call->fun);
    auto selector = source.as<ast::SelectorExpr>(fun);
    PathId x = selector ? module_.path(file, selector->x) : kNoPath;
    if (is_there(x)) x = paths.selected(program_, x, program_.selection_of(file, fun));
    if (is_there(x) && is_there(params[0])) found.push_back({paths.variable(params[0]), x});
    next = 1;
  }
  for (std::size_t i = 0; i < call->args.size() && next < params.size(); ++i, ++next) {
    NodeId arg = ast::unparen(source, call->args[i]);
    // Of c.handle, a method, the path is that of c.
    if (program_.kind(program_.type_of(file, arg)) == types::TypeKind::kSignature) continue;
    if (auto unary = source.as<ast::UnaryExpr>(arg); unary && unary->op == ast::Token::kAnd) arg = unary->x;
    PathId path = module_.path(file, arg);
    if (is_there(path) && is_there(params[next])) found.push_back({paths.variable(params[next]), path});
  }
  return found;
}

PathId LockBuilder::up(PathId path, const Bindings& bound) {
  PathTable& paths = module_.paths();
  if (program_.object(paths.root(path)).package_level) return path;
  for (auto& [inner, outer] : bound)
    if (paths.begins_with(path, inner)) return paths.rebase(path, inner, outer);
  return kNoPath;
}

PathId LockBuilder::down(PathId path, const Bindings& bound) {
  PathTable& paths = module_.paths();
  for (auto& [inner, outer] : bound)
    if (paths.begins_with(path, outer)) return paths.rebase(path, outer, inner);
  return program_.object(paths.root(path)).package_level ? path : kNoPath;
}

}  // namespace memsnap::flow
