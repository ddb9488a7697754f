// Rule pool-use-after-put: an object, or a slice of its memory, is used after it was put into a sync.Pool.
//
// Only where control comes from the Put to the use without the variable getting another object. With a
// deferred Put the result of the function must not be the object or a slice of its memory.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

// A slice of the object's memory: x.Bytes(), x.buf, (*x)[:n], *x; through the one value of a variable.
bool shows_memory(const Code& code, NodeId expr, ObjectId object) {
  for (int hops = 0; hops < 4; ++hops) {
    expr = code.inner(expr);
    if (!code.is_slice(expr) && code.type_kind(expr) != TypeKind::kPointer) return false;
    if (code.called(expr) == Known::kBufferBytes) return code.root(code.receiver(expr)) == object;
    if (code.kind(expr) == Kind::kCallExpr) return false;
    if (code.kind(expr) != Kind::kIdent) return code.is_slice(expr) && code.root(expr) == object;
    ObjectId variable = code.object(expr);
    if (variable == object) return true;
    expr = types::is_there(variable) ? code.only_value(variable) : ast::kNoNode;
    if (!is_there(expr)) return false;
  }
  return false;
}

void deferred(const Code& code, NodeId put, ObjectId object, Report& report) {
  for (NodeId node : code.of(Kind::kReturnStmt)) {
    if (code.function(node) != code.function(put) || code.pos(node) < code.pos(put)) continue;
    if (!code.reaches(put, node)) continue;
    for (NodeId result : ast::NodeList(code.as<ast::ReturnStmt>(node)->results)) {
      if (!shows_memory(code, result, object)) continue;
      Diagnostic& found =
          report.at(code, result, code.shown(result) + " is returned after the pool has it back");
      relate(found, code, put, "put back when the function ends");
    }
  }
}

void direct(const Code& code, NodeId put, ObjectId object, Report& report) {
  auto renewed = [&](NodeId use) {
    return std::ranges::any_of(code.writes_of(object), [&](const Code::Write& one) {
      return code.pos(one.place) > code.pos(put) && code.pos(one.place) <= code.pos(use);
    });
  };
  auto say = [&](NodeId use) {
    Diagnostic& found =
        report.at(code, use, std::string(code.text(use)) + " is used after the pool has it back");
    lead(found, code, put, "put back here");
  };
  for (NodeId use : code.uses(object)) {
    if (code.pos(use) < code.source().end(put) || !code.reaches(put, use) || renewed(use)) continue;
    if (access_of(code, use).how == How::kCompare) continue;
    say(use);
    return;
  }
  for (const Code::Write& write : code.writes()) {
    if (!write.define || !is_there(write.value) || code.pos(write.place) > code.pos(put)) continue;
    if (code.function(write.place) != code.function(put)) continue;
    NodeId name = code.inner(write.place);
    ObjectId alias = code.kind(name) == Kind::kIdent ? code.object(name) : types::kNoObject;
    if (!types::is_there(alias) || alias == object || !shows_memory(code, write.value, object)) continue;
    if (code.kind(code.inner(write.value)) == Kind::kIdent) continue;
    for (NodeId use : code.uses(alias)) {
      if (code.pos(use) < code.source().end(put) || !code.reaches(put, use) || renewed(use)) continue;
      say(use);
      return;
    }
  }
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId put : code.calls(Known::kPoolPut)) {
    auto args = ast::NodeList(code.as<ast::CallExpr>(put)->args);
    NodeId name = args.empty() ? ast::kNoNode : code.inner(args[0]);
    if (auto unary = code.as<ast::UnaryExpr>(name)) name = code.inner(unary->x);
    ObjectId object = code.object(name);
    if (code.kind(name) != Kind::kIdent || !types::is_there(object) || !code.is_local(object)) continue;
    if (code.kind(code.parent(put)) == Kind::kDeferStmt)
      deferred(code, put, object, report);
    else
      direct(code, put, object, report);
  }
}

}  // namespace

constinit const Rule kPoolUseAfterPut{
    .name = "pool-use-after-put", .severity = Severity::kHigh, .file = file};

}  // namespace memsnap::misuse
