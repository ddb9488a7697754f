// Rule map-grow-only: a map that lives as long as the process gets entries while the program runs, and
// nothing in the module ever takes one away or bounds it.
//
// A map that is handed to a function, stored elsewhere or whose address is taken may be emptied there:
// silent. Silent for keys that are constant, have few values or were just found in another table of the
// package, and for registries that are filled while the program starts. Only a note when the entries hold
// next to nothing (numbers, flags, functions), when the keys are numbers, for what is called a registry, and
// for functions that nobody in the module calls and that put in what they are given. A local map that a
// handler captures lives as long as the handler.
#include "misuse/all.h"
#include "misuse/grow.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

// plugins.registry, Registry.byName: the program names what it is.
bool is_registry(const Module& module, SymbolId object) {
  return module.name_of(object).find("egist") != std::string::npos;
}

// func Handle(name string, f Handler) { handlers[name] = f }, which nothing in the module calls: other
// programs say there what they have.
bool is_offered(const Module& module, const Use& use) {
  const Function& function = module.function(use.function);
  return use.stores_parameter && !use.on_receiver && is_there(function.object) && function.exported &&
         module.callers(function.object).empty();
}

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    if (module.about(object).kind != TypeKind::kMap || !module.lives_on(object)) continue;
    const Symbol& about = module.about(object);
    if ((about.exported && about.package_level) || about.few_keys) continue;
    bool outside = std::ranges::any_of(uses, [](const Use* use) { return !use->outside.empty(); });
    Growth growth = growth_of(module, uses);
    if (outside || growth.bounded || growth.adds.empty()) continue;
    const Use* first = growth.adds.front();
    Diagnostic& found =
        report.at(module.span(*first), module.function(first->function).name, module.text(*first),
                  module.name_of(object) + " gets entries here, and nothing in the module deletes one");
    bool offered = std::ranges::all_of(growth.adds, [&](const Use* use) { return is_offered(module, *use); });
    if (about.light || is_registry(module, object) || offered) found.severity = Severity::kLow;
    for (std::size_t i = 1; i < growth.adds.size() && i < 4; ++i)
      found.related.push_back({.at = module.span(*growth.adds[i]), .words = "and here"});
  }
}

// A local map that a handler captures.
void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  if (code.is_test()) return;
  for (NodeId literal : code.of(Kind::kFuncLit)) {
    if (code.called(code.outer(literal)) != Known::kHandle) continue;
    std::vector<ObjectId> seen;
    ast::walk(code.source(), code.body(literal), [&](NodeId node) {
      if (code.kind(node) != Kind::kIdent || !code.is_map(node)) return true;
      ObjectId map = code.object(node);
      if (!types::is_there(map) || !code.is_local(map) || !code.declared_outside(map, literal)) return true;
      if (std::ranges::find(seen, map) != seen.end()) return true;
      seen.push_back(map);
      NodeId insert = ast::kNoNode;
      for (NodeId use : code.uses(map)) {
        Access access = access_of(code, use);
        bool inside = code.inside(use, literal);
        switch (access.how) {
          case How::kInsert:
            if (inside && !code.is_constant(access.key) && !is_there(insert)) insert = access.node;
            break;
          case How::kRead:
          case How::kRange:
          case How::kInner: break;
          case How::kAssign:
            if (inside) return true;
            break;
          default: return true;
        }
      }
      if (is_there(insert))
        report.at(code, insert,
                  std::string(code.text(node)) +
                      " lives as long as the handler, gets entries here, and "
                      "nothing deletes one");
      return true;
    });
  }
}

}  // namespace

constinit const Rule kMapGrowOnly{
    .name = "map-grow-only", .severity = Severity::kMedium, .file = file, .module = module_part};

}  // namespace memsnap::misuse
