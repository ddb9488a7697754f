// Rule empty-inner-left: an entry of an inner map is deleted, and the function never deletes the outer key.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId call : code.calls(Known::kDelete)) {
    auto args = ast::NodeList(code.as<ast::CallExpr>(call)->args);
    auto inner = args.empty() ? std::nullopt : code.as<ast::IndexExpr>(code.inner(args[0]));
    if (!inner || !code.is_map(inner->x)) continue;
    NodeId outer = code.inner(inner->x);
    ObjectId object = code.object(outer);
    bool kept =
        types::is_there(object) && (code.kind(outer) == Kind::kSelectorExpr || code.is_package_var(object));
    if (!kept || code.is_constant(inner->index)) continue;
    bool removed = std::ranges::any_of(code.calls(Known::kDelete), [&](NodeId other) {
      auto its = ast::NodeList(code.as<ast::CallExpr>(other)->args);
      return !its.empty() && code.same(its[0], outer);
    });
    if (!removed)
      report.at(code, call,
                "the last entry of " + code.shown(args[0]) + " leaves an empty map under its key");
  }
}

}  // namespace

constinit const Rule kEmptyInnerLeft{.name = "empty-inner-left", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
