// Rule substring-retains: a piece of the text of a whole file or body is kept in a package variable, in a
// field or on a channel.
//
// The piece is text[a:b], a result of strings.Cut, Split, Fields, or an element of such a list. The whole
// text itself is no piece, nor is what strings.Trim and its like leave of it, which is nearly all; what is
// concatenated, cloned or converted is a copy.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

// strings.TrimSpace, CutPrefix and the like take little away.
bool trims(const Code& code, NodeId call) {
  std::string_view name = code.method_name(call);
  return name.starts_with("Trim") || name == "CutPrefix" || name == "CutSuffix";
}

// The large text that the expression is cut from.
Big cut_from(const Code& code, NodeId expr) {
  bool cut = false;
  for (int hops = 0; hops < 6; ++hops) {
    expr = code.inner(expr);
    if (code.kind(expr) == Kind::kIdent) {
      ObjectId variable = code.object(expr);
      if (cut)
        if (Big big = big_text(code, expr)) return big;
      if (!types::is_there(variable) || !code.is_local(variable)) return {};
      std::vector<Code::Write> writes = code.writes_of(variable);
      if (writes.size() != 1 || code.about(variable).parameter) return {};
      expr = is_there(writes[0].value) ? writes[0].value : writes[0].call;
      if (!is_there(expr)) {  // for _, line := range lines
        auto range = code.as<ast::RangeStmt>(writes[0].statement);
        if (!range || !is_there(range->value) || code.object(range->value) != variable) return {};
        expr = range->x;
        if (code.program().is_string(code.type(expr))) return {};
      }
    } else if (auto slice = code.as<ast::SliceExpr>(expr)) {
      if (!code.program().is_string(code.type(slice->x))) return {};
      cut = true;
      expr = slice->x;
    } else if (auto index = code.as<ast::IndexExpr>(expr)) {
      if (!code.is_slice(index->x)) return {};
      expr = index->x;
    } else if (code.called(expr) == Known::kCutString) {
      cut |= !trims(code, expr);
      expr = code.as<ast::CallExpr>(expr)->args[0];
    } else {
      return cut ? big_text(code, expr) : Big{};
    }
  }
  return {};
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  auto look = [&](NodeId expr, const Sink& sink) {
    bool kept = sink.out == Out::kGlobal || sink.out == Out::kField || sink.out == Out::kSent;
    if (!kept || !code.program().is_string(code.type(expr))) return;
    Big big = cut_from(code, expr);
    if (!big) return;
    Diagnostic& found =
        report.at(code, expr, code.shown(expr) + " keeps the whole text alive that it was cut from");
    lead(found, code, big.by, "the whole text comes from here");
  };
  for (NodeId node : code.of(Kind::kAssignStmt))
    for (NodeId value : ast::NodeList(code.as<ast::AssignStmt>(node)->rhs)) look(value, sink_of(code, value));
  for (NodeId node : code.of(Kind::kSendStmt)) {
    NodeId value = code.as<ast::SendStmt>(node)->value;
    look(value, sink_of(code, value));
  }
}

}  // namespace

constinit const Rule kSubstringRetains{
    .name = "substring-retains", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
