// Rule map-alloc-in-loop: each iteration makes a map that serves as a struct (a literal with constant keys,
// handed on), or as a scratch pad that nobody keeps.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_record(const Code& code, NodeId literal) {
  auto one = *code.as<ast::CompositeLit>(literal);
  return one.elts.size() >= 2 && std::ranges::all_of(one.elts, [&](NodeId element) {
           auto pair = code.as<ast::KeyValueExpr>(element);
           return pair && code.is_constant(pair->key);
         });
}

bool is_scratch(const Code& code, ObjectId variable) {
  return std::ranges::all_of(code.uses(variable), [&](NodeId use) {
    if (code.function(use) != code.function(code.about(variable).ident)) return false;
    switch (access_of(code, use).how) {
      case How::kAssign: return use == code.about(variable).ident;
      case How::kInsert:
      case How::kRead:
      case How::kRange:
      case How::kLen:
      case How::kDelete: return true;
      default: return false;
    }
  });
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId literal : code.of(Kind::kCompositeLit)) {
    NodeId loop = code.is_map(literal) ? code.loop(literal) : ast::kNoNode;
    if (!is_there(loop) || code.parent(code.statement(literal)) != code.loop_body(loop)) continue;
    if (!is_record(code, literal) || sink_of(code, literal).out != Out::kAppended) continue;
    report.at(code, literal, "a map with fixed keys for each iteration, where a struct would do");
  }
  for (const Code::Write& write : code.writes()) {
    NodeId name = code.inner(write.place);
    if (!write.define || !is_there(write.value) || code.kind(name) != Kind::kIdent) continue;
    NodeId value = code.inner(write.value), loop = code.loop(write.place);
    if (!is_there(loop) || code.parent(code.statement(name)) != code.loop_body(loop) || !code.is_map(value))
      continue;
    auto literal = code.as<ast::CompositeLit>(value);
    if (literal ? !literal->elts.empty() : code.called(value) != Known::kMake) continue;
    ObjectId variable = code.object(name);
    if (types::is_there(variable) && is_scratch(code, variable))
      report.at(code, name,
                std::string(code.text(name)) + " is made anew in each iteration and kept by nobody");
  }
}

}  // namespace

constinit const Rule kMapAllocInLoop{.name = "map-alloc-in-loop", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
