// Rule uintptr-map-key: uintptr(unsafe.Pointer(p)) as a key or value that is put into a map.
//
// Only a note for a local map, which rarely outlives the objects that it was filled from, and for types of
// the runtime, which are never freed.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

// uintptr(unsafe.Pointer(...)), directly or as the one value of a variable.
bool is_address(const Code& code, NodeId expr) {
  types::Program& program = code.program();
  expr = code.inner(expr);
  if (code.kind(expr) == Kind::kIdent) {
    ObjectId variable = code.object(expr);
    expr = types::is_there(variable) ? code.only_value(variable) : ast::kNoNode;
    if (!is_there(expr)) return false;
    expr = code.inner(expr);
  }
  auto call = code.as<ast::CallExpr>(expr);
  if (!call || call->args.size() != 1 || !program.is_conversion(code.file(), expr)) return false;
  if (program.types().basic(program.underlying(code.type(expr))) != types::Basic::kUintptr) return false;
  types::TypeId from = program.underlying(code.type(call->args[0]));
  return program.types().basic(from) == types::Basic::kUnsafePointer;
}

// unsafe.Pointer(typ), typ being a *rtype or the like.
bool is_of_type(const Code& code, NodeId expr) {
  bool found = false;
  ast::walk(code.source(), expr, [&](NodeId node) {
    types::TypeId type = code.program().deref(code.type(node));
    if (code.program().types().kind(type) != TypeKind::kNamed) return !found;
    std::string_view name = code.program().name(code.program().types().object(type));
    found |= name == "Type" || name == "rtype" || name == "_type";
    return !found;
  });
  return found;
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (const Code::Write& write : code.writes()) {
    auto index = code.as<ast::IndexExpr>(code.inner(write.place));
    if (!index || !code.is_map(index->x)) continue;
    bool key = is_address(code, index->index);
    if (!key && !(is_there(write.value) && is_address(code, write.value))) continue;
    Diagnostic& found =
        report.at(code, code.inner(write.place),
                  std::string("an address as a number keeps nothing alive, and another object may get it: ") +
                      (key ? "the key" : "the value") + " goes stale");
    if (NodeId map = code.inner(index->x); code.kind(map) == Kind::kIdent &&
                                           code.is_local(code.object(map)) &&
                                           !code.about(code.object(map)).parameter)
      found.severity = Severity::kLow;
    NodeId address = code.inner(key ? index->index : write.value);
    if (code.kind(address) == Kind::kIdent) address = code.only_value(code.object(address));
    if (is_there(address) && is_of_type(code, address)) found.severity = Severity::kLow;
  }
}

}  // namespace

constinit const Rule kUintptrMapKey{.name = "uintptr-map-key", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
