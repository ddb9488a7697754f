// Rule elem-pointer-escapes: the address of an element of a slice is kept while the slice grows.
//
// Of a local slice: the variable with the address is used behind a later append to the slice. Of a field: the
// address goes into a field, a map or a package variable, and this file appends to the slice. Silent when the
// slice was made with its final capacity, when the variable gets a new address right behind the append, and
// when the field gets another slice right behind.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

// The append that lets the slice of this object grow, behind `after` when that is there.
NodeId grows(const Code& code, ObjectId object, NodeId base, NodeId after) {
  NodeId next_round = ast::kNoNode;
  for (NodeId use : code.uses(object)) {
    Access access = access_of(code, use);
    if (access.how != How::kAppend) continue;
    if (is_there(base) && !code.same(access.expr, base)) continue;
    if (!is_there(after)) return access.node;
    bool later = code.reaches(after, access.node);
    NodeId loop = code.loop(after);
    bool again = is_there(loop) && code.inside(access.node, loop) && code.declared_outside(object, loop);
    if (later) return access.node;
    if (again && !is_there(next_round)) next_round = access.node;
  }
  return next_round;
}

bool has_capacity(const Code& code, ObjectId variable) {
  return std::ranges::any_of(code.writes_of(variable), [&](const Code::Write& one) {
    if (!is_there(one.value) || code.called(code.inner(one.value)) != Known::kMake) return false;
    return code.as<ast::CallExpr>(code.inner(one.value))->args.size() == 3;
  });
}

// chunks = append(chunks, c); p = &chunks[len(chunks)-1]: whoever uses p behind has the new array.
bool is_renewed(const Code& code, ObjectId pointer, NodeId append, NodeId use = ast::kNoNode) {
  NodeId list = code.parent(code.statement(append));
  return std::ranges::any_of(code.writes(), [&](const Code::Write& one) {
    return code.pos(one.place) > code.pos(append) && code.object(one.place) == pointer &&
           (!is_there(use) || code.pos(one.place) < code.pos(use)) &&
           code.parent(code.statement(one.place)) == list;
  });
}

void of_local(const Code& code, NodeId address, ObjectId slice, Report& report) {
  if (has_capacity(code, slice) || code.about(slice).parameter) return;
  NodeId append = grows(code, slice, ast::kNoNode, address);
  if (!is_there(append)) return;
  Sink sink = sink_of(code, address);
  bool kept = sink.out == Out::kAppended || sink.out == Out::kElement || sink.out == Out::kField ||
              sink.out == Out::kGlobal || sink.out == Out::kSent;
  NodeId used = ast::kNoNode;
  if (!kept) {
    for (const Code::Write& write : code.writes()) {
      if (!is_there(write.value) || code.inner(write.value) != address) continue;
      ObjectId pointer = code.object(write.place);
      if (code.kind(code.inner(write.place)) != Kind::kIdent || !types::is_there(pointer)) continue;
      NodeId loop = code.loop(address);
      if (is_there(loop) && !code.declared_outside(pointer, loop) && !code.reaches(address, append)) continue;
      for (NodeId use : code.uses(pointer))
        if (code.pos(use) > code.pos(append) && code.pos(use) > code.pos(address) &&
            code.reaches(append, use) && !is_renewed(code, pointer, append, use))
          used = use;
    }
    if (!is_there(used)) return;
  }
  Diagnostic& found =
      report.at(code, address, code.shown(address) + " points into the old array once the slice has moved");
  relate(found, code, append, "the slice may move here");
  if (is_there(used)) relate(found, code, used, "used here afterwards");
}

// x.p = &x.s[0]; x.s = nil: what was taken is all that is left of the array.
bool is_given_up(const Code& code, NodeId address) {
  NodeId slice = code.inner(code.as<ast::IndexExpr>(code.inner(code.as<ast::UnaryExpr>(address)->x))->x);
  NodeId statement = code.statement(address);
  return std::ranges::any_of(code.writes(), [&](const Code::Write& one) {
    return code.pos(one.place) > code.pos(address) && code.parent(one.statement) == code.parent(statement) &&
           is_there(one.value) && (code.is_nil(one.value) || is_fresh_value(code, one.value)) &&
           code.same(one.place, slice);
  });
}

// c.steps = append(c.steps, s); c.last = &c.steps[len(c.steps)-1]: each append of the file is followed by
// that.
bool follows_appends(const Code& code, ObjectId slice, NodeId target) {
  ObjectId pointer = code.object(target);
  if (!types::is_there(pointer) || code.kind(code.inner(target)) != Kind::kSelectorExpr) return false;
  return std::ranges::all_of(code.uses(slice), [&](NodeId use) {
    Access access = access_of(code, use);
    return access.how != How::kAppend || is_renewed(code, pointer, access.node);
  });
}

void of_field(const Code& code, NodeId address, ObjectId field, Report& report) {
  Sink sink = sink_of(code, address);
  if (sink.out != Out::kField && sink.out != Out::kElement && sink.out != Out::kGlobal) return;
  ObjectId root = code.root(sink.target);
  bool short_lived = sink.out == Out::kElement && types::is_there(root) && code.is_local(root) &&
                     code.kind(code.inner(code.as<ast::IndexExpr>(sink.target)->x)) == Kind::kIdent;
  if (short_lived) return;
  // Of an object that only this function has nobody knows whether it is finished.
  ObjectId owner = code.root(code.as<ast::UnaryExpr>(address)->x);
  if (types::is_there(owner) && code.is_local(owner) && !code.about(owner).parameter) return;
  if (is_given_up(code, address) || follows_appends(code, field, sink.target)) return;
  NodeId append = grows(code, field, ast::kNoNode, ast::kNoNode);
  if (!is_there(append)) return;
  Diagnostic& found =
      report.at(code, address,
                code.shown(address) + " is kept, and points into the old array once the slice has moved");
  relate(found, code, append, "the slice may move here");
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId node : code.of(Kind::kUnaryExpr)) {
    auto unary = *code.as<ast::UnaryExpr>(node);
    if (unary.op != ast::Token::kAnd) continue;
    auto index = code.as<ast::IndexExpr>(code.inner(unary.x));
    if (!index || !code.is_slice(index->x)) continue;
    NodeId slice = code.inner(index->x);
    ObjectId object = code.object(slice);
    if (!types::is_there(object)) continue;
    if (code.kind(slice) == Kind::kIdent && code.is_local(object))
      of_local(code, node, object, report);
    else
      of_field(code, node, object, report);
  }
}

}  // namespace

constinit const Rule kElemPointerEscapes{
    .name = "elem-pointer-escapes", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
