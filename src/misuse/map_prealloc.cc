// Rule map-prealloc: an empty map without a size, and behind it a loop over something with a length that adds
// an entry in every iteration.
#include "misuse/all.h"
#include "misuse/loops.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_unsized(const Code& code, NodeId value) {
  if (!code.is_map(value)) return false;
  if (auto literal = code.as<ast::CompositeLit>(value)) return literal->elts.empty();
  return code.called(value) == Known::kMake && code.as<ast::CallExpr>(value)->args.size() == 1;
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (const Code::Write& write : code.writes()) {
    if (!write.define || !is_there(write.value) || !is_unsized(code, code.inner(write.value))) continue;
    NodeId loop = filling_loop(code, code.inner(write.place), How::kInsert);
    if (!is_there(loop)) continue;
    NodeId value = code.inner(write.value);
    Diagnostic& found =
        report.at(code, value, "the number of entries is known: the loop below adds one each time");
    relate(found, code, code.as<ast::RangeStmt>(loop)->x, "as many as this has");
    std::string length = length_text(code, loop);
    if (length.empty()) continue;
    std::uint32_t end = code.source().end(value);
    if (auto literal = code.as<ast::CompositeLit>(value))
      found.edits = {{code.source().path(), code.pos(value), end,
                      "make(" + std::string(code.text(literal->type)) + ", " + length + ")"}};
    else
      found.edits = {{code.source().path(), end - 1, end - 1, ", " + length}};
  }
}

}  // namespace

constinit const Rule kMapPrealloc{.name = "map-prealloc", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
