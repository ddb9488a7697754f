// Rule map-field-no-mutex: a map field of a struct without any mutex is written by a method that runs in a
// handler, or in goroutines that are started in a loop, on an object that they share.
//
// Silent when the object is new in that run, when any lock is held on the way, and when the struct has a
// mutex (then map-no-lock is in charge).
#include "misuse/all.h"
#include "misuse/module.h"

#include <algorithm>

namespace memsnap::misuse {
namespace {

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    if (!module.about(object).field || module.about(object).kind != TypeKind::kMap) continue;
    SymbolId owner = module.owner_type(object);
    if (!is_there(owner) || module.about(owner).has_lock) continue;
    for (const Use* use : uses) {
      if (use->how != How::kInsert && use->how != How::kDelete) continue;
      const Function& function = module.function(use->function);
      if (use->fresh || use->other_lock || !use->guards.empty() || function.is_test) continue;
      if (!use->on_receiver || !module.concurrent(use->function)) continue;
      Diagnostic& found =
          report.at(module.span(*use), function.name, module.text(*use),
                    module.name_of(object) + " is written by code that runs several times at once, and " +
                        std::string(module.about(owner).name) + " has no lock");
      found.confidence = Confidence::kLikely;
    }
  }
}

}  // namespace

constinit const Rule kMapFieldNoMutex{
    .name = "map-field-no-mutex", .severity = Severity::kMedium, .module = module_part};

}  // namespace memsnap::misuse
