// Rule map-unbounded: a map (or sync.Map) gets entries and never loses them.
//
// The number of entries of a map is exact in every capture. When it rises through all of them, more is put
// in than taken out, and no sampling or collection can make that look so. Whether it will go on is the
// question, and the code of the program answers a part of it: a type of map from which no instruction ever
// deletes can only grow. Where the code deletes by key only, entries whose owner does not come back stay
// for good; that is likely, not certain. Where the code evicts (it clears such maps, or one function both
// deletes from them and inserts or ranges), or where a limit or an order of eviction stands beside the map,
// the map may be a bounded cache that is still filling: then the rule gives a hint and no more.
//
// Maps in one place (one per tenant, per shard, per connection) are judged by the sum of their entries: each
// may be small and grow by fits and starts while together they are the leak.
//
// May accuse: a cache that is thrown away whole (m = map[K]V{}) when it is full and was watched while it
// filled, and a table that is loaded over a long time and then stays. Both are ended by a longer window.
#include "analysis/bounds.h"
#include "analysis/map_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace memsnap {

namespace {

// Values that are linked with each other, as the elements of an LRU are, and nearly all of them are: then
// somebody keeps an order in which to throw them out. Broken eviction, where elements leave the list
// and stay in the map, does not pass.
bool values_in_order(const Heap& heap, std::size_t row) {
  std::size_t map = std::size_t(heap.maps.type[row]);
  if (map >= heap.types.rows() || kind_of(heap, heap.types.elem[map]) != Kind::kPointer) return false;
  TypeId value = heap.types.elem[std::size_t(heap.types.elem[map])];
  if (value == TypeId{0}) return false;
  std::uint64_t linked = 0;
  for (std::size_t id = 0; id < heap.objects.rows(); ++id) {
    if (heap.objects.type[id] != value || !heap.objects.reached(ObjectId(std::uint32_t(id)))) continue;
    bool next = false;
    for (std::uint32_t e = heap.edges.first[id]; e < heap.edges.first[id + 1] && !next; ++e)
      next = type_of(heap, heap.edges.target[e]) == value && std::size_t(heap.edges.target[e]) != id;
    linked += next;
  }
  return linked * 10 >= heap.maps.len[row] * 9;
}

// Type of the struct or variable that the map is a field of.
TypeId owner_type(const Heap& heap, std::size_t row) {
  NodeId map = map_node(heap, row);
  if (map == kNoNode) return TypeId{0};
  if (heap.is_root(map)) return heap.roots.type[std::size_t(heap.root_of(map))];
  ObjectId object = heap.object_of(map);
  return role_of(heap, object) == Role::kMapHeader ? type_above(heap, map) : type_of(heap, object);
}

struct Bound {
  std::uint32_t deletes = kNoRow;  // places in the code; kNoRow when it was not looked at
  std::string sign;                // why the map may be bounded; "" when nothing says so
};

// `worth`: whether a walk over all objects is worth its time for this map.
Bound bound_of(const Heap& heap, std::size_t row, bool worth) {
  std::size_t type = std::size_t(heap.maps.type[row]);
  bool sync_map = heap.maps.layout[row] == MapLayout::kSyncMap;
  Bound bound;
  if (!sync_map) bound.deletes = cell(heap.types.deletes, type, kNoRow);
  if (bound.deletes == 0) return bound;
  std::uint32_t evicts = sync_map ? kNoRow : cell(heap.types.evicts, type, kNoRow);
  if (evicts != 0 && evicts != kNoRow) {
    bound.sign =
        fmt::format("the code evicts from or clears a map of this type in {}", plural(evicts, "place"));
  } else if (std::string limit = limit_beside(heap, owner_type(heap, row)); !limit.empty()) {
    bound.sign = fmt::format("the field {} beside it looks like a limit", limit);
  } else if (std::string order = order_beside(heap, owner_type(heap, row)); !order.empty()) {
    bound.sign = fmt::format("the field {} beside it looks like an order of eviction", order);
  } else if (worth && values_in_order(heap, row)) {
    bound.sign = "its values are linked with each other, as in a cache that evicts the oldest";
  }
  return bound;
}

// Maps of one type in one place, and how the sum of their entries moved. rows: largest first.
struct Group {
  std::vector<std::size_t> rows;
  SeriesRow sum{.kind = SeriesKind::kMap};
  std::uint64_t entries = 0;
  std::string maps() const { return rows.size() == 1 ? "" : plural(rows.size(), "map") + ": "; }
};

Evidence shape_evidence(const Case& what, const Group& group) {
  const MapTable& maps = what.heap().maps;
  std::uint64_t slots = 0, bytes = 0;
  bool table = false;  // a sync.Map has no slots
  for (std::size_t row : group.rows) {
    slots += maps.capacity[row];
    bytes += maps.bytes[row];
    table |= maps.layout[row] != MapLayout::kSyncMap;
  }
  std::string text = fmt::format("{}{} entries", group.maps(), human_count(group.entries));
  if (table && slots != 0)
    text +=
        fmt::format(" in {} slots (load {:.2f})", human_count(slots), double(group.entries) / double(slots));
  if (bytes != 0)
    text +=
        fmt::format(", {} of {} own storage", human_bytes(bytes), group.rows.size() == 1 ? "its" : "their");
  return {"map", std::move(text), command(what, "maps")};
}

std::string title_of(const std::string& place, const Bound& bound, const Verdict& verdict) {
  if (!bound.sign.empty()) return place + " is growing and may be a cache that is still filling";
  if (verdict.confidence == Confidence::kHint) return place + " gained entries";
  if (bound.deletes == 0) return place + " grows and nothing is ever deleted";
  if (bound.deletes == kNoRow) return place + " grows and loses nothing";
  return place + " grows faster than entries are deleted";
}

void add_evidence(const Case& what, const Group& group, const Rise& rise, const Bound& bound,
                  std::uint64_t shared, Finding& found) {
  std::string unit = group.rows.size() == 1 ? "entries" : "entries of " + plural(group.rows.size(), "map");
  found.evidence.push_back(rise_evidence(what, rise, unit, command(what, "doctor")));
  found.evidence.push_back(shape_evidence(what, group));
  if (bound.deletes == 0)
    found.evidence.push_back(
        {"proof", fmt::format("no code of the program deletes from a {}", found.type), ""});
  else if (bound.deletes != kNoRow)
    found.evidence.push_back(
        {"note",
         fmt::format("the code deletes from a map of this type in {}", plural(bound.deletes, "place")), ""});
  if (shared > 0)
    found.evidence.push_back(
        {"note",
         fmt::format("{} of that are values which something else leads to as well: entries have "
                     "to leave both",
                     human_bytes(shared)),
         why_command(what, NodeId{found.node}, found.type)});
  if (!bound.sign.empty())
    found.evidence.push_back(
        {"note", bound.sign + ": compare again when it should be full", command(what, "doctor")});
}

// One that can only be likely is worth more than a note when it is a good part of the heap.
void soften(const Case& what, std::uint64_t bytes, Verdict& verdict) {
  bool large = bytes >= std::max(kMiB, what.reached_bytes() / 20);
  verdict.confidence = std::min(verdict.confidence, Confidence::kLikely);
  verdict.severity = std::min(verdict.severity, large ? Severity::kMedium : Severity::kLow);
}

std::optional<Finding> judge(const Case& what, const Group& group) {
  const Heap& heap = what.heap();
  Rise rise = rise_of(what, &group.sum, kLeastEntriesRise);
  if (!rise.rising()) return std::nullopt;
  std::size_t row = group.rows.front();
  std::uint64_t own = 0, shared = 0, storage = 0;
  for (std::size_t each : group.rows) own += map_retained(what, each), storage += heap.maps.bytes[each];
  bool worth = group.entries * 64 >= 64 * kKiB;  // a walk over all objects
  if (worth && own < storage + group.entries * 64) shared = shared_values(what, group.rows);
  std::uint64_t bytes = own + shared;
  auto verdict = growth_verdict(what, rise.growth.trend, bytes);
  if (!verdict) return std::nullopt;
  Bound bound = bound_of(heap, row, verdict->severity >= Severity::kMedium);
  if (!bound.sign.empty())
    *verdict = {Severity::kLow, Confidence::kHint};
  else if (bound.deletes != 0)
    soften(what, bytes, *verdict);

  // A registry of functions or channels is a list of listeners, whatever it is kept in.
  bool listeners = calls_back(heap, heap.types.elem[std::size_t(heap.maps.type[row])]);
  Finding found = claim(what, listeners ? "listener-leak" : "map-unbounded", map_node(heap, row), bytes);
  found.type = type_text(heap, heap.maps.type[row]);
  found.severity = verdict->severity;
  found.confidence = verdict->confidence;
  found.objects = group.entries;
  found.growth_bytes_per_s = bytes_per_second(rise, bytes, group.entries);
  found.title = title_of(map_place(what, found.holder, row), bound, *verdict);
  add_evidence(what, group, rise, bound, shared > own / 4 ? shared : 0, found);
  return found;
}

// A map of many things that grow a little each, too little to be followed one by one: together they are the
// holder that grows. `entries`: of the maps by their headers' objects.
std::optional<Finding> judge_holder(const Case& what, const SeriesRow& row,
                                    const std::unordered_map<std::uint32_t, std::uint64_t>& entries) {
  constexpr double kLeast = 64 * kKiB;
  constexpr std::uint64_t kMany = 16;
  const Heap& heap = what.heap();
  if (row.node == kNoNode || !heap.is_object(row.node)) return std::nullopt;
  // What has a sync.Map among its fields holds other things too.
  if (role_of(heap, heap.object_of(row.node)) != Role::kMapHeader) return std::nullopt;
  auto map = entries.find(std::uint32_t(row.node));
  if (map == entries.end() || map->second < kMany) return std::nullopt;
  Rise rise = rise_of(what, &row, kLeast);
  if (rise.growth.trend != Trend::kGrowing && rise.growth.trend != Trend::kSuspect) return std::nullopt;
  std::uint64_t bytes = std::max(what.retained(row.node), std::uint64_t(std::max(0.0, row.values.back())));
  auto verdict = growth_verdict(what, rise.growth.trend, bytes);
  if (!verdict) return std::nullopt;
  soften(what, bytes, *verdict);
  Finding found = claim(what, "map-unbounded", row.node, bytes);
  found.severity = verdict->severity;
  found.confidence = verdict->confidence;
  found.growth_bytes_per_s = rise.growth.per_second;
  found.title = place_words(found.holder) + " holds more in every capture, though it has as many entries";
  found.evidence.push_back(rise_evidence(what, rise, "bytes below it", command(what, "doctor")));
  return found;
}

// Those whose number of entries moved at all, put together by place.
std::vector<Group> groups_of(const Case& what) {
  constexpr std::size_t kMostPlaces = 20'000;  // ways to maps that are looked for
  const Heap& heap = what.heap();
  std::unordered_set<std::size_t> spelled;  // map-key-explosion reports those
  for (std::size_t i = 0; i < heap.keys.rows(); ++i)
    if (spellings_at(heap, i).many()) spelled.insert(heap.keys.map[i]);
  std::vector<std::pair<std::size_t, const SeriesRow*>> moved;
  for (std::size_t row = 0; row < heap.maps.rows(); ++row) {
    const SeriesRow* series = what.series().of(SeriesKind::kMap, std::uint64_t(heap.maps.header[row]));
    if (series != nullptr && !spelled.contains(row) && !is_context_children(heap, row))
      moved.emplace_back(row, series);
  }
  std::ranges::stable_sort(moved, std::greater{}, [&](const auto& map) { return heap.maps.len[map.first]; });
  if (moved.size() > kMostPlaces) moved.resize(kMostPlaces);
  std::map<std::pair<TypeId, std::string>, Group> groups;
  for (auto [row, series] : moved) {
    NodeId node = map_node(heap, row);
    std::string place = node == kNoNode ? "" : map_place(what, what.holder(node), row);
    Group& group = groups[{heap.maps.type[row], std::move(place)}];
    group.rows.push_back(row);
    group.entries += heap.maps.len[row];
    group.sum.values.resize(series->values.size());
    for (std::size_t i = 0; i < series->values.size(); ++i) group.sum.values[i] += series->values[i];
  }
  std::vector<Group> all;
  for (auto& [key, group] : groups) all.push_back(std::move(group));
  return all;
}

}  // namespace

std::vector<Finding> map_unbounded(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  std::unordered_set<std::uint32_t> named;
  std::vector<Sharing> shared;
  bool looked = false;
  if (what.series().captures() < 2) return found;
  for (const Group& group : groups_of(what)) {
    auto finding = judge(what, group);
    if (!finding) continue;
    if (finding->severity >= Severity::kMedium && !looked) shared = shared_maps(heap), looked = true;
    if (std::ranges::find(shared, group.rows.front(), &Sharing::map) != shared.end())
      continue;  // map-shared-header reports it
    for (std::size_t row : group.rows) named.insert(std::uint32_t(map_node(heap, row)));
    found.push_back(std::move(*finding));
  }
  std::unordered_map<std::uint32_t, std::uint64_t> entries;
  for (std::size_t row = 0; row < heap.maps.rows(); ++row)
    if (heap.maps.object[row] != kNoObject)
      entries.emplace(std::uint32_t(heap.node(heap.maps.object[row])), heap.maps.len[row]);
  for (const SeriesRow& row : what.series().rows) {
    if (row.kind != SeriesKind::kHolder || named.contains(std::uint32_t(row.node))) continue;
    if (auto finding = judge_holder(what, row, entries)) found.push_back(std::move(*finding));
  }
  return found;
}

}  // namespace memsnap
