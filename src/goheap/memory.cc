#include "goheap/memory.h"

#include "goheap/memory_counters.h"
#include "goheap/memory_mappings.h"
#include "goheap/memory_regions.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace memsnap {
namespace {

constexpr std::uint64_t kPage = 4096;

// Pages of one mapping in memory.
class Resident {
 public:
  explicit Resident(const Residency& pages) : pages_(pages) {}
  std::uint64_t bytes(std::uint64_t from, std::uint64_t to) const {
    std::uint64_t count = 0;
    for (std::uint64_t page = from; page < to; page += kPage) count += at(page);
    return count * kPage;
  }
  // Of a range that need not begin or end with a page.
  std::uint64_t part(std::uint64_t from, std::uint64_t to) const {
    std::uint64_t sum = 0;
    while (from < to) {
      std::uint64_t end = std::min(to, (from & ~(kPage - 1)) + kPage);
      if (at(from)) sum += end - from;
      from = end;
    }
    return sum;
  }

 private:
  bool at(std::uint64_t addr) const { return pages_.at((addr - pages_.from) / kPage); }
  const Residency& pages_;
};

struct Share {
  double resident = 0;
  std::uint64_t mapped = 0;
};
using Owner = std::pair<MemoryCause, std::string>;
using Shares = std::map<Owner, Share>;

class MemoryExplainer {
 public:
  MemoryExplainer(const RawHeap& heap, const ResidentMemory& resident, Heap& out, StringPool& strings)
      : heap_(heap), resident_(resident), out_(out), strings_(strings) {}
  void explain(std::span<const ThreadRegisters> threads);

 private:
  void add_mapping(std::size_t i, std::span<const Region> regions);
  void add_region(const Region& region, std::uint64_t from, std::uint64_t to, const Resident& resident,
                  Shares& shares) const;
  void add_span(const Span& span, std::uint32_t row, std::uint64_t from, std::uint64_t to,
                const Resident& resident, Shares& shares) const;
  void settle(const Mapping& mapping, Shares& shares);
  void write_table();
  void add_counters(const RuntimeCounters& runtime);
  void count(std::string_view name, std::uint64_t value) {
    out_.counters.name.push_back(strings_.add(name));
    out_.counters.value.push_back(std::int64_t(value));
  }

  const RawHeap& heap_;
  const ResidentMemory& resident_;
  Heap& out_;
  StringPool& strings_;
  std::map<Owner, std::pair<std::uint64_t, std::uint64_t>> table_;  // resident, mapped
};

// What of [from, to) of a span in use is taken by objects, and by objects that nobody reaches any more.
void MemoryExplainer::add_span(const Span& span, std::uint32_t row, std::uint64_t from, std::uint64_t to,
                               const Resident& resident, Shares& shares) const {
  std::uint64_t all = resident.bytes(from, to), live = 0, garbage = 0, mapped_live = 0, mapped_garbage = 0;
  bool whole = all == to - from;
  heap_.each_object(row, [&](const Place& object) {
    std::uint64_t start = std::max(object.start, from), end = std::min(object.start + object.size, to);
    if (start >= end) return;
    std::uint64_t here = whole ? end - start : resident.part(start, end);
    bool reached = out_.objects.reached(object.id);
    (reached ? live : garbage) += here;
    (reached ? mapped_live : mapped_garbage) += end - start;
  });
  auto put = [&](MemoryCause cause, std::string_view owner, std::uint64_t bytes, std::uint64_t mapped) {
    Share& share = shares[{cause, std::string(owner)}];
    share.resident += double(bytes);
    share.mapped += mapped;
  };
  if (live + mapped_live) put(MemoryCause::kLiveHeap, "objects that something holds", live, mapped_live);
  if (garbage + mapped_garbage)
    put(MemoryCause::kGarbage, "objects that nothing holds, not swept yet", garbage, mapped_garbage);
  put(MemoryCause::kFragmentation,
      span.size_class == 0 ? "ends of large objects' spans" : "free slots of spans in use",
      all - std::min(all, live + garbage), (to - from) - std::min(to - from, mapped_live + mapped_garbage));
}

void MemoryExplainer::add_region(const Region& region, std::uint64_t from, std::uint64_t to,
                                 const Resident& resident, Shares& shares) const {
  if (region.span != kNoRow)
    return add_span(heap_.spans()[region.span], region.span, from, to, resident, shares);
  Share& share = shares[{region.cause, region.owner}];
  share.resident += double(resident.bytes(from, to));
  share.mapped += to - from;
}

// Without the kernel's map of pages: everything but free spans is taken to be in memory, and those are the
// rest. Gives the sum.
double guess(std::uint64_t rss, Shares& shares) {
  double sum = 0;
  for (auto& [owner, share] : shares)
    if (owner.first != MemoryCause::kIdleSpans) sum += share.resident = double(share.mapped);
  for (auto& [owner, share] : shares)
    if (owner.first == MemoryCause::kIdleSpans && double(rss) > sum)
      sum += share.resident = double(rss) - sum;
  return sum;
}

// Pages of zeros count as present but not as resident, and pages come and go between the two readings: the
// shares of a mapping are brought to the sum that the kernel gives for it.
void MemoryExplainer::settle(const Mapping& mapping, Shares& shares) {
  double sum = 0;
  for (const auto& [owner, share] : shares) sum += share.resident;
  if (sum == 0) sum = guess(mapping.rss, shares);
  std::uint64_t given = 0;
  std::pair<std::uint64_t, std::uint64_t>* largest = nullptr;
  double most = -1;
  for (const auto& [owner, share] : shares) {
    auto& row = table_[owner];
    auto bytes = std::uint64_t(sum > 0 ? share.resident / sum * double(mapping.rss) : 0);
    row.first += bytes;
    row.second += share.mapped;
    given += bytes;
    if (share.resident > most) most = share.resident, largest = &row;
  }
  if (largest && mapping.rss > given) largest->first += mapping.rss - given;
}

void MemoryExplainer::add_mapping(std::size_t i, std::span<const Region> regions) {
  if (resident_.mappings[i].rss == 0) return;
  Resident resident(resident_.pages[i]);
  Shares shares;
  for (const Region& region : regions) add_region(region, region.from, region.to, resident, shares);
  settle(resident_.mappings[i], shares);
}

void MemoryExplainer::write_table() {
  std::vector<std::pair<Owner, std::pair<std::uint64_t, std::uint64_t>>> rows(table_.begin(), table_.end());
  std::ranges::stable_sort(rows, std::greater{}, [](const auto& row) { return row.second.first; });
  for (const auto& [owner, bytes] : rows) {
    if (bytes.first == 0) continue;
    out_.memory.cause.push_back(strings_.add(cause_name(owner.first)));
    out_.memory.owner.push_back(strings_.add(owner.second));
    out_.memory.resident.push_back(bytes.first);
    out_.memory.mapped.push_back(bytes.second);
  }
}

void MemoryExplainer::add_counters(const RuntimeCounters& runtime) {
  for (auto [name, value] : runtime.all) count(name, std::uint64_t(value));
  std::array<std::uint64_t, kMemoryCauses> sums{};
  std::uint64_t resident = 0;
  for (const auto& [owner, bytes] : table_) {
    sums[std::size_t(owner.first)] += bytes.first;
    resident += bytes.first;
  }
  for (std::size_t cause = 0; cause < kMemoryCauses; ++cause)
    count(fmt::format("memory.{}", cause_name(MemoryCause(cause))), sums[cause]);
  const ProcessStatus& status = resident_.status;
  count("process.rss", resident);
  count("process.swap", status.swap);
  count("process.vm_size", status.vm_size);
  count("process.page_tables", status.page_tables);
  count("process.threads", status.threads);
  count("process.up_ns", resident_.uptime_ns);
  count("process.limit", resident_.limit.limit);
  count("process.limit_used", resident_.limit.used);
  count("process.page_exact", resident_.page_exact);
}

void MemoryExplainer::explain(std::span<const ThreadRegisters> threads) {
  RuntimeCounters runtime = read_counters(heap_.program(), heap_.bias(), heap_.memory());
  MappingOwners owners(heap_, resident_.mappings, threads, runtime);
  for (std::size_t i = 0; i < resident_.mappings.size(); ++i) add_mapping(i, owners.of(i));
  write_table();
  add_counters(runtime);
}

}  // namespace

Result<void> copy_memory(const Program& program, std::uint64_t bias, FrozenMemory& memory) {
  TRY_VOID(copy_counters(program, bias, memory));
  return copy_regions(program, bias, memory);
}

Result<ResidentMemory> read_resident(pid_t pid) {
  ResidentMemory resident;
  resident.status = TRY(read_status(pid));
  resident.mappings = TRY(read_mappings(pid, true));
  resident.pages.resize(resident.mappings.size());
  resident.page_exact = true;
  for (std::size_t i = 0; i < resident.mappings.size(); ++i) {
    const Mapping& mapping = resident.mappings[i];
    if (mapping.rss == 0) continue;
    if (auto pages = read_residency(pid, mapping.from, mapping.to, mapping.rss))
      resident.pages[i] = std::move(*pages);
    else
      resident.page_exact = false;
  }
  resident.limit = cgroup_memory(pid);
  resident.uptime_ns = uptime_ns(pid);
  return resident;
}

void explain_memory(const RawHeap& heap, const ResidentMemory& resident,
                    std::span<const ThreadRegisters> threads, Heap& out, StringPool& strings) {
  MemoryExplainer(heap, resident, out, strings).explain(threads);
}

}  // namespace memsnap
