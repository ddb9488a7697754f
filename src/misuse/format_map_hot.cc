// Rule format-map-hot: fmt formats a map in a loop. Silent where the function is left with the text.
#include "misuse/all.h"
#include "misuse/shapes.h"

namespace memsnap::misuse {

using ast::is_there;

namespace {

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  for (NodeId call : code.calls(Known::kFormat)) {
    NodeId loop = code.loop(call);
    if (!is_there(loop) || !goes_round(code, call, loop)) continue;
    for (NodeId argument : ast::NodeList(code.as<ast::CallExpr>(call)->args)) {
      if (!code.is_map(argument)) continue;
      report.at(code, call, "each iteration sorts and formats the map " + code.shown(argument));
      break;
    }
  }
}

}  // namespace

constinit const Rule kFormatMapHot{.name = "format-map-hot", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
