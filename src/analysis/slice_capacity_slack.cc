// Rule slice-capacity-slack: the capacity of slices is far above what is in them, and was never used.
//
// Only arrays that hold nothing behind the length count, by at least half of their bytes: append leaves at
// most that behind a slice that has just grown, and less behind a large one. One large array that somebody
// made on purpose looks like this too, so a finding needs many of the same kind in the same place; a single
// one is a hint. Arrays that a frame holds or that lie in a pool are buffers at work and left alone.
#include "analysis/array_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

namespace memsnap {

std::vector<Finding> slice_capacity_slack(const Case& what) {
  constexpr std::size_t kMany = 32;  // arrays; fewer may each be meant
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  auto groups = group_arrays(heap, [&](std::size_t row) {
    if ((heap.arrays.flags[row] & kArrayOfString) != 0 || rest_of(heap, row) != Rest::kRoom) return false;
    return array_bytes(heap, row) * 3 >= shown_bytes(heap, row) * 8;  // above what append leaves
  });
  for (const ArrayGroup& group : groups) {
    bool many = group.arrays.size() >= kMany;
    Confidence confidence = many ? Confidence::kCertain : Confidence::kHint;
    auto severity = waste_severity(what, group.wasted(), confidence);
    if (!severity) break;  // the rest is smaller
    if (in_use(what, group) && !many) continue;
    Finding finding = claim_arrays(what, "slice-capacity-slack", group);
    finding.severity = *severity;
    finding.confidence = confidence;
    finding.title = many ? fmt::format("{} slices at {} use {} of their capacity",
                                       human_count(group.arrays.size()), place_words(finding.holder),
                                       human_share(double(group.shown) / double(group.bytes)))
                         : fmt::format("{} has room for {} and uses {}", place_words(finding.holder),
                                       human_bytes(group.bytes), human_bytes(group.shown));
    finding.evidence.push_back(
        {"slice",
         fmt::format("{} with {}, {} in use, the rest never written", plural(group.arrays.size(), "array"),
                     human_bytes(group.bytes), human_bytes(group.shown)),
         command(what, "slices")});
    if (!many)
      finding.evidence.push_back(
          {"note", "a single large array may be meant: room made once, on purpose", ""});
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace memsnap
