// Rule duplicate-strings: equal strings, each in memory of its own.
//
// While the memory is read, strings are hashed with a salt of this run; equal hashes of equal length are
// equal strings. The waste is every copy but one, in bytes that the allocator gave. What the copies are is
// not kept; the report shows their length and the classes of their characters.
//
// May accuse: copies that are about to go. So it is likely at most, and sets that goroutines hold alone are
// left out.
#include "analysis/claim.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace memsnap {

namespace {

struct Set {
  std::vector<std::size_t> rows;  // of DuplicateTable, largest waste first
  std::uint64_t copies = 0, waste = 0;
};

Finding report(const Case& what, NodeId top, const Set& set, Severity severity) {
  constexpr std::size_t kShown = 3;
  const Heap& heap = what.heap();
  const DuplicateTable& table = heap.duplicates;
  Finding found = claim(what, "duplicate-strings", heap.node(table.sample[set.rows.front()]), set.waste);
  found.severity = severity;
  found.confidence = Confidence::kLikely;
  found.type = "string";
  found.objects = set.copies;
  found.title = fmt::format("{} strings at {} are copies of {}", human_count(set.copies),
                            place_words(found.holder), plural(set.rows.size(), "string"));
  // The finding is about all copies, so it stands for what holds most of them.
  if (top != heap.virtual_root()) found.node = std::uint32_t(what.accumulation(top));
  for (std::size_t i = 0; i < std::min(kShown, set.rows.size()); ++i) {
    std::size_t row = set.rows[i];
    found.evidence.push_back({"string",
                              fmt::format("{} copies of one string of {} bytes ({}): {} more than one takes",
                                          human_count(table.count[row]), table.length[row],
                                          heap.text(table.mask[row]), human_bytes(table.waste[row])),
                              command(what, "slices")});
  }
  return found;
}

}  // namespace

std::vector<Finding> duplicate_strings(const Case& what) {
  const Heap& heap = what.heap();
  std::map<NodeId, Set> sets;  // by the holder at the top of the sample
  for (std::size_t row = 0; row < heap.duplicates.rows(); ++row) {
    ObjectId sample = heap.duplicates.sample[row];
    if (sample == kNoObject || !heap.objects.reached(sample)) continue;
    NodeId top = what.top(heap.node(sample));
    bool passing = top != kNoNode && heap.is_root(top) &&
                   heap.roots.kind[std::size_t(heap.root_of(top))] == RootKind::kGoroutine;
    if (passing) continue;
    // Strings that several roots share have themselves at the top; they are one set.
    if (top != kNoNode && !heap.is_root(top) && top == heap.node(sample)) top = heap.virtual_root();
    Set& set = sets[top];
    set.rows.push_back(row);
    set.copies += heap.duplicates.count[row];
    set.waste += heap.duplicates.waste[row];
  }
  std::vector<Finding> found;
  for (auto& [top, set] : sets) {
    std::ranges::sort(set.rows, std::greater{}, [&](std::size_t row) { return heap.duplicates.waste[row]; });
    if (auto severity = waste_severity(what, set.waste, Confidence::kLikely))
      found.push_back(report(what, top, set, *severity));
  }
  std::ranges::sort(found, std::greater{}, &Finding::retained_bytes);
  return found;
}

}  // namespace memsnap
