// Rule sprintf-key: in a loop, a map is asked for a key that is formatted or concatenated for the purpose.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_built(const Code& code, NodeId key) {
  key = code.inner(key);
  if (code.is_constant(key)) return false;
  if (code.called(key) == Known::kFormat) return true;
  auto sum = code.as<ast::BinaryExpr>(key);
  return sum && sum->op == ast::Token::kAdd && code.program().is_string(code.type(key));
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId node : code.of(Kind::kIndexExpr)) {
    auto index = *code.as<ast::IndexExpr>(node);
    if (!is_there(code.loop(node)) || !code.is_map(index.x) || !is_built(code, index.index)) continue;
    report.at(code, node, "each access builds the text " + code.shown(index.index) + " only to hash it");
  }
}

}  // namespace

constinit const Rule kSprintfKey{.name = "sprintf-key", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
