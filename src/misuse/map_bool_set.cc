// Rule map-bool-set: a local map[K]bool to which only true is stored and of which only the keys are asked
// for.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_true(const Code& code, NodeId value) {
  return is_there(value) && code.kind(code.inner(value)) == Kind::kIdent &&
         code.text(code.inner(value)) == "true" && code.is_constant(value);
}

// Of m[k]: the form with two results, whose first is not looked at.
bool asks_for_key(const Code& code, NodeId read) {
  auto assign = code.as<ast::AssignStmt>(code.parent(read));
  return assign && assign->lhs.size() == 2 && assign->rhs.size() == 1 && code.text(assign->lhs[0]) == "_";
}

bool is_set(const Code& code, ObjectId variable) {
  bool inserted = false;
  for (NodeId use : code.uses(variable)) {
    Access access = access_of(code, use);
    switch (access.how) {
      case How::kInsert:
        if (access.updates || !is_true(code, access.value)) return false;
        inserted = true;
        break;
      case How::kRead:
        if (!asks_for_key(code, access.node)) return false;
        break;
      case How::kRange:
        if (auto range = code.as<ast::RangeStmt>(access.node); !range || is_there(range->value)) return false;
        break;
      case How::kAssign:
        if (use != code.about(variable).ident) return false;
        break;
      case How::kLen:
      case How::kDelete:
      case How::kClear: break;
      default: return false;
    }
  }
  return inserted;
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  types::Program& program = code.program();
  for (const Code::Write& write : code.writes()) {
    NodeId name = code.inner(write.place);
    if (!write.define || !is_there(write.value) || code.kind(name) != Kind::kIdent) continue;
    ObjectId variable = code.object(name);
    if (!types::is_there(variable) || !code.is_local(variable) || !code.is_map(write.value)) continue;
    types::TypeId element = program.types().elem(program.core_type(code.type(write.value)));
    if (program.types().basic(element) != types::Basic::kBool) continue;
    NodeId value = code.inner(write.value);
    auto literal = code.as<ast::CompositeLit>(value);
    if (literal ? !literal->elts.empty() : code.called(value) != Known::kMake) continue;
    if (is_set(code, variable))
      report.at(code, name, std::string(code.text(name)) + " is a set: its values are always true");
  }
}

}  // namespace

constinit const Rule kMapBoolSet{.name = "map-bool-set", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
