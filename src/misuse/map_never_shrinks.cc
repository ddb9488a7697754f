// Rule map-never-shrinks: a field or package map is emptied by deletes in a range over it, and never
// replaced.
#include "misuse/all.h"
#include "misuse/module.h"

#include <algorithm>

namespace memsnap::misuse {
namespace {

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    if (module.about(object).kind != TypeKind::kMap) continue;
    bool replaced = std::ranges::any_of(uses, [&](const Use* use) {
      bool assigned = use->how == How::kAssign && !use->fresh && use->function != 0;
      return assigned || use->how == How::kAddress || use->how == How::kOther;
    });
    bool filled = std::ranges::any_of(uses, [](const Use* use) { return use->how == How::kInsert; });
    if (replaced || !filled) continue;
    for (const Use* use : uses)
      if (use->drains)
        report.at(
            module.span(*use), module.function(use->function).name, module.text(*use),
            module.name_of(object) + " is drained entry by entry, and keeps the tables of its largest size");
  }
}

}  // namespace

constinit const Rule kMapNeverShrinks{
    .name = "map-never-shrinks", .severity = Severity::kLow, .module = module_part};

}  // namespace memsnap::misuse
