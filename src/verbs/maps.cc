// memsnap maps: every live map, how full it is, what it wastes, who holds it; --keys: the shapes of its keys.
#include "analysis/map_facts.h"
#include "verbs/all.h"
#include "verbs/heap_words.h"
#include "verbs/rows.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "keys",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "shapes of string keys instead: lengths, and how many are left in each normal form"},
    each_flag("one row per map, instead of one for all of a type in one place"),
    focus_flag("only maps whose type fits, as map[string]*"),
};
constexpr Example kExamples[] = {
    {"maps 4127", "the largest maps"},
    {"maps shop.snap --keys", "keys that mean the same"},
};

std::string state_words(const Heap& heap, std::size_t row) {
  std::string words;
  auto add = [&](std::string_view word) { words.append(words.empty() ? "" : ", ").append(word); };
  std::uint8_t flags = cell(heap.maps.flags, row, std::uint8_t(0));
  if (flags & kMapGrowing) add("growing");
  if (flags & kMapWriting) add("being written");
  if (flags & kMapTombstones) add("tombstones");
  return words;
}

// Bytes of the map's own storage that hold no entry.
std::uint64_t waste_of(const Heap& heap, std::size_t row) {
  std::uint64_t len = heap.maps.len[row], capacity = heap.maps.capacity[row];
  if (capacity == 0 || len >= capacity) return 0;
  return std::uint64_t(double(heap.maps.bytes[row]) * (1 - double(len) / double(capacity)));
}

// Maps that no root reaches are garbage.
bool reached(const Heap& heap, std::size_t row) {
  ObjectId object = heap.maps.object[row];
  return object == kNoObject || (std::size_t(object) < heap.objects.rows() && heap.objects.reached(object));
}

bool wanted(const Heap& heap, std::size_t row, const Flags& flags) {
  return row < heap.maps.rows() && reached(heap, row) &&
         in_focus(flags, type_text(heap, heap.maps.type[row]));
}

Table map_table(const Case& what, const Flags& flags) {
  const Heap& heap = what.heap();
  const MapTable& maps = heap.maps;
  Table table{.name = "maps",
              .columns = {{"count", "maps", As::kCount},
                          {"bytes", "own", As::kBytes},
                          {"retained_bytes", "hold", As::kBytes},
                          {"len", "len", As::kCount},
                          {"capacity", "capacity", As::kCount},
                          {"load", "load", As::kNumber},
                          {"parts", "parts", As::kCount},
                          {"old_parts", "", As::kCount},
                          {"waste_bytes", "empty", As::kBytes},
                          {"state", "state"},
                          {"address", "", As::kAddress},
                          {"type", "type"},
                          {"holder", "held by", As::kPath}}};
  auto bytes = [&](std::size_t row) { return maps.bytes[row]; };
  auto place = [&](std::size_t row) { return holder_line(what, map_node(heap, row)); };
  std::vector<std::size_t> rows =
      largest_first(maps.rows(), [&](std::size_t row) { return wanted(heap, row, flags); }, bytes);
  auto groups = alike(
      rows, flags,
      [&](std::size_t row) { return fmt::format("{} {}", std::size_t(maps.type[row]), place(row)); }, bytes);
  table.note = grouped_words(rows.size(), flags, "maps");
  table.total = groups.size();
  for (const auto& group : std::span(groups).first(std::min(groups.size(), row_limit(flags)))) {
    std::size_t row = group.front();
    std::uint64_t len = sum_of(group, [&](std::size_t i) { return maps.len[i]; });
    std::uint64_t capacity = sum_of(group, [&](std::size_t i) { return maps.capacity[i]; });
    table.add(group.size(), sum_of(group, bytes),
              sum_of(group, [&](std::size_t i) { return map_retained(what, i); }), len, capacity,
              capacity == 0 ? Cell::none() : Cell::of(double(len) / double(capacity)),
              sum_of(group, [&](std::size_t i) { return maps.parts[i]; }),
              sum_of(group, [&](std::size_t i) { return maps.old_parts[i]; }),
              sum_of(group, [&](std::size_t i) { return waste_of(heap, i); }), state_words(heap, row),
              std::uint64_t(maps.header[row]), type_text(heap, maps.type[row]), place(row));
  }
  return table;
}

Table key_table(const Case& what, const Flags& flags) {
  const Heap& heap = what.heap();
  Table table{.name = "keys",
              .columns = {{"keys", "keys", As::kCount},
                          {"distinct", "alike", As::kCount},
                          {"distinct_case", "case", As::kCount},
                          {"distinct_trim", "blanks", As::kCount},
                          {"distinct_url", "%xx", As::kCount},
                          {"distinct_query", "query", As::kCount},
                          {"distinct_slash", "path", As::kCount},
                          {"shortest", "short", As::kCount},
                          {"mean", "mean", As::kNumber},
                          {"longest", "long", As::kCount},
                          {"mask", "commonest shape"},
                          {"mask_keys", "of that", As::kCount},
                          {"type", "type"},
                          {"holder", "held by", As::kPath}}};
  if (std::string_view why = heap.fact("keys.partial"); !why.empty())
    table.missing = fmt::format("map keys: {}", why);
  table.note =
      "keys: looked at; alike: left after all normal forms; case ... path: left after that one alone";
  std::vector<std::size_t> rows = largest_first(
      heap.keys.rows(), [&](std::size_t row) { return wanted(heap, heap.keys.map[row], flags); },
      [&](std::size_t row) { return heap.keys.keys[row]; });
  table.total = rows.size();
  for (std::size_t row : std::span(rows).first(std::min(rows.size(), row_limit(flags)))) {
    std::uint64_t keys = heap.keys.keys[row];
    std::size_t map = heap.keys.map[row];
    table.add(keys, heap.keys.distinct_all[row], heap.keys.distinct_case[row], heap.keys.distinct_trim[row],
              heap.keys.distinct_url[row], heap.keys.distinct_query[row], heap.keys.distinct_slash[row],
              heap.keys.shortest[row],
              keys == 0 ? Cell::none() : Cell::of(double(heap.keys.total_length[row]) / double(keys)),
              heap.keys.longest[row], heap.text(heap.keys.mask[row]), heap.keys.mask_keys[row],
              type_text(heap, heap.maps.type[map]), holder_line(what, map_node(heap, map)));
  }
  return table;
}

Result<int> run(const Flags& flags, Io& io) {
  return list_rows(flags, io, flags.on("keys") ? key_table : map_table);
}

}  // namespace

constinit const Verb kMaps = {
    .name = "maps",
    .summary = "every live map: entries, capacity, load, empty slots, growth, holder; --keys: shapes of keys",
    .operands = "PID|FILE.snap",
    .targets = Targets::kAny,
    .about =
        "Maps of one type in one place (one per session, say) are one row, with their sums; state and "
        "address "
        "are those of\n"
        "the largest. own: bytes of header, directory, tables and groups (or buckets); hold: what would be "
        "freed with the\n"
        "entries; empty: the share of own that holds no entry. sync.Map is listed too. Of keys only lengths, "
        "counts and\n"
        "classes of characters are known, never the keys.",
    .flags = {kFlags, kRowFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
