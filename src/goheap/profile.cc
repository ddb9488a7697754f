#include "goheap/profile.h"

#include "base/value_at.h"
#include "goheap/profile_stacks.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace memsnap {
namespace {

constexpr std::size_t kMostBuckets = 1 << 23;
constexpr std::uint64_t kMostFrames = 1024 + 1;  // runtime/mprof.go, maxProfStackDepth, and the sentinel

// Where the fields of a bucket lie. Its stack and then its record follow it directly.
struct Offsets {
  explicit Offsets(const Layout& layout) {
    constexpr std::string_view kBucket = "runtime.bucket", kCycle = "runtime.memRecordCycle";
    next = layout.at(kBucket, "allnext");
    size = layout.at(kBucket, "size");
    frames = layout.at(kBucket, "nstk");
    header = layout.size(kBucket);
    cycle = layout.size(kCycle);
    allocs = layout.at(kCycle, "allocs");
    frees = layout.at(kCycle, "frees");
    active = layout.at("runtime.memRecord", "active");
    future = layout.at("runtime.memRecord", "future");
    heap_record = layout.size("runtime.memRecord");
    block_record = layout.size("runtime.blockRecord");
    count = layout.at("runtime.blockRecord", "count");
    cycles = layout.at("runtime.blockRecord", "cycles");
  }
  std::uint64_t record(BucketKind kind) const {
    return kind == BucketKind::kHeap ? heap_record : block_record;
  }
  std::uint64_t next, size, frames, header, cycle, allocs, frees, active, future, heap_record, block_record,
      count, cycles;
};

std::uint64_t word_at(Bytes bytes, std::uint64_t offset) { return value_at<std::uint64_t>(bytes, offset); }

struct List {
  BucketKind kind;
  std::string_view variable;
};
constexpr List kLists[] = {
    {BucketKind::kHeap, "runtime.mbuckets"},
    {BucketKind::kBlock, "runtime.bbuckets"},
    {BucketKind::kMutex, "runtime.xbuckets"},
};

// Calls visit(address, header, stack and record) for each bucket of a list. `read` copies target memory and
// says whether all of it could be read.
template <class Read, class Visit>
Result<void> each_bucket(const Offsets& at, const List& list, std::uint64_t head, Read&& read,
                         Visit&& visit) {
  std::vector<std::byte> header(at.header), body;
  std::size_t seen = 0;
  for (std::uint64_t bucket = head; bucket != 0; bucket = word_at(header, at.next)) {
    if (++seen > kMostBuckets)
      return fail(Cause::bad_input, "the list {} has more than {} records", list.variable, kMostBuckets);
    if (!read(bucket, std::span(header)))
      return fail(Cause::bad_input, "a record of {} at {:#x} cannot be read", list.variable, bucket);
    std::uint64_t frames = word_at(header, at.frames);
    if (frames > kMostFrames)
      return fail(Cause::bad_input, "a record of {} at {:#x} has {} frames, expected at most {}",
                  list.variable, bucket, frames, kMostFrames);
    body.resize(frames * 8 + at.record(list.kind));
    if (!read(bucket + at.header, std::span(body)))
      return fail(Cause::bad_input, "a record of {} at {:#x} cannot be read", list.variable, bucket);
    visit(bucket, Bytes(header), Bytes(body));
  }
  return {};
}

// Heap records count in cycles: what is published, and three that are yet to be. As WriteHeapProfile does it,
// the one that is due is added, and all of them before the first collection (memProfileInternal).
struct HeapCounts {
  std::uint64_t allocs = 0, frees = 0, future_allocs[3] = {}, future_frees[3] = {};
};

HeapCounts heap_counts(const Offsets& at, Bytes record) {
  HeapCounts counts{.allocs = word_at(record, at.active + at.allocs),
                    .frees = word_at(record, at.active + at.frees)};
  for (std::uint64_t i = 0; i < 3; ++i) {
    counts.future_allocs[i] = word_at(record, at.future + i * at.cycle + at.allocs);
    counts.future_frees[i] = word_at(record, at.future + i * at.cycle + at.frees);
  }
  return counts;
}

class ProfileReader {
 public:
  ProfileReader(const RawHeap& heap, Heap& out, StringPool& strings)
      : heap_(heap),
        out_(out),
        strings_(strings),
        at_(heap.program().layout),
        stacks_(heap, out.frames, strings) {}

  Result<void> read(std::span<const SpecialRecord> specials) {
    for (const List& list : kLists) TRY_VOID(read_list(list));
    publish_heap_counts();
    read_samples(specials);
    add_counters();
    return {};
  }

 private:
  std::uint64_t variable(std::string_view name) const {
    auto at = heap_.program().symbol_if(name);
    return at ? heap_.word(*at + heap_.bias()) : 0;
  }
  auto reader() const {
    return [this](std::uint64_t addr, std::span<std::byte> out) {
      return heap_.cache().get(addr, out.data(), out.size());
    };
  }
  Result<void> read_list(const List& list);
  void publish_heap_counts();
  void read_samples(std::span<const SpecialRecord> specials);
  void add_counters();
  void count(std::string_view name, std::int64_t value) {
    out_.counters.name.push_back(strings_.add(name));
    out_.counters.value.push_back(value);
  }
  std::int64_t ticks_per_second() const;

  const RawHeap& heap_;
  Heap& out_;
  StringPool& strings_;
  Offsets at_;
  ProfileStacks stacks_;
  std::unordered_map<std::uint64_t, std::uint32_t> row_of_;  // of heap records, by address
  std::vector<HeapCounts> counts_;                           // of heap records, by row
};

Result<void> ProfileReader::read_list(const List& list) {
  return each_bucket(
      at_, list, variable(list.variable), reader(), [&](std::uint64_t addr, Bytes header, Bytes body) {
        std::uint64_t frames = word_at(header, at_.frames);
        std::vector<std::uint64_t> pcs(frames);
        if (frames != 0) std::memcpy(pcs.data(), body.data(), frames * 8);
        Bytes record = body.subspan(frames * 8);
        BucketTable& buckets = out_.buckets;
        std::uint32_t row = std::uint32_t(buckets.rows());
        auto [first, count] = stacks_.add(pcs);
        buckets.kind.push_back(list.kind);
        buckets.first_frame.push_back(first);
        buckets.frames.push_back(count);
        buckets.size.push_back(word_at(header, at_.size));
        buckets.frees.push_back(0);
        buckets.live.push_back(0);
        if (list.kind == BucketKind::kHeap) {
          row_of_.emplace(addr, row);
          counts_.push_back(heap_counts(at_, record));
          buckets.allocs.push_back(0);
          buckets.cycles.push_back(0);
          return;
        }
        double events = std::bit_cast<double>(word_at(record, at_.count));
        buckets.allocs.push_back(events > 0 && events < 1e18 ? std::uint64_t(std::llround(events)) : 0);
        buckets.cycles.push_back(double(std::int64_t(word_at(record, at_.cycles))));
      });
}

void ProfileReader::publish_heap_counts() {
  bool none = std::ranges::all_of(counts_, [](const HeapCounts& c) { return c.allocs == 0 && c.frees == 0; });
  auto holder = heap_.program().symbol_if("runtime.mProfCycle");
  // Bit 0 says whether the cycle was flushed already; then its counts are zero.
  std::uint64_t due = holder ? std::uint32_t(heap_.word(*holder + heap_.bias())) / 2 % 3 : 0;
  bool before_first = none && std::ranges::all_of(counts_, [&](const HeapCounts& c) {
                        return c.future_allocs[due] == 0 && c.future_frees[due] == 0;
                      });
  auto allocs = out_.buckets.allocs.mine();
  auto frees = out_.buckets.frees.mine();
  for (std::size_t row = 0; row < counts_.size(); ++row) {
    const HeapCounts& c = counts_[row];
    allocs[row] = c.allocs;
    frees[row] = c.frees;
    for (std::uint64_t i = 0; i < 3; ++i) {
      if (i != due && !before_first) continue;
      allocs[row] += c.future_allocs[i];
      frees[row] += c.future_frees[i];
    }
  }
}

void ProfileReader::read_samples(std::span<const SpecialRecord> specials) {
  const Layout& layout = heap_.program().layout;
  std::uint64_t bucket = layout.at("runtime.specialprofile", "b");
  struct Sample {
    ObjectId object;
    std::uint32_t bucket;
  };
  std::vector<Sample> samples;
  for (const SpecialRecord& special : specials) {
    if (special.kind != layout.special_kinds().profile) continue;
    Place object = heap_.find(special.object);
    auto row = row_of_.find(heap_.word(special.at + bucket));
    if (object.id != kNoObject && row != row_of_.end()) samples.push_back({object.id, row->second});
  }
  std::ranges::sort(samples, {}, [](const Sample& s) { return std::pair(s.object, s.bucket); });
  auto live = out_.buckets.live.mine();
  for (const Sample& sample : samples) {
    ++live[sample.bucket];
    out_.samples.object.push_back(sample.object);
    out_.samples.bucket.push_back(sample.bucket);
  }
}

std::int64_t ProfileReader::ticks_per_second() const {
  const Layout& layout = heap_.program().layout;
  auto ticks = heap_.program().symbol_if("runtime.ticks");
  if (!ticks || !layout.has("runtime.ticksType", "val")) return 0;
  return std::int64_t(heap_.word(*ticks + heap_.bias() + layout.at("runtime.ticksType", "val")));
}

void ProfileReader::add_counters() {
  bool removed = heap_.program().symbol_if("runtime.disableMemoryProfiling") &&
                 (variable("runtime.disableMemoryProfiling") & 0xff) != 0;
  std::int64_t rate = removed ? 0 : std::int64_t(variable("runtime.MemProfileRate"));
  count("profile.rate", rate);
  count("memstats.mem_profile_rate", rate);
  count("profile.buckets", std::int64_t(counts_.size()));
  count("profile.ticks_per_second", ticks_per_second());
}

}  // namespace

Result<void> copy_profile(const Program& program, std::uint64_t bias, FrozenMemory& memory,
                          std::span<const SpecialRecord> specials) {
  const Layout& layout = program.layout;
  Offsets at(layout);
  auto read = [&](std::uint64_t addr, std::span<std::byte> out) { return memory.fetch(addr, out); };
  for (const List& list : kLists) {
    auto variable = program.symbol_if(list.variable);
    if (!variable) continue;
    std::uint64_t head = memory.fetch<std::uint64_t>(*variable + bias);
    TRY_VOID(each_bucket(at, list, head, read, [](std::uint64_t, Bytes, Bytes) {}));
  }
  std::uint64_t bucket = layout.at("runtime.specialprofile", "b");
  for (const SpecialRecord& special : specials)
    if (special.kind == layout.special_kinds().profile) memory.fetch<std::uint64_t>(special.at + bucket);
  return {};
}

Result<void> read_profile(const RawHeap& heap, std::span<const SpecialRecord> specials, Heap& out,
                          StringPool& strings) {
  return ProfileReader(heap, out, strings).read(specials);
}

}  // namespace memsnap
