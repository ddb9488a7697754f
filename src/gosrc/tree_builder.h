// Writes the nodes of a file; the views of ast.h read what is written here.
#pragma once

#include "gosrc/source_file.h"

#include <string>
#include <utility>
#include <vector>

namespace memsnap {

class TreeBuilder {
 public:
  TreeBuilder(std::string path, std::string text, NameTable& names);

  struct Extent {
    std::uint32_t pos = 0, end = 0;
  };
  ast::NodeId add(ast::Kind kind, Extent where, std::uint32_t a = 0, std::uint32_t b = 0,
                  ast::Token op = ast::Token::kIllegal, std::uint8_t flags = 0) {
    file_.nodes_.push_back({kind, op, flags, where.pos, where.end, a, b});
    return ast::NodeId(std::uint32_t(file_.nodes_.size() - 1));
  }
  ast::NodeId add(ast::Kind kind, Extent where, ast::NodeId a, ast::NodeId b = ast::kNoNode,
                  ast::Token op = ast::Token::kIllegal, std::uint8_t flags = 0) {
    return add(kind, where, std::uint32_t(a), std::uint32_t(b), op, flags);
  }

  // Ids in a row, without a count.
  template <class... Ids>
  std::uint32_t row(Ids... ids) {
    std::uint32_t place = std::uint32_t(file_.lists_.size());
    (file_.lists_.push_back(ids), ...);
    return place;
  }

  // Lists nest while they are read: an open one lies on a stack above those around it.
  std::size_t open() const { return pending_.size(); }
  void push(ast::NodeId id) { pending_.push_back(id); }
  std::size_t length(std::size_t list) const { return pending_.size() - list; }
  ast::NodeId item(std::size_t list, std::size_t i) const { return pending_[list + i]; }
  std::uint32_t close(std::size_t list) {  // its place in the arena
    std::size_t count = length(list);
    std::uint32_t place = count ? std::uint32_t(file_.lists_.size()) : 0;
    if (count) {
      file_.lists_.push_back(ast::NodeId(std::uint32_t(count)));
      file_.lists_.insert(file_.lists_.end(), pending_.begin() + std::ptrdiff_t(list), pending_.end());
    }
    pending_.resize(list);
    return place;
  }
  void drop(std::size_t list, std::size_t keep = 0) { pending_.resize(list + keep); }

  void import(ast::NodeId spec) { file_.imports_.push_back(spec); }
  ast::Node& node(ast::NodeId id) { return file_.nodes_[std::size_t(id)]; }
  const SourceFile& file() const { return file_; }
  std::vector<Comment>& comments() { return file_.comments_; }
  std::vector<SyntaxError>& errors() { return file_.errors_; }
  std::vector<std::uint32_t>& lines() { return file_.lines_; }

  SourceFile finish(ast::NodeId root);

 private:
  SourceFile file_;
  std::vector<ast::NodeId> pending_;
};

}  // namespace memsnap
