#include "goheap/edges.h"

#include "base/parallel.h"

#include <algorithm>
#include <limits>

namespace memsnap {
namespace {

constexpr std::uint32_t kSpansPerPart = 512;

// The edges out of some consecutive spans, until it is known where they go in the table.
struct Part {
  std::vector<ObjectId> target;
  std::vector<std::uint32_t> at;
  EdgeCounts counts;
};

class PartBuilder {
 public:
  PartBuilder(const RawHeap& heap, const std::vector<HiddenWord>& hidden, std::span<std::uint32_t> degree,
              Part& part)
      : heap_(heap), hidden_(hidden), degree_(degree), part_(part) {}

  void add_span(std::uint32_t row) {
    const Span& span = heap_.spans()[row];
    if (span.noscan) return;
    heap_.each_object(row, [&](const Place& object) { add_object(object, span); });
  }

 private:
  void add_object(const Place& object, const Span& span) {
    std::size_t before = part_.target.size();
    bool seen = false;
    heap_.each_pointer(object, [&](std::uint32_t word, std::uint64_t value) {
      seen = true;
      if (value == 0) return;
      Place target = heap_.find(value);
      if (target.id != kNoObject) {
        part_.target.push_back(target.id);
        part_.at.push_back(word);
      } else if (const Span* there = heap_.span_at(value);
                 there && value < there->limit && object_at(*there, value)) {
        if (part_.counts.free_slots++ == 0) part_.counts.first_free_holder = object.start;
      }
    });
    if (!seen && span.elem_size > 512) check_header(object, span);
    if (!hidden_.empty()) hide(object.id, before);
    degree_[std::size_t(object.id)] = std::uint32_t(part_.target.size() - before);
  }

  // The space behind the last slot of a span belongs to no object.
  static bool object_at(const Span& span, std::uint64_t value) {
    return value - span.start < span.nelems * span.elem_size;
  }

  // A large object that is still being zeroed has no type yet; an object with a malloc header always has one.
  void check_header(const Place& object, const Span& span) {
    auto header = heap_.header_type(object);
    bool fine = header.rtype ? heap_.knows_type(header.rtype) : span.size_class == 0;
    if (!fine && part_.counts.bad_headers++ == 0) part_.counts.first_bad_header = object.start;
  }

  void hide(ObjectId id, std::size_t before) {
    auto first = std::ranges::lower_bound(hidden_, id, {}, &HiddenWord::object);
    for (; first != hidden_.end() && first->object == id; ++first)
      for (std::size_t i = before; i < part_.at.size(); ++i)
        if (part_.at[i] == first->word) {
          part_.at.erase(part_.at.begin() + std::ptrdiff_t(i));
          part_.target.erase(part_.target.begin() + std::ptrdiff_t(i));
          break;
        }
  }

  const RawHeap& heap_;
  const std::vector<HiddenWord>& hidden_;
  std::span<std::uint32_t> degree_;
  Part& part_;
};

}  // namespace

Result<EdgeCounts> build_edges(const RawHeap& heap, const std::vector<HiddenWord>& hidden, int threads,
                               EdgeTable& edges) {
  std::size_t spans = heap.spans().size(), parts = (spans + kSpansPerPart - 1) / kSpansPerPart;
  std::vector<Part> made(parts);
  edges.first.resize(heap.objects() + 1);
  std::span<std::uint32_t> first = edges.first.mine();
  // Each object writes its own element, behind which the sums are made afterwards.
  parallel_for(threads, parts, [&](std::size_t i) {
    PartBuilder builder(heap, hidden, first.subspan(1), made[i]);
    std::uint32_t end = std::uint32_t(std::min<std::size_t>(spans, (i + 1) * kSpansPerPart));
    for (std::uint32_t row = std::uint32_t(i * kSpansPerPart); row < end; ++row) builder.add_span(row);
  });
  EdgeCounts counts;
  for (const Part& part : made) {
    counts.edges += part.target.size();
    counts.free_slots += part.counts.free_slots;
    counts.bad_headers += part.counts.bad_headers;
    if (!counts.first_free_holder) counts.first_free_holder = part.counts.first_free_holder;
    if (!counts.first_bad_header) counts.first_bad_header = part.counts.first_bad_header;
  }
  if (counts.edges > std::numeric_limits<std::uint32_t>::max() - 1)
    return fail(Cause::refused, "the heap has {} pointers, more than memsnap counts", counts.edges);
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  edges.target.resize(std::size_t(counts.edges));
  edges.at.resize(std::size_t(counts.edges));
  std::span<ObjectId> target = edges.target.mine();
  std::span<std::uint32_t> at = edges.at.mine();
  std::vector<std::size_t> begin(parts);
  for (std::size_t i = 1; i < parts; ++i) begin[i] = begin[i - 1] + made[i - 1].target.size();
  parallel_for(threads, parts, [&](std::size_t i) {
    std::ranges::copy(made[i].target, target.begin() + std::ptrdiff_t(begin[i]));
    std::ranges::copy(made[i].at, at.begin() + std::ptrdiff_t(begin[i]));
    made[i] = {};
  });
  return counts;
}

}  // namespace memsnap
