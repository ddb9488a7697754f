// Rule map-boxed-values: trees of map[string]any take several times what their data needs.
//
// Counted are maps whose values are `any`, held by a package variable: a decoded document that a request
// holds is gone soon, and goroutines hold those. What would go away with a struct is the storage of the
// maps, the key strings and the boxes that the values lie in; what a struct takes for the same values is
// subtracted: the header of a string or slice, 8 bytes for a number, a bool or a nil. Strings that are
// values stay, and so do elements of slices, whose boxes are not counted: the estimate is low.
//
// May accuse: documents whose shape is not known. That is why it is never more than likely, and asks for
// many small maps: one large map from names to values is not a record.
#include "analysis/map_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace memsnap {

namespace {

struct Pile {
  std::uint64_t maps = 0, entries = 0;
  std::uint64_t storage = 0;  // bytes of headers, tables and groups
  std::uint64_t small = 0;  // keys, and numbers in boxes; several may share one object of the tiny allocator
  std::uint64_t headers = 0;  // boxes of strings and slices
  std::uint64_t boxed = 0;    // how many of those
  NodeId first = kNoNode;     // one of the maps
  std::uint64_t all() const { return storage + small + headers; }
  std::uint64_t as_struct() const { return (entries - std::min(entries, boxed)) * 8 + headers; }
  std::uint64_t saved() const { return all() - std::min(all(), as_struct()); }
};

bool boxes(const Heap& heap, std::size_t row) {
  std::size_t type = std::size_t(heap.maps.type[row]);
  if (type >= heap.types.rows() || kind_of(heap, heap.types.elem[type]) != Kind::kInterface) return false;
  std::string_view elem = type_text(heap, heap.types.elem[type]);
  return (elem == "interface {}" || elem == "any") && kind_of(heap, heap.types.key[type]) == Kind::kString;
}

// Adds what hangs on the groups of this map and only there.
void add_parts(const Heap& heap, std::size_t row, Pile& pile) {
  std::vector<ObjectId> own;
  for (ObjectId part : map_storage(heap, row, 256)) {
    if (role_of(heap, part) != Role::kMapGroups) continue;
    std::size_t source = std::size_t(part);
    for (std::uint32_t e = heap.edges.first[source]; e < heap.edges.first[source + 1]; ++e)
      if (heap.objects.idom[std::size_t(heap.edges.target[e])] == heap.node(part))
        own.push_back(heap.edges.target[e]);
  }
  std::ranges::sort(own);
  auto again = std::ranges::unique(own);
  own.erase(again.begin(), again.end());
  for (ObjectId object : own) {
    constexpr std::uint64_t kHeader = 32;  // bytes of the largest box: a slice header in its size class
    bool scannable = (heap.objects.flags[std::size_t(object)] & kScannable) != 0;
    if (role_of(heap, object) == Role::kMapHeader || (scannable && heap.objects.bytes(object) > kHeader))
      continue;
    (scannable ? pile.headers : pile.small) += heap.objects.bytes(object);
    pile.boxed += scannable;
  }
}

Finding report(const Case& what, NodeId top, const Pile& pile, Severity severity) {
  NodeId point = what.accumulation(top);
  Finding found = claim(what, "map-boxed-values", point, pile.saved());
  found.severity = severity;
  found.confidence = Confidence::kLikely;
  found.type = "map[string]interface {}";
  found.objects = pile.maps;
  if (found.sites.empty()) found.sites = what.sites(pile.first);
  found.title =
      fmt::format("{} keeps {} of map[string]any", place_words(found.holder), plural(pile.maps, "tree node"));
  found.evidence.push_back({"map",
                            fmt::format("{} with {} take {} of storage and {} of keys and boxed values",
                                        plural(pile.maps, "map"), plural(pile.entries, "entry"),
                                        human_bytes(pile.storage), human_bytes(pile.small + pile.headers)),
                            command(what, "maps")});
  found.evidence.push_back(
      {"map",
       fmt::format("{} where structs take about {}", human_bytes(pile.all()), human_bytes(pile.as_struct())),
       command(what, "maps")});
  return found;
}

}  // namespace

std::vector<Finding> map_boxed_values(const Case& what) {
  constexpr std::uint64_t kMany = 256;   // maps; fewer are a configuration, not a cache
  constexpr std::uint64_t kRecord = 64;  // entries; a larger map is a table, not a record
  const Heap& heap = what.heap();
  std::map<NodeId, Pile> piles;  // by the holder at the top
  for (std::size_t row = 0; row < heap.maps.rows(); ++row) {
    if (!boxes(heap, row) || heap.maps.len[row] > kRecord || heap.maps.len[row] == 0) continue;
    NodeId node = map_node(heap, row);
    if (node == kNoNode || what.retained(node) == 0) continue;
    NodeId top = what.top(node);
    if (!heap.is_root(top) || heap.roots.kind[std::size_t(heap.root_of(top))] != RootKind::kGlobal) continue;
    Pile& pile = piles[top];
    ++pile.maps;
    pile.entries += heap.maps.len[row];
    pile.storage += heap.maps.bytes[row];
    add_parts(heap, row, pile);
    if (pile.first == kNoNode) pile.first = node;
  }
  std::vector<Finding> found;
  for (const auto& [top, pile] : piles) {
    if (pile.maps < kMany) continue;
    if (auto severity = waste_severity(what, pile.saved(), Confidence::kLikely))
      found.push_back(report(what, top, pile, *severity));
  }
  return found;
}

}  // namespace memsnap
