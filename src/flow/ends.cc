#include "flow/ends.h"
#include "gosrc/walk.h"

#include <algorithm>

namespace memsnap::flow {

namespace {

// Loggers and tests of many packages agree on these names, and no other function of theirs bears them.
constexpr std::string_view kFatal[] = {"Fatal",  "Fatalf",  "Fatalln", "FailNow",
                                       "Goexit", "SkipNow", "Skip",    "Skipf"};
constexpr std::string_view kPanic[] = {"Panic", "Panicf", "Panicln"};
constexpr std::string_view kSkipOwners[] = {"testing"};

}  // namespace

int never_returns(Program& program, FileId file, NodeId call) {
  const SourceFile& source = program.source(file);
  NodeId fun = ast::unparen(source, source.get<ast::CallExpr>(call).fun);
  auto selector = source.as<ast::SelectorExpr>(fun);
  NameId written = source.name(selector ? selector->sel : fun);
  std::string_view name = program.names().text(written);
  bool candidate = name == "panic" || name == "Exit" || std::ranges::find(kFatal, name) != std::end(kFatal) ||
                   std::ranges::find(kPanic, name) != std::end(kPanic);
  if (!candidate) return 0;
  const types::Object& callee = program.object(program.callee_of(file, call));
  if (callee.kind == types::ObjectKind::kBuiltin) return name == "panic" ? 1 : 0;
  if (callee.kind != types::ObjectKind::kFunc || !selector) return 0;
  std::string_view package = program.package(callee.package).path;
  if (name.starts_with("Skip"))
    return std::ranges::find(kSkipOwners, package) != std::end(kSkipOwners) ? 2 : 0;
  if (std::ranges::find(kPanic, name) != std::end(kPanic)) return package == "log" ? 1 : 0;
  if (name == "Exit") return package == "os" || package == "syscall" ? 2 : 0;
  return 2;
}

}  // namespace memsnap::flow
