#include "goheap/size_classes.h"

#include <map>
#include <utility>

namespace memsnap {

namespace {

constexpr std::uint64_t kSparse = 8;  // one slot of so many in use, or fewer

struct Class {
  std::uint64_t spans = 0, slots = 0, used = 0, span_bytes = 0, sparse_spans = 0, sparse_bytes = 0;
  std::uint64_t used_bytes = 0;
};

}  // namespace

void write_classes(const RawHeap& heap, ClassTable& classes) {
  std::map<std::pair<std::uint64_t, bool>, Class> by_size;  // slot size, 0 for large objects; scannable
  const std::vector<Span>& spans = heap.spans();
  for (std::size_t row = 0; row < spans.size(); ++row) {
    const Span& span = spans[row];
    std::uint64_t next = row + 1 < spans.size() ? spans[row + 1].first_object : heap.objects();
    std::uint64_t used = next - span.first_object;
    Class& sum = by_size[{span.size_class == 0 ? 0 : span.elem_size, !span.noscan}];
    ++sum.spans;
    sum.slots += span.nelems;
    sum.used += used;
    sum.span_bytes += span.bytes();
    sum.used_bytes += used * span.elem_size;
    if (span.size_class == 0 || used * kSparse > span.nelems) continue;
    ++sum.sparse_spans;
    sum.sparse_bytes += span.bytes();
  }
  for (const auto& [key, sum] : by_size) {
    classes.elem_size.push_back(std::uint32_t(key.first));
    classes.scannable.push_back(key.second);
    classes.spans.push_back(sum.spans);
    classes.slots.push_back(sum.slots);
    classes.used.push_back(sum.used);
    classes.span_bytes.push_back(sum.span_bytes);
    classes.used_bytes.push_back(sum.used_bytes);
    classes.sparse_spans.push_back(sum.sparse_spans);
    classes.sparse_bytes.push_back(sum.sparse_bytes);
  }
}

}  // namespace memsnap
