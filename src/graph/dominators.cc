#include "graph/graph.h"

#include <algorithm>
#include <utility>

namespace memsnap {

namespace {

// Numbers are those of the depth-first search: 0 is the virtual root, labels and nodes follow as they are met.
class Search {
 public:
  explicit Search(const RootedGraph& graph) : g_(graph), num_(graph.nodes(), 0), phase_(graph.nodes(), 255) {
    vert_.push_back(std::uint32_t(graph.nodes() + graph.labels()));
    par_.push_back(0);
  }

  void run() {
    std::uint8_t last = g_.labels() == 0 ? std::uint8_t(0) : g_.root_phase.back();
    for (std::size_t label = 0; label < g_.labels(); ++label) {
      std::uint8_t phase = g_.root_phase[label];
      if (label == 0 || phase != g_.root_phase[label - 1]) phase_start_ = next();
      in_last_ = phase == last;
      current_ = phase;
      std::uint32_t me = number(std::uint32_t(g_.nodes() + label), 0);
      for (std::uint32_t e = g_.root_first[label]; e < g_.root_first[label + 1]; ++e) {
        std::uint32_t t = g_.root_target[e];
        if (open(t, std::uint32_t(label))) stack_.emplace_back(t, me);
      }
      std::ranges::reverse(stack_);
      drain();
    }
    adopt_deferred(last);
  }

  const RootedGraph& g_;
  std::vector<std::uint32_t> num_;    // per node, 0 when not met
  std::vector<std::uint32_t> vert_;   // per number
  std::vector<std::uint32_t> par_;    // per number
  std::vector<std::uint8_t> phase_;   // per node
  std::vector<std::pair<std::uint32_t, std::uint32_t>> cross_;  // (target, source) of edges outside the tree

 private:
  std::uint32_t next() const { return std::uint32_t(vert_.size()); }

  std::uint32_t number(std::uint32_t id, std::uint32_t parent) {
    std::uint32_t me = next();
    vert_.push_back(id);
    par_.push_back(parent);
    if (id < g_.nodes()) {
      num_[id] = me;
      phase_[id] = current_;
    }
    return me;
  }

  // Whether an edge into t may be followed; `label` is the label it comes from, kUnreached for a node.
  bool open(std::uint32_t t, std::uint32_t label) {
    if (g_.barrier.empty() || g_.barrier[t] == 0 || in_last_) return true;
    if (label != kUnreached && g_.barrier[t] == label + 1) return true;
    deferred_.push_back(t);
    return false;
  }

  void record(std::uint32_t target, std::uint32_t source) {
    if (target >= phase_start_ && target != source && par_[target] != source) cross_.emplace_back(target, source);
  }

  void drain() {
    while (!stack_.empty()) {
      auto [t, parent] = stack_.back();
      stack_.pop_back();
      if (stack_.size() >= 3) {
        __builtin_prefetch(&g_.first[stack_[stack_.size() - 3].first]);
        __builtin_prefetch(&num_[stack_[stack_.size() - 3].first]);
      }
      if (num_[t] != 0) record(num_[t], parent);
      else expand(t, number(t, parent));
    }
  }

  // A child without edges is numbered on the spot: it stays a valid depth-first tree and the stack small.
  void expand(std::uint32_t node, std::uint32_t me) {
    std::uint32_t from = g_.first[node], to = g_.first[node + 1];
    for (std::uint32_t e = from; e < to; ++e) __builtin_prefetch(&g_.first[g_.target[e]]), __builtin_prefetch(&num_[g_.target[e]]);
    std::size_t base = stack_.size();
    for (std::uint32_t e = from; e < to; ++e) {
      std::uint32_t c = g_.target[e];
      if (num_[c] != 0) {
        if (g_.barrier.empty() || g_.barrier[c] == 0 || in_last_) record(num_[c], me);
        continue;
      }
      if (!open(c, kUnreached)) continue;
      if (g_.first[c] == g_.first[c + 1]) number(c, me);
      else stack_.emplace_back(c, me);
    }
    std::reverse(stack_.begin() + std::ptrdiff_t(base), stack_.end());
  }

  // What only a cut edge reaches hangs below the virtual root, so that the total stays exact.
  void adopt_deferred(std::uint8_t last) {
    in_last_ = true;
    current_ = last;
    for (std::uint32_t t : deferred_) {
      if (num_[t] != 0) continue;
      stack_.emplace_back(t, 0);
      drain();
    }
  }

  std::uint32_t phase_start_ = 1;
  bool in_last_ = false;
  std::uint8_t current_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> stack_;   // node, number of the parent
  std::vector<std::uint32_t> deferred_;
};

// The smallest semidominator on the tree path above v whose numbers are at least `last`, with path compression.
class Forest {
 public:
  explicit Forest(const std::vector<std::uint32_t>& parents) : anc_(parents), low_(parents) {}
  void link(std::uint32_t w, std::uint32_t semi) { low_[w] = semi; }

  std::uint32_t eval(std::uint32_t v, std::uint32_t last) {
    if (anc_[v] < last) return low_[v];
    path_.clear();
    while (anc_[v] >= last) {
      path_.push_back(v);
      v = anc_[v];
    }
    std::uint32_t root = anc_[v], low = low_[v];
    for (std::size_t i = path_.size(); i-- > 0;) {
      anc_[path_[i]] = root;
      low = low_[path_[i]] = std::min(low, low_[path_[i]]);
    }
    return low;
  }

 private:
  std::vector<std::uint32_t> anc_, low_, path_;
};

// Groups the recorded edges by target: counting sort, so that a graph full of joins stays linear.
struct Joins {
  std::vector<std::uint32_t> node;    // targets, ascending
  std::vector<std::uint32_t> first;   // rows of source; node.size() + 1
  std::vector<std::uint32_t> source;
};

Joins group(std::vector<std::pair<std::uint32_t, std::uint32_t>>& cross, std::size_t numbers) {
  Joins joins;
  if (cross.size() < numbers / 16) {
    std::ranges::sort(cross);
    for (auto [target, source] : cross) {
      if (joins.node.empty() || joins.node.back() != target) {
        joins.node.push_back(target);
        joins.first.push_back(std::uint32_t(joins.source.size()));
      }
      joins.source.push_back(source);
    }
  } else {
    std::vector<std::uint32_t> at(numbers + 1, 0);
    for (auto [target, source] : cross) ++at[target + 1];
    for (std::size_t i = 0; i < numbers; ++i) {
      if (at[i + 1] != 0) {
        joins.node.push_back(std::uint32_t(i));
        joins.first.push_back(at[i]);
      }
      at[i + 1] += at[i];
    }
    joins.source.resize(cross.size());
    for (auto [target, source] : cross) joins.source[at[target]++] = source;
  }
  joins.first.push_back(std::uint32_t(joins.source.size()));
  cross = {};
  return joins;
}

// Semi-NCA over the joins; all other nodes are dominated by their tree parent.
std::vector<std::uint32_t> immediate_dominators(const std::vector<std::uint32_t>& par, const Joins& joins) {
  std::vector<std::uint32_t> semi(joins.node.size());
  {
    Forest forest(par);
    for (std::size_t j = joins.node.size(); j-- > 0;) {
      std::uint32_t w = joins.node[j], s = par[w];
      for (std::uint32_t e = joins.first[j]; e < joins.first[j + 1]; ++e) {
        std::uint32_t v = joins.source[e];
        s = std::min(s, v <= w ? v : forest.eval(v, w + 1));
      }
      semi[j] = s;
      forest.link(w, s);
    }
  }
  std::vector<std::uint32_t> idom = par;
  for (std::size_t j = 0; j < joins.node.size(); ++j) {
    std::uint32_t w = joins.node[j], x = par[w];
    while (x > semi[j]) x = idom[x];
    idom[w] = x;
  }
  return idom;
}

}  // namespace

Dominators dominators(const RootedGraph& graph) {
  Search search(graph);
  search.run();
  std::size_t numbers = search.vert_.size();
  Joins joins = group(search.cross_, numbers);
  std::vector<std::uint32_t> idom = immediate_dominators(search.par_, joins);

  std::vector<std::uint64_t> bytes(numbers, 0);
  std::vector<std::uint32_t> count(numbers, 0);
  for (std::size_t i = 1; i < numbers; ++i) {
    std::uint32_t id = search.vert_[i];
    if (id >= graph.nodes()) continue;
    bytes[i] = std::uint64_t(graph.bytes[id]) * 8;
    count[i] = 1;
  }
  for (std::size_t i = numbers; i-- > 1;) {
    bytes[idom[i]] += bytes[i];
    count[idom[i]] += count[i];
  }
  std::size_t all = graph.nodes() + graph.labels() + 1;
  Dominators out;
  out.idom.assign(all, kUnreached);
  out.retained.assign(all, 0);
  out.count.assign(all, 0);
  for (std::size_t i = 0; i < numbers; ++i) {
    std::uint32_t id = search.vert_[i];
    out.idom[id] = search.vert_[idom[i]];
    out.retained[id] = bytes[i];
    out.count[id] = count[i];
  }
  out.phase = std::move(search.phase_);
  return out;
}

}  // namespace memsnap
