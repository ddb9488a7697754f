// Rule unchecked-map-assert: x.(T) without the second result, where x is an entry of a map of interfaces.
//
// Silent when the function has checked the same entry or the variable that holds it before, be it against
// nil, when it wrote it itself, when the map was built here, when the key is ranged over and the file only
// ever puts this type into such a map, when the entry was asked for in the call that gave the map, when the
// function recovers, and in examples. The entries of one map in one function are one finding. Only a note
// when the map holds an interface with methods: the program says there itself what may be in it.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_checked(const Code& code, NodeId assertion) {
  NodeId up = code.outer(assertion);
  if (auto assign = code.as<ast::AssignStmt>(up)) return assign->lhs.size() == 2 && assign->rhs.size() == 1;
  if (auto spec = code.as<ast::ValueSpec>(up)) return spec->names.size() == 2 && spec->values.size() == 1;
  return false;
}

bool is_empty_interface(const Code& code, types::TypeId type) {
  types::Program& program = code.program();
  types::TypeId under = program.underlying(type);
  return program.types().kind(under) == TypeKind::kInterface && program.types().methods(under).empty() &&
         program.types().embedded(under).empty();
}

// The entry m[k] that is asserted, directly or through a variable that only ever is that entry.
NodeId entry_of(const Code& code, NodeId x) {
  x = code.inner(x);
  if (code.kind(x) == Kind::kIdent) {
    x = code.only_value(code.object(x));
    if (!is_there(x)) return ast::kNoNode;
    x = code.inner(x);
  }
  auto index = code.as<ast::IndexExpr>(x);
  if (!index || !code.is_map(index->x)) return ast::kNoNode;
  types::Program& program = code.program();
  return program.is_interface(program.types().elem(program.core_type(code.type(index->x)))) ? x
                                                                                            : ast::kNoNode;
}

// The results that an analysis asks for in its Requires are there, with the type that the other one gives.
bool is_promised(const Code& code, NodeId map) {
  auto selector = code.as<ast::SelectorExpr>(code.inner(map));
  if (!selector || code.text(selector->sel) != "ResultOf") return false;
  types::Program& program = code.program();
  return program.is_named(program.deref(code.type(selector->x)), "golang.org/x/tools/go/analysis", "Pass");
}

// Something before the assertion looked at the type of the same entry, or put the entry there.
bool is_known(const Code& code, NodeId assertion, NodeId entry) {
  auto one = *code.as<ast::IndexExpr>(entry);
  NodeId function = code.function(assertion);
  for (NodeId other : code.of(Kind::kTypeAssertExpr)) {
    if (other == assertion || code.pos(other) > code.pos(assertion) || code.function(other) != function)
      continue;
    NodeId looked = code.inner(code.as<ast::TypeAssertExpr>(other)->x);
    NodeId seen = entry_of(code, looked);
    bool checks = is_checked(code, other) || !is_there(code.as<ast::TypeAssertExpr>(other)->type);
    if (checks && code.kind(looked) == Kind::kIdent &&
        code.same(looked, code.as<ast::TypeAssertExpr>(assertion)->x))
      return true;
    if (checks && is_there(seen) && code.same(seen, entry)) return true;
  }
  for (const Code::Write& write : code.writes()) {
    auto place = code.as<ast::IndexExpr>(code.inner(write.place));
    if (place && code.pos(write.place) < code.pos(assertion) && code.function(write.place) == function &&
        code.same(place->x, one.x) && code.same(place->index, one.index))
      return true;
  }
  for (NodeId compare : code.of(Kind::kBinaryExpr)) {  // x != nil: a program that puts in what it takes out
    auto test = *code.as<ast::BinaryExpr>(compare);
    if (code.pos(compare) > code.pos(assertion) || code.function(compare) != function) continue;
    NodeId other = code.is_nil(test.y) ? test.x : code.is_nil(test.x) ? test.y : ast::kNoNode;
    NodeId tested = is_there(other) ? entry_of(code, other) : ast::kNoNode;
    if (is_there(tested) && code.same(tested, entry)) return true;
  }
  ObjectId root = code.root(one.x);
  for (const Code::Write& write : types::is_there(root) ? code.writes_of(root) : std::vector<Code::Write>())
    if (is_there(write.value) && code.kind(code.inner(write.value)) == Kind::kCompositeLit &&
        code.dominates(write.place, assertion))
      return true;
  NodeId value = types::is_there(root) && code.is_local(root) ? code.only_value(root) : ast::kNoNode;
  return is_there(value) && code.kind(code.inner(value)) == Kind::kCompositeLit;
}

// b := buildBody(options, "port"); b["port"].(T): the entry was asked for.
bool was_asked_for(const Code& code, NodeId entry) {
  auto one = *code.as<ast::IndexExpr>(entry);
  NodeId map = code.inner(one.x);
  if (code.kind(map) != Kind::kIdent || !code.is_constant(one.index)) return false;
  return std::ranges::any_of(code.writes_of(code.object(map)), [&](const Code::Write& write) {
    auto call = code.as<ast::CallExpr>(is_there(write.value) ? code.inner(write.value) : write.call);
    return call && std::ranges::any_of(call->args, [&](NodeId argument) {
             return code.text(argument) == code.text(one.index) && code.dominates(write.place, entry);
           });
  });
}

// Programs that show how something is used, in a folder of examples.
bool is_example(const Code& code) {
  std::string_view path = code.package().path;
  return path.find("/examples/") != path.npos || path.ends_with("/examples");
}

// for k := range x.f { x.f[k].(T) }, where all that the file puts into such an f is a T.
bool is_of_one_type(const Code& code, NodeId entry, types::TypeId asserted) {
  auto one = *code.as<ast::IndexExpr>(entry);
  auto field = code.as<ast::SelectorExpr>(code.inner(one.x));
  if (!field) return false;
  bool ranged = std::ranges::any_of(code.of(Kind::kRangeStmt), [&](NodeId loop) {
    auto range = *code.as<ast::RangeStmt>(loop);
    return is_there(range.key) && code.inside(entry, range.body) && code.same(range.x, one.x) &&
           code.same(range.key, one.index);
  });
  ObjectId object = code.object(field->sel);
  if (!ranged || !types::is_there(object) || code.about(object).exported) return false;
  int puts = 0;
  for (const Code::Write& write : code.writes()) {
    auto place = code.as<ast::IndexExpr>(code.inner(write.place));
    auto of = place ? code.as<ast::SelectorExpr>(code.inner(place->x)) : std::nullopt;
    if (!of || code.object(of->sel) != object) continue;
    if (!is_there(write.value) || code.type(write.value) != asserted) return false;
    ++puts;
  }
  return puts > 0;
}

// Assertions on entries of one map in one function.
struct Group {
  NodeId function = ast::kNoNode, map = ast::kNoNode;
  std::vector<NodeId> assertions;
};

void say(const Code& code, const Group& group, Report& report) {
  NodeId first = group.assertions.front();
  auto assertion = *code.as<ast::TypeAssertExpr>(first);
  NodeId entry = entry_of(code, assertion.x);
  Diagnostic& found = report.at(
      code, first, "panics when " + code.shown(entry) + " is missing or no " + code.shown(assertion.type));
  found.fix = "take the second result: v, ok := " + code.shown(first);
  for (std::size_t i = 1; i < group.assertions.size(); ++i)
    relate(found, code, group.assertions[i], "and here");
  types::Program& program = code.program();
  if (!is_empty_interface(code, program.types().elem(program.core_type(code.type(group.map)))))
    found.severity = Severity::kLow;
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  if (code.is_test() || is_example(code)) return;
  std::vector<Group> groups;
  for (NodeId node : code.of(Kind::kTypeAssertExpr)) {
    auto assertion = *code.as<ast::TypeAssertExpr>(node);
    if (!is_there(assertion.type) || is_checked(code, node)) continue;
    if (is_empty_interface(code, code.type(assertion.type))) continue;
    NodeId entry = entry_of(code, assertion.x);
    if (!is_there(entry) || is_known(code, node, entry) || recovers(code, code.function(node))) continue;
    NodeId map = code.as<ast::IndexExpr>(entry)->x, function = code.function(node);
    if (is_promised(code, map) || was_asked_for(code, entry) ||
        is_of_one_type(code, entry, code.type(assertion.type)))
      continue;
    auto group = std::ranges::find_if(
        groups, [&](const Group& one) { return one.function == function && code.same(one.map, map); });
    if (group == groups.end()) group = groups.insert(group, {function, map, {}});
    group->assertions.push_back(node);
  }
  for (const Group& group : groups) say(code, group, report);
}

}  // namespace

constinit const Rule kUncheckedMapAssert{
    .name = "unchecked-map-assert", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
