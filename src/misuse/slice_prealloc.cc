// Rule slice-prealloc: an empty slice without a capacity, and behind it a loop over something with a length
// that appends one element in every iteration.
#include "misuse/all.h"
#include "misuse/loops.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_unsized(const Code& code, const Code::Write& write) {
  if (!is_there(write.value)) return code.kind(write.statement) == Kind::kValueSpec;
  NodeId value = code.inner(write.value);
  if (auto literal = code.as<ast::CompositeLit>(value)) return literal->elts.empty();
  if (code.called(value) != Known::kMake) return false;
  auto call = *code.as<ast::CallExpr>(value);
  return call.args.size() == 2 && code.integer(call.args[1]) == 0;
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (const Code::Write& write : code.writes()) {
    NodeId name = code.inner(write.place);
    if (!write.define || code.kind(name) != Kind::kIdent) continue;
    ObjectId variable = code.object(name);
    if (!types::is_there(variable) || !code.is_local(variable)) continue;
    if (code.program().kind(code.program().type(variable)) != TypeKind::kSlice || !is_unsized(code, write))
      continue;
    NodeId loop = filling_loop(code, name, How::kAppend);
    if (!is_there(loop)) continue;
    bool spread = false;  // append(s, xs...) adds nobody knows how many
    for (NodeId call : code.calls(Known::kAppend))
      spread |= code.inside(call, loop) && code.as<ast::CallExpr>(call)->ellipsis;
    if (spread) continue;
    Diagnostic& found =
        report.at(code, name, "the number of elements is known: the loop below appends one each time");
    relate(found, code, code.as<ast::RangeStmt>(loop)->x, "as many as this has");
  }
}

}  // namespace

constinit const Rule kSlicePrealloc{.name = "slice-prealloc", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
