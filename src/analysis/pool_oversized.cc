// Rule pool-oversized: a sync.Pool keeps a few buffers that are far larger than the others.
//
// The items of a pool serve the same purpose, so the middle one shows what that takes. What all items keep
// above four times the middle one is the waste, and it is only counted when the largest is at least eight
// times the middle one: a pool of equal buffers, large or small, says nothing about what they are used for.
//
// May accuse: a pool whose items differ by design. That is why it is likely at most.
#include "analysis/claim.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {

std::vector<Finding> pool_oversized(const Case& what) {
  constexpr std::uint64_t kUsual = 4, kFar = 8;
  const Heap& heap = what.heap();
  const PoolTable& pools = heap.pools;
  std::vector<Finding> found;
  for (std::size_t row = 0; row < pools.rows(); ++row) {
    std::uint64_t median = std::max<std::uint64_t>(pools.median[row], 512);
    std::uint64_t usual = pools.items[row] * median * kUsual;
    if (pools.largest[row] < median * kFar || pools.bytes[row] <= usual) continue;
    std::uint64_t waste = pools.bytes[row] - usual;
    auto severity = waste_severity(what, waste, Confidence::kLikely);
    if (!severity) continue;
    Finding finding =
        claim(what, "pool-oversized", owner_node(heap, pools.object[row], pools.root[row]), waste);
    finding.severity = *severity;
    finding.confidence = Confidence::kLikely;
    finding.holder.kind = HolderKind::kPool;
    finding.type = type_text(heap, pools.item_type[row]);
    finding.objects = pools.items[row];
    finding.title = fmt::format("{} keeps buffers of up to {} where {} is usual", place_words(finding.holder),
                                human_bytes(pools.largest[row]), human_bytes(pools.median[row]));
    finding.evidence.push_back({"pool",
                                fmt::format("{} with {}, the largest {}, the middle one {}",
                                            plural(pools.items[row], "item"), human_bytes(pools.bytes[row]),
                                            human_bytes(pools.largest[row]), human_bytes(pools.median[row])),
                                why_command(what, NodeId{finding.node}, finding.type)});
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace memsnap
