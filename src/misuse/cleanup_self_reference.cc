// Rule cleanup-self-reference: a finalizer or cleanup that reaches the object it waits for.
//
// The function is a literal that uses the very variable, or AddCleanup's argument is the object; or
// SetFinalizer gets the address of a local variable that is itself a pointer.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

NodeId use_inside(const Code& code, ObjectId object, NodeId literal) {
  for (NodeId use : code.uses(object))
    if (code.inside(use, literal)) return use;
  return ast::kNoNode;
}

void look(const Code& code, NodeId call, Report& report) {
  auto one = *code.as<ast::CallExpr>(call);
  if (one.args.size() < 2) return;
  NodeId name = code.inner(one.args[0]);
  if (auto address = code.as<ast::UnaryExpr>(name); address && address->op == ast::Token::kAnd) {
    ObjectId local = code.object(address->x);
    if (types::is_there(local) && code.is_local(local) && code.type_kind(address->x) == TypeKind::kPointer)
      report.at(
          code, call,
          "waits for the variable " + code.shown(address->x) + ", not for the object that it points to");
    return;
  }
  ObjectId object = code.object(name);
  if (code.kind(name) != Kind::kIdent || !types::is_there(object)) return;
  if (NodeId literal = code.inner(one.args[1]); code.kind(literal) == Kind::kFuncLit) {
    NodeId use = use_inside(code, object, literal);
    if (is_there(use)) {
      Diagnostic& found =
          report.at(code, call, "never runs: the function keeps " + code.shown(name) + " alive");
      relate(found, code, use, "captured here");
      return;
    }
  }
  if (code.called(call) == Known::kAddCleanup && one.args.size() > 2 && code.same(one.args[2], name))
    report.at(code, call, "never runs: the argument keeps " + code.shown(name) + " alive");
}

void file(const FileFacts& facts, Report& report) {
  for (Known known : {Known::kSetFinalizer, Known::kAddCleanup})
    for (NodeId call : facts.code.calls(known)) look(facts.code, call, report);
}

}  // namespace

constinit const Rule kCleanupSelfReference{
    .name = "cleanup-self-reference", .severity = Severity::kHigh, .file = file};

}  // namespace memsnap::misuse
