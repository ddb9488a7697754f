// Rule sync-map-mixed: one function puts the same pointer into a sync.Map and into a plain map of the same
// struct.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

NodeId base_of(const Code& code, NodeId field) {
  auto selector = code.as<ast::SelectorExpr>(code.inner(field));
  return selector ? selector->x : ast::kNoNode;
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId store : code.calls(Known::kSyncMapStore)) {
    auto call = *code.as<ast::CallExpr>(store);
    if (call.args.size() < 2 || code.kind(code.inner(call.args[1])) != Kind::kIdent) continue;
    if (code.type_kind(call.args[1]) != TypeKind::kPointer) continue;
    NodeId owner = base_of(code, code.receiver(store));
    for (const Code::Write& write : code.writes()) {
      auto index = code.as<ast::IndexExpr>(code.inner(write.place));
      if (!index || !is_there(write.value) || !code.is_map(index->x)) continue;
      if (code.function(write.place) != code.function(store) || !code.same(write.value, call.args[1]))
        continue;
      NodeId other = base_of(code, index->x);
      if (!is_there(owner) || !is_there(other) || !code.same(owner, other)) continue;
      Diagnostic& found =
          report.at(code, store,
                    code.shown(call.args[1]) + " has two owners: this sync.Map and " + code.shown(index->x));
      relate(found, code, write.place, "put into a plain map here");
      break;
    }
  }
}

}  // namespace

constinit const Rule kSyncMapMixed{.name = "sync-map-mixed", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
