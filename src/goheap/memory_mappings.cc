#include "goheap/memory_mappings.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint64_t kPage = 4096;
// malloc/arena.c of glibc: a heap of an arena that is not the main one begins at a multiple of this.
constexpr std::uint64_t kCHeap = 64 << 20;
// Shadow and metainfo of a program built with -race (tsan_platform.h, "Go on linux, darwin and freebsd on
// x86_64").
constexpr std::uint64_t kRaceFrom = 0x200000000000, kRaceTo = 0x400000000000;
constexpr std::string_view kRace = "race detector";
constexpr std::string_view kOutside = "mapped by the program, outside of Go's heap";

bool is_anonymous(const Mapping& mapping) { return mapping.name.empty() && mapping.inode == 0; }
bool is_writable(const Mapping& mapping) { return mapping.permissions.starts_with("rw"); }
bool is_guard(const Mapping& mapping) { return mapping.permissions.starts_with("---"); }

std::string_view base_name(std::string_view path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_library(std::string_view path) {
  std::string_view name = base_name(path);
  return name.find(".so.") != std::string_view::npos || name.ends_with(".so") || name.starts_with("ld-");
}

Region region(MemoryCause cause, std::string_view owner) {
  return {.cause = cause, .owner = std::string(owner)};
}

}  // namespace

Region named_owner(std::string_view name, std::string_view permissions) {
  constexpr std::string_view kGo = "[anon: Go: ", kAnonymous = "[anon:", kShared = "[anon_shmem:";
  if (name == "[heap]") return region(MemoryCause::kCgoHeap, "C heap, main arena");
  if (name.starts_with("[stack")) return region(MemoryCause::kThreadStacks, "stack of the main thread");
  if (name.starts_with(kGo) && name.ends_with(']'))
    return region(MemoryCause::kRuntime, name.substr(kGo.size(), name.size() - kGo.size() - 1));
  if (name.starts_with(kAnonymous) || name.starts_with(kShared)) return region(MemoryCause::kMmap, name);
  if (name.starts_with('[') || name.starts_with("anon_inode:")) return region(MemoryCause::kKernel, name);
  for (std::string_view memory : {"/memfd:", "/dev/shm/", "/dev/zero", "/SYSV"})
    if (name.starts_with(memory)) return region(MemoryCause::kMmap, name);
  if (is_library(name)) return region(MemoryCause::kFile, base_name(name));
  if (permissions.find('x') != std::string_view::npos) return region(MemoryCause::kFile, base_name(name));
  return region(MemoryCause::kFile, name);
}

MappingOwners::MappingOwners(const RawHeap& heap, const std::vector<Mapping>& mappings,
                             std::span<const ThreadRegisters> threads, const RuntimeCounters& runtime)
    : heap_(heap), mappings_(mappings), threads_(threads), parts_(mappings.size()) {
  race_ = heap.program().build.setting("-race") == "true";
  auto cgo = heap.program().symbol_if("runtime.iscgo");
  cgo_ = cgo && (heap.word(*cgo + heap.bias()) & 0xff) != 0;
  std::vector<Region> known = runtime_regions(heap).regions;
  if (cgo_) {
    find_c_heap(known);
    find_stack_sizes();
  }
  for (std::size_t i = 0; i < mappings.size(); ++i) split(i, known);
  give_rest_to_runtime(runtime.metadata_sys);
}

// Cuts a mapping at what is known, and finds owners for what lies between.
void MappingOwners::split(std::size_t i, std::span<const Region> known) {
  const Mapping& mapping = mappings_[i];
  if (mapping.rss == 0) return;
  std::vector<Region>& parts = parts_[i];
  auto next = std::ranges::upper_bound(known, mapping.from, {}, &Region::to);
  std::uint64_t at = mapping.from;
  auto fill = [&](std::uint64_t to) {
    if (at < to) parts.push_back(owner_of(i, at, to));
    at = to;
  };
  // The image of the program and files are what they are, whatever a record of the runtime says.
  bool may_be_go = is_anonymous(mapping) || mapping.name.starts_with("[anon");
  for (; may_be_go && next != known.end() && next->from < mapping.to; ++next) {
    fill(std::max(at, next->from));
    Region part = *next;
    part.from = at;
    part.to = std::min(part.to, mapping.to);
    at = part.to;
    parts.push_back(std::move(part));
  }
  fill(mapping.to);
  if (cgo_ && may_be_go) find_large_blocks(parts);
}

Region MappingOwners::owner_of(std::size_t i, std::uint64_t from, std::uint64_t to) const {
  const Mapping& mapping = mappings_[i];
  Region found;
  if (in_image(from, to)) {
    bool code = mapping.permissions.find('x') != std::string::npos, writable = is_writable(mapping);
    found = region(MemoryCause::kBinary, code       ? "code of the program"
                                         : writable ? "package variables"
                                                    : "read-only data");
  } else if (is_anonymous(mapping)) {
    found = anonymous(i, from, to);
  } else {
    found = named_owner(mapping.name, mapping.permissions);
  }
  found.from = from;
  found.to = to;
  return found;
}

Region MappingOwners::anonymous(std::size_t i, std::uint64_t from, std::uint64_t to) const {
  if (race_ && from >= kRaceFrom && to <= kRaceTo) return region(MemoryCause::kRuntime, kRace);
  if (is_thread_stack(i, from, to)) return region(MemoryCause::kThreadStacks, "stacks of C threads");
  // A library's variables that begin as zero follow those that do not.
  if (i > 0 && from == mappings_[i - 1].to && is_writable(mappings_[i - 1]) &&
      is_library(mappings_[i - 1].name))
    return region(MemoryCause::kFile, base_name(mappings_[i - 1].name));
  return region(MemoryCause::kMmap, kOutside);
}

bool MappingOwners::in_image(std::uint64_t from, std::uint64_t to) const {
  constexpr std::uint32_t kLoad = 1;  // PT_LOAD
  for (const ElfSegment& segment : heap_.program().elf.segments()) {
    if (segment.type != kLoad) continue;
    std::uint64_t start = (segment.addr + heap_.bias()) & ~(kPage - 1);
    std::uint64_t end = (segment.addr + heap_.bias() + segment.mem_size + kPage - 1) & ~(kPage - 1);
    if (from >= start && to <= end) return true;
  }
  return false;
}

// A C thread keeps its record (fs) at the top of its stack. Stacks of threads that ended are kept for new
// ones: mappings of the same size above a guard.
bool MappingOwners::is_thread_stack(std::size_t i, std::uint64_t from, std::uint64_t to) const {
  auto within = [&](std::uint64_t at) { return at >= from && at < to; };
  for (const ThreadRegisters& thread : threads_)
    if (within(thread.rsp) || (cgo_ && within(thread.fs_base))) return true;
  bool guarded = i > 0 && mappings_[i - 1].to == from && is_guard(mappings_[i - 1]);
  return guarded && std::ranges::find(stack_sizes_, to - from) != stack_sizes_.end();
}

void MappingOwners::find_stack_sizes() {
  for (const ThreadRegisters& thread : threads_) {
    auto after = std::ranges::upper_bound(mappings_, thread.fs_base, {}, &Mapping::to);
    if (after == mappings_.end() || after->from > thread.fs_base || !is_anonymous(*after) ||
        after == mappings_.begin())
      continue;
    const Mapping& below = *std::prev(after);
    if (below.to == after->from && is_guard(below)) stack_sizes_.push_back(after->to - after->from);
  }
}

// struct heap_info { arena, previous heap, size, size that may be used }, at the start of each heap.
void MappingOwners::find_c_heap(std::vector<Region>& known) const {
  std::vector<Region> found;
  for (const Mapping& mapping : mappings_) {
    if (!is_anonymous(mapping) || !is_writable(mapping) || mapping.rss == 0) continue;
    for (std::uint64_t at = (mapping.from + kCHeap - 1) & ~(kCHeap - 1); at < mapping.to; at += kCHeap) {
      std::uint64_t info[4] = {};
      if (heap_.memory().read(at, std::as_writable_bytes(std::span(info))) != sizeof info) continue;
      auto [arena, previous, size, usable] = info;
      bool sane = arena != 0 && arena % 16 == 0 && previous % kCHeap == 0 && size > 0 && size <= kCHeap &&
                  size % kPage == 0 && usable >= size && usable <= kCHeap && usable % kPage == 0;
      // The first heap of an arena holds its record; the others point to an earlier heap.
      bool first = previous == 0 && arena > at && arena < at + kPage;
      if (sane && (first || previous != 0))
        found.push_back({at, std::min(at + usable, mapping.to), MemoryCause::kCgoHeap,
                         "C heap, arenas of threads", kNoRow});
    }
  }
  if (found.empty()) return;
  known.insert(known.end(), found.begin(), found.end());
  known = without_overlaps(std::move(known));
}

// A large block of malloc has a mapping of its own, with its size and the mark 2 in the second word. Several
// that lie side by side are one mapping to the kernel.
void MappingOwners::find_large_blocks(std::vector<Region>& parts) const {
  std::vector<Region> out;
  for (Region& part : parts) {
    if (part.cause != MemoryCause::kMmap || part.owner != kOutside) {
      out.push_back(std::move(part));
      continue;
    }
    std::uint64_t at = part.from;
    while (at < part.to) {
      std::uint64_t head[2] = {};
      if (heap_.memory().read(at, std::as_writable_bytes(std::span(head))) != sizeof head) break;
      std::uint64_t size = head[1] & ~std::uint64_t(7);
      if ((head[1] & 7) != 2 || head[0] != 0 || size % kPage != 0 || size == 0 || size > part.to - at) break;
      at += size;
    }
    at = std::min(at, part.to);
    if (at > part.from) out.push_back({part.from, at, MemoryCause::kCgoHeap, "C heap, large blocks", kNoRow});
    part.from = at;
    if (part.from < part.to) out.push_back(std::move(part));
  }
  parts = std::move(out);
}

// Some records of the runtime hang on no list: stacks of its first threads, buffers of the tracer, queues of
// the collector. Its own count of what it took from the system says how much that can be at most; the
// smallest parts are taken first, those beside other records before all.
void MappingOwners::give_rest_to_runtime(std::uint64_t metadata) {
  std::uint64_t found = 0;
  std::vector<Gap> gaps;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!is_writable(mappings_[i])) continue;
    bool beside =
        std::ranges::any_of(parts_[i], [](const Region& r) { return r.cause == MemoryCause::kRuntime; });
    for (std::size_t part = 0; part < parts_[i].size(); ++part) {
      const Region& r = parts_[i][part];
      // The index of arenas and the race detector are not counted by the runtime, mark buffers elsewhere.
      bool counted = r.owner != "index of arenas" && r.owner != "mark buffers" && r.owner != kRace;
      if (r.cause == MemoryCause::kRuntime && counted) found += r.to - r.from;
      if (r.cause == MemoryCause::kMmap && r.owner == kOutside)
        gaps.push_back({i, part, r.to - r.from, beside});
    }
  }
  // What it took since the stop: a chunk of records, some arenas of bits.
  constexpr std::uint64_t kSince = 256 << 10;
  std::uint64_t left = (metadata > found ? metadata - found : 0) + kSince;
  std::ranges::sort(gaps, {}, [](const Gap& gap) { return std::pair(!gap.beside_runtime, gap.bytes); });
  for (const Gap& gap : gaps) {
    if (gap.bytes > left) continue;
    left -= gap.bytes;
    Region& part = parts_[gap.mapping][gap.part];
    part.cause = MemoryCause::kRuntime;
    part.owner = "other records";
  }
}

}  // namespace memsnap
