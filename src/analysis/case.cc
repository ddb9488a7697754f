#include "analysis/case.h"

#include "analysis/fold.h"
#include "analysis/holders.h"
#include "analysis/sites.h"
#include "analysis/tree.h"

#include <unordered_map>
#include <unordered_set>

namespace memsnap {

struct Case::Impl {
  Impl(const Heap& h, const Series& s) : heap(h), series(s) {
    for (std::size_t id = 0; id < heap.objects.rows(); ++id)
      if (heap.objects.reached(ObjectId(std::uint32_t(id))))
        reached += heap.objects.bytes(ObjectId(std::uint32_t(id)));
    for (const SeriesRow& row : series.rows)
      if (row.kind == SeriesKind::kHolder && row.node != kNoNode)
        holder_rows.emplace(std::uint32_t(row.node), &row);
  }

  // A type that was met on the way, for the chain rule. Parts of containers are not types of their own.
  TypeId chain_type(NodeId node) const {
    if (!heap.is_object(node)) return TypeId{0};
    Role role = role_at(heap, node);
    bool whole = role == Role::kPlain || role == Role::kMapHeader || role == Role::kListElement ||
                 role == Role::kClosure || role == Role::kSliceArray;
    return whole ? heap.objects.type[std::size_t(node)] : TypeId{0};
  }

  const Heap& heap;
  const Series& series;
  std::uint64_t reached = 0;
  std::unordered_map<std::uint32_t, const SeriesRow*> holder_rows;
  DominatorTree tree{heap};
  Holders holders{tree};
  Sites sites{tree};
};

Case::Case(const Heap& heap, const Series& series) : impl_(std::make_unique<Impl>(heap, series)) {}
Case::~Case() = default;

const Heap& Case::heap() const { return impl_->heap; }
const Series& Case::series() const { return impl_->series; }
std::uint64_t Case::reached_bytes() const { return impl_->reached; }

std::vector<NodeId> Case::children(NodeId node, std::size_t most) const {
  return impl_->tree.children(node, most);
}
std::uint64_t Case::retained(NodeId node) const { return impl_->tree.retained(node); }
NodeId Case::top(NodeId node) const { return impl_->tree.top(node); }

NodeId Case::accumulation(NodeId holder) const {
  constexpr double kMostOf = 0.5;  // thresholds of 0.3 to 0.8 stop at the same place in nearly all programs
  constexpr std::size_t kChain = 16;  // nodes below; a short repetition is no chain
  const DominatorTree& tree = impl_->tree;
  std::unordered_map<std::uint32_t, NodeId> first;  // of each type on the way
  NodeId at = holder;
  for (NodeId next = tree.largest_child(at); next != kNoNode; next = tree.largest_child(at)) {
    if (double(tree.retained(next)) < kMostOf * double(tree.retained(at))) break;
    if (TypeId type = impl_->chain_type(next); type != TypeId{0}) {
      auto [known, fresh] = first.try_emplace(std::uint32_t(type), next);
      if (!fresh && tree.more_below(next, kChain)) return known->second;
    }
    at = next;
  }
  return impl_->heap.is_object(at) ? container(impl_->heap.object_of(at)) : at;
}

Holder Case::holder(NodeId node) const { return impl_->holders.holder(node); }
std::string Case::type_name(NodeId node) const { return type_of_node(impl_->heap, node); }
NodeId Case::container(ObjectId object) const { return container_of(impl_->heap, object); }
std::vector<Site> Case::sites(NodeId node, std::size_t most) const { return impl_->sites.below(node, most); }

std::uint64_t Case::strictly_retained(NodeId node) const { return impl_->holders.strictly_retained(node); }
std::vector<RootId> Case::on_stack_of(NodeId node, std::size_t most) const {
  if (node == kNoNode || !impl_->heap.is_object(node)) return {};
  return impl_->holders.on_stack_of(impl_->heap.object_of(node), most);
}

Growth Case::growth(NodeId node) const {
  constexpr double kLeastRise = 64 << 10;  // bytes
  for (NodeId at = node; at != kNoNode; at = impl_->tree.parent(at))
    if (auto row = impl_->holder_rows.find(std::uint32_t(at)); row != impl_->holder_rows.end())
      return growth_of(impl_->series, *row->second, kLeastRise);
  return {};
}

}  // namespace memsnap
