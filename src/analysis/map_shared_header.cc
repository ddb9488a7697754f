// Rule map-shared-header: many structs of one type have the same map in the same field.
//
// A map variable is a pointer, so copies of a struct share the map. Sharing is often meant (a table of
// labels, a configuration that everybody reads), and then the map does not change. When it gains entries
// while a crowd of structs points to it from the same field, what looks like a map of each is one map for
// all: its entries are those of all of them, and it lives as long as the last. The rule takes such a map over
// from map-unbounded, because a limit would not mend it.
//
// May accuse: a registry that every worker points to on purpose and that grows as it should not either; the
// growth is real, the advice is not the best one.
#include "analysis/map_facts.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {

std::vector<Finding> map_shared_header(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<Finding> found;
  std::vector<Sharing> shared = shared_maps(heap);
  for (const Sharing& sharing : shared) {
    std::size_t row = sharing.map;
    std::uint64_t bytes = map_retained(what, row);
    Rise rise = map_rise(what, row);
    auto verdict = growth_verdict(what, rise.growth.trend, bytes);
    auto waste = waste_severity(what, bytes, Confidence::kHint);
    if (!verdict && !waste) continue;
    Finding finding = claim(what, "map-shared-header", map_node(heap, row), bytes);
    finding.type = type_text(heap, heap.maps.type[row]);
    finding.severity = verdict ? verdict->severity : *waste;
    finding.confidence = verdict ? std::min(verdict->confidence, Confidence::kLikely) : Confidence::kHint;
    finding.objects = sharing.holders;
    finding.title = fmt::format("one map is the {} of {} {}{}", sharing.field, human_count(sharing.holders),
                                type_text(heap, sharing.type), verdict ? " and grows" : "");
    finding.evidence.push_back(
        {"map",
         fmt::format("{} values of {} point to one {} with {}", human_count(sharing.holders),
                     type_text(heap, sharing.type), finding.type, plural(heap.maps.len[row], "entry")),
         command(what, "maps")});
    if (rise.rising()) {
      finding.growth_bytes_per_s = bytes_per_second(rise, bytes, heap.maps.len[row]);
      finding.evidence.push_back(rise_evidence(what, rise, "entries", command(what, "doctor")));
    }
    found.push_back(std::move(finding));
  }
  return found;
}

}  // namespace memsnap
