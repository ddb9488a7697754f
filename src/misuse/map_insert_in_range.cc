// Rule map-insert-in-range: the body of a range over a map inserts under another key.
//
// Silent for the range's own key (which a loop over values alone computes), for a key that the map was just
// found to have, when the loop ends behind the insert, and when a visit of the new entry changes nothing: the
// loop asks for other keys, only inserts where the new key differs from the old one, or an init puts the same
// value under the same key again. What one loop inserts is one finding.
#include "misuse/all.h"
#include "misuse/one_key.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_range_key(const Code& code, NodeId key, NodeId range_key) {
  if (!is_there(range_key)) return false;
  for (int hops = 0; hops < 3; ++hops) {
    key = code.inner(key);
    if (code.same(key, range_key)) return true;
    if (auto call = code.as<ast::CallExpr>(key); call && call->args.size() == 1) {
      if (!code.program().is_conversion(code.file(), key)) return false;
      key = call->args[0];
      continue;
    }
    if (code.kind(key) != Kind::kIdent) return false;
    key = code.only_value(code.object(key));
    if (!is_there(key)) return false;
  }
  return false;
}

// case "a": m["a"] = v in a switch over the range's key.
bool in_its_case(const Code& code, NodeId index, NodeId range_key) {
  NodeId key = code.as<ast::IndexExpr>(index)->index;
  for (NodeId up = code.parent(index); is_there(up); up = code.parent(up)) {
    auto clause = code.as<ast::CaseClause>(up);
    if (!clause || clause->list.size() != 1 || !code.same(clause->list[0], key)) continue;
    auto choice = code.as<ast::SwitchStmt>(code.parent(code.parent(up)));
    if (choice && is_there(choice->tag) && code.same(choice->tag, range_key)) return true;
  }
  return false;
}

// Below an if whose condition or init reads the same entry.
bool looked_up(const Code& code, NodeId index) {
  auto one = *code.as<ast::IndexExpr>(index);
  for (NodeId up = code.parent(index); is_there(up); up = code.parent(up)) {
    auto branch = code.as<ast::IfStmt>(up);
    if (!branch || !code.inside(index, branch->body)) continue;
    for (NodeId other : code.of(Kind::kIndexExpr)) {
      if (code.inside(other, branch->body) || !code.inside(other, up) || code.pos(other) > code.pos(index))
        continue;
      auto read = *code.as<ast::IndexExpr>(other);
      if (code.same(read.x, one.x) && code.same(read.index, one.index)) return true;
    }
  }
  return false;
}

// if new != key { m[new] = ... }: at the new key they are equal.
bool only_where_it_differs(const Code& code, NodeId index, NodeId range_key) {
  NodeId key = code.as<ast::IndexExpr>(index)->index;
  for (NodeId up = code.parent(index); is_there(up); up = code.parent(up)) {
    auto branch = code.as<ast::IfStmt>(up);
    auto test = branch ? code.as<ast::BinaryExpr>(code.inner(branch->cond)) : std::nullopt;
    if (!test || test->op != ast::Token::kNeq || !code.inside(index, branch->body)) continue;
    if (code.same(test->x, key) && code.same(test->y, range_key)) return true;
    if (code.same(test->y, key) && code.same(test->x, range_key)) return true;
  }
  return false;
}

// The whole body is m[strings.ToLower(key)] = value, once for all in an init: done twice it is as if done
// once.
bool repeats_itself(const Code& code, const ast::RangeStmt& range, const Code::Write& write) {
  if (!code.function_name(write.place).ends_with(".init")) return false;
  auto body = ast::NodeList(code.as<ast::BlockStmt>(range.body)->list);
  if (body.size() != 1 || body[0] != write.statement || !is_there(range.value)) return false;
  auto call = code.as<ast::CallExpr>(code.inner(code.as<ast::IndexExpr>(code.inner(write.place))->index));
  if (!call || call->args.size() != 1 || !code.same(call->args[0], range.key)) return false;
  for (std::string_view name : {"strings.ToLower", "strings.ToUpper", "strings.TrimSpace", "path.Clean",
                                "filepath.Clean", "http.CanonicalHeaderKey"})
    if (code.text(call->fun) == name) return is_there(write.value) && code.same(write.value, range.value);
  return false;
}

bool is_harmless(const Code& code, NodeId loop, const Code::Write& write) {
  auto range = *code.as<ast::RangeStmt>(loop);
  NodeId place = code.inner(write.place);
  if (in_its_case(code, place, range.key) || only_where_it_differs(code, place, range.key)) return true;
  OneKey visit(code, loop);
  auto key = visit.inserted(place);
  return (key && visit.does_nothing(*key)) || repeats_itself(code, range, write);
}

// The loop goes on over the old map when the variable gets another one.
bool is_replaced_before(const Code& code, const ast::RangeStmt& range, NodeId place) {
  return std::ranges::any_of(code.writes(), [&](const Code::Write& one) {
    return code.inside(one.place, range.body) && code.pos(one.place) < code.pos(place) &&
           is_there(one.value) && is_fresh_value(code, one.value) && code.same(one.place, range.x);
  });
}

void look(const Code& code, NodeId loop, Report& report) {
  auto range = *code.as<ast::RangeStmt>(loop);
  if (!code.is_map(range.x)) return;
  if (!is_there(range.key) || code.text(range.key) == "_") return;  // a key that the value tells
  std::vector<NodeId> inserts;
  for (const Code::Write& write : code.writes()) {
    NodeId place = code.inner(write.place);
    auto index = code.as<ast::IndexExpr>(place);
    if (!index || !code.inside(place, range.body) || code.function(place) != code.function(loop)) continue;
    if (!code.is_map(index->x) || !code.same(index->x, range.x)) continue;
    if (is_range_key(code, index->index, range.key) || looked_up(code, place)) continue;
    if (is_replaced_before(code, range, place)) continue;
    if (!goes_round(code, place, loop) || is_harmless(code, loop, write)) continue;
    inserts.push_back(place);
  }
  if (inserts.empty()) return;
  Diagnostic& found =
      report.at(code, inserts.front(),
                "insert into " + code.shown(range.x) +
                    " while it is ranged over: whether the loop visits the new entry is chance");
  relate(found, code, range.x, "ranged over here");
  for (std::size_t i = 1; i < inserts.size(); ++i) relate(found, code, inserts[i], "and inserted here");
}

void file(const FileFacts& facts, Report& report) {
  for (NodeId loop : facts.code.of(Kind::kRangeStmt)) look(facts.code, loop, report);
}

}  // namespace

constinit const Rule kMapInsertInRange{
    .name = "map-insert-in-range", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
