// Rule shared-map-in-loop: a map made outside a loop is written and handed out in each iteration.
//
// Silent when the loop ends behind it, when the variable gets another map in the loop, and when the list that
// collects the maps is only counted.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool only_counted(const Code& code, NodeId list) {
  ObjectId object = code.object(list);
  if (!types::is_there(object) || !code.is_local(object) || code.about(object).parameter) return false;
  return std::ranges::all_of(code.uses(object), [&](NodeId use) {
    How how = access_of(code, use).how;
    return how == How::kAppend || how == How::kAppended || how == How::kLen || how == How::kAssign;
  });
}

// The entry of a map, or the element of a slice at an index that is no constant.
bool varies(const Code& code, NodeId target) {
  auto index = *code.as<ast::IndexExpr>(target);
  return code.is_map(index.x) || (code.is_slice(index.x) && !code.is_constant(index.index));
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (Kind kind : {Kind::kForStmt, Kind::kRangeStmt})
    for (NodeId loop : code.of(kind)) {
      ast::walk(code.source(), code.loop_body(loop), [&](NodeId node) {
        if (code.kind(node) == Kind::kFuncLit) return false;
        if (code.kind(node) != Kind::kIdent || !code.is_map(node)) return true;
        ObjectId variable = code.object(node);
        if (!types::is_there(variable) || !code.is_local(variable) || !code.declared_outside(variable, loop))
          return true;
        Sink sink = sink_of(code, whole_name(code, node));
        if (sink.out != Out::kAppended && sink.out != Out::kSent && sink.out != Out::kElement) return true;
        if (whole_name(code, node) != node || code.loop(sink.node) != loop) return true;
        if (sink.out == Out::kElement && code.root(sink.target) == variable) return true;
        if (sink.out == Out::kElement && !varies(code, sink.target)) return true;
        NodeId write = ast::kNoNode;
        bool renewed = code.address_taken(variable);
        for (NodeId use : code.uses(variable)) {
          if (!code.inside(use, code.loop_body(loop))) continue;
          How how = access_of(code, use).how;
          if (how == How::kAssign) renewed = true;
          if (how == How::kInsert && !is_there(write)) write = use;
        }
        if (renewed || !is_there(write) || !goes_round(code, sink.node, loop)) return true;
        if (sink.out == Out::kAppended && only_counted(code, sink.target)) return true;
        Diagnostic& found =
            report.at(code, sink.node,
                      std::string(code.text(node)) + " is one map for all iterations, and each hands it out");
        relate(found, code, write, "written in each iteration");
        relate(found, code, code.about(variable).ident, "made once, outside the loop");
        return true;
      });
    }
}

}  // namespace

constinit const Rule kSharedMapInLoop{
    .name = "shared-map-in-loop", .severity = Severity::kMedium, .file = file};

}  // namespace memsnap::misuse
