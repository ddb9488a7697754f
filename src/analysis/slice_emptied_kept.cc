// Rule slice-emptied-kept: a slice was emptied and its array still holds what was in it.
//
// The collector looks at whole arrays. After s = s[:0] the length is 0 and the elements are still there;
// after s = s[1:] the elements before the first one are. What only they lead to is counted exactly: objects
// that the array dominates and that no shown element points to.
//
// May accuse: a buffer that is emptied and filled again in turns, caught while it is empty. When several
// captures show its length changing it is in use, and nothing is said; one capture gives a hint only.
#include "analysis/array_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {

namespace {

std::string title_of(const Heap& heap, const std::string& place, const ArrayGroup& group) {
  bool popped = rest_of(heap, group.largest) == Rest::kPopped;
  const char* how = popped ? "popped from the front" : "emptied";
  if (group.hidden > group.bytes / 8)
    return fmt::format("{} was {} and keeps {} through {} nobody can see", place, how,
                       human_bytes(group.wasted()), plural(group.pointers, "pointer"));
  return fmt::format("{} was {} and keeps an array of {}", place, how, human_bytes(group.bytes));
}

}  // namespace

std::vector<Finding> slice_emptied_kept(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  auto groups = group_arrays(heap, [&](std::size_t row) {
    if ((heap.arrays.flags[row] & kArrayOfString) != 0) return false;
    Rest rest = rest_of(heap, row);
    return rest == Rest::kEmptied || rest == Rest::kPopped;
  });
  bool one_look = what.series().captures() < 2;
  for (const ArrayGroup& group : groups) {
    Confidence confidence = one_look ? Confidence::kHint : Confidence::kCertain;
    auto severity = waste_severity(what, group.wasted(), confidence);
    if (!severity) break;  // the rest is smaller
    if (in_use(what, group)) continue;
    Finding finding = claim_arrays(what, "slice-emptied-kept", group);
    // What the elements lead to was allocated elsewhere than the array, and is more.
    if (group.hidden > group.bytes)
      if (auto sites = what.sites(NodeId(finding.node)); !sites.empty()) finding.sites = std::move(sites);
    finding.severity = *severity;
    finding.confidence = confidence;
    finding.title = title_of(heap, place_words(finding.holder), group);
    finding.evidence.push_back(
        {"slice",
         fmt::format("{} with {}, slices show {}; {} outside keep {}", plural(group.arrays.size(), "array"),
                     human_bytes(group.bytes), human_bytes(group.shown), plural(group.pointers, "pointer"),
                     human_bytes(group.hidden)),
         command(what, "slices")});
    if (one_look)
      finding.evidence.push_back(
          {"note", "one capture cannot tell whether it is filled again", command(what, "doctor")});
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace memsnap
