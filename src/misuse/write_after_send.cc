// Rule write-after-send: a map, slice or pointed-to struct is written after it was sent on a channel or
// passed to a goroutine; or a variable or field is written after a goroutine was started whose closure reads
// it.
//
// Silent when the variable gets another value in between, when something waits or locks in between, and when
// control cannot come from the one to the other in this iteration.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_shared_kind(TypeKind kind) {
  return kind == TypeKind::kMap || kind == TypeKind::kSlice || kind == TypeKind::kPointer;
}

// The name through which it is written: m of m[k] = v, p of p.f = v.
NodeId written_name(const Code& code, const Code::Write& write) {
  NodeId place = code.inner(write.place);
  if (auto index = code.as<ast::IndexExpr>(place)) return code.inner(index->x);
  if (auto selector = code.as<ast::SelectorExpr>(place)) return code.inner(selector->x);
  if (auto star = code.as<ast::StarExpr>(place)) return code.inner(star->x);
  return ast::kNoNode;
}

// go f(x): all that f, in this file, ever does with its x is to use other fields than `written`.
bool leaves_alone(const Code& code, NodeId from, NodeId argument, const Code::Write& write) {
  auto written = code.as<ast::SelectorExpr>(code.inner(write.place));
  NodeId call = code.kind(from) == Kind::kGoStmt ? code.as<ast::GoStmt>(from)->call : ast::kNoNode;
  if (!written || !is_there(call)) return false;
  ObjectId callee = code.program().callee_of(code.file(), call);
  if (!types::is_there(callee) || code.about(callee).file != code.file()) return false;
  auto decl = code.as<ast::FuncDecl>(code.parent(code.about(callee).ident));
  if (!decl || !decl->has_body) return false;
  auto arguments = ast::NodeList(code.as<ast::CallExpr>(call)->args);
  std::size_t at = std::size_t(std::ranges::find(arguments, argument) - arguments.begin());
  ObjectId parameter = types::kNoObject;
  for (NodeId field :
       ast::NodeList(code.as<ast::FieldList>(code.as<ast::FuncType>(decl->type)->params)->list))
    for (NodeId name : ast::NodeList(code.as<ast::Field>(field)->names))
      if (at-- == 0) parameter = code.object(name);
  if (!types::is_there(parameter)) return false;
  return std::ranges::all_of(code.uses(parameter), [&](NodeId use) {
    if (use == code.about(parameter).ident) return true;
    auto selector = code.as<ast::SelectorExpr>(code.parent(use));
    if (!selector || selector->x != use) return false;
    ObjectId field = code.object(selector->sel);
    return types::is_there(field) && code.about(field).kind == types::ObjectKind::kField &&
           field != code.object(written->sel);
  });
}

void look(const FileFacts& facts, NodeId from, NodeId value, const char* words, Report& report) {
  const Code& code = facts.code;
  if (says_locked(code, code.function(from))) return;
  NodeId name = code.inner(value);
  if (code.kind(name) != Kind::kIdent || !is_shared_kind(code.type_kind(name))) return;
  ObjectId variable = code.object(name);
  if (!types::is_there(variable) || !code.is_local(variable)) return;
  std::vector<Code::Write> renewed = code.writes_of(variable);
  for (const Code::Write& write : code.writes()) {
    NodeId through = written_name(code, write);
    if (!is_there(through) || code.kind(through) != Kind::kIdent || code.object(through) != variable)
      continue;
    if (code.inside(write.place, from) || !code.reaches(from, write.place)) continue;
    if (synchronised_between(code, from, write.place) || !facts.locks.at(write.place).empty()) continue;
    bool other = std::ranges::any_of(renewed, [&](const Code::Write& one) {
      return code.pos(one.place) > code.pos(from) && code.pos(one.place) < code.pos(write.place);
    });
    if (other || leaves_alone(code, from, value, write)) continue;
    Diagnostic& found =
        report.at(code, write.place, std::string(code.text(name)) + " is written after it was " + words);
    lead(found, code, from, std::string(words) + " here");
    return;
  }
}

// The map, slice, field or variable whose content a write changes: x.f of x.f[k] = v.
NodeId changed(const Code& code, const Code::Write& write) {
  NodeId place = code.inner(write.place);
  while (auto index = code.as<ast::IndexExpr>(place)) place = code.inner(index->x);
  return place;
}

// A goroutine that is a closure: something that it reads is written behind its start.
void closure(const FileFacts& facts, NodeId start, NodeId literal, Report& report) {
  const Code& code = facts.code;
  if (says_locked(code, code.function(start))) return;
  for (const Code::Write& write : code.writes()) {
    if (write.define || code.inside(write.place, start) || !code.reaches(start, write.place)) continue;
    NodeId place = changed(code, write);
    ObjectId root = code.root(place);
    if (!types::is_there(root) || !code.is_local(root) || !code.declared_outside(root, literal)) continue;
    if (synchronised_between(code, start, write.place) || !facts.locks.at(write.place).empty()) continue;
    for (NodeId use : code.uses(root)) {
      if (!code.inside(use, literal) || code.function(use) != literal) continue;
      NodeId read = use;
      while (code.kind(code.parent(read)) == Kind::kSelectorExpr && !code.same(read, place))
        read = code.parent(read);
      if (!code.same(read, place) || !facts.locks.at(use).empty()) continue;
      Diagnostic& found =
          report.at(code, write.place, code.shown(place) + " is written while a goroutine uses it");
      relate(found, code, start, "started here");
      relate(found, code, read, "used there");
      return;
    }
  }
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId go : code.of(Kind::kGoStmt)) {
    NodeId literal = code.inner(code.as<ast::CallExpr>(code.as<ast::GoStmt>(go)->call)->fun);
    if (code.kind(literal) == Kind::kFuncLit) closure(facts, go, literal, report);
  }
  for (NodeId send : code.of(Kind::kSendStmt))
    look(facts, send, code.as<ast::SendStmt>(send)->value, "sent", report);
  for (NodeId go : code.of(Kind::kGoStmt))
    for (NodeId argument : ast::NodeList(code.as<ast::CallExpr>(code.as<ast::GoStmt>(go)->call)->args))
      look(facts, go, argument, "passed to a goroutine", report);
}

}  // namespace

constinit const Rule kWriteAfterSend{.name = "write-after-send", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
