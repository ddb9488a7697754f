// Rule map-boxed-values: trees of map[string]any take several times what their data needs.
//
// Counted are maps whose values are `any`, held by a package variable: a decoded document that a request
// holds is gone soon, and goroutines hold those. What would go away with a struct is the storage of
// the maps and the key strings, less 16 bytes per entry, the size of a string or slice header and more than
// that of a number: a careful estimate from below, since boxed values go away as well.
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
  std::uint64_t maps = 0, entries = 0, storage = 0, keys = 0;
  NodeId first = kNoNode;  // one of the maps
  std::uint64_t saved() const {
    std::uint64_t data = entries * 16;
    return storage + keys > data ? storage + keys - data : 0;
  }
};

bool boxes(const Heap& heap, std::size_t row) {
  std::size_t type = std::size_t(heap.maps.type[row]);
  if (type >= heap.types.rows() || kind_of(heap, heap.types.elem[type]) != Kind::kInterface) return false;
  std::string_view elem = type_text(heap, heap.types.elem[type]);
  return (elem == "interface {}" || elem == "any") && kind_of(heap, heap.types.key[type]) == Kind::kString;
}

// Bytes of key strings that only this map's groups keep.
std::uint64_t key_bytes(const Heap& heap, std::size_t row) {
  std::uint64_t bytes = 0;
  for (ObjectId part : map_storage(heap, row, 256)) {
    if (role_of(heap, part) != Role::kMapGroups) continue;
    std::size_t source = std::size_t(part);
    for (std::uint32_t e = heap.edges.first[source]; e < heap.edges.first[source + 1]; ++e) {
      ObjectId target = heap.edges.target[e];
      bool own = heap.objects.idom[std::size_t(target)] == heap.node(part);
      // An `any` points to the header of its string, so what points straight to bytes is a key.
      if (own && role_of(heap, target) == Role::kStringBytes) bytes += heap.objects.bytes(target);
    }
  }
  return bytes;
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
  found.evidence.push_back(
      {"map",
       fmt::format("{} with {} take {} of storage and {} of key strings", plural(pile.maps, "map"),
                   plural(pile.entries, "entry"), human_bytes(pile.storage), human_bytes(pile.keys)),
       command(what, "maps")});
  found.evidence.push_back(
      {"map",
       fmt::format("{:.0f} bytes per entry where a field of a struct takes 16 at most",
                   double(pile.storage + pile.keys) / double(std::max<std::uint64_t>(pile.entries, 1))),
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
    pile.keys += key_bytes(heap, row);
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
