// A Go file as it was parsed: its bytes, its tree, its comments and what is wrong with it.
#pragma once

#include "base/result.h"
#include "gosrc/ast.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// The line and column are counted from 1, the column in bytes, as the compiler does. //line is not heeded.
struct Position {
  int line = 0, column = 0;
};

struct SyntaxError {
  std::uint32_t pos = 0;
  std::string what;
};

struct Comment {
  std::uint32_t pos = 0, end = 0;  // with its // or /* */, without the newline
};

// A parsed file with its bytes. Nothing changes once it is parsed, so threads may share it.
class SourceFile {
 public:
  SourceFile(SourceFile&&) noexcept = default;
  SourceFile& operator=(SourceFile&&) noexcept = default;

  const std::string& path() const { return path_; }
  std::string_view bytes() const { return bytes_; }
  const NameTable& names() const { return *names_; }
  NameId package_name() const { return name(get<ast::File>(root_).name); }
  ast::NodeId root() const { return root_; }
  ast::NodeList decls() const { return get<ast::File>(root_).decls; }
  ast::NodeList imports() const { return imports_; }        // ImportSpecs
  std::size_t node_count() const { return nodes_.size(); }  // ids are below

  // By place; at most kMaxErrors of a file are kept. A file with errors has a tree all the same.
  const std::vector<SyntaxError>& errors() const { return errors_; }
  std::span<const Comment> comments() const { return comments_; }  // by place; skipped bodies give none
  Position position(std::uint32_t offset) const;
  std::uint32_t line_count() const { return std::uint32_t(lines_.size()); }
  std::string_view line(int number) const;  // without its end; "" when there is none

  const ast::Node& node(ast::NodeId id) const { return nodes_[std::size_t(id)]; }
  ast::Kind kind(ast::NodeId id) const { return node(id).kind; }
  std::uint32_t pos(ast::NodeId id) const { return node(id).pos; }
  std::uint32_t end(ast::NodeId id) const { return node(id).end; }
  std::string_view text(ast::NodeId id) const {
    return bytes().substr(node(id).pos, node(id).end - node(id).pos);
  }
  std::string_view text(const Comment& c) const { return bytes().substr(c.pos, c.end - c.pos); }
  NameId name(ast::NodeId ident) const {  // kNoName for what is no Ident
    return kind(ident) == ast::Kind::kIdent ? NameId{node(ident).a} : kNoName;
  }

  template <class View>
  std::optional<View> as(ast::NodeId id) const {
    if (kind(id) != View::kKind) return std::nullopt;
    return View::read(arena(), node(id));
  }
  template <class View>
  View get(ast::NodeId id) const {
    CHECK(kind(id) == View::kKind);
    return View::read(arena(), node(id));
  }

  static constexpr std::size_t kMaxErrors = 100;

 private:
  friend class TreeBuilder;
  SourceFile() = default;

  ast::Arena arena() const { return {bytes_.data(), lists_.data()}; }

  std::string path_, bytes_;
  const NameTable* names_ = nullptr;
  std::vector<ast::Node> nodes_;    // [0] is kNoNode
  std::vector<ast::NodeId> lists_;  // [0] is the empty list
  std::vector<ast::NodeId> imports_;
  std::vector<Comment> comments_;
  std::vector<SyntaxError> errors_;
  std::vector<std::uint32_t> lines_;  // offset of each line's first byte
  ast::NodeId root_ = ast::kNoNode;
};

}  // namespace memsnap
