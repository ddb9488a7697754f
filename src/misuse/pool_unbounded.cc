// Rule pool-unbounded: a buffer goes into a sync.Pool, and nothing in the function looks at how large it is.
//
// A bytes.Buffer always counts; a slice, or a struct with slices, only when the function appends to it.
#include "misuse/all.h"
#include "misuse/shapes.h"

#include <algorithm>

namespace memsnap::misuse {

using ast::is_there;

namespace {

bool is_measured(const Code& code, ObjectId object, NodeId function) {
  auto about_it = [&](NodeId expr) {
    return is_there(expr) && code.root(expr) == object && code.function(expr) == function;
  };
  for (Known known : {Known::kCap, Known::kLen})
    for (NodeId call : code.calls(known)) {
      auto args = ast::NodeList(code.as<ast::CallExpr>(call)->args);
      NodeId up = code.outer(call);
      if (!args.empty() && about_it(args[0]) && code.kind(up) == Kind::kBinaryExpr) return true;
    }
  return std::ranges::any_of(code.of(Kind::kCallExpr), [&](NodeId call) {
    std::string_view name = code.method_name(call);
    return (name == "Cap" || name == "Len" || name == "Size") && about_it(code.receiver(call));
  });
}

bool grows_here(const Code& code, ObjectId object, NodeId function) {
  return std::ranges::any_of(code.calls(Known::kAppend), [&](NodeId call) {
    auto args = ast::NodeList(code.as<ast::CallExpr>(call)->args);
    return !args.empty() && code.function(call) == function && code.root(args[0]) == object;
  });
}

void file(const FileFacts& facts, Report& report) {
  const Code& code = facts.code;
  types::Program& program = code.program();
  for (NodeId put : code.calls(Known::kPoolPut)) {
    auto args = ast::NodeList(code.as<ast::CallExpr>(put)->args);
    if (args.empty()) continue;
    ObjectId object = code.root(args[0]);
    if (!types::is_there(object) || !code.is_local(object)) continue;
    NodeId function = code.function(put);
    bool buffer = program.is_named(program.deref(code.type(args[0])), "bytes", "Buffer");
    if (!buffer && !grows_here(code, object, function)) continue;
    if (is_measured(code, object, function)) continue;
    report.at(code, put, code.shown(args[0]) + " goes back into the pool however large it has grown");
  }
}

}  // namespace

constinit const Rule kPoolUnbounded{.name = "pool-unbounded", .severity = Severity::kLow, .file = file};

}  // namespace memsnap::misuse
