#include "graph/graph.h"

#include <algorithm>
#include <utility>

namespace memsnap {

namespace {

using Number = std::uint32_t;  // depth-first number; 0 is the virtual root

struct Edge {
  Number to, from;
};

// The depth-first tree and the edges outside it.
struct Tree {
  std::vector<std::uint32_t> node;  // by number: node, or nodes + label; [0] is the virtual root
  std::vector<Number> parent;       // by number
  std::vector<Edge> others;         // edges that are not in the tree and count for dominance
};

// Numbers nodes in one pass. A node without edges gets its number when its parent is expanded and is never
// pushed, which still is a depth-first tree; the stack then stays small and most nodes are touched once.
class Search {
 public:
  explicit Search(const RootedGraph& graph) : graph_(graph), barriers_(graph), number_(graph.nodes()) {
    last_phase_ = graph.labels() == 0 ? 0 : graph.root_phase.back();
    std::size_t most = graph.nodes() + graph.labels() + 1;
    tree_.node.resize(most);
    tree_.parent.resize(most);
    tree_.node[0] = std::uint32_t(graph.nodes() + graph.labels());
    for (const Barrier& barrier : graph.barriers) number_[barrier.node] = kCut;
  }

  Tree run() && {
    for (std::uint32_t label = 0; label < graph_.labels(); ++label) {
      if (label == 0 || graph_.root_phase[label] != graph_.root_phase[label - 1]) {
        phase_begin_ = next_;
        last_ = graph_.root_phase[label] == last_phase_;
      }
      from(label);
    }
    tree_.node.resize(next_);
    tree_.parent.resize(next_);
    return std::move(tree_);
  }

 private:
  static constexpr Number kCut = ~0u;  // not numbered yet, and behind a barrier
  static constexpr std::uint32_t kNoLabel = ~0u;

  struct Open {
    std::uint32_t node;
    Number parent;
  };

  Number enter(std::uint32_t node, Number parent) {
    tree_.node[next_] = node;
    tree_.parent[next_] = parent;
    return next_++;
  }

  void from(std::uint32_t label) {
    Number me = enter(std::uint32_t(graph_.nodes()) + label, 0);
    std::uint32_t begin = graph_.root_first[label], end = graph_.root_first[label + 1];
    expand(graph_.root_target.subspan(begin, end - begin), me, label);
    while (!stack_.empty()) {
      Open open = stack_.back();
      stack_.pop_back();
      if (stack_.size() >= 3) {
        std::uint32_t soon = stack_[stack_.size() - 3].node;
        __builtin_prefetch(graph_.target.data() + graph_.first[soon]);
      }
      Number& number = number_[open.node];
      if (number != 0 && number != kCut) {
        note(number, open.parent);
        continue;
      }
      number = enter(open.node, open.parent);
      std::uint32_t at = graph_.first[open.node], to = graph_.first[open.node + 1];
      expand(graph_.target.subspan(at, to - at), number, kNoLabel);
    }
  }

  void expand(std::span<const std::uint32_t> targets, Number me, std::uint32_t label) {
    if (targets.size() > 1)
      for (std::uint32_t target : targets) {
        __builtin_prefetch(graph_.first.data() + target);
        __builtin_prefetch(number_.data() + target, 1);
      }
    std::size_t bottom = stack_.size();
    for (std::uint32_t target : targets) {
      Number number = number_[target];
      if (number != 0 && number != kCut) {
        if (passes(target, label)) note(number, me);
        continue;
      }
      if (number == kCut && !passes(target, label)) continue;
      if (graph_.first[target] == graph_.first[target + 1])
        number_[target] = enter(target, me);
      else
        stack_.push_back({target, me});
    }
    std::reverse(stack_.begin() + std::ptrdiff_t(bottom), stack_.end());  // the first edge is followed first
  }

  bool passes(std::uint32_t target, std::uint32_t label) const {
    return last_ || !barriers_.has(target) || (label != kNoLabel && barriers_.label(target) == label);
  }

  // An edge into a node that has its number already. One into an earlier phase does not count.
  void note(Number to, Number from) {
    if (to >= phase_begin_ && to != from && tree_.parent[to] != from) tree_.others.push_back({to, from});
  }

  const RootedGraph& graph_;
  BarrierIndex barriers_;
  std::vector<Number> number_;
  std::vector<Open> stack_;
  Tree tree_;
  Number next_ = 1, phase_begin_ = 1;
  std::uint8_t last_phase_ = 0;
  bool last_ = false;
};

// By target, in three passes of 11 bits: the cost follows the edges outside the tree, not the nodes.
void sort_by_target(std::vector<Edge>& edges, Number most) {
  constexpr int kBits = 11;
  constexpr std::size_t kBuckets = 1 << kBits;
  std::vector<Edge> other(edges.size());
  for (int shift = 0; shift < 32 && (most >> shift) != 0; shift += kBits) {
    std::size_t begin[kBuckets] = {}, sum = 0;
    for (const Edge& edge : edges) ++begin[(edge.to >> shift) & (kBuckets - 1)];
    for (std::size_t& bucket : begin) sum += std::exchange(bucket, sum);
    for (const Edge& edge : edges) other[begin[(edge.to >> shift) & (kBuckets - 1)]++] = edge;
    edges.swap(other);
  }
}

// Semi-NCA. The semidominator of a node without other edges is its parent, so only targets of other edges are
// looked at. Turns parents into immediate dominators in place.
class SemiNca {
 public:
  explicit SemiNca(std::vector<Number>& parent) : ancestor_(parent), label_(parent), idom_(parent) {}

  void run(const std::vector<Edge>& others) {
    struct Join {
      Number node, semi;
    };
    std::vector<Join> joins;  // by node, descending
    for (std::size_t end = others.size(); end > 0;) {
      Number node = others[end - 1].to, semi = idom_[node];
      for (; end > 0 && others[end - 1].to == node; --end) {
        Number from = others[end - 1].from;
        semi = std::min(semi, from <= node ? from : evaluate(from, node + 1));
      }
      label_[node] = semi;
      joins.push_back({node, semi});
    }
    for (auto join = joins.rbegin(); join != joins.rend(); ++join) {
      Number up = idom_[join->node];
      while (up > join->semi) up = idom_[up];
      idom_[join->node] = up;
    }
  }

 private:
  // Smallest semidominator on the way from a node up to, not including, the numbers below `last`; shortens
  // the way it went.
  Number evaluate(Number node, Number last) {
    if (ancestor_[node] < last) return label_[node];
    Number top = node;
    do {
      way_.push_back(top);
      top = ancestor_[top];
    } while (ancestor_[top] >= last);
    Number least = label_[top], above = top;
    for (; !way_.empty(); way_.pop_back()) {
      Number step = way_.back();
      ancestor_[step] = ancestor_[above];
      if (least < label_[step])
        label_[step] = least;
      else
        least = label_[step];
      above = step;
    }
    return label_[node];
  }

  std::vector<Number> ancestor_, label_, way_;
  std::vector<Number>& idom_;
};

// Adds what `own` gives for a node to all that dominate it. A dominator has the smaller number.
template <class T, class Own>
std::vector<T> sum_up(const Tree& tree, const std::vector<Number>& idom, Own own) {
  std::vector<T> sum(tree.node.size());
  for (std::size_t i = 1; i < sum.size(); ++i) sum[i] = own(tree.node[i]);
  for (std::size_t i = sum.size(); i-- > 1;) sum[idom[i]] += sum[i];
  return sum;
}

}  // namespace

Dominators dominators(const RootedGraph& graph) {
  Tree tree = Search(graph).run();
  std::size_t nodes = graph.nodes(), rows = nodes + graph.labels() + 1;
  sort_by_target(tree.others, Number(tree.node.size()));
  SemiNca(tree.parent).run(tree.others);
  std::vector<Number> idom = std::move(tree.parent);
  std::vector<Edge>().swap(tree.others);

  Dominators out;
  out.label_count.resize(graph.labels());
  {
    auto one = [&](std::uint32_t node) { return std::uint32_t(node < nodes); };
    std::vector<std::uint32_t> count = sum_up<std::uint32_t>(tree, idom, one);
    for (std::size_t i = 1; i < count.size(); ++i)
      if (tree.node[i] >= nodes) out.label_count[tree.node[i] - nodes] = count[i];
  }
  {
    auto bytes = [&](std::uint32_t node) { return node < nodes ? std::uint64_t(graph.bytes[node]) * 8 : 0; };
    std::vector<std::uint64_t> sum = sum_up<std::uint64_t>(tree, idom, bytes);
    out.retained.resize(rows);
    for (std::size_t i = 0; i < sum.size(); ++i) out.retained[tree.node[i]] = sum[i];
  }
  out.idom.assign(rows, kUnreached);
  for (std::size_t i = 0; i < idom.size(); ++i) out.idom[tree.node[i]] = tree.node[idom[i]];
  return out;
}

}  // namespace memsnap
