#include "goheap/memory_regions.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint64_t kPage = 4096, kGoPage = 8192, kArena = 64 << 20;
constexpr std::uint64_t kMostSpans = 1 << 28, kMostArenas = 1 << 22, kMostInList = 1 << 22;
constexpr std::uint8_t kManual = 2;                       // runtime/mheap.go, mSpanManual
constexpr std::uint64_t kArenaBase = 0xffff800000000000;  // runtime/malloc.go, arenaBaseOffset of amd64
// runtime/malloc.go, persistentChunkSize; mheap.go, gcBitsChunkBytes; mprof.go, buckHashSize.
constexpr std::uint64_t kPersistentChunk = 256 << 10, kBitsChunk = 64 << 10, kHashBuckets = 179999;
constexpr std::uint64_t kLevel2Arenas = 4 << 20;  // pointers of mheap.arenas[0]

struct SliceWords {
  std::uint64_t data = 0, len = 0, cap = 0;
};

class RegionReader {
 public:
  explicit RegionReader(const RawHeap& heap) : heap_(heap), layout_(heap.program().layout) {}
  RuntimeRegions read();

 private:
  std::uint64_t variable(std::string_view name) const {
    auto at = heap_.program().symbol_if(name);
    return at ? *at + heap_.bias() : 0;
  }
  std::uint64_t field(std::string_view name, std::string_view type, std::string_view member) const {
    std::uint64_t at = variable(name);
    return at && layout_.has(type, member) ? at + layout_.at(type, member) : 0;
  }
  std::uint64_t in_heap(std::string_view member) const {
    return field("runtime.mheap_", "runtime.mheap", member);
  }
  std::uint64_t in_pages(std::string_view member) const {
    std::uint64_t pages = in_heap("pages");
    return pages && layout_.has("runtime.pageAlloc", member) ? pages + layout_.at("runtime.pageAlloc", member)
                                                             : 0;
  }
  SliceWords slice(std::uint64_t at) const {
    if (at == 0) return {};
    return {heap_.word(at), heap_.word(at + 8), heap_.word(at + 16)};
  }
  void add(std::uint64_t from, std::uint64_t bytes, MemoryCause cause, std::string_view owner,
           std::uint32_t span = kNoRow) {
    if (from == 0 || bytes == 0 || from + bytes < from || from + bytes > (std::uint64_t(1) << 57)) return;
    regions_.push_back(
        {from & ~(kPage - 1), (from + bytes + kPage - 1) & ~(kPage - 1), cause, std::string(owner), span});
  }
  void add_metadata(std::uint64_t from, std::uint64_t bytes, std::string_view owner) {
    add(from, bytes, MemoryCause::kRuntime, owner);
  }
  void add_arenas();
  void add_spans();
  std::unordered_set<std::uint64_t> work_spans() const;
  void add_page_allocator();
  void add_lists();

  const RawHeap& heap_;
  const Layout& layout_;
  std::vector<Region> regions_;
  std::vector<Range> arenas_;
};

void RegionReader::add_arenas() {
  std::uint64_t level2 = heap_.word(in_heap("arenas"));
  add_metadata(level2, kLevel2Arenas * 8, "index of arenas");
  // Until go1.24 one list has both.
  for (std::string_view name : {"allArenas", "heapArenas", "userArenaArenas"}) {
    SliceWords list = slice(in_heap(name));
    for (std::uint64_t i = 0; i < std::min(list.len, kMostArenas); ++i) {
      std::uint64_t index = heap_.word(list.data + i * 8);
      if (index >= kLevel2Arenas) continue;
      std::uint64_t base = index * kArena + kArenaBase;
      arenas_.push_back({base, base + kArena});
      if (level2)
        add_metadata(heap_.word(level2 + index * 8), layout_.size("runtime.heapArena"), "records of arenas");
    }
  }
  std::ranges::sort(arenas_, {}, &Range::from);
}

// Spans of mark buffers: the one use of manual spans besides stacks (until go1.25 also unrolled masks).
std::unordered_set<std::uint64_t> RegionReader::work_spans() const {
  std::unordered_set<std::uint64_t> found;
  std::uint64_t lists = field("runtime.work", "runtime.workType", "wbufSpans");
  if (!lists || !layout_.has("runtime.mspan", "next")) return found;
  // struct { lock mutex; free mSpanList; busy mSpanList }: a list begins with its first span.
  for (std::string_view name : {"wbufSpans.free.first", "wbufSpans.busy.first"}) {
    std::uint64_t span = heap_.word(field("runtime.work", "runtime.workType", name));
    for (std::uint64_t i = 0; span && i < kMostInList && found.insert(span).second; ++i)
      span = heap_.word(span + layout_.at("runtime.mspan", "next"));
  }
  return found;
}

void RegionReader::add_spans() {
  for (std::uint32_t row = 0; row < heap_.spans().size(); ++row) {
    const Span& span = heap_.spans()[row];
    add(span.start, span.bytes(), MemoryCause::kLiveHeap, "", row);
  }
  auto in = [&](std::string_view member) { return layout_.at("runtime.mspan", member); };
  std::unordered_set<std::uint64_t> work = work_spans();
  SliceWords all = slice(in_heap("allspans"));
  std::vector<std::uint64_t> pointers(static_cast<std::size_t>(std::min(all.len, kMostSpans)));
  auto bytes = std::as_writable_bytes(std::span(pointers));
  pointers.resize(heap_.memory().read(all.data, bytes) / 8);
  for (std::uint64_t mspan : pointers) {
    if ((heap_.word(mspan + in("state")) & 0xff) != kManual) continue;
    std::uint64_t start = heap_.word(mspan + in("startAddr")), pages = heap_.word(mspan + in("npages"));
    if (pages > (std::uint64_t(1) << 35)) continue;
    if (work.contains(mspan))
      add_metadata(start, pages * kGoPage, "mark buffers");
    else
      add(start, pages * kGoPage, MemoryCause::kStacks, "goroutine stacks");
  }
  // What is left of an arena is free.
  for (const Range& arena : arenas_) add(arena.from, kArena, MemoryCause::kIdleSpans, "free spans, kept");
}

void RegionReader::add_page_allocator() {
  // [5][]pallocSum, a summary of 8 bytes per node; reserved far beyond what is used.
  std::uint64_t summary = in_pages("summary");
  for (std::uint64_t level = 0; summary && level < 5; ++level) {
    SliceWords words = slice(summary + level * 24);
    add_metadata(words.data, words.cap * 8, "summaries of free pages");
  }
  // [8192]*[8192]pallocData: a bitmap of free and one of returned pages for each 4 MiB.
  constexpr std::uint64_t kLevel = 8192;
  std::uint64_t chunks = in_pages("chunks"), size = kLevel * layout_.size("runtime.pallocData");
  if (chunks) {
    std::vector<std::uint64_t> level2(kLevel);
    heap_.memory().read(chunks, std::as_writable_bytes(std::span(level2)));
    for (std::uint64_t at : level2) add_metadata(at, size, "bitmaps of free pages");
  }
  SliceWords scavenge = slice(in_pages("scav.index.chunks"));
  add_metadata(scavenge.data, scavenge.cap * 8, "index of pages to return");
}

void RegionReader::add_lists() {
  std::uint64_t chunk = heap_.word(variable("runtime.persistentChunks"));
  std::unordered_set<std::uint64_t> seen;
  for (; chunk && seen.size() < kMostInList && seen.insert(chunk).second; chunk = heap_.word(chunk))
    add_metadata(chunk, kPersistentChunk, "records of spans, types and profiles");
  seen.clear();
  // struct { lock mutex; free, next, current, previous *gcBitsArena }, each arena with its successor in
  // word 1.
  std::uint64_t bits = variable("runtime.gcBitsArenas"), lock = layout_.size("runtime.mutex");
  for (std::uint64_t list = 0; bits && list < 4; ++list) {
    std::uint64_t at = heap_.word(bits + lock + list * 8);
    for (; at && seen.size() < kMostInList && seen.insert(at).second; at = heap_.word(at + 8))
      add_metadata(at, kBitsChunk, "mark and allocation bits");
  }
  if (std::uint64_t at = variable("runtime.buckhash"))
    add_metadata(heap_.word(at), kHashBuckets * 8, "profile hash table");
  SliceWords spans = slice(in_heap("allspans"));
  add_metadata(spans.data, spans.cap * 8, "list of spans");
}

RuntimeRegions RegionReader::read() {
  add_arenas();
  add_page_allocator();
  add_lists();
  add_spans();
  return {without_overlaps(std::move(regions_)), std::move(arenas_)};
}

}  // namespace

std::string_view cause_name(MemoryCause cause) {
  static constexpr std::array<std::string_view, kMemoryCauses> kNames = {
      "live-heap", "garbage",  "fragmentation", "idle-spans", "stacks", "runtime", "binary",
      "file",      "cgo-heap", "thread-stacks", "mmap",       "kernel", "unknown"};
  return kNames[std::size_t(cause)];
}

std::vector<Region> without_overlaps(std::vector<Region> regions) {
  // Earlier ones win: by start, then by rank, taking what is still free from left to right.
  std::vector<std::uint32_t> order(regions.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return std::pair(regions[i].from, i); });
  std::vector<Region> out;
  std::vector<std::uint32_t> open;  // those that reach beyond `at`, lowest rank on top of a heap
  auto later = [](std::uint32_t a, std::uint32_t b) { return a > b; };
  std::uint64_t at = 0;
  auto advance = [&](std::uint64_t to) {
    while (at < to && !open.empty()) {
      const Region& top = regions[open.front()];
      if (top.to <= at) {
        std::ranges::pop_heap(open, later);
        open.pop_back();
        continue;
      }
      std::uint64_t end = std::min(top.to, to);
      if (!out.empty() && out.back().to == at && out.back().cause == top.cause &&
          out.back().owner == top.owner && out.back().span == top.span)
        out.back().to = end;
      else
        out.push_back({at, end, top.cause, top.owner, top.span});
      at = end;
    }
    at = to;
  };
  for (std::uint32_t i : order) {
    advance(regions[i].from);
    open.push_back(i);
    std::ranges::push_heap(open, later);
  }
  advance(~std::uint64_t(0));
  return out;
}

Result<void> copy_regions(const Program& program, std::uint64_t bias, FrozenMemory& memory) {
  std::uint64_t list =
      TRY(program.symbol("runtime.mheap_")) + bias + program.layout.at("runtime.mheap", "allspans");
  std::uint64_t data = memory.fetch<std::uint64_t>(list), count = memory.fetch<std::uint64_t>(list + 8);
  if (count > kMostSpans)
    return fail(Cause::bad_input, "the runtime lists {} spans, expected at most {}", count, kMostSpans);
  std::vector<std::uint64_t> pointers(static_cast<std::size_t>(count));
  if (!memory.fetch(data, std::as_writable_bytes(std::span(pointers))))
    return fail(Cause::bad_input, "the list of {} spans at {:#x} cannot be read", count, data);
  return {};
}

RuntimeRegions runtime_regions(const RawHeap& heap) { return RegionReader(heap).read(); }

}  // namespace memsnap
