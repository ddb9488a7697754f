#include "analysis/holders.h"

#include "analysis/fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

namespace memsnap {

namespace {

constexpr std::size_t kMostLabels = 4;  // more than these are "5 or more roots"

HolderKind kind_of_root(RootKind kind) {
  switch (kind) {
    case RootKind::kGlobal:
    case RootKind::kRuntime: return HolderKind::kGlobal;
    case RootKind::kGoroutine: return HolderKind::kGoroutine;
    case RootKind::kFinalizer:
    case RootKind::kCleanup: return HolderKind::kFinalizer;
    case RootKind::kTimer: return HolderKind::kTimer;
    case RootKind::kRegister: return HolderKind::kNone;
  }
  return HolderKind::kNone;
}

// Sets of at most kMostLabels labels, each once; kMany for larger ones.
class LabelSets {
 public:
  static constexpr std::uint32_t kNone = 0, kMany = 1;

  LabelSets() : sets_(2) { ids_.emplace(std::vector<std::uint32_t>{}, kNone); }

  std::uint32_t one(std::uint32_t label) { return id({label}); }
  std::uint32_t unite(std::uint32_t a, std::uint32_t b) {
    if (a == b || b == kNone) return a;
    if (a == kNone) return b;
    if (a == kMany || b == kMany) return kMany;
    std::vector<std::uint32_t> both;
    std::ranges::set_union(sets_[a], sets_[b], std::back_inserter(both));
    return both.size() > kMostLabels ? kMany : id(std::move(both));
  }
  const std::vector<std::uint32_t>& operator[](std::uint32_t set) const { return sets_[set]; }

 private:
  std::uint32_t id(std::vector<std::uint32_t> set) {
    auto [at, fresh] = ids_.try_emplace(set, std::uint32_t(sets_.size()));
    if (fresh) sets_.push_back(std::move(set));
    return at->second;
  }
  std::map<std::vector<std::uint32_t>, std::uint32_t> ids_;
  std::vector<std::vector<std::uint32_t>> sets_;
};

// An edge to runtime.g says nothing about who holds it: only its own goroutine does.
std::vector<Barrier> goroutine_barriers(const Heap& heap) {
  std::vector<Barrier> barriers;
  for (std::size_t e = 0; e < heap.root_edges.rows(); ++e) {
    std::size_t root = std::size_t(heap.root_edges.root[e]), target = std::size_t(heap.root_edges.target[e]);
    std::size_t type = std::size_t(heap.objects.type[target]);
    if (heap.roots.kind[root] != RootKind::kGoroutine || type >= heap.types.rows()) continue;
    if (heap.text(heap.types.name[type]) == "runtime.g")
      barriers.push_back({std::uint32_t(target), std::uint32_t(root)});
  }
  return one_per_node(std::move(barriers));
}

}  // namespace

// What only shared objects need: shortest paths, and which labels lead to each object at the top.
struct Holders::Shared {
  explicit Shared(const DominatorTree& tree)
      : graph(tree.heap(), goroutine_barriers(tree.heap())), forest(shortest_paths(graph.graph())) {
    collect(tree);
  }

  void collect(const DominatorTree& tree) {
    const Heap& heap = tree.heap();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;  // between nodes at the top
    auto shared_top = [&](std::uint32_t object) { return heap.objects.idom[object] == heap.virtual_root(); };
    for (std::uint32_t from = 0; from < heap.objects.rows(); ++from) {
      if (heap.objects.idom[from] == kNoNode) continue;
      for (std::uint32_t e = heap.edges.first[from]; e < heap.edges.first[from + 1]; ++e) {
        auto to = std::uint32_t(heap.edges.target[e]);
        if (to == from || !shared_top(to) || forest.phase[to] < forest.phase[from]) continue;
        edges.emplace_back(std::uint32_t(tree.top(NodeId(from))), to);
      }
    }
    for (std::size_t e = 0; e < heap.root_edges.rows(); ++e) {
      auto root = heap.root_edges.root[e];
      auto to = std::uint32_t(heap.root_edges.target[e]);
      if (shared_top(to) && heap.roots.phase[std::size_t(root)] <= forest.phase[to])
        edges.emplace_back(std::uint32_t(heap.node(root)), to);
    }
    std::ranges::sort(edges);
    auto again = std::ranges::unique(edges);
    edges.erase(again.begin(), again.end());
    for (std::uint32_t root = 0; root < heap.roots.rows(); ++root)
      set_of[std::uint32_t(heap.node(RootId(root)))] = sets.one(root);
    for (bool changed = true; changed;) {  // sets only grow, and hold four labels at most
      changed = false;
      for (auto [from, to] : edges) {
        std::uint32_t& set = set_of[to];
        std::uint32_t larger = sets.unite(set, set_of[from]);
        changed |= larger != set;
        set_of[to] = larger;
      }
    }
  }

  HeapGraph graph;
  PathForest forest;
  LabelSets sets;
  std::unordered_map<std::uint32_t, std::uint32_t> set_of;  // node at the top -> set
};

// A node on the way, as one step with those it is folded with.
struct Holders::Step {
  NodeId node = kNoNode;
  PathStep step;
};

Holders::Holders(const DominatorTree& tree) : tree_(tree), heap_(tree.heap()) {}
Holders::~Holders() = default;

const Holders::Shared& Holders::shared() const {
  if (shared_ == nullptr) shared_ = std::make_unique<Shared>(tree_);
  return *shared_;
}

std::optional<std::vector<RootId>> Holders::labels(NodeId top) const {
  if (heap_.is_root(top)) return std::vector{heap_.root_of(top)};
  auto known = shared().set_of.find(std::uint32_t(top));
  std::uint32_t set = known == shared().set_of.end() ? LabelSets::kNone : known->second;
  if (set == LabelSets::kMany) return std::nullopt;
  std::vector<RootId> found;
  for (std::uint32_t label : shared().sets[set]) found.push_back(RootId(label));
  return found;
}

RootId Holders::best_label(NodeId top) const {
  if (heap_.is_root(top)) return heap_.root_of(top);
  std::vector<std::uint32_t> path = shared().forest.path(std::uint32_t(top));
  return path.empty() ? kNoRoot : heap_.root_of(shared().graph.node(path.front()));
}

std::uint64_t Holders::strictly_retained(NodeId node) const {
  HeapGraph graph(heap_);
  std::vector<std::uint32_t> set;
  if (heap_.is_object(node)) set.push_back(std::uint32_t(node));
  return memsnap::strictly_retained(graph.graph(), set);
}

std::vector<RootId> Holders::on_stack_of(ObjectId object, std::size_t most) const {
  std::vector<RootId> found;
  if ((heap_.objects.flags[std::size_t(object)] & kOnStack) == 0) return found;
  for (std::size_t e = 0; e < heap_.root_edges.rows() && found.size() < most; ++e) {
    RootId root = heap_.root_edges.root[e];
    if (heap_.root_edges.target[e] != object || heap_.roots.kind[std::size_t(root)] != RootKind::kGoroutine)
      continue;
    if (found.empty() || found.back() != root) found.push_back(root);
  }
  return found;
}

// From a label to the node: the shortest way to the top, then whom it dominates. Where a dominator does not
// point to the next one itself, a short way between them is filled in.
std::vector<NodeId> Holders::way_to(NodeId node) const {
  std::vector<NodeId> down = tree_.path(node), way;
  if (down.empty()) return way;
  if (!heap_.is_root(down.front())) {
    for (std::uint32_t step : shared().forest.path(std::uint32_t(down.front())))
      way.push_back(shared().graph.node(step));
    if (!way.empty()) way.pop_back();  // the top itself
  }
  for (NodeId next : down) {
    if (!way.empty() && next != way.front())
      for (NodeId between : connect(way.back(), next)) way.push_back(between);
    way.push_back(next);
  }
  return way;
}

// Objects between two that lie on one another's dominator path; none when one points to the other, or when
// no way is found soon.
std::vector<NodeId> Holders::connect(NodeId from, NodeId to) const {
  constexpr std::size_t kSoon = 4096;  // objects looked at
  std::unordered_map<std::uint32_t, std::uint32_t> before;
  std::vector<std::uint32_t> open;
  std::uint32_t goal = std::uint32_t(to);
  auto visit = [&](std::uint32_t source, ObjectId target) {
    auto row = std::uint32_t(target);
    bool below = row == goal || heap_.objects.idom[row] != kNoNode;
    if (below && before.try_emplace(row, source).second) open.push_back(row);
  };
  if (heap_.is_object(from)) {
    if (word_of_edge(heap_, heap_.object_of(from), heap_.object_of(to)) != kNoRow) return {};
    before.emplace(std::uint32_t(from), ~0u);
    open.push_back(std::uint32_t(from));
  } else {
    auto edges = std::ranges::equal_range(heap_.root_edges.root.view(), heap_.root_of(from));
    for (auto at = edges.begin(); at != edges.end(); ++at)
      visit(~0u, heap_.root_edges.target[std::size_t(&*at - heap_.root_edges.root.data())]);
  }
  for (std::size_t at = 0; at < open.size() && open.size() < kSoon && !before.contains(goal); ++at)
    for (std::uint32_t e = heap_.edges.first[open[at]]; e < heap_.edges.first[open[at] + 1]; ++e) {
      visit(open[at], heap_.edges.target[e]);
      if (open.size() >= kSoon || before.contains(goal)) break;
    }
  std::vector<NodeId> between;
  auto step = before.find(goal);
  if (step == before.end()) return between;
  for (std::uint32_t at = step->second; at != ~0u && NodeId(at) != from; at = before.at(at))
    between.push_back(NodeId(at));
  std::ranges::reverse(between);
  return between;
}

// What of the label points to this object. Names the frame of a goroutine on the way.
std::string Holders::root_edge(RootId root, ObjectId target, Holder& holder) const {
  const RootEdgeTable& edges = heap_.root_edges;
  auto range = std::ranges::equal_range(edges.root.view(), root);
  std::size_t best = edges.rows();
  for (auto at = range.begin(); at != range.end(); ++at) {
    std::size_t e = std::size_t(&*at - edges.root.data());
    if (edges.target[e] != target) continue;
    if (best == edges.rows() || (heap_.text(edges.ref[best]).empty() && !heap_.text(edges.ref[e]).empty()))
      best = e;
  }
  if (best == edges.rows()) return {};
  std::string ref = root_ref(heap_.text(edges.ref[best]));
  if (heap_.roots.kind[std::size_t(root)] != RootKind::kGoroutine) return ref;
  if (std::size_t frame = std::size_t(edges.frame[best]); frame < heap_.frames.rows()) {
    holder.root = heap_.text(heap_.frames.function[frame]);
    holder.file = heap_.text(heap_.frames.file[frame]);
    holder.line = int(heap_.frames.line[frame]);
  }
  // The variable is part of the root's name; its fields lead on.
  std::size_t dot = std::min(ref.find_first_of(".["), ref.size());
  if (dot > 0) holder.root += " " + ref.substr(0, dot);
  return ref.substr(dot);
}

void Holders::name_root(RootId root, Holder& holder) const {
  std::size_t row = std::size_t(root);
  holder.kind = kind_of_root(heap_.roots.kind[row]);
  holder.root = heap_.text(heap_.roots.name[row]);
  holder.file = heap_.text(heap_.roots.file[row]);
  holder.line = int(heap_.roots.line[row]);
}

void Holders::name_others(NodeId top, RootId root, Holder& holder) const {
  if (heap_.is_root(top)) return;
  auto others = labels(top);
  if (!others)
    holder.also.push_back(fmt::format("{} or more other roots", kMostLabels));
  else
    for (RootId other : *others)
      if (other != root) holder.also.emplace_back(heap_.text(heap_.roots.name[std::size_t(other)]));
  std::ranges::sort(holder.also);
  auto again = std::ranges::unique(holder.also);
  holder.also.erase(again.begin(), again.end());
}

std::vector<Holders::Step> Holders::steps(const std::vector<NodeId>& way, Holder& holder) const {
  std::vector<Step> out;
  std::string ref;  // how the next node hangs on the step before
  std::size_t root = std::size_t(heap_.root_of(way.front()));
  std::size_t type = std::size_t(heap_.roots.type[root]);
  Kind kind = type < heap_.types.rows() ? heap_.types.kind[type] : Kind::kInvalid;
  if (way.size() > 1) ref = root_edge(heap_.root_of(way.front()), heap_.object_of(way[1]), holder);
  // A variable that is a pointer, a map or a slice and what it points to are one thing.
  bool own_step =
      type != 0 && (way.size() == 1 || !ref.empty() || kind == Kind::kStruct || kind == Kind::kArray);
  if (own_step)
    out.push_back({way.front(),
                   {.type = std::string(heap_.text(heap_.types.name[type])),
                    .ref = ref,
                    .retained = tree_.retained(way.front())}});
  for (std::size_t i = 1; i < way.size(); ++i) {
    ObjectId object = heap_.object_of(way[i]);
    std::string next = i + 1 == way.size() ? "" : "…";
    if (i + 1 < way.size())
      if (std::uint32_t word = word_of_edge(heap_, object, heap_.object_of(way[i + 1])); word != kNoRow)
        next = edge_ref(heap_, object, word);
    if (i > 1 && same_container(heap_, way[i - 1], way[i])) {
      out.back().step.ref = next;
      continue;
    }
    out.push_back(
        {way[i], {.type = type_of_value(heap_, way[i]), .ref = next, .retained = tree_.retained(way[i])}});
  }
  return out;
}

Holder Holders::holder(NodeId node) const {
  Holder holder;
  std::vector<NodeId> way = way_to(node);
  if (way.empty() || !heap_.is_root(way.front())) return holder;
  RootId root = heap_.root_of(way.front());
  name_root(root, holder);
  std::vector<PathStep> path;
  bool pool = false;
  for (Step& step : steps(way, holder)) {
    pool |= role_at(heap_, step.node) == Role::kPoolPart;
    path.push_back(std::move(step.step));
  }
  if (pool && holder.kind == HolderKind::kGlobal) holder.kind = HolderKind::kPool;
  holder.path = fold_chains(std::move(path));
  if (!holder.path.empty()) holder.path.back().ref.clear();
  name_others(tree_.top(node), root, holder);
  return holder;
}

namespace {

// How often the group of `period` steps that begins at i repeats.
std::size_t repeats(const std::vector<PathStep>& steps, std::size_t i, std::size_t period) {
  std::size_t same = 0;
  while (i + period + same < steps.size() && steps[i + same].type == steps[i + period + same].type) ++same;
  return 1 + same / period;
}

}  // namespace

std::vector<PathStep> fold_chains(std::vector<PathStep> steps) {
  constexpr std::size_t kPeriods = 4, kReadable = 40, kHead = 12;
  std::vector<PathStep> out;
  for (std::size_t i = 0; i < steps.size();) {
    std::size_t period = 1, times = 1;
    for (std::size_t p = 1; p <= kPeriods && times == 1; ++p) {
      std::size_t count = repeats(steps, i, p);
      if (count >= (p == 1 ? 2u : 3u)) period = p, times = count;
    }
    for (std::size_t k = 0; k < period; ++k) {
      PathStep step = std::move(steps[i + k]);
      step.count *= times;
      if (times > 1 && k + 1 == period) step.ref = steps[i + period * times - 1].ref;
      out.push_back(std::move(step));
    }
    i += period * times;
  }
  if (out.size() <= kReadable) return out;
  std::size_t cut = out.size() - kReadable;
  PathStep middle{
      .type = fmt::format("… {} steps", cut + 1), .ref = "…", .count = 1, .retained = out[kHead].retained};
  out.erase(out.begin() + kHead, out.begin() + std::ptrdiff_t(kHead + cut));
  out[kHead] = std::move(middle);
  return out;
}

}  // namespace memsnap
