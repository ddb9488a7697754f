// Rule map-not-shrunk: the entries of a map were deleted, its slots stayed.
//
// A Go map never gives slots back. The waste is what its storage takes above the slots that its entries
// need at the load a fresh map of that size would have. That the map was full once, and not made large on
// purpose, is read from the profile: its tables or buckets were allocated by an insertion (mapassign) and not
// by make(map, n), or it still carries tombstones of deletes. Without either the rule gives a hint.
//
// May accuse: a map that is emptied and filled again in turns. When the number of entries moves between
// captures by a part of the capacity, the map is in use, and nothing is said.
#include "analysis/map_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint64_t kSparse = 8;  // slots per entry from which a map is too large: seven deletes of eight

// The slots that so many entries need: at most 7/8 full, in powers of two.
std::uint64_t slots_for(std::uint64_t entries) {
  std::uint64_t slots = 8;
  while (slots - slots / 8 < entries && slots < (std::uint64_t{1} << 40)) slots *= 2;
  return slots;
}

std::uint64_t waste_of(const Heap& heap, std::size_t row) {
  std::uint64_t capacity = heap.maps.capacity[row], bytes = heap.maps.bytes[row];
  std::uint64_t needed = slots_for(heap.maps.len[row]);
  if (capacity <= needed) return 0;
  return std::uint64_t(double(bytes) * (1 - double(needed) / double(capacity)));
}

// Entries came and went between captures: the slots are there for a reason.
bool refilled(const Case& what, std::size_t row) {
  const SeriesRow* series = map_rise(what, row).row;
  if (series == nullptr) return false;
  auto [least, most] = std::ranges::minmax(series->values);
  double capacity = double(what.heap().maps.capacity[row]);
  return most * 4 >= capacity || (most - least) * 16 >= capacity;
}

enum class Origin { kUnknown, kGrown, kMade };

Origin origin_of(const Heap& heap, std::size_t row) {
  if ((heap.maps.flags[row] & kMapTombstones) != 0) return Origin::kGrown;
  std::vector<ObjectId> storage = map_storage(heap, row);
  if (allocated_by(heap, storage,
                   {"runtime.mapassign", "internal/runtime/maps.(*table).rehash", "runtime.hashGrow"}))
    return Origin::kGrown;
  if (allocated_by(heap, storage, {"runtime.makemap", "internal/runtime/maps.NewMap"})) return Origin::kMade;
  return Origin::kUnknown;
}

Finding report(const Case& what, std::size_t row, std::uint64_t waste, Origin origin) {
  const Heap& heap = what.heap();
  const MapTable& maps = heap.maps;
  bool grown = origin == Origin::kGrown;
  Finding found = claim(what, "map-not-shrunk", map_node(heap, row), waste);
  found.type = type_text(heap, maps.type[row]);
  found.objects = maps.len[row];
  found.confidence = grown ? Confidence::kCertain : Confidence::kHint;
  found.title =
      fmt::format("{} {} {} slots for {}", place_words(found.holder), grown ? "was emptied and keeps" : "has",
                  human_count(maps.capacity[row]), plural(maps.len[row], "entry"));
  found.evidence.push_back({"map",
                            fmt::format("len {}, capacity {} ({} full), {} of storage in {}",
                                        human_count(maps.len[row]), human_count(maps.capacity[row]),
                                        human_share(double(maps.len[row]) / double(maps.capacity[row])),
                                        human_bytes(maps.bytes[row]), plural(maps.parts[row], "part")),
                            command(what, "maps")});
  if (grown)
    found.evidence.push_back(
        {"proof", "its storage grew with insertions, so these slots were in use once", ""});
  if (origin == Origin::kMade)
    found.evidence.push_back({"note", "it was made with room for that many entries, which may be meant", ""});
  return found;
}

}  // namespace

std::vector<Finding> map_not_shrunk(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  for (std::size_t row = 0; row < heap.maps.rows(); ++row) {
    if (heap.maps.layout[row] == MapLayout::kSyncMap) continue;  // its trie shrinks
    if (heap.maps.capacity[row] < heap.maps.len[row] * kSparse) continue;
    std::uint64_t waste = waste_of(heap, row);
    NodeId node = map_node(heap, row);
    if (node == kNoNode || what.retained(node) == 0 || !waste_severity(what, waste, Confidence::kCertain))
      continue;
    if (refilled(what, row) || map_rise(what, row).rising()) continue;
    Origin origin = origin_of(heap, row);
    Finding finding = report(what, row, waste, origin);
    auto severity = waste_severity(what, waste, finding.confidence);
    if (!severity) continue;
    finding.severity = *severity;
    // One look cannot tell whether it fills up again.
    if (what.series().captures() < 2) finding.severity = std::min(finding.severity, Severity::kMedium);
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace memsnap
