// Rule unchecked-map-assert: x.(T) without the second result, where x is an entry of a map of interfaces.
//
// Silent when the function has checked the type of the same entry or of the variable that holds it before,
// when it wrote it itself, when the map was built here, when the key is ranged over and the file only ever
// puts this type into such a map, when the entry was asked for in the call that gave the map, by its key or
// by a text that names it, when a call before got the map with that key, when the function recovers, and in
// examples. The entries of one map in one function are one finding. Only a note when the map holds an
// interface with methods: the program says there itself what may be in it; where the entry was found to be
// there, or to be of another type; and where a document that the module built is taken up to write more into
// it.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>
#include <cctype>

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

// What the variable is given last on every way to where it is named.
const Code::Write* given_last(const Code& code, NodeId name) {
  ObjectId variable = code.object(name);
  if (!types::is_there(variable) || !code.is_local(variable) || code.address_taken(variable)) return nullptr;
  const Code::Write* last = nullptr;
  for (const Code::Write& write : code.writes())
    if (code.pos(write.place) < code.pos(name) && code.object(write.place) == variable &&
        code.kind(code.inner(write.place)) == Kind::kIdent)
      last = &write;
  return last && code.dominates(last->place, name) ? last : nullptr;
}

// v, ok := m[k]: whether there is an entry was asked; what it is was not.
bool asks_presence(const Code& code, NodeId x) {
  x = code.inner(x);
  const Code::Write* given = code.kind(x) == Kind::kIdent ? given_last(code, x) : nullptr;
  return given && is_there(given->call);
}

// The entry m[k] that is asserted, directly or through a variable that is that entry there.
NodeId entry_of(const Code& code, NodeId x) {
  x = code.inner(x);
  if (code.kind(x) == Kind::kIdent) {
    const Code::Write* given = given_last(code, x);
    if (!given || given->result != 0) return ast::kNoNode;
    x = is_there(given->value) ? given->value : given->call;
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

// How much of the entry is known at the assertion.
enum class Seen : std::uint8_t {
  kNothing,
  kPresent,  // that there is one
  kType,     // what it is: something looked at its type, or put it there
};

Seen seen_before(const Code& code, NodeId assertion, NodeId entry) {
  bool present = asks_presence(code, code.as<ast::TypeAssertExpr>(assertion)->x);
  auto one = *code.as<ast::IndexExpr>(entry);
  NodeId function = code.function(assertion);
  for (NodeId other : code.of(Kind::kTypeAssertExpr)) {
    if (other == assertion || code.pos(other) > code.pos(assertion) || code.function(other) != function)
      continue;
    NodeId looked = code.inner(code.as<ast::TypeAssertExpr>(other)->x);
    NodeId seen = entry_of(code, looked);
    bool checks = is_checked(code, other) || !is_there(code.as<ast::TypeAssertExpr>(other)->type);
    NodeId x = code.inner(code.as<ast::TypeAssertExpr>(assertion)->x);
    bool same = code.kind(looked) == Kind::kIdent && code.same(looked, x) &&
                given_last(code, looked) == given_last(code, x);
    if (!checks || !(same || (is_there(seen) && code.same(seen, entry)))) continue;
    NodeId type = code.as<ast::TypeAssertExpr>(other)->type;
    if (!is_there(type) || code.type(other) == code.type(assertion)) return Seen::kType;
    present = true;
  }
  for (const Code::Write& write : code.writes()) {
    auto place = code.as<ast::IndexExpr>(code.inner(write.place));
    if (place && code.pos(write.place) < code.pos(assertion) && code.function(write.place) == function &&
        code.same(place->x, one.x) && code.same(place->index, one.index))
      return Seen::kType;
  }
  for (NodeId compare : code.of(Kind::kBinaryExpr)) {  // x != nil: a program that puts in what it takes out
    auto test = *code.as<ast::BinaryExpr>(compare);
    if (code.pos(compare) > code.pos(assertion) || code.function(compare) != function) continue;
    NodeId other = code.is_nil(test.y) ? test.x : code.is_nil(test.x) ? test.y : ast::kNoNode;
    NodeId tested = is_there(other) ? entry_of(code, other) : ast::kNoNode;
    present |= is_there(tested) && (tested == entry || code.same(tested, entry));
  }
  ObjectId root = code.root(one.x);
  for (const Code::Write& write : types::is_there(root) ? code.writes_of(root) : std::vector<Code::Write>())
    if (is_there(write.value) && code.kind(code.inner(write.value)) == Kind::kCompositeLit &&
        code.dominates(write.place, assertion))
      return Seen::kType;
  NodeId value = types::is_there(root) && code.is_local(root) ? code.only_value(root) : ast::kNoNode;
  if (is_there(value) && code.kind(code.inner(value)) == Kind::kCompositeLit) return Seen::kType;
  return present ? Seen::kPresent : Seen::kNothing;
}

// f(...) of m := f(...), m, ok := f(...) and for _, m := range f(...).
NodeId giver(const Code& code, const Code::Write& write) {
  if (is_there(write.value)) return code.inner(write.value);
  if (is_there(write.call)) return code.inner(write.call);
  auto range = code.as<ast::RangeStmt>(write.statement);
  return range ? code.inner(range->x) : ast::kNoNode;
}

bool has_word(std::string_view text, std::string_view word) {
  auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    bool starts = at == 0 || !letter(text[at - 1]);
    std::size_t end = at + word.size();
    if (starts && (end == text.size() || !letter(text[end]))) return true;
  }
  return false;
}

// The argument is a package variable or constant of this file, and the text that it is made from has the key:
// var shape = pattern.MustParse(`(IfStmt cond body)`), for m["cond"].
bool is_text_with(const Code& code, NodeId argument, NodeId key) {
  ObjectId variable = code.object(argument);
  if (!types::is_there(variable) || !code.about(variable).package_level || code.kind(key) != Kind::kBasicLit)
    return false;
  std::string_view word = code.text(key);
  if (word.size() < 3) return false;
  word = word.substr(1, word.size() - 2);
  bool found = false;
  for (const Code::Write& write : code.writes_of(variable)) {
    if (!write.define || !is_there(write.value)) continue;
    ast::walk(code.source(), write.value, [&](NodeId node) {
      found |= code.kind(node) == Kind::kBasicLit && has_word(code.text(node), word);
      return !found;
    });
  }
  return found;
}

// b := buildBody(options, "port"); b["port"].(T): the entry was asked for.
bool was_asked_for(const Code& code, NodeId entry) {
  auto one = *code.as<ast::IndexExpr>(entry);
  ObjectId root = code.root(one.x);
  if (!types::is_there(root) || !code.is_local(root) || !code.is_constant(one.index)) return false;
  bool whole = code.kind(code.inner(one.x)) == Kind::kIdent;
  return std::ranges::any_of(code.writes_of(root), [&](const Code::Write& write) {
    auto call = code.as<ast::CallExpr>(giver(code, write));
    return call && std::ranges::any_of(call->args, [&](NodeId argument) {
             if (is_text_with(code, argument, code.inner(one.index))) return true;
             return whole && code.text(argument) == code.text(one.index) &&
                    code.dominates(write.place, entry);
           });
  });
}

// fill(k, m) in front of m[k].(T): whoever gets both puts the entry there.
bool was_filled(const Code& code, NodeId entry) {
  auto one = *code.as<ast::IndexExpr>(entry);
  return std::ranges::any_of(code.of(Kind::kCallExpr), [&](NodeId node) {
    if (code.pos(node) > code.pos(entry) || code.called(node) == Known::kDelete) return false;
    auto arguments = ast::NodeList(code.as<ast::CallExpr>(node)->args);
    auto gets = [&](NodeId expr) {
      return std::ranges::any_of(arguments, [&](NodeId argument) { return code.same(argument, expr); });
    };
    return arguments.size() >= 2 && gets(one.x) && gets(one.index) && code.dominates(node, entry);
  });
}

// doc["port"].(map[string]any)["name"] = name, where a function of this module has just built doc: the
// program goes on with a document that it makes itself.
bool extends_document(const Code& code, NodeId assertion) {
  NodeId entry = entry_of(code, code.as<ast::TypeAssertExpr>(assertion)->x);
  ObjectId root = code.root(entry);
  if (!code.is_map(assertion) || !types::is_there(root) || !code.is_local(root)) return false;
  types::Program& program = code.program();
  bool built = std::ranges::any_of(code.writes_of(root), [&](const Code::Write& write) {
    NodeId call = is_there(write.call) ? write.call : write.value;
    ObjectId callee = is_there(call) ? program.callee_of(code.file(), code.inner(call)) : types::kNoObject;
    return write.result == 0 && types::is_there(callee) &&
           program.module_of(program.object(callee).package) ==
               program.module_of(program.package_of(code.file()));
  });
  if (!built) return false;
  return std::ranges::any_of(code.writes(), [&](const Code::Write& write) {
    auto place = code.as<ast::IndexExpr>(code.inner(write.place));
    NodeId inner = place ? code.inner(place->x) : ast::kNoNode;
    if (inner == assertion) return true;
    if (!is_there(inner) || code.kind(inner) != Kind::kIdent) return false;
    NodeId value = code.only_value(code.object(inner));
    return is_there(value) && code.inner(value) == assertion;
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
  Seen seen = Seen::kNothing;
  std::vector<NodeId> assertions;
};

void say(const Code& code, const Group& group, Report& report) {
  NodeId first = group.assertions.front();
  auto assertion = *code.as<ast::TypeAssertExpr>(first);
  NodeId entry = entry_of(code, assertion.x);
  bool present = group.seen == Seen::kPresent;
  Diagnostic& found =
      report.at(code, first,
                "panics when " + code.shown(entry) + (present ? " is no " : " is missing or no ") +
                    code.shown(assertion.type));
  found.fix = "take the second result: v, ok := " + code.shown(first);
  for (std::size_t i = 1; i < group.assertions.size(); ++i)
    relate(found, code, group.assertions[i], "and here");
  types::Program& program = code.program();
  bool own = std::ranges::all_of(group.assertions, [&](NodeId one) { return extends_document(code, one); });
  types::TypeId element = program.types().elem(program.core_type(code.type(group.map)));
  if (present || own || !is_empty_interface(code, element)) found.severity = Severity::kLow;
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
    if (!is_there(entry) || recovers(code, code.function(node))) continue;
    Seen seen = seen_before(code, node, entry);
    if (seen == Seen::kType) continue;
    NodeId map = code.as<ast::IndexExpr>(entry)->x, function = code.function(node);
    if (is_promised(code, map) || was_asked_for(code, entry) || was_filled(code, entry) ||
        is_of_one_type(code, entry, code.type(assertion.type)))
      continue;
    auto group = std::ranges::find_if(groups, [&](const Group& one) {
      return one.function == function && one.seen == seen && code.same(one.map, map);
    });
    if (group == groups.end()) group = groups.insert(group, {function, map, seen, {}});
    group->assertions.push_back(node);
  }
  for (const Group& group : groups) say(code, group, report);
}

}  // namespace

constinit const Rule kUncheckedMapAssert{
    .name = "unchecked-map-assert", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
