// Rule list-unbounded: a linked structure (container/list, a tree, a hand-made chain) only grows.
//
// Looked at are holders whose surviving bytes rise through all captures and pile up in objects that lead
// to objects of their own type. Survivors of an earlier capture are counted, so a queue that is
// filled and drained at the same rate does not rise. When a map leads to nearly all of the elements, the
// structure is the order of a cache, and the map's rule judges both.
//
// May accuse: a structure with a bound that it has not reached yet. A field beside it that looks like a limit
// makes it a hint.
#include "analysis/bounds.h"
#include "analysis/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace memsnap {

namespace {

constexpr double kLeastRise = 64 * kKiB;

// The type of the elements when the object is the head of a chain, or a container/list.List; else 0.
TypeId element_type(const Case& what, NodeId node) {
  const Heap& heap = what.heap();
  if (node == kNoNode || !heap.is_object(node)) return TypeId{0};
  ObjectId object = heap.object_of(node);
  TypeId own = type_of(heap, object);
  if (own == TypeId{0}) return TypeId{0};
  if (role_of(heap, object) == Role::kListElement) return own;
  if (role_of(heap, object) != Role::kPlain) return TypeId{0};
  std::string_view name = type_text(heap, own);  // packages go by their last name, as %T prints them
  bool list = name == "list.List" || name == "container/list.List";
  for (NodeId child : what.children(node, 8)) {
    if (!heap.is_object(child)) continue;
    TypeId type = type_of(heap, heap.object_of(child));
    if (type == own || (list && role_of(heap, heap.object_of(child)) == Role::kListElement)) return type;
  }
  return TypeId{0};
}

std::uint64_t count_of(const Heap& heap, TypeId type) {
  std::uint64_t count = 0;
  for (std::size_t id = 0; id < heap.objects.rows(); ++id)
    count += heap.objects.type[id] == type && heap.objects.reached(ObjectId(std::uint32_t(id)));
  return count;
}

bool in_a_map(const Heap& heap, TypeId elements, std::uint64_t count) {
  for (std::size_t row = 0; row < heap.maps.rows(); ++row) {
    std::size_t type = std::size_t(heap.maps.type[row]);
    if (type >= heap.types.rows() || heap.maps.len[row] * 10 < count * 9) continue;
    TypeId value = heap.types.elem[type];
    if (kind_of(heap, value) == Kind::kPointer && heap.types.elem[std::size_t(value)] == elements)
      return true;
  }
  return false;
}

std::optional<Finding> judge(const Case& what, NodeId head, TypeId elements, const Rise& rise) {
  const Heap& heap = what.heap();
  std::uint64_t bytes = what.retained(head), count = count_of(heap, elements);
  auto verdict = growth_verdict(what, rise.growth.trend, bytes);
  if (!verdict || in_a_map(heap, elements, count)) return std::nullopt;
  std::string limit = limit_beside(heap, type_above(heap, head));
  if (!limit.empty()) *verdict = {Severity::kLow, Confidence::kHint};
  Finding found = claim(what, "list-unbounded", head, bytes);
  found.severity = verdict->severity;
  found.confidence = verdict->confidence;
  found.objects = count;
  found.growth_bytes_per_s = rise.growth.per_second;
  found.title = fmt::format("{} gets longer: {}, more linked than unlinked", place_words(found.holder),
                            plural(count, "element"));
  found.evidence.push_back(rise_evidence(what, rise, "bytes that survived", command(what, "doctor")));
  found.evidence.push_back({"list",
                            fmt::format("{} of {}, {} with what they hold", plural(count, "object"),
                                        type_text(heap, elements), human_bytes(bytes)),
                            why_command(what, head, found.type)});
  if (!limit.empty())
    found.evidence.push_back(
        {"note", fmt::format("the field {} beside it looks like a limit: compare again later", limit),
         command(what, "doctor")});
  return found;
}

}  // namespace

std::vector<Finding> list_unbounded(const Case& what) {
  std::map<NodeId, Finding> heads;  // several holders may lead to one structure
  for (const SeriesRow& row : what.series().rows) {
    if (row.kind != SeriesKind::kHolder || row.node == kNoNode) continue;
    Rise rise = rise_of(what, &row, kLeastRise);
    if (!rise.rising()) continue;
    NodeId head = row.node;
    TypeId elements = element_type(what, head);
    if (elements == TypeId{0}) elements = element_type(what, head = what.accumulation(row.node));
    if (elements == TypeId{0} || heads.contains(head)) continue;
    if (auto finding = judge(what, head, elements, rise)) heads.emplace(head, std::move(*finding));
  }
  std::vector<Finding> found;
  for (auto& [head, finding] : heads) found.push_back(std::move(finding));
  std::ranges::sort(found, std::greater{}, &Finding::retained_bytes);
  return found;
}

}  // namespace memsnap
