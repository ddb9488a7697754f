#include "flow/use_context.h"

#include <algorithm>

namespace memsnap::flow {

using ast::Kind;
using ast::Token;
using types::TypeKind;

std::string_view builtin_of(const Program& program, FileId file, NodeId call) {
  const SourceFile& source = program.source(file);
  auto c = source.as<ast::CallExpr>(call);
  if (!c || source.kind(ast::unparen(source, c->fun)) != Kind::kIdent) return {};
  ObjectId callee = program.callee_of(file, call);
  return program.object(callee).kind == types::ObjectKind::kBuiltin ? program.name(callee)
                                                                    : std::string_view{};
}

NodeId UseContext::above_parens(NodeId node) const {
  NodeId above = parents_.of(node);
  while (source_.kind(above) == Kind::kParenExpr) above = parents_.of(above);
  return above;
}

// Whether the expression, parentheses aside, is assigned.
bool UseContext::is_target(NodeId node) const {
  NodeId above = parents_.of(node);
  while (source_.kind(above) == Kind::kParenExpr) node = above, above = parents_.of(node);
  if (auto s = source_.as<ast::AssignStmt>(above)) return std::ranges::find(s->lhs, node) != s->lhs.end();
  if (auto s = source_.as<ast::RangeStmt>(above)) return node == s->key || node == s->value;
  return source_.kind(above) == Kind::kIncDecStmt;
}

bool UseContext::through_index(At& at, NodeId above) const {
  auto index = source_.get<ast::IndexExpr>(above);
  if (index.x != at.node) return false;
  TypeKind kind = kind_of(at.node);
  if (!at.part) at.plain = UseKind::kIndex;
  if (kind == TypeKind::kArray || (!at.part && (kind == TypeKind::kSlice || kind == TypeKind::kPointer))) {
    at = {above, true, at.plain};
    return true;
  }
  return false;
}

bool UseContext::through_selector(At& at, NodeId above) const {
  if (source_.get<ast::SelectorExpr>(above).x != at.node) return false;
  types::Selection selection = program_.selection_of(file_, above);
  if (selection.kind == types::Selection::Kind::kMethod && !at.part) at.plain = UseKind::kMethod;
  if (selection.kind != types::Selection::Kind::kField || selection.indirect) return false;
  at = {above, true, at.plain};
  return true;
}

// A conversion that only changes the name of the type, or makes an interface of it, hands the value on.
bool UseContext::through_call(At& at, NodeId above) const {
  auto call = source_.get<ast::CallExpr>(above);
  if (at.part || call.fun == at.node || !program_.is_conversion(file_, above)) return false;
  TypeKind to = kind_of(above);
  if (to != TypeKind::kInterface && (to == TypeKind::kBasic || to != kind_of(at.node))) return false;
  at.node = above;
  return true;
}

bool UseContext::up(At& at) const {
  NodeId above = parents_.of(at.node);
  switch (source_.kind(above)) {
    case Kind::kParenExpr: at.node = above; return true;
    case Kind::kIndexExpr: return through_index(at, above);
    case Kind::kSelectorExpr: return through_selector(at, above);
    case Kind::kCallExpr: return through_call(at, above);
    case Kind::kStarExpr:
      if (at.part) return false;
      at = {above, true, at.plain};
      return true;
    case Kind::kTypeAssertExpr:
      if (at.part || !ast::is_there(source_.get<ast::TypeAssertExpr>(above).type)) return false;
      at.node = above;
      return true;
    default: return false;
  }
}

void UseContext::decide(NodeId node, Use& use) {
  At at{.node = node};
  while (up(at)) {
  }
  end(at, parents_.of(at.node), use);
}

// Of a part only stores and addresses matter; else it is looked at.
void UseContext::end(const At& at, NodeId above, Use& use) const {
  use.kind = at.plain;
  if (at.part) {
    if (is_target(at.node)) return assigned(at, above, use);
    auto unary = source_.as<ast::UnaryExpr>(above);
    if (unary && unary->op == Token::kAnd) use.kind = UseKind::kElementAddress, use.other = above;
    if (use.kind != UseKind::kRead || source_.kind(at.node) != Kind::kSelectorExpr) return;
    // A slice of an array in place shows its elements.
    if (source_.kind(above) == Kind::kSliceExpr && kind_of(at.node) == TypeKind::kArray)
      use.kind = UseKind::kElementAddress;
    return;
  }
  if (stored(at, above, use)) return;
  switch (source_.kind(above)) {
    case Kind::kIndexExpr: {
      auto index = source_.get<ast::IndexExpr>(above);
      if (index.x != at.node)
        use.kind = is_target(above) ? UseKind::kStore : UseKind::kRead, use.other = above;
      else if (is_target(above))
        use.kind = UseKind::kInsert, assigned({above, true}, parents_.of(above), use);
      break;
    }
    case Kind::kSliceExpr:
      if (source_.get<ast::SliceExpr>(above).x == at.node) use.kind = UseKind::kSlice, use.other = above;
      break;
    case Kind::kUnaryExpr: {
      Token op = source_.get<ast::UnaryExpr>(above).op;
      if (op == Token::kAnd) use.kind = UseKind::kAddress, use.other = above;
      if (op == Token::kArrow) use.kind = UseKind::kReceive;
      break;
    }
    case Kind::kBinaryExpr: binary(at, above, use); break;
    case Kind::kCallExpr: argument(at, above, use); break;
    default: break;
  }
}

// Statements and literals that take the value or give it another. false: above is none of them.
bool UseContext::stored(const At& at, NodeId above, Use& use) const {
  switch (source_.kind(above)) {
    case Kind::kAssignStmt:
    case Kind::kIncDecStmt: assigned(at, above, use); return true;
    case Kind::kValueSpec: specified(at, above, use); return true;
    case Kind::kKeyValueExpr: pair(at, above, use); return true;
    case Kind::kCompositeLit:
      if (source_.get<ast::CompositeLit>(above).type == at.node) return true;
      use.kind = UseKind::kStore;
      use.other = above;
      return true;
    case Kind::kReturnStmt: use.kind = UseKind::kReturn; return true;
    case Kind::kSendStmt:
      use.kind = source_.get<ast::SendStmt>(above).chan == at.node ? UseKind::kReceive : UseKind::kSend;
      use.other = above;
      return true;
    case Kind::kRangeStmt:
      if (source_.get<ast::RangeStmt>(above).x == at.node)
        use.kind = UseKind::kRange, use.other = above;
      else
        assigned(at, above, use);
      return true;
    default: return false;
  }
}

void UseContext::assigned(const At& at, NodeId above, Use& use) const {
  NodeId target = at.node;
  for (; source_.kind(above) == Kind::kParenExpr; above = parents_.of(above)) target = above;
  bool insert = use.kind == UseKind::kInsert;
  if (source_.kind(above) == Kind::kRangeStmt) {
    use.kind = insert ? use.kind : at.part ? UseKind::kElement : UseKind::kRangeWrite;
    use.other = above;
    return;
  }
  auto s = source_.as<ast::AssignStmt>(above);
  if (!s) {  // x++
    use.kind = insert ? use.kind : at.part ? UseKind::kElement : UseKind::kWrite;
    return;
  }
  bool paired = s->lhs.size() == s->rhs.size();
  for (std::size_t i = 0; i < s->lhs.size(); ++i) {
    if (s->lhs[i] != target) continue;
    use.other = paired ? s->rhs[i] : s->rhs.empty() ? ast::kNoNode : s->rhs[0];
    if (insert) return;
    use.kind = at.part ? UseKind::kElement : paired ? UseKind::kWrite : UseKind::kTupleWrite;
    NodeId value = ast::unparen(source_, use.other);
    auto call = source_.as<ast::CallExpr>(value);
    if (!at.part && paired && call && !call->args.empty() && same_text(call->args[0], target) &&
        builtin_of(program_, file_, value) == "append")
      use.kind = UseKind::kAppend;
    return;
  }
  for (std::size_t i = 0; i < s->rhs.size(); ++i) {
    if (s->rhs[i] != target || !paired) continue;
    if (ast::operator_of(s->tok) != s->tok || source_.name(s->lhs[i]) == kBlank) return;
    use.kind = UseKind::kStore;
    use.other = s->lhs[i];
  }
}

void UseContext::specified(const At& at, NodeId above, Use& use) const {
  auto spec = source_.get<ast::ValueSpec>(above);
  bool paired = spec.names.size() == spec.values.size();
  for (std::size_t i = 0; i < spec.names.size(); ++i) {
    if (spec.names[i] == at.node) {
      use.kind = paired || spec.values.empty() ? UseKind::kWrite : UseKind::kTupleWrite;
      use.other = paired ? spec.values[i] : spec.values.empty() ? ast::kNoNode : spec.values[0];
    } else if (paired && spec.values[i] == at.node) {
      use.kind = UseKind::kStore;
      use.other = spec.names[i];
    }
  }
}

void UseContext::pair(const At& at, NodeId above, Use& use) const {
  auto pair = source_.get<ast::KeyValueExpr>(above);
  if (pair.key == at.node && program_.object(use.object).kind == types::ObjectKind::kField &&
      source_.kind(use.node) == Kind::kIdent) {
    use.kind = UseKind::kLiteral;
    use.other = pair.value;
    return;
  }
  use.kind = UseKind::kStore;
  use.other = parents_.of(above);
}

void UseContext::binary(const At& at, NodeId above, Use& use) const {
  auto two = source_.get<ast::BinaryExpr>(above);
  if (two.op != Token::kEql && two.op != Token::kNeq) return;
  NodeId other = two.x == at.node ? two.y : two.x;
  ObjectId named = program_.object_of(file_, ast::unparen(source_, other));
  if (program_.object(named).kind == types::ObjectKind::kNil)
    use.kind = UseKind::kNilCheck, use.other = above;
}

bool UseContext::builtin(const At& at, const ast::CallExpr& call, NodeId above, Use& use) const {
  std::string_view name = builtin_of(program_, file_, above);
  if (name.empty()) return false;
  bool first = call.args[0] == at.node;
  if (name == "len" || name == "cap") use.kind = UseKind::kLen;
  if (name == "close") use.kind = UseKind::kReceive;
  if (name == "clear") use.kind = UseKind::kClear;
  if (name == "delete" && first)
    use.kind = UseKind::kDelete, use.other = call.args.size() > 1 ? call.args[1] : above;
  if (name == "copy") {
    use.kind = first ? UseKind::kElement : UseKind::kRange;
    use.other = first && call.args.size() > 1 ? call.args[1] : above;
  }
  if (name == "panic") use.kind = UseKind::kArgument, use.other = above;
  if (name != "append") return true;
  use.other = above;
  if (!first) {
    use.kind = call.ellipsis ? UseKind::kRange : UseKind::kStore;
    return true;
  }
  NodeId around = above_parens(above);
  auto s = source_.as<ast::AssignStmt>(around);
  bool itself = false;
  for (std::size_t i = 0; s && i < s->rhs.size() && i < s->lhs.size(); ++i)
    itself |= ast::unparen(source_, s->rhs[i]) == above && same_text(s->lhs[i], at.node);
  use.kind = itself ? UseKind::kRead : UseKind::kAppendFrom;
  return true;
}

void UseContext::argument(const At& at, NodeId above, Use& use) const {
  auto call = source_.get<ast::CallExpr>(above);
  if (call.fun == at.node) {
    use.kind = UseKind::kCall;
    use.other = above;
    return;
  }
  if (call.args.empty() || program_.is_conversion(file_, above) || builtin(at, call, above, use)) return;
  use.kind = UseKind::kArgument;
  use.other = above;
}

}  // namespace memsnap::flow
