#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

ast::NodeList list_of(const Code& code, NodeId node) {
  if (auto block = code.as<ast::BlockStmt>(node)) return block->list;
  if (auto clause = code.as<ast::CaseClause>(node)) return clause->body;
  if (auto clause = code.as<ast::CommClause>(node)) return clause->body;
  return {};
}

bool ends_loop(const Code& code, NodeId statement) {
  if (auto branch = code.as<ast::BranchStmt>(statement)) return branch->tok != ast::Token::kContinue;
  return code.leaves(statement);
}

bool is_call_of(const Code& code, Known builtin, NodeId expr, NodeId place) {
  auto call = code.as<ast::CallExpr>(code.inner(expr));
  return call && code.called(code.inner(expr)) == builtin && code.same(call->args[0], place);
}

}  // namespace

bool goes_round(const Code& code, NodeId node, NodeId loop) {
  NodeId body = code.loop_body(loop);
  for (NodeId below = node; is_there(below) && below != body; below = code.parent(below)) {
    NodeId up = code.parent(below);
    for (NodeId next : list_of(code, up)) {
      if (code.pos(next) <= code.pos(below)) continue;
      if (auto branch = code.as<ast::BranchStmt>(next); branch && branch->tok == ast::Token::kContinue)
        return true;
      if (ends_loop(code, next)) return false;
    }
  }
  return true;
}

Sink sink_of(const Code& code, NodeId expr) {
  NodeId below = expr;
  for (NodeId up = code.parent(below); is_there(up); below = up, up = code.parent(up)) {
    switch (code.kind(up)) {
      case Kind::kParenExpr:
      case Kind::kCompositeLit: continue;
      case Kind::kUnaryExpr:
        if (code.as<ast::UnaryExpr>(up)->op != ast::Token::kAnd) return {};
        continue;
      case Kind::kKeyValueExpr:
        if (code.as<ast::KeyValueExpr>(up)->value != below) return {};
        continue;
      case Kind::kReturnStmt: return {.out = Out::kReturned, .node = up};
      case Kind::kSendStmt: {
        auto send = *code.as<ast::SendStmt>(up);
        return send.value == below ? Sink{.out = Out::kSent, .node = up, .target = send.chan} : Sink{};
      }
      case Kind::kCallExpr: {
        auto call = *code.as<ast::CallExpr>(up);
        Known callee = code.called(up);
        bool first = !call.args.empty() && call.args[0] == below;
        bool last = !call.args.empty() && call.args.back() == below;
        if (callee == Known::kAppend && !first && !(call.ellipsis && last))
          return {.out = Out::kAppended, .node = up, .target = call.args[0]};
        if (callee == Known::kPoolPut && first) return {.out = Out::kPooled, .node = up};
        if (callee == Known::kContextWithValue && last) return {.out = Out::kContext, .node = up};
        if (callee == Known::kCutSlice && first) continue;
        return {};
      }
      case Kind::kAssignStmt: {
        auto assign = *code.as<ast::AssignStmt>(up);
        if (assign.lhs.size() != assign.rhs.size()) return {};
        auto at = std::ranges::find(assign.rhs, below);
        if (at == assign.rhs.end()) return {};
        NodeId target = code.inner(assign.lhs[std::size_t(at - assign.rhs.begin())]);
        Sink sink{.node = up, .target = target};
        ObjectId root = code.root(target);
        if (types::is_there(root) && code.is_package_var(root))
          sink.out = Out::kGlobal;
        else if (code.kind(target) == Kind::kIndexExpr)
          sink.out = Out::kElement;
        else if (code.kind(target) == Kind::kSelectorExpr)
          sink.out = Out::kField;
        return sink;
      }
      default: return {};
    }
  }
  return {};
}

bool synchronised_between(const Code& code, NodeId from, NodeId to) {
  auto between = [&](NodeId node) {
    return code.pos(node) > code.pos(from) && code.pos(node) < code.pos(to) &&
           code.function(node) == code.function(to) && !code.inside(node, from);
  };
  for (NodeId node : code.of(Kind::kUnaryExpr))
    if (code.as<ast::UnaryExpr>(node)->op == ast::Token::kArrow && between(node)) return true;
  for (NodeId node : code.of(Kind::kSelectStmt))
    if (between(node)) return true;
  for (NodeId node : code.of(Kind::kRangeStmt))
    if (between(node) && code.type_kind(code.as<ast::RangeStmt>(node)->x) == TypeKind::kChan) return true;
  for (Known known : {Known::kWait, Known::kLock})
    if (std::ranges::any_of(code.calls(known), between)) return true;
  return std::ranges::any_of(code.of(Kind::kCallExpr), [&](NodeId call) {
    std::string_view name = code.method_name(call);
    return (name == "Wait" || name.ends_with("Wait") || name == "Done") && between(call);
  });
}

bool recovers(const Code& code, NodeId function) {
  return std::ranges::any_of(code.calls(Known::kRecover),
                             [&](NodeId call) { return code.inside(call, function); });
}

namespace {

constexpr std::int64_t kLarge = 4096;  // bytes

// The one value of a local, the call of which it is the first result included.
NodeId origin_of(const Code& code, NodeId ident) {
  ObjectId object = code.object(ident);
  if (!types::is_there(object) || !code.is_local(object) || code.about(object).parameter ||
      code.address_taken(object))
    return ast::kNoNode;
  std::vector<Code::Write> writes = code.writes_of(object);
  if (writes.size() != 1) return ast::kNoNode;
  if (is_there(writes[0].value)) return writes[0].value;
  return writes[0].result == 0 ? writes[0].call : ast::kNoNode;
}

std::int64_t element_size(const Code& code, NodeId slice) {
  types::Program& program = code.program();
  switch (
      program.types().basic(program.underlying(program.types().elem(program.underlying(code.type(slice)))))) {
    case types::Basic::kUint8:
    case types::Basic::kInt8:
    case types::Basic::kBool: return 1;
    case types::Basic::kInt16:
    case types::Basic::kUint16: return 2;
    case types::Basic::kInt32:
    case types::Basic::kUint32:
    case types::Basic::kFloat32: return 4;
    case types::Basic::kString: return 16;
    default: return 8;
  }
}

// What the expression is, through up to four variables that have one value each; kNoNode when that is not
// known.
NodeId value_of(const Code& code, NodeId expr) {
  for (int hops = 0; hops < 4; ++hops) {
    expr = code.inner(expr);
    if (code.kind(expr) != Kind::kIdent) return expr;
    expr = origin_of(code, expr);
    if (!is_there(expr)) return ast::kNoNode;
  }
  return ast::kNoNode;
}

}  // namespace

Big big_slice(const Code& code, NodeId expr) {
  expr = value_of(code, expr);
  if (!is_there(expr)) return {};
  Known callee = code.called(expr);
  if (callee == Known::kReadWhole) return {.by = expr};
  if (callee != Known::kMake) return {};
  auto call = *code.as<ast::CallExpr>(expr);
  if (call.args.size() < 2) return {};
  auto size = code.integer(call.args.back());
  if (!size || *size * element_size(code, expr) < kLarge || !code.is_slice(expr)) return {};
  return {.by = expr, .elements = *size};
}

Big big_text(const Code& code, NodeId expr) {
  expr = value_of(code, expr);
  if (!is_there(expr)) return {};
  auto call = code.as<ast::CallExpr>(expr);
  if (!call || call->args.size() != 1 || !code.program().is_conversion(code.file(), expr)) return {};
  if (!code.program().is_string(code.type(expr))) return {};
  return big_slice(code, call->args[0]);
}

Big small_piece(const Code& code, NodeId expr) {
  for (int hops = 0; hops < 5; ++hops) {
    expr = code.inner(expr);
    if (code.kind(expr) == Kind::kIdent) {
      expr = origin_of(code, expr);
      if (!is_there(expr)) return {};
      continue;
    }
    if (code.called(expr) == Known::kCutSlice) {
      auto call = *code.as<ast::CallExpr>(expr);
      if (call.args.empty()) return {};
      expr = call.args[0];
      continue;
    }
    auto slice = code.as<ast::SliceExpr>(expr);
    if (!slice || !is_there(slice->high)) return {};
    Big big = big_slice(code, slice->x);
    auto high = code.integer(slice->high);
    auto low = is_there(slice->low) ? code.integer(slice->low) : std::optional<std::int64_t>(0);
    if (!big || !high || !low) return {};
    std::int64_t limit = big.elements >= 0 ? big.elements / 2 : kLarge;
    return *high - *low < limit ? big : Big{};
  }
  return {};
}

bool has_no_room(const Code& code, NodeId expr) {
  for (int hops = 0; hops < 4; ++hops) {
    expr = code.inner(expr);
    if (code.is_nil(expr)) return true;
    if (code.kind(expr) == Kind::kCompositeLit) return true;
    if (auto slice = code.as<ast::SliceExpr>(expr)) return slice->slice3;
    if (auto call = code.as<ast::CallExpr>(expr)) {
      Known callee = code.called(expr);
      if (callee == Known::kMake) return call->args.size() == 2;
      if (callee == Known::kCutSlice) return code.method_name(expr) == "Clip";
      bool converts = call->args.size() == 1 && code.program().is_conversion(code.file(), expr);
      return converts && (code.is_nil(call->args[0]) || code.program().is_string(code.type(call->args[0])));
    }
    if (code.kind(expr) != Kind::kIdent) return false;
    ObjectId object = code.object(expr);
    std::vector<Code::Write> writes = code.writes_of(object);
    if (!code.is_local(object) || writes.empty()) return false;
    // A parameter that is clipped once, or a local with one value.
    if (writes.size() != 1) return false;
    if (!is_there(writes[0].value))
      return writes[0].define && code.kind(writes[0].statement) == Kind::kValueSpec;
    expr = writes[0].value;
  }
  return false;
}

bool is_len_of(const Code& code, NodeId expr, NodeId place) {
  return is_call_of(code, Known::kLen, expr, place);
}

bool is_cap_of(const Code& code, NodeId expr, NodeId place) {
  return is_call_of(code, Known::kCap, expr, place);
}

}  // namespace memsnap::misuse
