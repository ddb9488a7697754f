// Rule shared-map-copy: a struct is copied out of a slice, a map or through a pointer, the copy is changed
// for itself, and a map or slice field of it, which the original shares, is written.
//
// That the program means the copy for itself is seen by a write to another of its fields, or by its use as a
// whole value. Silent when the field is replaced first, and when the copy is stored back where it came from.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

struct Copy {
  NodeId name = ast::kNoNode;    // the Ident that is defined
  NodeId source = ast::kNoNode;  // nodes of nodes[0], of range nodes; p of *p
};

std::vector<Copy> copies(const Code& code) {
  std::vector<Copy> found;
  types::Program& program = code.program();
  for (const Code::Write& write : code.writes()) {
    NodeId name = code.inner(write.place);
    if (!write.define || code.kind(name) != Kind::kIdent) continue;
    ObjectId object = code.object(name);
    if (!types::is_there(object) || !code.is_local(object)) continue;
    if (program.kind(program.type(object)) != TypeKind::kStruct) continue;
    if (is_there(write.value)) {
      NodeId value = code.inner(write.value);
      if (auto index = code.as<ast::IndexExpr>(value)) found.push_back({name, index->x});
      if (auto star = code.as<ast::StarExpr>(value)) found.push_back({name, star->x});
    } else if (auto range = code.as<ast::RangeStmt>(write.statement);
               range && is_there(range->value) && code.inner(range->value) == name) {
      found.push_back({name, range->x});
    }
  }
  return found;
}

// The field of the copy that a use of it reads or writes: x.f of x.f[k] = v; kNoNode for the whole value.
NodeId field_of(const Code& code, NodeId use) {
  NodeId up = code.outer(use);
  auto selector = code.as<ast::SelectorExpr>(up);
  return selector && code.inner(selector->x) == use ? up : ast::kNoNode;
}

void judge(const Code& code, const Copy& copy, Report& report) {
  ObjectId object = code.object(copy.name);
  NodeId write = ast::kNoNode, own = ast::kNoNode;
  for (NodeId use : code.uses(object)) {
    if (use == copy.name) continue;
    NodeId field = field_of(code, use);
    if (!is_there(field)) {
      Access access = access_of(code, use);
      if (access.how == How::kAssign || access.how == How::kAddress) return;
      bool whole = access.how == How::kReturn || access.how == How::kStore || access.how == How::kSend;
      if (access.how == How::kStore)  // stored back where it came from
        if (auto assign = code.as<ast::AssignStmt>(code.parent(access.expr)))
          for (NodeId left : assign->lhs)
            if (auto index = code.as<ast::IndexExpr>(code.inner(left));
                index && code.same(index->x, copy.source))
              return;
      if (whole && is_there(write)) own = use;
      continue;
    }
    Access access = access_of(code, code.as<ast::SelectorExpr>(field)->sel);
    TypeKind kind = code.type_kind(field);
    bool shares = kind == TypeKind::kMap || kind == TypeKind::kSlice;
    if (access.how == How::kAssign && shares) {
      if (!is_there(write)) return;  // replaced first, one of them at least
    } else if (access.how == How::kAssign) {
      own = use;
    } else if (access.how == How::kInsert && shares && !is_there(write)) {
      write = access.node;
    } else if (access.how == How::kMethod) {
      return;
    }
  }
  if (!is_there(write) || !is_there(own) || code.function(write) != code.function(copy.name)) return;
  Diagnostic& found =
      report.at(code, write,
                std::string(code.text(copy.name)) + " is a copy, and this writes what it shares with " +
                    code.shown(copy.source));
  relate(found, code, copy.name, "copied here");
  relate(found, code, own, "used as a value of its own here");
}

void file(const FileFacts& facts, Report& report) {
  for (const Copy& copy : copies(facts.code)) judge(facts.code, copy, report);
}

}  // namespace

constinit const Rule kSharedMapCopy{.name = "shared-map-copy", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
