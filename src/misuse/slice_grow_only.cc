// Rule slice-grow-only: the twin of map-grow-only for slices: appended to while the program runs, never
// shortened, replaced or bounded. Only a note for functions that nobody outside of the module can call again
// and again, and for lists of functions and interfaces, which are registries.
#include "misuse/all.h"
#include "misuse/grow.h"

#include <algorithm>

namespace memsnap::misuse {
namespace {

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    if (module.about(object).kind != TypeKind::kSlice || !module.lives_on(object)) continue;
    if (module.about(object).exported) continue;
    Growth growth = growth_of(module, uses);
    std::erase_if(growth.adds, [](const Use* use) { return use->how != How::kAppend; });
    if (growth.bounded || growth.adds.empty()) continue;
    const Use* first = growth.adds.front();
    Diagnostic& found =
        report.at(module.span(*first), module.function(first->function).name, module.text(*first),
                  module.name_of(object) + " is appended to here, and nothing in the module shortens it");
    bool open = std::ranges::any_of(growth.adds,
                                    [&](const Use* use) { return module.open_to_others(use->function); });
    if (!open || module.about(object).light) found.severity = Severity::kLow;
    for (std::size_t i = 1; i < growth.adds.size() && i < 4; ++i)
      found.related.push_back({.at = module.span(*growth.adds[i]), .words = "and here"});
  }
}

}  // namespace

constinit const Rule kSliceGrowOnly{
    .name = "slice-grow-only", .severity = Severity::kMedium, .module = module_part};

}  // namespace memsnap::misuse
