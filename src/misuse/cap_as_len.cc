// Rule cap-as-len: an index that is bounded by the capacity, or lies beyond a known length.
//
// s[cap(s)-1]; s[i] in a loop whose condition is i < cap(s); s[c] where s only ever is a literal or make of
// at most c elements. Silent after s = s[:cap(s)], and where the index or the capacity is compared with
// len(s) on the way.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool resliced(const Code& code, NodeId slice) {
  return std::ranges::any_of(code.writes(), [&](const Code::Write& write) {
    if (!is_there(write.value) || code.pos(write.place) > code.pos(slice)) return false;
    auto value = code.as<ast::SliceExpr>(code.inner(write.value));
    return value && is_there(value->high) && is_cap_of(code, value->high, value->x) &&
           code.same(write.place, slice);
  });
}

// len(s) > 0 says nothing of s[cap(s)-1]; i < len(s) and len(s) == cap(s) do.
bool compared_with_len(const Code& code, NodeId slice, NodeId node) {
  NodeId index = code.inner(code.as<ast::IndexExpr>(node)->index);
  return std::ranges::any_of(code.calls(Known::kLen), [&](NodeId call) {
    if (!code.same(code.as<ast::CallExpr>(call)->args[0], slice) || code.pos(call) > code.pos(node) ||
        code.function(call) != code.function(node))
      return false;
    auto compare = code.as<ast::BinaryExpr>(code.outer(call));
    if (!compare || ast::precedence(compare->op) != 3) return false;
    NodeId other = code.inner(compare->x) == call ? compare->y : compare->x;
    return is_cap_of(code, other, slice) || code.same(other, index);
  });
}

// i < cap(s) or i != cap(s), for the loop variable i.
bool bounded_by_cap(const Code& code, NodeId index, NodeId slice, NodeId* where) {
  auto one = *code.as<ast::IndexExpr>(index);
  for (NodeId up = code.parent(index); is_there(up) && code.kind(up) != Kind::kFuncLit;
       up = code.parent(up)) {
    NodeId cond = ast::kNoNode;
    if (auto loop = code.as<ast::ForStmt>(up)) cond = loop->cond;
    if (auto branch = code.as<ast::IfStmt>(up); branch && code.inside(index, branch->body))
      cond = branch->cond;
    if (!is_there(cond)) continue;
    bool found = false;
    ast::walk(code.source(), cond, [&](NodeId node) {
      auto test = code.as<ast::BinaryExpr>(node);
      if (test && code.same(test->x, one.index) && is_cap_of(code, test->y, slice)) found = true;
      return !found;
    });
    if (!found) continue;
    *where = cond;
    return true;
  }
  return false;
}

// The number of elements that the local slice always has; -1 when not known.
std::int64_t known_length(const Code& code, NodeId slice) {
  ObjectId variable = code.object(slice);
  if (code.kind(slice) != Kind::kIdent || !types::is_there(variable)) return -1;
  NodeId value = code.only_value(variable);
  if (!is_there(value)) return -1;
  value = code.inner(value);
  if (auto literal = code.as<ast::CompositeLit>(value)) {
    bool keyed =
        std::ranges::any_of(literal->elts, [&](NodeId one) { return code.kind(one) == Kind::kKeyValueExpr; });
    return keyed ? -1 : std::int64_t(literal->elts.size());
  }
  if (code.called(value) != Known::kMake || !code.is_slice(value)) return -1;
  auto call = *code.as<ast::CallExpr>(value);
  return call.args.size() >= 2 ? code.integer(call.args[1]).value_or(-1) : -1;
}

// The local is all there is of its array: unsafe.Slice gives no room behind the length.
bool is_full(const Code& code, NodeId slice) {
  NodeId value = code.kind(slice) == Kind::kIdent ? code.only_value(code.object(slice)) : ast::kNoNode;
  auto call = is_there(value) ? code.as<ast::CallExpr>(code.inner(value)) : std::nullopt;
  return call && code.text(call->fun) == "unsafe.Slice";
}

std::optional<std::int64_t> constant_index(const Code& code, NodeId index) {
  if (auto direct = code.integer(index)) return direct;
  index = code.inner(index);
  ObjectId variable = code.kind(index) == Kind::kIdent ? code.object(index) : types::kNoObject;
  NodeId value = types::is_there(variable) ? code.only_value(variable) : ast::kNoNode;
  return is_there(value) ? code.integer(value) : std::nullopt;
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId node : code.of(Kind::kIndexExpr)) {
    auto index = *code.as<ast::IndexExpr>(node);
    NodeId slice = code.inner(index.x);
    if (!code.is_slice(slice) || code.program().is_type(code.file(), slice)) continue;
    NodeId where = ast::kNoNode;
    auto minus = code.as<ast::BinaryExpr>(code.inner(index.index));
    bool last = minus && minus->op == ast::Token::kSub && is_cap_of(code, minus->x, slice);
    if (last || bounded_by_cap(code, node, slice, &where)) {
      if (resliced(code, slice) || compared_with_len(code, slice, node) || is_full(code, slice)) continue;
      Diagnostic& found = report.at(
          code, node, "the index goes up to the capacity of " + code.shown(slice) + ", not its length");
      if (is_there(where)) relate(found, code, where, "bounded by the capacity here");
      continue;
    }
    std::int64_t length = known_length(code, slice);
    auto at = length >= 0 ? constant_index(code, index.index) : std::nullopt;
    if (!at || *at < length) continue;
    Diagnostic& found = report.at(code, node,
                                  "index " + std::to_string(*at) + " of " + code.shown(slice) +
                                      ", which has " + std::to_string(length) + " elements");
    found.confidence = Confidence::kCertain;
    lead(found, code, code.about(code.object(slice)).ident, "made here");
  }
}

}  // namespace

constinit const Rule kCapAsLen{.name = "cap-as-len", .severity = Severity::kHigh, .file = file};

}  // namespace memsnap::misuse
