// sync.Pool: what it keeps for each P, now and from before the last collection (sync/pool.go, poolqueue.go).
#include "goheap/typed_walk.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <unordered_set>

namespace memsnap {

namespace {

struct Layout {
  std::uint64_t local = 0, local_size = 0, victim = 0, victim_size = 0;  // sync.Pool
  std::uint64_t private_item = 0, chain = 0, stride = 0;                 // sync.poolLocal
  std::uint64_t ring = 0, newer = 0, element = 0;                        // sync.poolChainElt
};

std::optional<Layout> read_layout(const DwarfIndex& dwarf) {
  auto local = dwarf.offset_of("sync.Pool", "local"), local_size = dwarf.offset_of("sync.Pool", "localSize");
  auto victim = dwarf.offset_of("sync.Pool", "victim"),
       victim_size = dwarf.offset_of("sync.Pool", "victimSize");
  auto item = dwarf.offset_of("sync.poolLocalInternal", "private"),
       chain = dwarf.offset_of("sync.poolLocalInternal", "shared.tail");
  auto stride = dwarf.size_of("sync.poolLocal"), element = dwarf.size_of("sync.poolChainElt");
  auto ring = dwarf.offset_of("sync.poolDequeue", "vals"),
       newer = dwarf.offset_of("sync.poolChainElt", "next");
  if (!local || !local_size || !victim || !victim_size || !item || !chain || !stride || !ring || !newer ||
      !element)
    return std::nullopt;
  return Layout{*local, *local_size, *victim, *victim_size, *item, *chain, *stride, *ring, *newer, *element};
}

class PoolReader {
 public:
  PoolReader(const RawHeap& heap, const Layout& layout) : heap_(heap), at_(layout) {}

  // Objects that the pool at this address would hand out, each once.
  std::vector<ObjectId> items(std::uint64_t pool) {
    found_.clear();
    seen_.clear();
    locals(heap_.word(pool + at_.local), heap_.word(pool + at_.local_size));
    locals(heap_.word(pool + at_.victim), heap_.word(pool + at_.victim_size));
    return found_;
  }

 private:
  void locals(std::uint64_t array, std::uint64_t count) {
    Place place = heap_.find(array);
    if (place.id == kNoObject || at_.stride == 0) return;
    count = std::min(count, (place.start + place.size - array) / at_.stride);
    for (std::uint64_t i = 0; i < count; ++i) {
      std::uint64_t local = array + i * at_.stride;
      item(local + at_.private_item);
      // From the oldest dequeue to the newest.
      std::uint64_t element = heap_.word(local + at_.chain);
      for (std::uint64_t steps = 0; element != 0 && steps < kMostDequeues; ++steps) {
        Place node = heap_.find(element);
        if (node.id == kNoObject || element + at_.element > node.start + node.size) break;
        ring(heap_.word(element + at_.ring), heap_.word(element + at_.ring + 8));
        element = heap_.word(element + at_.newer);
      }
    }
  }

  void ring(std::uint64_t values, std::uint64_t length) {
    Place place = heap_.find(values);
    if (place.id == kNoObject) return;
    length = std::min(length, (place.start + place.size - values) / 16);
    for (std::uint64_t i = 0; i < length; ++i) item(values + i * 16);
  }

  // A slot with a nil type is empty, whatever its data.
  void item(std::uint64_t eface) {
    if (heap_.word(eface) == 0) return;
    Place place = heap_.find(heap_.word(eface + 8));
    if (place.id != kNoObject && seen_.insert(std::uint32_t(place.id)).second) found_.push_back(place.id);
  }

  static constexpr std::uint64_t kMostDequeues = 1 << 16;
  const RawHeap& heap_;
  Layout at_;
  std::vector<ObjectId> found_;
  std::unordered_set<std::uint32_t> seen_;
};

}  // namespace

PoolItems write_pools(const ContainerInputs& in, Heap& out) {
  PoolItems all;
  auto layout = read_layout(in.programs.model().dwarf());
  if (!layout) return all;
  PoolReader reader(in.heap, *layout);
  TypedWalk(in, out, Wanted::kContainers)
      .run(
          [&](const Step& step, const std::byte*, std::uint64_t, std::uint64_t addr, const Holding& holding) {
            if (step.op != Op::kPool) return;
            std::vector<ObjectId> items = reader.items(addr);
            if (items.empty()) return;
            std::map<TypeId, std::uint64_t> types;
            for (ObjectId item : items) ++types[out.objects.type[std::size_t(item)]];
            auto commonest = std::ranges::max_element(types, {}, [](const auto& t) { return t.second; });
            out.pools.object.push_back(holding.object);
            out.pools.root.push_back(holding.root);
            out.pools.items.push_back(items.size());
            out.pools.item_type.push_back(commonest->first);
            all.push_back(std::move(items));
          });
  return all;
}

void write_pool_bytes(const PoolItems& items, Heap& out) {
  for (const std::vector<ObjectId>& pool : items) {
    std::vector<std::uint64_t> bytes;
    for (ObjectId item : pool) bytes.push_back(out.objects.retained[std::size_t(item)]);
    std::ranges::sort(bytes);
    out.pools.bytes.push_back(std::accumulate(bytes.begin(), bytes.end(), std::uint64_t{0}));
    out.pools.largest.push_back(bytes.back());
    out.pools.median.push_back(bytes[bytes.size() / 2]);
  }
}

}  // namespace memsnap
