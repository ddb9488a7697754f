// Rule finalizer-cycle: objects are kept alive by their own finalizer or cleanup.
//
// The collector treats what an object with a finalizer points to as reachable. An object that nothing but
// finalizers and cleanups holds, and that can be reached from what it points to itself (or from what its
// cleanup holds), will therefore be found reachable in every collection, and its finalizer never runs. Both
// halves are facts about the graph: the label at the top of the object, and a path back to it. So it is
// proven.
#include "analysis/claim.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_set>

namespace memsnap {

namespace {

bool only_finalizers(const Case& what, NodeId node) {
  const Heap& heap = what.heap();
  NodeId top = what.top(node);
  if (top == kNoNode || !heap.is_root(top)) return false;
  RootKind kind = heap.roots.kind[std::size_t(heap.root_of(top))];
  return kind == RootKind::kFinalizer || kind == RootKind::kCleanup;
}

// Whether what the object points to leads back to it. The walk is bounded: a cycle is short, or its
// objects hold so much that it does not matter which of them is named.
// `budget` bounds all walks together; what is not reached within it is left out.
bool leads_back(const Heap& heap, ObjectId object, std::size_t& budget) {
  constexpr std::size_t kMost = 4096;  // objects
  std::vector<ObjectId> open{object};
  std::unordered_set<ObjectId> seen{object};
  for (std::size_t at = 0; at < open.size() && budget > 0; ++at, --budget) {
    std::size_t source = std::size_t(open[at]);
    for (std::uint32_t e = heap.edges.first[source]; e < heap.edges.first[source + 1]; ++e) {
      ObjectId target = heap.edges.target[e];
      if (target == object) return true;
      if (open.size() < kMost && seen.insert(target).second) open.push_back(target);
    }
  }
  return false;
}

struct Cycle {
  std::vector<ObjectId> objects;  // with the special
  std::unordered_set<NodeId> tops;
  std::uint64_t bytes = 0;  // below the labels that keep them
  std::string_view function;
  bool cleanup = false;
};

// Samples below the labels that keep the objects: most of the bytes lie there, not in the objects themselves.
std::vector<ObjectId> samples_below(const Case& what, const Cycle& cycle) {
  const Heap& heap = what.heap();
  std::vector<ObjectId> below;
  for (ObjectId sample : heap.samples.object)
    if (cycle.tops.contains(what.top(heap.node(sample)))) below.push_back(sample);
  return below;  // the sample table is sorted by object
}

// Bytes below all labels of that name, capture by capture.
Rise rise_below(const Case& what, const Cycle& cycle) {
  constexpr double kLeastRise = 64 * kKiB;
  const Heap& heap = what.heap();
  StringId name = heap.roots.name[std::size_t(heap.root_of(*cycle.tops.begin()))];
  for (const SeriesRow& row : what.series().rows) {
    if (row.kind != SeriesKind::kHolder || row.node == kNoNode || !heap.is_root(row.node)) continue;
    if (heap.roots.name[std::size_t(heap.root_of(row.node))] == name) return rise_of(what, &row, kLeastRise);
  }
  return {};
}

Finding report(const Case& what, TypeId type, const Cycle& cycle) {
  const Heap& heap = what.heap();
  const char* name = cycle.cleanup ? "cleanup" : "finalizer";
  Finding found = claim(what, "finalizer-cycle", heap.node(cycle.objects.front()), cycle.bytes);
  found.severity = waste_severity(what, cycle.bytes, Confidence::kProven).value_or(Severity::kLow);
  found.confidence = Confidence::kProven;
  found.holder.kind = HolderKind::kFinalizer;
  found.type = type_text(heap, type);
  found.objects = cycle.objects.size();
  if (auto sites = sites_of(what, samples_below(what, cycle)); !sites.empty()) found.sites = std::move(sites);
  std::string why = why_command(what, heap.node(cycle.objects.front()), found.type);
  found.title = fmt::format("{} of {} can never be collected: the {} keeps each of them alive",
                            plural(cycle.objects.size(), "object"), found.type, name);
  found.evidence.push_back(
      {"proof",
       fmt::format("no root but the {} itself leads to them, and what it keeps leads back to the object",
                   name),
       why});
  if (Rise rise = rise_below(what, cycle); rise.rising()) {
    found.growth_bytes_per_s = rise.growth.per_second;
    found.evidence.push_back(rise_evidence(what, rise, "bytes that survived", command(what, "doctor")));
  }
  if (!cycle.function.empty())
    found.evidence.push_back({"note", fmt::format("{} is {}", name, cycle.function), why});
  return found;
}

}  // namespace

std::vector<Finding> finalizer_cycle(const Case& what) {
  const Heap& heap = what.heap();
  const SpecialTable& specials = heap.specials;
  std::map<TypeId, Cycle> types;
  std::size_t budget = 4'000'000;  // objects
  for (std::size_t row = 0; row < specials.rows(); ++row) {
    bool cleanup = specials.kind[row] == SpecialKind::kCleanup;
    ObjectId object = specials.object[row];
    if (!cleanup && specials.kind[row] != SpecialKind::kFinalizer) continue;
    if (!heap.objects.reached(object) || !only_finalizers(what, heap.node(object))) continue;
    // A cleanup's function and argument hold the object from outside, so reaching it is the way back.
    if (!cleanup && !leads_back(heap, object, budget)) continue;
    Cycle& cycle = types[type_of(heap, object)];
    cycle.objects.push_back(object);
    cycle.function = heap.text(specials.function[row]);
    cycle.cleanup = cleanup;
    if (NodeId top = what.top(heap.node(object)); cycle.tops.insert(top).second)
      cycle.bytes += what.retained(top);
  }
  std::vector<Finding> found;
  for (auto& [type, cycle] : types) {
    std::ranges::sort(cycle.objects);
    found.push_back(report(what, type, cycle));
  }
  std::ranges::sort(found, std::greater{}, &Finding::retained_bytes);
  return found;
}

}  // namespace memsnap
