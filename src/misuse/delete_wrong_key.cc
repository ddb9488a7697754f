// Rule delete-wrong-key: every insert into a map transforms the key by a call, and a delete uses a parameter
// as it is.
#include "misuse/all.h"
#include "misuse/module.h"

#include <algorithm>

namespace memsnap::misuse {
namespace {

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    const Use* insert = nullptr;
    bool all = true;
    for (const Use* use : uses) {
      if (use->how == How::kInsert) {
        all = all && use->key_call;
        insert = insert ? insert : use;
      }
      if (use->how == How::kAddress || use->how == How::kOther || use->how == How::kArgument) all = false;
    }
    if (!insert || !all) continue;
    for (const Use* use : uses) {
      if (use->how != How::kDelete || use->key_parameter < 0) continue;
      Diagnostic& found = report.at(module.span(*use), module.function(use->function).name, module.text(*use),
                                    "deletes under the plain key what is inserted under a transformed one");
      found.related.push_back({.at = module.span(*insert), .words = "inserted here"});
    }
  }
}

}  // namespace

constinit const Rule kDeleteWrongKey{
    .name = "delete-wrong-key", .severity = Severity::kLow, .module = module_part};

}  // namespace memsnap::misuse
