// Whatever the source, every fact of every function is found, in bounded time; and what is said of graphs
// holds: each way back from a definition that reaches a use leads to it, dominators are on the way.
#include "flow/order.h"
#include "flow/values.h"
#include "gosrc/walk.h"

#include <string>

using namespace memsnap;
using namespace memsnap::flow;

namespace {

void promise(bool holds) {
  if (!holds) __builtin_trap();
}

void ask_locals(flow::Module& module, FuncId id, const Body& body) {
  for (const Local& l : body.locals.all()) {
    for (const LocalUse& use : body.locals.uses(l)) {
      if (!body.cfg.reached(use.at)) continue;
      for (const Def* def : body.locals.reaching(l.var, use.at).defs)
        promise(!is_there(def->at) || body.cfg.can_reach(def->at, use.at));
      is_fresh(module, id, l.var, use.at);
      body.locals.uses_after(l.var, use.at);
    }
  }
}

void ask_steps(flow::Module& module, FuncId id, const Body& body) {
  const Function& f = module.functions()[id];
  const SourceFile& source = module.program().source(f.file);
  const LockFacts& locks = module.locks(id);
  for (std::uint32_t i = 0; i < body.cfg.steps(); ++i) {
    Point p{i};
    NodeId node = body.cfg.node(p);
    BlockId b = body.cfg.block(p);
    promise(body.cfg.begin(b) <= p && p < body.cfg.end(b));
    if (!body.cfg.reached(p)) continue;
    promise(body.cfg.dominates(body.cfg.idom(b), b));
    locks.at(p);
    module.path(f.file, node);
    if (source.kind(node) == ast::Kind::kIndexExpr)
      nilness(module, id, source.get<ast::IndexExpr>(node).x, p);
    if (ast::is_expr(source.kind(node))) module.use(f.file, node);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size > 8'000) return 0;
  const types::Program::NamedText files[] = {
      {"p/p.go", std::string(reinterpret_cast<const char*>(data), size)},
      {"sync/sync.go",
       "package sync\ntype Mutex struct{ s int }\nfunc (m *Mutex) Lock() {}\nfunc (m *Mutex) Unlock() {}\n"
       "func (m *Mutex) TryLock() bool { return true }\n"}};
  auto program = types::Program::from_texts(files, {});
  flow::Module module(*program);
  for (PackageId package : program->asked()) {
    for (FuncId id : module.functions().in_package(package)) {
      const Body& body = module.body(id);
      ask_locals(module, id, body);
      ask_steps(module, id, body);
      for (const Start& start : starts(module, id))
        for (NodeId go : body.cfg.goes()) may_overlap(module, id, start, body.cfg.point(go));
      returns_only_nil(module, id);
      module.calls().why_concurrent(id);
    }
    module.drop(package);
  }
  return 0;
}
