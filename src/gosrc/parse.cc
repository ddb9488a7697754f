#include "gosrc/parse.h"

#include "gosrc/bytes_check.h"
#include "gosrc/parser.h"

#include <fmt/core.h>

#include <algorithm>

namespace memsnap {

namespace {

// By place, and one for a line: what follows the first one on its line is mostly a consequence of it.
void order(std::vector<SyntaxError>& errors, const SourceFile& file) {
  std::ranges::stable_sort(errors, {}, &SyntaxError::pos);
  auto line = [&](const SyntaxError& e) { return file.position(e.pos).line; };
  auto rest = std::ranges::unique(errors, {}, line);
  errors.erase(rest.begin(), rest.end());
}

}  // namespace

SourceFile parse_source(std::string path, std::string text, NameTable& names, ParseMode mode) {
  std::size_t size = text.size();
  if (size > kMaxSource) text.clear();
  TreeBuilder tree(std::move(path), std::move(text), names);
  check_bytes(tree.file().bytes(), tree.lines(), tree.errors());
  Parser parser(tree, names, mode);
  ast::NodeId root = parser.parse_file();
  if (size > kMaxSource)
    tree.errors() = {{0, fmt::format("the file has {} bytes, at most {} can be read", size, kMaxSource)}};
  order(tree.errors(), tree.file());
  return tree.finish(root);
}

std::string to_text(const SourceFile& file, const SyntaxError& error) {
  Position at = file.position(error.pos);
  return fmt::format("{}:{}:{}: {}", file.path(), at.line, at.column, error.what);
}

}  // namespace memsnap
