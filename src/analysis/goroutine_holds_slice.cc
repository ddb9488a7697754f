// Rule goroutine-holds-slice: waiting goroutines keep large arrays.
//
// Groups of goroutines that wait at one place are looked at, when they are no leak: those that leak are
// reported with all they hold by goroutine-leak. For each goroutine follow what it alone holds down to where
// the bytes pile up; when that is one array (or string) of 64 KiB or more, the goroutine waits with the array
// in its hands. Stack maps say that the variable is still needed when it runs on, not that all of it is.
//
// May accuse: workers that each keep a large buffer on purpose. So it is likely at most, and needs arrays
// that together are worth it.
#include "analysis/goroutine_groups.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint64_t kLarge = 64 * kKiB;

// The array that most of what this goroutine holds is in; kNoObject when there is none.
ObjectId array_of(const Case& what, std::uint32_t goroutine) {
  const Heap& heap = what.heap();
  RootId root = heap.goroutines.root[goroutine];
  if (root == kNoRoot || heap.roots.retained[std::size_t(root)] < kLarge) return kNoObject;
  NodeId point = what.accumulation(heap.node(root));
  if (point == kNoNode || !heap.is_object(point)) return kNoObject;
  ObjectId object = heap.object_of(point);
  Role role = role_of(heap, object);
  bool array = role == Role::kSliceArray || role == Role::kStringBytes;
  return array && heap.objects.bytes(object) >= kLarge ? object : kNoObject;
}

struct Held {
  std::vector<ObjectId> arrays;
  ObjectId largest = kNoObject;
  std::uint64_t bytes = 0;
};

Held held_by(const Case& what, const GoroutineGroup& group) {
  const Heap& heap = what.heap();
  Held held;
  for (std::uint32_t goroutine : group.goroutines) {
    ObjectId array = array_of(what, goroutine);
    if (array == kNoObject) continue;
    held.arrays.push_back(array);
    held.bytes += what.retained(heap.node(array));
    if (held.largest == kNoObject || heap.objects.bytes(array) > heap.objects.bytes(held.largest))
      held.largest = array;
  }
  std::ranges::sort(held.arrays);
  return held;
}

Finding report(const Case& what, const GoroutineGroup& group, const Held& held, Severity severity) {
  const Heap& heap = what.heap();
  Finding found = claim(what, "goroutine-holds-slice", heap.node(held.largest), held.bytes);
  found.severity = severity;
  found.confidence = Confidence::kLikely;
  found.objects = held.arrays.size();
  found.holder.kind = HolderKind::kGoroutine;
  if (auto sites = sites_of(what, held.arrays); !sites.empty()) found.sites = std::move(sites);
  std::string place(group.place == kNoRow ? group.entry : heap.text(heap.frames.function[group.place]));
  found.title = fmt::format("{} in {} ({}) keep {} in arrays", plural(group.goroutines.size(), "goroutine"),
                            place, group.reason, human_bytes(held.bytes));
  found.evidence.push_back(
      {"goroutine",
       fmt::format("{} started with {} by {}:{}; {} of them each hold one array of up to {}",
                   plural(group.goroutines.size(), "goroutine"), group.entry, group.creator,
                   group.creator_line, human_count(held.arrays.size()),
                   human_bytes(heap.objects.bytes(held.largest))),
       command(what, "goroutines")});
  if (group.longest_ns > 0)
    found.evidence.push_back({"goroutine", "the longest has waited " + human_duration(group.longest_ns),
                              command(what, "goroutines")});
  return found;
}

}  // namespace

std::vector<Finding> goroutine_holds_slice(const Case& what) {
  std::vector<Finding> found;
  for (const GoroutineGroup& group : goroutine_groups(what.heap())) {
    auto leak = leak_verdict(what, group);
    if (!group.waiting || (leak && leak->severity >= Severity::kMedium) || group.retained < kLarge) continue;
    Held held = held_by(what, group);
    if (held.largest == kNoObject) continue;
    if (auto severity = waste_severity(what, held.bytes, Confidence::kLikely))
      found.push_back(report(what, group, held, *severity));
  }
  return found;
}

}  // namespace memsnap
