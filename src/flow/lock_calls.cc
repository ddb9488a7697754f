#include "flow/locks.h"
#include "gosrc/walk.h"

#include <algorithm>
#include <array>

namespace memsnap::flow {

namespace {

struct Named {
  std::string_view name;
  LockOp op;
};
constexpr std::array kOps = {Named{"Lock", LockOp::kLock},       Named{"RLock", LockOp::kRLock},
                             Named{"TryLock", LockOp::kTryLock}, Named{"TryRLock", LockOp::kTryRLock},
                             Named{"Unlock", LockOp::kUnlock},   Named{"RUnlock", LockOp::kRUnlock}};

// Mutexes of other packages bear the methods of sync's and say so in their names.
bool is_mutex_name(std::string_view name) {
  return name.ends_with("Mutex") || name.ends_with("mutex") || name.ends_with("Lock") ||
         name.ends_with("Locker");
}

}  // namespace

bool is_mutex(Program& program, TypeId type) {
  type = program.deref(type);
  if (program.types().kind(type) != types::TypeKind::kNamed) return false;
  const types::Object& name = program.object(program.types().object(type));
  if (!is_mutex_name(program.names().text(name.name))) return false;
  if (program.package(name.package).path == "sync") return true;
  NameId lock = program.names().find("Lock");
  return program.lookup(type, name.package, lock).kind == types::Selection::Kind::kMethod;
}

LockCall lock_call(Program& program, PathTable& paths, FileId file, NodeId call) {
  const SourceFile& source = program.source(file);
  auto c = source.as<ast::CallExpr>(call);
  if (!c || !c->args.empty()) return {};
  NodeId fun = ast::unparen(source, c->fun);
  auto selector = source.as<ast::SelectorExpr>(fun);
  if (!selector) return {};
  std::string_view written = program.names().text(source.name(selector->sel));
  auto op = std::ranges::find(kOps, written, &Named::name);
  if (op == kOps.end()) return {};
  types::Selection selection = program.selection_of(file, fun);
  if (selection.kind != types::Selection::Kind::kMethod) return {};
  const types::Object& method = program.object(selection.object);
  bool known = program.package(method.package).path == "sync";
  PathId path = paths.of(program, file, selector->x);
  path = is_there(path) ? paths.selected(program, path, selection) : kNoPath;
  if (!known) {  // its type, or that of the embedded field that has the method
    ObjectId field = selection.path.size() > 1 && is_there(path) ? paths.last_field(path) : types::kNoObject;
    if (!is_mutex(program, is_there(field) ? program.type(field) : selection.receiver)) return {};
  }
  return {op->op, path};
}

}  // namespace memsnap::flow
