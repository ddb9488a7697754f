// Rule context-retains: contexts that stay because nobody cancelled them, or because each wraps the last.
//
// Children: a context keeps a map of the children it has to cancel, and a child leaves it when it is
// cancelled. When the number of children rises through all captures, contexts are made and not cancelled.
// Chain: every context points to its parent. Programs nest a dozen contexts, a request through many layers
// perhaps fifty; a chain of a thousand is made by a loop that wraps the context of the turn before.
//
// May accuse: a load that rises through the whole window, as requests in flight have children too. Deep
// chains accuse nobody who does not have one.
#include "analysis/map_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace memsnap {

namespace {

std::optional<Finding> children_of(const Case& what, std::size_t row) {
  constexpr std::uint64_t kCrowd = 10'000;
  const Heap& heap = what.heap();
  std::uint64_t bytes = map_retained(what, row), len = heap.maps.len[row];
  Rise rise = map_rise(what, row);
  auto verdict = growth_verdict(what, rise.growth.trend, bytes);
  if (!verdict && len >= kCrowd) verdict = Verdict{Severity::kLow, Confidence::kHint};
  if (!verdict) return std::nullopt;
  Finding found = claim(what, "context-retains", map_node(heap, row), bytes);
  found.severity = verdict->severity;
  found.confidence = verdict->confidence;
  found.objects = len;
  found.type = "context.Context";
  found.title = fmt::format("{} keeps {} that nobody cancelled", place_words(found.holder),
                            plural(len, "child context"));
  found.evidence.push_back({"context",
                            fmt::format("{} of one context, {} with what they hold",
                                        plural(len, "child context"), human_bytes(bytes)),
                            command(what, "maps")});
  if (rise.rising()) {
    found.growth_bytes_per_s = bytes_per_second(rise, bytes, len);
    found.evidence.push_back(rise_evidence(what, rise, "children", command(what, "doctor")));
  }
  return found;
}

// Depth of every context in its chain of parents.
class Chains {
 public:
  explicit Chains(const Heap& heap) : heap_(heap) {
    std::vector<char> is_context(heap.types.rows());
    for (std::size_t type = 1; type < heap.types.rows(); ++type) {
      std::string_view name = heap.text(heap.types.name[type]);
      is_context[type] =
          name.starts_with("context.") && name.ends_with("Ctx") && heap.types.kind[type] == Kind::kStruct;
    }
    for (std::uint32_t id = 0; id < heap.objects.rows(); ++id) {
      std::size_t type = std::size_t(heap.objects.type[id]);
      if (type < is_context.size() && is_context[type] != 0 && heap.objects.reached(ObjectId(id)))
        depth_.emplace(ObjectId(id), 0);
    }
    for (auto& [id, depth] : depth_) measure(id);
  }

  // Ends of chains at least so deep, deepest first: contexts that no other context was made from.
  std::vector<ObjectId> ends(std::uint32_t least) const {
    std::unordered_set<ObjectId> parents;
    std::vector<ObjectId> ends;
    for (const auto& [id, depth] : depth_) parents.insert(parent(id));
    for (const auto& [id, depth] : depth_)
      if (depth >= least && !parents.contains(id)) ends.push_back(id);
    std::ranges::sort(ends, {}, [&](ObjectId id) { return std::pair(~depth(id), id); });
    return ends;
  }
  std::uint32_t depth(ObjectId id) const { return depth_.at(id); }

 private:
  // The embedded Context is the first field of all of them: its data word is word 1.
  ObjectId parent(ObjectId id) const {
    std::size_t row = std::size_t(id);
    for (std::uint32_t e = heap_.edges.first[row]; e < heap_.edges.first[row + 1]; ++e)
      if (heap_.edges.at[e] == 1) return heap_.edges.target[e];
    return kNoObject;
  }
  void measure(ObjectId id) {
    std::vector<ObjectId> open;  // the chain may be as long as the heap
    while (depth_.contains(id) && depth_.at(id) == 0 && open.size() <= depth_.size()) {
      open.push_back(id);
      id = parent(id);
    }
    auto known = depth_.find(id);
    std::uint32_t depth = known == depth_.end() ? 0 : known->second;
    for (; !open.empty(); open.pop_back()) depth_.at(open.back()) = ++depth;
  }

  const Heap& heap_;
  std::unordered_map<ObjectId, std::uint32_t> depth_;
};

std::optional<Finding> chains_of(const Case& what) {
  constexpr std::uint32_t kDeep = 100, kAbsurd = 1000;  // nested contexts
  const Heap& heap = what.heap();
  Chains chains(heap);
  std::vector<ObjectId> ends = chains.ends(kDeep);
  if (ends.empty()) return std::nullopt;
  NodeId node = heap.node(ends.front());
  std::uint32_t depth = chains.depth(ends.front());
  std::uint64_t bytes = 0;
  for (ObjectId end : ends) bytes += what.retained(heap.node(end));
  Confidence confidence = depth >= kAbsurd ? Confidence::kCertain : Confidence::kLikely;
  Finding found = claim(what, "context-retains", node, bytes);
  found.confidence = confidence;
  found.severity = waste_severity(what, bytes, confidence).value_or(Severity::kLow);
  found.objects = depth;
  found.type = "context.Context";
  found.title = fmt::format("{} is {} contexts deep, each made from the one before",
                            place_words(found.holder), human_count(depth));
  std::string chain = ends.size() == 1 ? fmt::format("a chain of {} contexts", human_count(depth))
                                       : fmt::format("{} chains, the deepest of {} contexts",
                                                     human_count(ends.size()), human_count(depth));
  found.evidence.push_back({"context",
                            fmt::format("{}; {} go with them, without values that something else holds too",
                                        chain, human_bytes(bytes)),
                            why_command(what, node, found.type)});
  if (Growth growth = what.growth(node); growth.trend != Trend::kFlat)
    found.growth_bytes_per_s = growth.per_second;
  return found;
}

}  // namespace

std::vector<Finding> context_retains(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  for (std::size_t row = 0; row < heap.maps.rows(); ++row)
    if (is_context_children(heap, row))
      if (auto finding = children_of(what, row)) found.push_back(std::move(*finding));
  if (auto finding = chains_of(what)) found.push_back(std::move(*finding));
  return found;
}

}  // namespace memsnap
