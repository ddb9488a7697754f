#include "gosrc/tree_builder.h"

namespace memsnap {

TreeBuilder::TreeBuilder(std::string path, std::string text, NameTable& names) {
  file_.path_ = std::move(path);
  file_.bytes_ = std::move(text);
  file_.names_ = &names;
  // A node for seven bytes and a line for thirty is what most source has.
  file_.nodes_.reserve(file_.bytes_.size() / 7 + 64);
  file_.lists_.reserve(file_.bytes_.size() / 14 + 64);
  file_.lines_.reserve(file_.bytes_.size() / 28 + 16);
  file_.nodes_.push_back({});
  file_.lists_.push_back(ast::kNoNode);
}

SourceFile TreeBuilder::finish(ast::NodeId root) {
  file_.root_ = root;
  // Files are kept for long and many at a time.
  auto shrink = [](auto& column) {
    if (column.capacity() > column.size() + column.size() / 8) column.shrink_to_fit();
  };
  shrink(file_.nodes_);
  shrink(file_.lists_);
  shrink(file_.comments_);
  shrink(file_.lines_);
  return std::move(file_);
}

}  // namespace memsnap
