#include "analysis/holder_keys.h"

#include "analysis/fold.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr int kDeepest = 6;  // steps below the root

bool is_reference(Kind kind) {
  return kind == Kind::kPointer || kind == Kind::kMap || kind == Kind::kSlice || kind == Kind::kChan ||
         kind == Kind::kString || kind == Kind::kInterface || kind == Kind::kFunc ||
         kind == Kind::kUnsafePointer;
}

std::uint64_t retained_by(const Heap& heap, NodeId node) {
  return heap.is_object(node) ? heap.objects.retained[std::size_t(node)]
                              : heap.roots.retained[std::size_t(heap.root_of(node))];
}

}  // namespace

HolderKeys::HolderKeys(const Heap& heap, std::uint64_t least_bytes) : heap_(heap) {
  collect(least_bytes);
  order_by_depth();
  name_all();
  known_.clear();
}

void HolderKeys::collect(std::uint64_t least_bytes) {
  std::uint32_t nodes = std::uint32_t(heap_.virtual_root());
  large_.resize(nodes + 1);
  auto wanted = [&](std::uint32_t node) {
    bool reached = !heap_.is_object(NodeId(node)) || heap_.objects.idom[node] != kNoNode;
    return reached && retained_by(heap_, NodeId(node)) >= least_bytes;
  };
  for (std::uint32_t node = 0; node < nodes; ++node)
    if (wanted(node)) large_.add(node);
  large_.number();
  node_of_.reserve(large_.count());
  for (std::uint32_t node = 0; node < nodes; ++node) {
    if (!large_.contains(node)) continue;
    NodeId up = heap_.is_object(NodeId(node)) ? heap_.objects.idom[node] : heap_.virtual_root();
    node_of_.push_back(node);
    up_.push_back(has(up) ? row_of(up) : kNoKey);
  }
}

// Parents before their children.
void HolderKeys::order_by_depth() {
  std::vector<std::uint32_t> depth(node_of_.size()), way;
  for (std::uint32_t row = 0; row < depth.size(); ++row) {
    std::uint32_t at = row;
    for (; at != kNoKey && depth[at] == 0; at = up_[at]) way.push_back(at);
    std::uint32_t known = at == kNoKey ? 0 : depth[at];
    for (; !way.empty(); way.pop_back()) depth[way.back()] = ++known;
  }
  order_.resize(depth.size());
  for (std::uint32_t row = 0; row < depth.size(); ++row) order_[row] = row;
  std::ranges::sort(order_, [&](std::uint32_t a, std::uint32_t b) {
    return depth[a] != depth[b] ? depth[a] < depth[b] : a < b;
  });
}

void HolderKeys::name_all() {
  key_of_.assign(node_of_.size(), kNoKey);
  word_.assign(node_of_.size(), kNoRow);
  // Of labels the row of the edge is kept.
  for (std::uint32_t e = 0; e < heap_.root_edges.rows(); ++e) {
    NodeId target = heap_.node(heap_.root_edges.target[e]);
    if (!has(target) || heap_.objects.idom[std::size_t(target)] != heap_.node(heap_.root_edges.root[e]))
      continue;
    word_[row_of(target)] = std::min(word_[row_of(target)], e);
  }
  for (std::uint32_t row : order_) {
    name(row);
    if (key_of_[row] != kNoKey && heap_.is_object(NodeId(node_of_[row]))) note_edges(row);
  }
}

void HolderKeys::note_edges(std::uint32_t row) {
  std::uint32_t source = node_of_[row];
  for (std::uint32_t e = heap_.edges.first[source]; e < heap_.edges.first[source + 1]; ++e) {
    NodeId target = heap_.node(heap_.edges.target[e]);
    if (!has(target) || heap_.objects.idom[std::size_t(target)] != NodeId(source)) continue;
    std::uint32_t& word = word_[row_of(target)];
    word = std::min(word, heap_.edges.at[e]);
  }
}

std::uint32_t HolderKeys::intern(std::uint32_t parent, const std::string& step, int depth) {
  std::string text = parent == kNoKey ? step : texts_[parent] + " " + step;
  auto [at, fresh] = known_.try_emplace(std::move(text), std::uint32_t(texts_.size()));
  if (fresh) {
    texts_.push_back(at->first);
    depths_.push_back(depth);
    nodes_.push_back(kNoNode);
  }
  return at->second;
}

void HolderKeys::offer(std::uint32_t key, NodeId node) {
  NodeId& best = nodes_[key];
  if (best == kNoNode || retained_by(heap_, node) > retained_by(heap_, best)) best = node;
}

void HolderKeys::name(std::uint32_t row) {
  NodeId node{node_of_[row]};
  if (heap_.is_root(node)) {
    std::size_t root = std::size_t(heap_.root_of(node));
    std::string text(heap_.text(heap_.roots.name[root]));
    if (heap_.roots.kind[root] == RootKind::kGoroutine) text = "goroutine " + text;
    key_of_[row] = intern(kNoKey, text, 0);
    return offer(key_of_[row], node);
  }
  if (up_[row] == kNoKey) {
    key_of_[row] = intern(kNoKey, "shared " + type_of_node(heap_, node), 0);
    return offer(key_of_[row], node);
  }
  std::uint32_t parent = key_of_[up_[row]];
  if (parent == kNoKey) return;
  NodeId up{node_of_[up_[row]]};
  std::string ref = "…", type = type_of_node(heap_, node);
  bool same = false;
  if (heap_.is_root(up)) {
    std::size_t root_type = std::size_t(heap_.roots.type[std::size_t(heap_.root_of(up))]);
    if (word_[row] != kNoRow) ref = root_ref(heap_.text(heap_.root_edges.ref[word_[row]]));
    // A variable and what it points to are one thing, and the object is the one to name.
    same = ref.empty() && root_type != 0 && is_reference(heap_.types.kind[root_type]);
    if (same && (nodes_[parent] == kNoNode || heap_.is_root(nodes_[parent])))
      nodes_[parent] = node;
    else if (same)
      offer(parent, node);
  } else {
    same = same_container(heap_, up, node) || type == type_of_node(heap_, up);
    if (word_[row] != kNoRow) ref = edge_ref(heap_, heap_.object_of(up), word_[row]);
  }
  if (same) {
    key_of_[row] = parent;
    return;
  }
  if (depths_[parent] == kDeepest) return;
  key_of_[row] = intern(parent, ref + " " + type, depths_[parent] + 1);
  offer(key_of_[row], node);
}

std::uint32_t HolderKeys::key(NodeId node) const { return has(node) ? key_of_[row_of(node)] : kNoKey; }

}  // namespace memsnap
