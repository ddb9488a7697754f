// Rule heap-fragmented: spans that a few objects keep, and memory that is free and not yet returned.
//
// A span goes back when its last object does. Free slots of spans that are at most an eighth full are the
// waste: with the survivors side by side, at least seven eighths of those spans would be free. Other gaps are
// filled by the next objects of the same size and are no loss. Spans that are free as a whole are another
// matter: the runtime returns them in the background, so they are an answer ("not a leak") and no finding
// that asks for work.
//
// May accuse: a heap in the middle of a collection, or right after one; new objects fill the gaps. So it is
// likely at most, and needs a quarter of the heap to be medium.
#include "analysis/claim.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace memsnap {

namespace {

struct Sparse {
  std::uint64_t spans = 0, bytes = 0, all = 0;
  std::size_t worst = 0;  // row of ClassTable
};

Sparse sparse_of(const Heap& heap) {
  Sparse sparse;
  for (std::size_t row = 0; row < heap.classes.rows(); ++row) {
    sparse.all += heap.classes.span_bytes[row];
    if (heap.classes.elem_size[row] == 0) continue;  // a large object fills its span
    sparse.spans += heap.classes.sparse_spans[row];
    sparse.bytes += heap.classes.sparse_bytes[row];
    if (heap.classes.sparse_bytes[row] > heap.classes.sparse_bytes[sparse.worst]) sparse.worst = row;
  }
  return sparse;
}

std::optional<Finding> fragmented(const Case& what) {
  const Heap& heap = what.heap();
  Sparse sparse = sparse_of(heap);
  std::uint64_t waste = sparse.bytes / 8 * 7;
  if (waste < kMiB || waste < sparse.all / 20) return std::nullopt;
  bool quarter = waste >= sparse.all / 4 && waste >= 4 * kMiB;
  Finding found = claim(what, "heap-fragmented", kNoNode, waste);
  found.share = double(waste) / double(sparse.all);
  found.severity = quarter ? Severity::kMedium : Severity::kLow;
  found.confidence = Confidence::kLikely;
  found.objects = sparse.spans;
  found.type = "sparse spans";
  found.title = fmt::format("{} of spans are at most an eighth full", human_bytes(sparse.bytes));
  found.evidence.push_back(
      {"memory",
       fmt::format("{} of {} with at most an eighth of their slots in use, of {} in all spans",
                   plural(sparse.spans, "span"), human_bytes(sparse.bytes), human_bytes(sparse.all)),
       command(what, "rss")});
  found.evidence.push_back(
      {"memory",
       fmt::format("worst: slots of {} bytes, {} of {} in use, {} in sparse spans",
                   heap.classes.elem_size[sparse.worst], human_count(heap.classes.used[sparse.worst]),
                   human_count(heap.classes.slots[sparse.worst]),
                   human_bytes(heap.classes.sparse_bytes[sparse.worst])),
       command(what, "rss")});
  return found;
}

std::optional<Finding> not_a_leak(const Case& what) {
  const Heap& heap = what.heap();
  std::uint64_t idle = 0, rss = 0;
  for (std::size_t row = 0; row < heap.memory.rows(); ++row) {
    rss += heap.memory.resident[row];
    if (heap.text(heap.memory.cause[row]) == "idle-spans") idle += heap.memory.resident[row];
  }
  if (idle < 16 * kMiB || idle < rss / 4) return std::nullopt;
  Finding found = claim(what, "heap-fragmented", kNoNode, idle);
  found.share = double(idle) / double(rss);
  found.severity = Severity::kInfo;
  found.confidence = Confidence::kCertain;
  found.type = "idle spans";
  found.title = fmt::format("not a leak: {} are free and not yet returned to the kernel", human_bytes(idle));
  found.evidence.push_back(
      {"memory",
       fmt::format("{} of {} resident are spans without objects", human_bytes(idle), human_bytes(rss)),
       command(what, "rss")});
  std::int64_t limit = heap.counter("gc.memory_limit");
  bool limited = limit > 0 && limit != std::numeric_limits<std::int64_t>::max();
  found.fix = {
      fmt::format("nothing has to be done; debug.FreeOSMemory returns them at once, {}",
                  limited ? fmt::format("and near the memory limit of {} the runtime does it by itself",
                                        human_bytes(std::uint64_t(limit)))
                          : "GOMEMLIMIT makes the runtime do it under pressure"),
      "heap-fragmented"};
  return found;
}

}  // namespace

std::vector<Finding> heap_fragmented(const Case& what) {
  std::vector<Finding> found;
  if (auto finding = fragmented(what)) found.push_back(std::move(*finding));
  if (auto finding = not_a_leak(what)) found.push_back(std::move(*finding));
  return found;
}

}  // namespace memsnap
