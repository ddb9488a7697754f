// Prints what types memsnap finds, for tests/gotypes to compare with go/types: typedump [-C FOLDER] [-tests]
// PATTERN... One line per site: file, first and last offset of the expression, what it is used for, its type.
#include "base/text.h"
#include "gosrc/walk.h"
#include "gotypes/types.h"
#include "os/files.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

using namespace memsnap;
using ast::NodeId;

namespace {

class Dump {
 public:
  Dump(types::Program& program, types::FileId file)
      : program_(program), file_(file), source_(program.source(file)) {}

  void run() {
    ast::walk(source_, source_.root(), [&](NodeId n) {
      visit(n);
      return true;
    });
  }

 private:
  void print(const char* use, NodeId n) {
    types::TypeId t = program_.type_of(file_, n);
    fmt::print("{}\t{}\t{}\t{}\t{}\n", source_.path(), source_.pos(n), source_.end(n), use,
               program_.string(t));
  }
  bool is_function(NodeId n) {
    return program_.types().kind(program_.type_of(file_, n)) == types::TypeKind::kSignature;
  }

  void call(const ast::CallExpr& c) {
    if (program_.is_type(file_, c.fun)) return;
    NodeId fun = ast::unparen(source_, c.fun);
    types::ObjectId object = program_.object_of(file_, fun);
    if (program_.object(object).kind == types::ObjectKind::kBuiltin) {
      std::string name(program_.name(object));
      for (const char* known : {"append", "len", "cap", "delete", "clear", "copy"})
        if (name == known && !c.args.empty()) print(known, c.args[0]);
      return;
    }
    auto s = source_.as<ast::SelectorExpr>(fun);
    bool of_unsafe =
        s && program_.object(program_.object_of(file_, s->sel)).kind == types::ObjectKind::kBuiltin;
    if (!of_unsafe) print("call", c.fun);
  }

  void visit(NodeId n) {
    if (auto index = source_.as<ast::IndexExpr>(n);
        index && !program_.is_type(file_, index->x) && !is_function(index->x))
      print("index", index->x);
    if (auto slice = source_.as<ast::SliceExpr>(n)) print("slice", slice->x);
    if (auto range = source_.as<ast::RangeStmt>(n)) print("range", range->x);
    if (auto c = source_.as<ast::CallExpr>(n)) call(*c);
    if (auto assign = source_.as<ast::AssignStmt>(n))
      for (NodeId lhs : assign->lhs)
        if (source_.kind(lhs) == ast::Kind::kIndexExpr) print("assign", lhs);
    if (auto s = source_.as<ast::SelectorExpr>(n);
        s && !program_.is_type(file_, n) &&
        program_.object(program_.object_of(file_, s->x)).kind != types::ObjectKind::kPkgName)
      print("selector", n);
  }

  types::Program& program_;
  types::FileId file_;
  const SourceFile& source_;
};

void check_all(types::Program& p, bool quiet) {
  for (types::PackageId package : p.asked()) {
    p.check(package);
    if (!quiet)
      for (types::FileId file : p.package(package).files) Dump(p, file).run();
    p.forget(package);
  }
}

int check_each(const std::vector<std::string>& files, GoEnvironment environment) {
  if (environment.goroot.empty()) {
    auto modules = Modules::find("/", environment);
    if (modules) environment.goroot = modules->goroot();
  }
  for (const std::string& path : files) {
    auto text = read_small_file(path);
    if (!text) continue;
    types::Program::NamedText file{path, *text};
    check_all(*types::Program::from_texts({&file, 1}, environment), false);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  types::LoadOptions options;
  options.tests = false;
  options.patterns.clear();
  bool quiet = false, each = false;
  for (int i = 1; i < argc; ++i) {
    std::string word = argv[i];
    if (word == "-C" && i + 1 < argc)
      options.folder = argv[++i];
    else if (word == "-tests")
      options.tests = true;
    else if (word == "-each")
      each = true;
    else if (word == "-quiet")
      quiet = true;
    else
      options.patterns.push_back(word);
  }
  GoEnvironment environment = read_go_environment([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  });
  if (each) return check_each(options.patterns, environment);
  auto program = types::Program::load(options, environment);
  if (!program) {
    fmt::print(stderr, "typedump: {}\n", program.error().what);
    return exit_status(program.error().cause);
  }
  types::Program& p = **program;
  check_all(p, quiet);
  fmt::print(stderr, "typedump: {}\n", p.modules().toolchain_note());
  for (const std::string& problem : p.problems())
    fmt::print(stderr, "typedump: {}\n", escape_terminal(problem));
  return 0;
}
