// Whatever the bytes, there is a tree: ids fall towards the leaves, no node hangs in two places, all lie in
// the text, those of a file without errors inside their parents. The same bytes give the same tree, and
// skipping bodies gives the same declarations.
#include "gosrc/comments.h"
#include "gosrc/parse.h"
#include "gosrc/walk.h"

#include <memory>
#include <string>
#include <vector>

namespace {

using namespace memsnap;

// A table a run is slow, one for all runs would grow without end.
NameTable& table() {
  static auto names = std::make_unique<NameTable>();
  if (names->size() > 100'000) names = std::make_unique<NameTable>();
  return *names;
}

void check(bool holds) {
  if (!holds) __builtin_trap();
}

void check_tree(const SourceFile& file) {
  std::vector<bool> seen(file.node_count());
  std::vector<ast::NodeId> below;
  ast::walk(file, file.root(), [&](ast::NodeId node) {
    check(!seen[std::size_t(node)]);
    seen[std::size_t(node)] = true;
    check(file.pos(node) <= file.end(node) && file.end(node) <= file.bytes().size());
    check(ast::operator_pos(file, node) <= file.bytes().size());
    below.clear();
    ast::children(file, node, below);
    for (ast::NodeId child : below) {
      check(child < node);
      if (file.errors().empty())
        check(file.pos(child) >= file.pos(node) && file.end(child) <= file.end(node));
    }
    return true;
  });
}

void check_text(const SourceFile& file) {
  std::uint32_t last = 0;
  for (const SyntaxError& e : file.errors()) {
    check(e.pos >= last && e.pos <= file.bytes().size());
    last = e.pos;
    to_text(file, e);
  }
  for (ast::NodeId decl : file.decls()) {
    for (const Comment& c : doc_comments(file, decl)) check(c.end <= file.pos(decl));
    for (const Comment& c : line_comments(file, decl)) check(c.pos >= file.end(decl));
  }
  for (const Comment& c : file.comments()) comment_text(file, c);
}

bool same(const SourceFile& a, const SourceFile& b) {
  if (a.node_count() != b.node_count() || a.errors().size() != b.errors().size()) return false;
  for (std::uint32_t i = 0; i < a.node_count(); ++i) {
    const ast::Node &x = a.node(ast::NodeId{i}), &y = b.node(ast::NodeId{i});
    if (x.kind != y.kind || x.pos != y.pos || x.end != y.end || x.a != y.a || x.b != y.b) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  NameTable& names = table();
  SourceFile file = parse_source("a.go", text, names);
  check_tree(file);
  check_text(file);
  check(same(file, parse_source("a.go", text, names)));
  SourceFile declarations = parse_source("a.go", text, names, ParseMode::kDeclarations);
  check_tree(declarations);
  if (file.errors().empty()) {
    check(declarations.errors().empty() && declarations.decls().size() == file.decls().size());
    for (std::size_t i = 0; i < file.decls().size(); ++i)
      check(file.text(file.decls()[i]) == declarations.text(declarations.decls()[i]));
  }
  check_tree(parse_source("a.go", text, names, ParseMode::kImports));
  return 0;
}
