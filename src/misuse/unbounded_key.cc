// Rule unbounded-key: a map that lives as long as the process, or a metric, is keyed by text that clients
// choose: a path, a header, an address, the text of an error.
//
// The text comes as it is, or through one call into a parameter that becomes the key. Silent when the text
// was looked up or switched over before, and when entries of the map are deleted or counted.
#include "misuse/all.h"
#include "misuse/grow.h"
#include "misuse/shapes.h"
#include "misuse/taint.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

void say(Module& module, const Use& use, SymbolId object, std::string_view what, Report& report) {
  report.at(module.span(use), module.function(use.function).name, module.text(use),
            module.name_of(object) + " gets an entry for each value of " + std::string(what) +
                ", which nobody bounds");
}

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    if (module.about(object).kind != TypeKind::kMap || !module.lives_on(object)) continue;
    if (growth_of(module, uses).bounded) continue;
    for (const Use* use : uses) {
      if (use->how != How::kInsert || use->fresh || module.function(use->function).is_test) continue;
      if (!use->outside.empty()) {
        say(module, *use, object, use->outside, report);
        continue;
      }
      if (use->key_parameter < 0) continue;
      bool said = false;
      for (const Call& call : module.callers(module.function(use->function).object))
        for (const auto& [argument, what] : call.outside)
          if (std::int32_t(argument) == use->key_parameter && !said) {
            say(module, *use, object, what, report);
            said = true;
          }
    }
  }
}

// Metrics: every set of label values is a series of its own, kept for ever.
void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId call : code.of(Kind::kCallExpr)) {
    if (code.method_name(call) != "WithLabelValues") continue;
    for (NodeId argument : ast::NodeList(code.as<ast::CallExpr>(call)->args)) {
      std::string what;
      if (!from_outside(code, argument, what) || is_checked_before(code, argument)) continue;
      report.at(code, call, "the metric gets a series for each value of " + what + ", which nobody bounds");
      break;
    }
  }
}

}  // namespace

constinit const Rule kUnboundedKey{
    .name = "unbounded-key", .severity = Severity::kMedium, .file = file, .module = module_part};

}  // namespace memsnap::misuse
