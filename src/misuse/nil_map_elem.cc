// Rule nil-map-elem: a write into a map that lies in a slot of a local array, slice or map, where nothing has
// filled any slot before.
//
// The container is made here with empty slots (make with a length, an array, a map of maps), and nothing that
// could fill a slot stands before the write or in a loop around it: no store to a slot, no append, no call
// that gets the container, no closure. Of an unexported field or package variable that is a map of maps:
// nothing in the module ever stores a slot, nor hands the map on.
//
// if x.m == nil { x.m = make(map[K]map[L]V) } in front of x.m[k][j] = v is the same mistake: where the map is
// made on the way, every slot is nil. In between nobody may look at x.m or hand x on, nor may a
// condition stand around the write.
#include "misuse/all.h"
#include "misuse/module.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

// The definition that leaves the container with nothing but nil maps.
bool makes_empty_slots(const Code& code, const Code::Write& write) {
  TypeKind kind = code.type_kind(write.place);
  if (!is_there(write.value))
    return kind == TypeKind::kArray && code.kind(write.statement) == Kind::kValueSpec;
  NodeId value = code.inner(write.value);
  if (auto literal = code.as<ast::CompositeLit>(value))
    return kind == TypeKind::kMap && literal->elts.empty();
  if (code.called(value) != Known::kMake) return false;
  auto call = *code.as<ast::CallExpr>(value);
  if (kind == TypeKind::kMap) return true;
  return call.args.size() >= 2 && code.integer(call.args[1]) != 0;
}

bool may_fill(How how) {
  switch (how) {
    case How::kRead:
    case How::kInner:
    case How::kLen:
    case How::kRange:
    case How::kReturn:
    case How::kDelete: return false;
    default: return true;
  }
}

bool is_written(const Code& code, NodeId index) {
  while (code.kind(code.parent(index)) == Kind::kParenExpr) index = code.parent(index);
  return std::ranges::any_of(code.writes(), [&](const Code::Write& one) { return one.place == index; });
}

void say(const Code& code, NodeId index, NodeId slot, NodeId container, NodeId made, Report& report) {
  Diagnostic& found = report.at(code, index,
                                "write into " + code.shown(slot) + ", a nil map: no slot of " +
                                    code.shown(container) + " has been filled");
  found.confidence = Confidence::kCertain;
  lead(found, code, made, "made here with nil maps");
}

// A local variable that is made once and gets nothing else.
bool made_once(const Code& code, NodeId index, NodeId slot, NodeId name, Report& report) {
  ObjectId variable = code.object(name);
  if (code.kind(name) != Kind::kIdent || !types::is_there(variable) || !code.is_local(variable)) return false;
  if (code.about(variable).parameter || access_of(code, name).how != How::kInner) return false;
  std::vector<Code::Write> writes = code.writes_of(variable);
  if (writes.size() != 1 || !writes[0].define || !makes_empty_slots(code, writes[0])) return false;
  NodeId outermost = ast::kNoNode;
  for (NodeId loop = code.loop(index); is_there(loop); loop = code.loop(loop)) outermost = loop;
  bool filled = std::ranges::any_of(code.uses(variable), [&](NodeId use) {
    if (use == writes[0].place) return false;
    bool before = code.pos(use) < code.pos(index) || (is_there(outermost) && code.inside(use, outermost));
    return (before || code.function(use) != code.function(index)) && may_fill(access_of(code, use).how);
  });
  if (!filled) say(code, index, slot, name, writes[0].place, report);
  return !filled;
}

// x of x.f and x[k].
NodeId base_of(const Code& code, NodeId expr) {
  if (auto selector = code.as<ast::SelectorExpr>(expr)) return code.inner(selector->x);
  if (auto index = code.as<ast::IndexExpr>(expr)) return code.inner(index->x);
  return ast::kNoNode;
}

// Where the variable at the root of a container is named, somebody gets hold of the container, or looks at
// it.
bool touches(const Code& code, NodeId ident, NodeId container) {
  NodeId expr = ident;
  while (!code.same(expr, container)) {
    NodeId around = code.outer(expr);
    if (base_of(code, around) != expr) break;
    auto call = code.as<ast::CallExpr>(code.outer(around));
    if (call && code.inner(call->fun) == around) break;  // a method, of what stands in front of it
    expr = around;
  }
  for (NodeId part = container; is_there(part); part = base_of(code, part))
    if (code.same(expr, part)) return true;
  return false;
}

// A look at the container changes no slot.
bool only_looks(const Code& code, NodeId ident, NodeId container) {
  if (!code.same(ident, container)) return false;
  How how = access_of(code, ident).how;
  return how == How::kRead || how == How::kLen || how == How::kRange || how == How::kCompare;
}

// Control that comes by `made` comes to `later`, unless it leaves in between or a loop has nothing to go
// over.
bool leads_to(const Code& code, NodeId made, NodeId later) {
  if (code.pos(made) >= code.pos(later) || code.function(made) != code.function(later)) return false;
  if (!code.reaches(made, later)) return false;
  for (NodeId node = later; !code.inside(made, node); node = code.parent(node)) switch (code.kind(node)) {
      case Kind::kIfStmt:
      case Kind::kCaseClause:
      case Kind::kCommClause: return false;
      case Kind::kBinaryExpr: return false;  // a && b
      default: break;
    }
  return true;
}

// Made on the way to the write, and not touched since.
void made_on_the_way(const Code& code, NodeId index, NodeId slot, NodeId container, Report& report) {
  ObjectId root = code.root(container);
  if (!types::is_there(root)) return;
  for (const Code::Write& write : code.writes()) {
    NodeId made = code.inner(write.place);
    if (!is_there(write.value) || !code.same(made, container) || !code.is_map(made)) continue;
    if (!makes_empty_slots(code, write) || !leads_to(code, made, index)) continue;
    std::uint32_t since = code.source().end(write.statement);
    bool touched = std::ranges::any_of(code.uses(root), [&](NodeId use) {
      if (code.inside(use, index)) return false;
      bool between = code.pos(use) >= since && code.pos(use) < code.pos(index);
      between = between || code.function(use) != code.function(index);
      for (NodeId loop = code.loop(index); is_there(loop) && !code.inside(made, loop); loop = code.loop(loop))
        between = between || code.inside(use, loop);
      return between && touches(code, use, container) && !only_looks(code, use, container);
    });
    if (touched) continue;
    say(code, index, slot, container, made, report);
    return;
  }
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId index : code.of(Kind::kIndexExpr)) {
    NodeId outer = code.as<ast::IndexExpr>(index)->x;
    auto slot = code.as<ast::IndexExpr>(code.inner(outer));
    if (!slot || !code.is_map(outer) || !is_written(code, index)) continue;
    NodeId container = code.inner(slot->x);
    if (!made_once(code, index, outer, container, report))
      made_on_the_way(code, index, outer, container, report);
  }
}

// Every one of its slots is nil for ever.
bool never_filled(UseList uses) {
  return std::ranges::all_of(uses, [](const Use* use) {
    if (use->how == How::kAssign) return use->nil || use->empty;
    bool known = use->how == How::kCompare || use->how == How::kInner || !may_fill(use->how);
    return known && use->how != How::kReturn;  // whoever gets it may fill it
  });
}

void module_part(Module& module, Report& report) {
  for (const auto& [object, uses] : module.by_object()) {
    const Symbol& about = module.about(object);
    if (about.exported || about.kind != TypeKind::kMap || about.elem_kind != TypeKind::kMap) continue;
    if (!never_filled(uses) || (about.field && !is_there(module.owner_type(object)))) continue;
    for (const Use* use : uses) {
      if (use->how != How::kInner || module.function(use->function).is_test) continue;
      report.at(module.span(*use), module.function(use->function).name, module.text(*use),
                "write into " + module.text(*use) + ", a nil map: nothing in the module stores one in " +
                    module.name_of(object));
    }
  }
}

}  // namespace

constinit const Rule kNilMapElem{
    .name = "nil-map-elem", .severity = Severity::kHigh, .file = file, .module = module_part};

}  // namespace memsnap::misuse
