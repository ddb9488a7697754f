// Rule slice-pins-array: short slices are all that keeps a long array alive.
//
// The collector frees arrays whole. For each array take the hull of what its slices show, from the first
// byte shown to the last; bytes outside the hull are the waste, and so are objects that only pointers
// outside the hull lead to. The hull can only be too large, so the rule may miss waste but never invents
// it. That the rest is data nobody wants, and not room to grow, is seen by what is there: bytes before the
// first one shown, non-zero bytes behind the last, or a capacity that was cut.
//
// Arrays that a pointer other than a slice leads into, that a frame of a goroutine holds, or that lie in a
// sync.Pool are left alone: there the hull is not all that is used.
#include "analysis/array_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

namespace memsnap {

namespace {

std::string title_of(const std::string& place, const ArrayGroup& group) {
  if (group.arrays.size() == 1)
    return fmt::format("{} shows {} of an array of {} and keeps all of it", place, human_bytes(group.shown),
                       human_bytes(group.bytes));
  return fmt::format("{} arrays at {} are kept whole by slices that show {} of them",
                     human_count(group.arrays.size()), place,
                     human_share(double(group.shown) / double(group.bytes)));
}

}  // namespace

std::vector<Finding> slice_pins_array(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  auto groups = group_arrays(heap, [&](std::size_t row) {
    return (heap.arrays.flags[row] & kArrayOfString) == 0 && rest_of(heap, row) == Rest::kPin;
  });
  for (const ArrayGroup& group : groups) {
    auto severity = waste_severity(what, group.wasted(), Confidence::kCertain);
    if (!severity) break;  // the rest is smaller
    Finding finding = claim_arrays(what, "slice-pins-array", group);
    finding.severity = *severity;
    finding.confidence = Confidence::kCertain;
    finding.title = title_of(place_words(finding.holder), group);
    finding.evidence.push_back(
        {"slice",
         fmt::format("{} with {}, of which slices show {}", plural(group.arrays.size(), "array"),
                     human_bytes(group.bytes), human_bytes(group.shown)),
         command(what, "slices")});
    if (group.hidden > 0)
      finding.evidence.push_back({"slice",
                                  fmt::format("{} outside what is shown keep {} more",
                                              plural(group.pointers, "pointer"), human_bytes(group.hidden)),
                                  command(what, "slices")});
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace memsnap
