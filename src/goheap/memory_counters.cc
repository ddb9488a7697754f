#include "goheap/memory_counters.h"

#include <algorithm>
#include <functional>
#include <span>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint64_t kMostProcessors = 1 << 16;  // of GOMAXPROCS
constexpr std::uint64_t kMostClasses = 1024;        // of sizes

using Fetch = std::function<bool(std::uint64_t, std::span<std::byte>)>;

class CounterReader {
 public:
  CounterReader(const Program& program, std::uint64_t bias, Fetch fetch)
      : program_(program), layout_(program.layout), bias_(bias), fetch_(std::move(fetch)) {}

  void copy_caches() const;
  RuntimeCounters read();

 private:
  struct Allocated {
    std::uint64_t total = 0, freed = 0, mallocs = 0, frees = 0, tiny = 0;
  };
  std::uint64_t variable(std::string_view name) const {
    auto at = program_.symbol_if(name);
    return at ? *at + bias_ : 0;
  }
  template <class T>
  T load(std::uint64_t at) const {
    T value{};
    if (at == 0 || !fetch_(at, std::as_writable_bytes(std::span(&value, 1)))) return T{};
    return value;
  }
  std::uint64_t word(std::uint64_t at) const { return load<std::uint64_t>(at); }
  // A field of a variable that is a struct; 0 when the release has none of that name.
  std::uint64_t field(std::string_view name, std::string_view type, std::string_view member) const {
    std::uint64_t at = variable(name);
    return at && layout_.has(type, member) ? at + layout_.at(type, member) : 0;
  }
  std::uint64_t stat(std::string_view member) const {
    return word(field("runtime.memstats", "runtime.mstats", member));
  }
  std::uint64_t pacer(std::string_view member) const {
    return word(field("runtime.gcController", "runtime.gcControllerState", member));
  }
  std::uint64_t heap(std::string_view member) const {
    return word(field("runtime.mheap_", "runtime.mheap", member));
  }

  // memstats.heapStats.unsafeRead: the sum of three generations.
  std::uint64_t delta(std::string_view member, std::uint64_t index = 0) const;
  std::vector<std::uint16_t> class_sizes() const;
  std::vector<std::uint64_t> caches() const;
  Allocated allocated() const;
  std::uint64_t heap_goal() const;
  std::uint64_t memory_limit_goal() const;
  void put(std::string_view name, std::uint64_t value) { out_.all.emplace_back(name, std::int64_t(value)); }
  void put_allocation();
  void put_memory();
  void put_collector();

  const Program& program_;
  const Layout& layout_;
  std::uint64_t bias_;
  Fetch fetch_;
  RuntimeCounters out_;
};

// Addresses of the mcaches of all processors.
std::vector<std::uint64_t> CounterReader::caches() const {
  std::uint64_t list = variable("runtime.allp"), count = list ? word(list + 8) : 0;
  std::vector<std::uint64_t> found;
  for (std::uint64_t i = 0; i < std::min(count, kMostProcessors); ++i) {
    std::uint64_t p = word(word(list) + i * 8), cache = p ? word(p + layout_.at("runtime.p", "mcache")) : 0;
    if (cache) found.push_back(cache);
  }
  return found;
}

void CounterReader::copy_caches() const {
  std::vector<std::byte> bytes(layout_.size("runtime.mcache"));
  for (std::uint64_t cache : caches()) fetch_(cache, bytes);
}

std::uint64_t CounterReader::delta(std::string_view member, std::uint64_t index) const {
  constexpr std::string_view kDelta = "runtime.heapStatsDelta";
  std::uint64_t stats = field("runtime.memstats", "runtime.mstats", "heapStats"), sum = 0;
  if (!stats || !layout_.has(kDelta, member)) return 0;
  for (std::uint64_t generation = 0; generation < 3; ++generation)
    sum += word(stats + generation * layout_.size(kDelta) + layout_.at(kDelta, member) + index * 8);
  return sum;
}

std::vector<std::uint16_t> CounterReader::class_sizes() const {
  constexpr std::string_view kDelta = "runtime.heapStatsDelta";
  std::uint64_t at = variable("internal/runtime/gc.SizeClassToSize");
  if (!at) at = variable("runtime.class_to_size");  // until go1.25
  if (!at || !layout_.has(kDelta, "smallAllocCount") || !layout_.has(kDelta, "largeFree")) return {};
  std::uint64_t count = (layout_.at(kDelta, "largeFree") - layout_.at(kDelta, "smallAllocCount")) / 8;
  std::vector<std::uint16_t> sizes(std::min(count, kMostClasses));
  if (!fetch_(at, std::as_writable_bytes(std::span(sizes)))) return {};
  return sizes;
}

// The counts of small objects lag behind by what each mcache took from its spans; ReadMemStats flushes them
// first (runtime/mcache.go, releaseAll), and so do we, on paper.
CounterReader::Allocated CounterReader::allocated() const {
  Allocated sum{.total = delta("largeAlloc"),
                .freed = delta("largeFree"),
                .mallocs = delta("largeAllocCount"),
                .frees = delta("largeFreeCount"),
                .tiny = delta("tinyAllocCount")};
  std::vector<std::uint16_t> sizes = class_sizes();
  for (std::uint64_t i = 0; i < sizes.size(); ++i) {
    std::uint64_t allocs = delta("smallAllocCount", i), frees = delta("smallFreeCount", i);
    sum.total += allocs * sizes[i];
    sum.mallocs += allocs;
    sum.freed += frees * sizes[i];
    sum.frees += frees;
  }
  if (!layout_.has("runtime.mcache", "alloc") || !layout_.has("runtime.mspan", "allocCountBeforeCache"))
    return sum;
  auto in_span = [&](std::string_view member) { return layout_.at("runtime.mspan", member); };
  for (std::uint64_t cache : caches()) {
    for (std::uint64_t i = 0; i < sizes.size() * 2; ++i) {
      std::uint64_t span = word(cache + layout_.at("runtime.mcache", "alloc") + i * 8);
      if (!span) continue;
      std::int64_t used = load<std::uint16_t>(span + in_span("allocCount")) -
                          load<std::uint16_t>(span + in_span("allocCountBeforeCache"));
      sum.mallocs += std::uint64_t(used);
      sum.total += std::uint64_t(used) * word(span + in_span("elemsize"));
    }
    if (layout_.has("runtime.mcache", "tinyAllocs"))
      sum.tiny += word(cache + layout_.at("runtime.mcache", "tinyAllocs"));
  }
  return sum;
}

// runtime/mgcpacer.go, memoryLimitHeapGoal.
std::uint64_t CounterReader::memory_limit_goal() const {
  constexpr std::uint64_t kHeadroomPercent = 3, kLeastHeadroom = 1 << 20;
  std::uint64_t free = pacer("heapFree"), alloc = pacer("totalAlloc") - pacer("totalFree");
  std::uint64_t ready = pacer("mappedReady"), limit = pacer("memoryLimit"), marked = pacer("heapMarked");
  std::uint64_t outside = ready - free - alloc, overage = ready > limit ? ready - limit : 0;
  if (outside + overage >= limit) return marked;
  std::uint64_t goal = limit - (outside + overage);
  std::uint64_t headroom = std::max(goal / 100 * kHeadroomPercent, kLeastHeadroom);
  goal = goal < headroom || goal - headroom < headroom ? headroom : goal - headroom;
  return std::max(goal, marked);
}

// runtime/mgcpacer.go, heapGoalInternal.
std::uint64_t CounterReader::heap_goal() const {
  constexpr std::uint64_t kLeastRunway = 64 << 10;
  std::uint64_t goal = pacer("gcPercentHeapGoal");
  if (std::uint64_t limited = memory_limit_goal(); limited < goal) return limited;
  goal = std::max(goal, pacer("sweepDistMinTrigger"));
  std::uint64_t triggered = pacer("triggered");
  if (triggered != ~std::uint64_t(0)) goal = std::max(goal, triggered + kLeastRunway);
  return goal;
}

void CounterReader::put_allocation() {
  Allocated a = allocated();
  put("memstats.heap_alloc", a.total - a.freed);
  put("memstats.heap_objects", a.mallocs - a.frees);
  put("memstats.total_alloc", a.total);
  put("memstats.mallocs", a.mallocs + a.tiny);
  put("memstats.frees", a.frees + a.tiny);
}

void CounterReader::put_memory() {
  std::uint64_t inuse = pacer("heapInUse"), free = pacer("heapFree"), released = pacer("heapReleased");
  std::uint64_t stacks = delta("inStacks"), work = delta("inWorkBufs") + delta("inPtrScalarBits");
  std::uint64_t os_stacks = stat("stacks_sys"), spans = stat("mspan_sys"), caches = stat("mcache_sys");
  std::uint64_t buckets = stat("buckhash_sys"), gc = stat("gcMiscSys"), other = stat("other_sys");
  out_.stack_inuse = stacks;
  out_.metadata_sys = os_stacks + spans + caches + buckets + gc + other;
  put("memstats.heap_inuse", inuse);
  put("memstats.heap_idle", free + released);
  put("memstats.heap_released", released);
  put("memstats.heap_sys", inuse + free + released);
  put("memstats.stack_inuse", stacks);
  put("memstats.stack_sys", stacks + os_stacks);
  put("memstats.mspan_inuse", heap("spanalloc.inuse"));
  put("memstats.mspan_sys", spans);
  put("memstats.mcache_inuse", heap("cachealloc.inuse"));
  put("memstats.mcache_sys", caches);
  put("memstats.buckhash_sys", buckets);
  put("memstats.gc_sys", gc + work);
  put("memstats.other_sys", other);
  put("memstats.sys", inuse + free + released + out_.metadata_sys + stacks + work);
}

void CounterReader::put_collector() {
  auto narrow = [&](std::uint64_t at) { return load<std::uint32_t>(at); };
  auto in_stats = [&](std::string_view member) {
    return field("runtime.memstats", "runtime.mstats", member);
  };
  put("memstats.next_gc", heap_goal());
  put("memstats.last_gc_unix_ns", stat("last_gc_unix"));
  put("memstats.pause_total_ns", stat("pause_total_ns"));
  put("memstats.num_gc", narrow(in_stats("numgc")));
  put("memstats.num_forced_gc", narrow(in_stats("numforcedgc")));
  if (std::uint64_t at = field("runtime.gcController", "runtime.gcControllerState", "gcPercent"))
    out_.all.emplace_back("gc.percent", std::int32_t(narrow(at)));  // -1: off
  put("gc.memory_limit", pacer("memoryLimit"));
  put("gc.heap_live", pacer("heapLive"));
  put("gc.heap_marked", pacer("heapMarked"));
  put("gc.phase", narrow(variable("runtime.gcphase")));  // 0 off, 1 mark, 2 mark termination
}

RuntimeCounters CounterReader::read() {
  put_allocation();
  put_memory();
  put_collector();
  return std::move(out_);
}

}  // namespace

Result<void> copy_counters(const Program& program, std::uint64_t bias, FrozenMemory& memory) {
  if (!program.symbol_if("runtime.memstats") || !program.symbol_if("runtime.gcController"))
    return fail(Cause::bad_input, "the executable has no runtime.memstats or no runtime.gcController");
  CounterReader(program, bias, [&](std::uint64_t at, std::span<std::byte> out) {
    return memory.fetch(at, out);
  }).copy_caches();
  return {};
}

RuntimeCounters read_counters(const Program& program, std::uint64_t bias, const AddressSpace& memory) {
  return CounterReader(
             program, bias,
             [&](std::uint64_t at, std::span<std::byte> out) { return memory.read(at, out) == out.size(); })
      .read();
}

}  // namespace memsnap
