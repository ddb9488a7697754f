#include "analysis/array_facts.h"

#include "analysis/fold.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace memsnap {

std::uint64_t array_bytes(const Heap& heap, std::size_t row) {
  return heap.objects.bytes(heap.arrays.object[row]);
}

std::uint64_t shown_bytes(const Heap& heap, std::size_t row) {
  std::uint64_t from = heap.arrays.shown_from[row];
  std::uint64_t to = std::min(heap.arrays.shown_to[row], array_bytes(heap, row));
  return to > from ? to - from : 0;
}

Rest rest_of(const Heap& heap, std::size_t row) {
  constexpr std::uint64_t kLeast = 64;  // bytes of one array; below this the size class explains it
  const ArrayTable& arrays = heap.arrays;
  ObjectId object = arrays.object[row];
  std::uint64_t bytes = array_bytes(heap, row), shown = shown_bytes(heap, row);
  // A pointer that is no slice may use any part, and a frame may hold a slice that is not in a table.
  if (!heap.objects.reached(object) || (arrays.flags[row] & kArrayOtherPointers) != 0) return Rest::kNone;
  if ((heap.objects.flags[std::size_t(object)] & kOnStack) != 0) return Rest::kNone;
  if (bytes < shown + kLeast || bytes < 2 * shown || in_pool(heap, object)) return Rest::kNone;
  bool before = arrays.shown_from[row] > 0;
  bool behind = cell(arrays.filled_to, row, std::uint64_t{0}) > arrays.shown_to[row];
  bool pointers = arrays.hidden_pointers[row] > 0;
  if (shown == 0) return before ? Rest::kPopped : behind || pointers ? Rest::kEmptied : Rest::kRoom;
  if (before && pointers && !behind) return Rest::kPopped;
  if (before || behind || pointers) return Rest::kPin;
  // Cut with a limit (s[:n:n], or a substring): what is behind it cannot be room to grow.
  bool cut = arrays.reach_to[row] * 2 <= bytes;
  return cut ? Rest::kPin : Rest::kRoom;
}

std::uint64_t hidden_retained(const Heap& heap, std::size_t row) {
  if (heap.arrays.hidden_pointers[row] == 0) return 0;
  ObjectId array = heap.arrays.object[row];
  std::uint64_t from = heap.arrays.shown_from[row], to = heap.arrays.shown_to[row];
  std::vector<ObjectId> hidden, seen;
  std::size_t source = std::size_t(array);
  for (std::uint32_t e = heap.edges.first[source]; e < heap.edges.first[source + 1]; ++e) {
    ObjectId target = heap.edges.target[e];
    if (heap.objects.idom[std::size_t(target)] != heap.node(array)) continue;
    std::uint64_t at = std::uint64_t(heap.edges.at[e]) * 8;
    (at >= from && at < to ? seen : hidden).push_back(target);
  }
  std::ranges::sort(hidden);
  std::ranges::sort(seen);
  auto again = std::ranges::unique(hidden);
  hidden.erase(again.begin(), again.end());
  std::uint64_t bytes = 0;
  for (ObjectId target : hidden)
    if (!std::ranges::binary_search(seen, target)) bytes += heap.objects.retained[std::size_t(target)];
  return bytes;
}

namespace {

// The field in which the header of the longest view lies, as a number of its own: all elements of one array,
// in a struct or in the memory of a variable, are one field.
class Fields {
 public:
  explicit Fields(const Heap& heap) : heap_(heap) {}

  std::uint32_t of(std::size_t row) {
    const ArrayTable& arrays = heap_.arrays;
    ObjectId holder = arrays.holder[row];
    RootId root = arrays.holder_root[row];
    if (holder != kNoObject && role_of(heap_, holder) != Role::kPlain) return 0;  // an element of a container
    TypeId type = holder != kNoObject ? type_of(heap_, holder)
                  : root != kNoRoot   ? heap_.roots.type[std::size_t(root)]
                                      : TypeId{0};
    auto [at, fresh] = numbers_.try_emplace({type, arrays.holder_word[row]});
    if (fresh) {
      std::string path = field_path(heap_, type, std::uint64_t(arrays.holder_word[row]) * 8);
      at->second = paths_.try_emplace({type, path}, std::uint32_t(paths_.size())).first->second;
    }
    return at->second;
  }

 private:
  const Heap& heap_;
  std::map<std::pair<TypeId, std::uint32_t>, std::uint32_t> numbers_;
  std::map<std::pair<TypeId, std::string>, std::uint32_t> paths_;
};

}  // namespace

std::vector<ArrayGroup> group_arrays(const Heap& heap, const std::function<bool(std::size_t)>& wanted) {
  using Place = std::tuple<TypeId, RootId, std::uint32_t, TypeId>;
  std::map<Place, ArrayGroup> places;
  Fields fields(heap);
  for (std::size_t row = 0; row < heap.arrays.rows(); ++row) {
    if (!wanted(row)) continue;
    ObjectId holder = heap.arrays.holder[row];
    TypeId type = holder == kNoObject ? TypeId{0} : type_of(heap, holder);
    Place place{type, heap.arrays.holder_root[row], fields.of(row), heap.arrays.elem[row]};
    auto [at, first] = places.try_emplace(place);
    ArrayGroup& group = at->second;
    std::uint64_t waste = array_bytes(heap, row) - shown_bytes(heap, row),
                  hidden = hidden_retained(heap, row);
    if (first || waste > array_bytes(heap, group.largest) - shown_bytes(heap, group.largest))
      group.largest = row;
    group.arrays.push_back(heap.arrays.object[row]);
    group.bytes += array_bytes(heap, row);
    group.shown += shown_bytes(heap, row);
    group.hidden += hidden;
    group.pointers += heap.arrays.hidden_pointers[row];
  }
  std::vector<ArrayGroup> groups;
  for (auto& [place, group] : places) {
    std::ranges::sort(group.arrays);
    groups.push_back(std::move(group));
  }
  std::ranges::sort(groups, std::greater{}, &ArrayGroup::wasted);
  return groups;
}

Finding claim_arrays(const Case& what, const char* rule, const ArrayGroup& group) {
  const Heap& heap = what.heap();
  Finding found = claim(what, rule, heap.node(heap.arrays.object[group.largest]), group.wasted());
  bool text = (heap.arrays.flags[group.largest] & kArrayOfString) != 0;
  found.type = text ? "string" : "[]" + std::string(type_text(heap, heap.arrays.elem[group.largest]));
  found.objects = group.arrays.size();
  if (auto sites = sites_of(what, group.arrays); !sites.empty()) found.sites = std::move(sites);
  return found;
}

Rise array_rise(const Case& what, const ArrayGroup& group) {
  constexpr double kLeastRise = 16;  // elements
  const Heap& heap = what.heap();
  NodeId array = heap.node(heap.arrays.object[group.largest]);
  for (const SeriesRow& row : what.series().rows)
    if (row.kind == SeriesKind::kArray && row.node == array) return rise_of(what, &row, kLeastRise);
  return {};
}

bool in_use(const Case& what, const ArrayGroup& group) {
  const SeriesRow* row = array_rise(what, group).row;
  return row != nullptr &&
         std::ranges::any_of(row->values, [&](double v) { return v != row->values.front(); });
}

}  // namespace memsnap
