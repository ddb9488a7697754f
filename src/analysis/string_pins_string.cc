// Rule string-pins-string: substrings are all that keeps long strings alive.
//
// The same argument as for slices: the bytes of a string are freed as a whole, and the hull of all strings
// that point into them is all that can be read. Strings cannot grow, so bytes outside the hull are waste
// whatever they hold; what the size class adds to a string is far less than the half that is asked for.
#include "analysis/array_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

namespace memsnap {

std::vector<Finding> string_pins_string(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  auto groups = group_arrays(heap, [&](std::size_t row) {
    if ((heap.arrays.flags[row] & kArrayOfString) == 0) return false;
    return shown_bytes(heap, row) > 0 && rest_of(heap, row) != Rest::kNone;
  });
  for (const ArrayGroup& group : groups) {
    auto severity = waste_severity(what, group.wasted(), Confidence::kCertain);
    if (!severity) break;  // the rest is smaller
    Finding finding = claim_arrays(what, "string-pins-string", group);
    finding.severity = *severity;
    finding.confidence = Confidence::kCertain;
    finding.title =
        fmt::format("{} at {} keep {} for {} that can be read", plural(group.arrays.size(), "substring"),
                    place_words(finding.holder), human_bytes(group.bytes), human_bytes(group.shown));
    finding.evidence.push_back(
        {"string",
         fmt::format("{} with {}, of which strings show {}", plural(group.arrays.size(), "array"),
                     human_bytes(group.bytes), human_bytes(group.shown)),
         command(what, "slices")});
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace memsnap
