// Rule guarded-escape: a map or slice field is returned or sent while the mutex of its struct is held, and
// the module changes what it holds elsewhere.
//
// What is handed over and replaced by something else is nobody's but the receiver's: silent. A field that is
// only ever replaced as a whole (copy on write) is safe to hand out: silent. For slices writes of elements
// count, and deletes that move them; an append leaves what was handed out as it was.
#include "misuse/all.h"
#include "misuse/module.h"

#include <algorithm>

namespace memsnap::misuse {
namespace {

bool changes(How how, TypeKind kind) {
  if (how == How::kInsert || how == How::kClear) return true;
  return kind == TypeKind::kMap && how == How::kDelete;
}

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    TypeKind kind = module.about(object).kind;
    if (kind != TypeKind::kMap && kind != TypeKind::kSlice) continue;
    const Use* change = nullptr;
    for (const Use* use : uses)
      if ((changes(use->how, kind) || use->shifts || use->inner_write) && !use->fresh &&
          !module.only_at_start(use->function) && !module.function(use->function).is_test)
        change = change ? change : use;
    if (!change) continue;
    std::vector<FunctionRow> said;
    for (const Use* use : uses) {
      bool leaves = use->how == How::kReturn || use->how == How::kSend || use->returned;
      if (!leaves || use->guards.empty() || use->fresh) continue;
      if (module.function(use->function).says_locked || module.function(use->function).is_test) continue;
      if (use->given_up || std::ranges::find(said, use->function) != said.end()) continue;
      said.push_back(use->function);  // the first place of a function stands for the others
      Diagnostic& found = report.at(module.span(*use), module.function(use->function).name, module.text(*use),
                                    module.name_of(object) + " leaves the lock that guards it, uncopied");
      found.related.push_back({.at = module.span(*change), .words = "changed here, under the lock"});
    }
  }
}

}  // namespace

constinit const Rule kGuardedEscape{
    .name = "guarded-escape", .severity = Severity::kMedium, .module = module_part};

}  // namespace memsnap::misuse
