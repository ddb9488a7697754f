// Equal strings, told by salted hashes of their bytes; the bytes are read after the resume and not kept.
#include "base/text.h"
#include "goheap/gather.h"
#include "goheap/key_shapes.h"
#include "goheap/typed_walk.h"
#include "goheap/work_budget.h"

#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>

namespace memsnap {

namespace {

constexpr std::size_t kMostRows = 1000;
constexpr std::uint64_t kLongest = 4096;  // bytes of a string that is looked at
constexpr std::size_t kChunk = 1 << 18;   // strings at a time
constexpr std::uint64_t kTiny = 16;       // blocks below hold several small objects

struct Seen {
  std::uint64_t hash = 0;
  std::uint32_t object = 0;
  std::uint32_t length = 0;
};

struct Group {
  std::uint64_t waste = 0;
  std::uint32_t count = 0, length = 0, object = 0;
};

// Bytes that a copy of the string takes. Blocks of the tiny allocator hold others too.
std::uint64_t taken(const Heap& out, const Seen& seen) {
  std::uint64_t bytes = out.objects.bytes(ObjectId(seen.object));
  return bytes <= kTiny ? std::min<std::uint64_t>(bytes, seen.length) : bytes;
}

std::vector<Group> groups_of(std::vector<Seen>& seen, const Heap& out) {
  std::ranges::sort(seen, {}, [](const Seen& s) { return std::tuple(s.hash, s.length, s.object); });
  std::vector<Group> groups;
  for (std::size_t i = 0; i < seen.size();) {
    std::size_t end = i;
    Group group{.length = seen[i].length, .object = seen[i].object};
    while (end < seen.size() && seen[end].hash == seen[i].hash && seen[end].length == seen[i].length) {
      if (end > i) group.waste += taken(out, seen[end]);
      ++group.count;
      ++end;
    }
    if (group.count > 1) groups.push_back(group);
    i = end;
  }
  std::ranges::sort(groups, std::greater{}, [](const Group& g) { return std::pair(g.waste, ~g.object); });
  if (groups.size() > kMostRows) groups.resize(kMostRows);
  return groups;
}

}  // namespace

void write_duplicates(const ContainerInputs& in, std::span<const std::uint16_t> lengths, std::uint64_t work,
                      StringPool& strings, Heap& out) {
  WorkBudget budget(work);
  std::random_device random;
  std::uint64_t salt = std::uint64_t(random()) << 32 | random();
  TypeModel& model = in.programs.model();
  std::vector<Seen> seen;
  std::vector<Range> ranges;
  std::vector<std::uint32_t> objects;
  std::uint64_t looked_at = 0, left_out = 0;
  auto read = [&] {
    gather(in.heap.memory(), ranges, [&](std::size_t i, std::span<const std::byte> text) {
      std::string_view view(reinterpret_cast<const char*>(text.data()), text.size());
      seen.push_back({salted_hash(view, salt), objects[i], std::uint32_t(text.size())});
    });
    ranges.clear();
    objects.clear();
  };
  for (std::size_t id = 0; id < lengths.size(); ++id) {
    if (lengths[id] == 0 || lengths[id] > kLongest || !out.objects.reached(ObjectId(std::uint32_t(id))))
      continue;
    if (model[out.objects.type[id]].role != Role::kStringBytes) continue;
    if (left_out > 0 || !budget.take(WorkBudget::cost(lengths[id]))) {
      ++left_out;
      continue;
    }
    ++looked_at;
    std::uint64_t addr = std::uint64_t(out.objects.addr[id]);
    ranges.push_back({addr, addr + lengths[id]});
    objects.push_back(std::uint32_t(id));
    if (ranges.size() == kChunk) read();
  }
  read();
  if (left_out > 0) {
    out.facts.name.push_back(strings.add("strings.partial"));
    out.facts.value.push_back(strings.add(
        fmt::format("{} of {} were not compared", human_count(left_out), human_count(looked_at + left_out))));
  }
  std::vector<Group> groups = groups_of(seen, out);

  std::vector<StringId> masks(groups.size());
  for (const Group& group : groups) {
    std::uint64_t addr = std::uint64_t(out.objects.addr[group.object]);
    ranges.push_back({addr, addr + group.length});
  }
  gather(in.heap.memory(), ranges, [&](std::size_t i, std::span<const std::byte> text) {
    masks[i] = strings.add(class_mask({reinterpret_cast<const char*>(text.data()), text.size()}));
  });
  for (std::size_t i = 0; i < groups.size(); ++i) {
    out.duplicates.count.push_back(groups[i].count);
    out.duplicates.length.push_back(groups[i].length);
    out.duplicates.waste.push_back(groups[i].waste);
    out.duplicates.sample.push_back(ObjectId(groups[i].object));
    out.duplicates.mask.push_back(masks[i]);
  }
}

}  // namespace memsnap
