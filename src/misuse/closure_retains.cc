// Rule closure-retains: a closure that is returned or stored uses of a large array only its length or one
// element at a constant place.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

// The closure outlives the call: it is returned, or lies in a field, a literal, a package variable.
bool outlives(const Code& code, NodeId literal) {
  Out out = sink_of(code, literal).out;
  return out == Out::kReturned || out == Out::kField || out == Out::kGlobal || out == Out::kElement ||
         out == Out::kAppended || out == Out::kSent;
}

bool is_small_use(const Code& code, NodeId use) {
  Access access = access_of(code, use);
  if (access.how == How::kLen) return true;
  return access.how == How::kRead && is_there(access.key) && code.is_constant(access.key);
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId literal : code.of(Kind::kFuncLit)) {
    if (!outlives(code, literal)) continue;
    std::vector<ObjectId> seen;
    ast::walk(code.source(), code.body(literal), [&](NodeId node) {
      if (code.kind(node) != Kind::kIdent || !code.is_slice(node)) return true;
      ObjectId variable = code.object(node);
      if (!types::is_there(variable) || !code.is_local(variable) || !code.declared_outside(variable, literal))
        return true;
      if (std::ranges::find(seen, variable) != seen.end()) return true;
      seen.push_back(variable);
      Big big = big_slice(code, node);
      if (!big) return true;
      bool small = std::ranges::all_of(code.uses(variable), [&](NodeId use) {
        return !code.inside(use, literal) || is_small_use(code, use);
      });
      if (!small) return true;
      Span at = code.span(literal);
      Position end = code.source().position(code.pos(code.body(literal)));
      at.to = code.pos(code.body(literal)), at.end_line = end.line, at.end_column = end.column;
      Diagnostic& found = report.at(at, code.function_name(literal), folded(code.text(literal)),
                                    "the closure keeps all of " + std::string(code.text(node)) + " for " +
                                        code.shown(access_of(code, node).node));
      relate(found, code, node, "the only use of it");
      relate(found, code, big.by, "the array comes from here");
      return true;
    });
  }
}

}  // namespace

constinit const Rule kClosureRetains{.name = "closure-retains", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
