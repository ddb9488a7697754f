// Rule nil-map-write: a write to a map that is nil on every way to it.
//
// Of a local variable: every value that can have come to it before the write is nil (declared only, set to
// nil, or the result of a function of this file that returns nothing but nil). Of an unexported field or
// package variable: nothing in the module ever gives it another value, nor takes its address.
#include "misuse/all.h"
#include "misuse/module.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool returns_only_nil(const Code& code, NodeId call) {
  ObjectId callee = code.program().callee_of(code.file(), call);
  if (!types::is_there(callee)) return false;
  const types::Object& about = code.about(callee);
  auto decl = about.file == code.file() ? code.as<ast::FuncDecl>(about.decl) : std::nullopt;
  if (!decl || !is_there(decl->body)) return false;
  bool any = false, all = true;
  ast::walk(code.source(), decl->body, [&](NodeId node) {
    if (auto result = code.as<ast::ReturnStmt>(node)) {
      any = true;
      all &= result->results.size() == 1 && code.is_nil(result->results[0]);
    }
    return code.kind(node) != Kind::kFuncLit;
  });
  return any && all;
}

bool gives_nil(const Code& code, const Code::Write& write) {
  if (!is_there(write.value)) return write.define && code.kind(write.statement) == Kind::kValueSpec;
  return code.is_nil(write.value) || returns_only_nil(code, code.inner(write.value));
}

bool in_one_loop(const Code& code, NodeId a, NodeId b) {
  for (NodeId loop = code.loop(b); is_there(loop); loop = code.loop(loop))
    if (code.inside(a, loop)) return true;
  return false;
}

// The write that made it nil, or kNoNode when it may be something else.
NodeId nil_since(const Code& code, ObjectId variable, NodeId node) {
  const types::Object& about = code.about(variable);
  if (about.parameter || about.file != code.file() || code.address_taken(variable)) return ast::kNoNode;
  if (code.function(about.ident) != code.function(node)) return ast::kNoNode;
  NodeId since = about.result ? about.ident : ast::kNoNode;
  std::vector<Code::Write> writes = code.writes_of(variable);
  for (const Code::Write& write : writes)
    if (code.dominates(write.place, node) && gives_nil(code, write)) since = write.place;
  if (!is_there(since)) return ast::kNoNode;
  for (const Code::Write& write : writes) {
    if (gives_nil(code, write)) continue;
    if (code.function(write.place) != code.function(node)) return ast::kNoNode;
    bool later = code.pos(write.place) > code.pos(since);
    if (in_one_loop(code, write.place, node)) return ast::kNoNode;
    if (later && code.reaches(write.place, node)) return ast::kNoNode;
  }
  for (NodeId use : code.uses(variable))
    if (code.pos(use) < code.pos(node) && access_of(code, use).how == How::kCompare) return ast::kNoNode;
  return since;
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId index : code.of(Kind::kIndexExpr)) {
    auto one = *code.as<ast::IndexExpr>(index);
    NodeId name = code.inner(one.x);
    if (code.kind(name) != Kind::kIdent || !code.is_map(name)) continue;
    ObjectId variable = code.object(name);
    if (!types::is_there(variable) || !code.is_local(variable)) continue;
    if (access_of(code, name).how != How::kInsert) continue;
    NodeId since = nil_since(code, variable, index);
    if (!is_there(since)) continue;
    Diagnostic& found =
        report.at(code, index, "write to " + std::string(code.text(name)) + ", which is nil here");
    found.confidence = Confidence::kCertain;
    lead(found, code, since, "nil since here");
  }
}

bool may_be_filled(UseList uses) {
  return std::ranges::any_of(uses, [&](const Use* use) {
    switch (use->how) {
      case How::kAssign: return !use->nil;
      case How::kCompare: return !use->lets_nil_by;
      case How::kAddress:
      case How::kOther: return true;
      default: return false;
    }
  });
}

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    const Symbol& about = module.about(object);
    if (about.exported || about.kind != TypeKind::kMap) continue;
    if (about.field && !is_there(module.owner_type(object))) continue;
    if (may_be_filled(uses)) continue;
    for (const Use* use : uses) {
      if (use->how != How::kInsert || module.function(use->function).is_test) continue;
      Diagnostic& found =
          report.at(module.span(*use), module.function(use->function).name, module.text(*use),
                    "write to " + module.name_of(object) + ", which nothing in the module ever makes");
      found.confidence = Confidence::kLikely;
    }
  }
}

}  // namespace

constinit const Rule kNilMapWrite{
    .name = "nil-map-write", .severity = Severity::kHigh, .file = file, .module = module_part};

}  // namespace memsnap::misuse
