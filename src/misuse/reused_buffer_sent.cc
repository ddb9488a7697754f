// Rule reused-buffer-sent: a buffer that is declared outside a loop and filled in it is handed out in the
// loop.
//
// Filled: read into, copied to, emptied to be appended to, its elements assigned. Handed out: sent, appended
// as an element, stored in a map, a field or a package variable, directly or in a literal. Silent when the
// loop gives the variable a new buffer, and when something is received behind the hand-out. What
// Scanner.Bytes, ReadSlice and the like give is such a buffer by itself.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool hands_out(Out out) { return out == Out::kSent || out == Out::kAppended || out == Out::kElement; }

// buf[:0]: what is appended to it overwrites the front.
bool is_emptied(const Code& code, NodeId expr, ObjectId buffer) {
  auto slice = code.as<ast::SliceExpr>(code.inner(expr));
  return slice && is_there(slice->high) && code.integer(slice->high) == 0 && code.root(slice->x) == buffer;
}

// The index is the same in each iteration, or a variable that each iteration has anew. One that goes on
// counting leaves alone what was handed out.
bool starts_over(const Code& code, NodeId index, NodeId loop) {
  if (code.is_constant(index)) return true;
  index = code.inner(index);
  ObjectId variable = code.kind(index) == Kind::kIdent ? code.object(index) : types::kNoObject;
  return types::is_there(variable) && code.is_local(variable) &&
         code.inside(code.about(variable).ident, code.loop_body(loop));
}

// What fills the buffer inside the loop.
NodeId filled_in(const Code& code, ObjectId buffer, NodeId loop) {
  auto inside = [&](NodeId node) {
    return code.inside(node, code.loop_body(loop)) || code.loop(node) == loop;
  };
  for (Known known : {Known::kReadInto, Known::kCopy, Known::kAppend})
    for (NodeId call : code.calls(known)) {
      if (!inside(call)) continue;
      auto args = ast::NodeList(code.as<ast::CallExpr>(call)->args);
      if (known == Known::kAppend) {
        if (!args.empty() && is_emptied(code, args[0], buffer)) return call;
        continue;
      }
      std::size_t at = known == Known::kReadInto && args.size() > 1 ? 1 : 0;
      if (args.size() > at && code.root(args[at]) == buffer) return call;
    }
  for (const Code::Write& write : code.writes()) {
    if (!inside(write.statement)) continue;
    if (is_there(write.value) && is_emptied(code, write.value, buffer)) return write.place;
    auto element = code.as<ast::IndexExpr>(code.inner(write.place));
    if (element && code.kind(code.inner(element->x)) == Kind::kIdent && code.object(element->x) == buffer &&
        starts_over(code, element->index, loop))
      return write.place;
  }
  return ast::kNoNode;
}

bool renewed_in(const Code& code, ObjectId buffer, NodeId loop) {
  return std::ranges::any_of(code.writes_of(buffer), [&](const Code::Write& one) {
    if (!code.inside(one.place, code.loop_body(loop))) return false;
    NodeId value = is_there(one.value) ? code.inner(one.value) : ast::kNoNode;
    if (code.called(value) == Known::kAppend) {
      NodeId first = code.as<ast::CallExpr>(value)->args[0];
      return code.root(first) != buffer;
    }
    auto rest = code.as<ast::SliceExpr>(value);  // buf = buf[n:] leaves the front to whoever has it
    if (rest && is_there(rest->low) && code.integer(rest->low) != 0) return true;
    return !is_there(value) || code.root(value) != buffer;
  });
}

void buffers(const Code& code, Report& report) {
  auto look = [&](NodeId expr) {
    if (!code.is_slice(expr)) return;
    Sink sink = sink_of(code, expr);
    NodeId loop = hands_out(sink.out) ? code.loop(sink.node) : ast::kNoNode;
    if (!is_there(loop)) return;
    ObjectId buffer = code.root(expr);
    NodeId name = code.inner(expr);
    if (auto slice = code.as<ast::SliceExpr>(name)) name = code.inner(slice->x);
    if (code.kind(name) != Kind::kIdent || !types::is_there(buffer) || !code.is_local(buffer)) return;
    if (code.program().kind(code.program().type(buffer)) != TypeKind::kSlice) return;
    if (!code.declared_outside(buffer, loop) || renewed_in(code, buffer, loop)) return;
    if (NodeId value = code.only_value(buffer); is_there(value) && is_there(sink.target))
      if (code.same(value, sink.target)) return;  // v := m[k]; m[k] = v[:n]
    NodeId fill = filled_in(code, buffer, loop);
    if (!is_there(fill) || !goes_round(code, sink.node, loop)) return;
    if (sink.out == Out::kSent && synchronised_between(code, sink.node, NodeId(code.loop_body(loop)))) return;
    for (NodeId receive : code.of(Kind::kUnaryExpr))  // a handshake behind the send
      if (code.as<ast::UnaryExpr>(receive)->op == ast::Token::kArrow && code.loop(receive) == loop &&
          code.pos(receive) > code.pos(sink.node))
        return;
    Diagnostic& found =
        report.at(code, expr, code.shown(expr) + " is handed out, and the next iteration overwrites it");
    relate(found, code, fill, "filled again here");
    found.edits = {{code.source().path(), code.pos(expr), code.pos(expr), "bytes.Clone("},
                   {code.source().path(), code.source().end(expr), code.source().end(expr), ")"}};
    bool bytes = code.program().types().basic(code.program().underlying(code.program().types().elem(
                     code.program().underlying(code.type(expr))))) == types::Basic::kUint8;
    bool imported = code.source().bytes().find("\"bytes\"") != std::string_view::npos;
    if (!bytes || !imported) found.edits.clear();
  };
  for (NodeId slice : code.of(Kind::kSliceExpr)) look(slice);
  for (NodeId send : code.of(Kind::kSendStmt)) {
    NodeId value = code.inner(code.as<ast::SendStmt>(send)->value);
    if (code.kind(value) == Kind::kIdent) look(value);
  }
  for (NodeId call : code.calls(Known::kAppend)) {
    auto one = *code.as<ast::CallExpr>(call);
    for (std::size_t i = 1; i < one.args.size() && !one.ellipsis; ++i)
      if (code.kind(code.inner(one.args[i])) == Kind::kIdent) look(code.inner(one.args[i]));
  }
  for (NodeId literal : code.of(Kind::kCompositeLit))
    for (NodeId element : ast::NodeList(code.as<ast::CompositeLit>(literal)->elts)) {
      auto pair = code.as<ast::KeyValueExpr>(element);
      NodeId value = code.inner(pair ? pair->value : element);
      if (code.kind(value) == Kind::kIdent) look(value);
    }
  for (const Code::Write& write : code.writes())
    if (is_there(write.value) && code.kind(code.inner(write.value)) == Kind::kIdent &&
        code.kind(code.inner(write.place)) == Kind::kIndexExpr)
      look(code.inner(write.value));
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  buffers(code, report);
  for (NodeId call : code.calls(Known::kScannerBytes)) {
    if (!code.is_slice(call)) continue;
    Sink sink = sink_of(code, call);
    NodeId loop = hands_out(sink.out) ? code.loop(call) : ast::kNoNode;
    if (!is_there(loop) || !goes_round(code, call, loop)) continue;
    report.at(code, call, code.shown(call) + " is handed out, and the next read overwrites it");
  }
}

}  // namespace

constinit const Rule kReusedBufferSent{
    .name = "reused-buffer-sent", .severity = Severity::kHigh, .file = file};

}  // namespace memsnap::misuse
