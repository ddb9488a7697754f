#include "goheap/trie_walk.h"

namespace memsnap {

TrieWalk::TrieWalk(const RawHeap& heap, TypeModel& model, TypeId map) : heap_(heap) {
  std::string_view name = model[map].name;
  std::size_t bracket = name.find('[');
  const GoField* root = model.field(map, "root");
  if (bracket == std::string_view::npos || root == nullptr) return;
  TypeId node = model.named(std::string("internal/sync.node").append(name.substr(bracket)));
  TypeId entry = model.trie_node(node, true), inner = model.trie_node(node, false);
  const GoField* children = model.field(inner, "children");
  const GoField* overflow = model.field(entry, "overflow");
  const GoField* key = model.field(entry, "key");
  if (children == nullptr || overflow == nullptr || key == nullptr) return;
  root_ = root->offset;
  children_ = children->offset;
  overflow_ = overflow->offset;
  key_ = key->offset;
  ok_ = true;
}

}  // namespace memsnap
