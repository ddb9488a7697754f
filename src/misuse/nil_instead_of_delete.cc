// Rule nil-instead-of-delete: m[k] = nil of a field or package map of pointers.
//
// Silent when the file tells a nil entry from a missing one by the second result of m[k].
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool tells_apart(const Code& code, ObjectId map) {
  return std::ranges::any_of(code.uses(map), [&](NodeId use) {
    Access access = access_of(code, use);
    if (access.how != How::kRead) return false;
    auto assign = code.as<ast::AssignStmt>(code.parent(access.node));
    return assign && assign->lhs.size() == 2 && assign->rhs.size() == 1;
  });
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (const Code::Write& write : code.writes()) {
    auto index = code.as<ast::IndexExpr>(code.inner(write.place));
    if (!index || !is_there(write.value) || !code.is_nil(write.value) || !code.is_map(index->x)) continue;
    if (code.type_kind(write.place) != TypeKind::kPointer) continue;
    NodeId map = code.inner(index->x);
    ObjectId object = code.object(map);
    bool kept =
        types::is_there(object) && (code.kind(map) == Kind::kSelectorExpr || code.is_package_var(object));
    if (!kept || tells_apart(code, object)) continue;
    Diagnostic& found = report.at(code, write.statement, "the entry stays, with its key, as nil");
    auto assign = code.as<ast::AssignStmt>(write.statement);
    if (assign && assign->lhs.size() == 1)
      found.edits = {
          {code.source().path(), code.pos(write.statement), code.source().end(write.statement),
           "delete(" + std::string(code.text(map)) + ", " + std::string(code.text(index->index)) + ")"}};
  }
}

}  // namespace

constinit const Rule kNilInsteadOfDelete{
    .name = "nil-instead-of-delete", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
