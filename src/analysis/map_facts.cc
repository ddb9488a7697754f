#include "analysis/map_facts.h"

#include "analysis/fold.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_set>

namespace memsnap {

namespace {

bool is_map_part(Role role) {
  return role == Role::kMapDirectory || role == Role::kMapTable || role == Role::kMapGroups ||
         role == Role::kMapIndirect || role == Role::kSyncMapNode;
}

}  // namespace

NodeId map_node(const Heap& heap, std::size_t row) {
  return owner_node(heap, heap.maps.object[row], heap.maps.root[row]);
}

std::uint64_t map_retained(const Case& what, std::size_t row) {
  const Heap& heap = what.heap();
  NodeId node = map_node(heap, row);
  if (node == kNoNode) return heap.maps.bytes[row];
  bool own = heap.is_object(node) && role_of(heap, heap.object_of(node)) == Role::kMapHeader;
  if (own) return what.retained(node);
  // The header is a part of something larger: count the storage that hangs on it. Two maps in one struct
  // count together here, so the result may be too large for each, never too small.
  std::uint64_t bytes = 0;
  for (NodeId child : what.children(node))
    if (heap.is_object(child) && is_map_part(role_of(heap, heap.object_of(child))))
      bytes += what.retained(child);
  return std::max(bytes, std::min(heap.maps.bytes[row], what.retained(node)));
}

std::uint64_t shared_values(const Case& what, std::span<const std::size_t> rows) {
  const Heap& heap = what.heap();
  std::size_t type = std::size_t(heap.maps.type[rows.front()]);
  if (type >= heap.types.rows()) return 0;
  TypeId elem = heap.types.elem[type];
  if (kind_of(heap, elem) != Kind::kPointer) return 0;
  TypeId value = heap.types.elem[std::size_t(elem)];
  if (value == TypeId{0}) return 0;
  std::unordered_set<std::uint32_t> above = {std::uint32_t(heap.virtual_root())};
  std::uint64_t entries = 0;
  for (std::size_t row : rows) {
    NodeId map = map_node(heap, row);
    if (map == kNoNode || !heap.is_object(map)) continue;
    above.insert(std::uint32_t(heap.objects.idom[std::size_t(heap.object_of(map))]));
    entries += heap.maps.len[row];
  }
  std::uint64_t bytes = 0, values = 0;
  for (std::size_t id = 0; id < heap.objects.rows(); ++id) {
    if (heap.objects.type[id] != value) continue;
    NodeId up = heap.objects.idom[id];
    if (up == kNoNode || !above.contains(std::uint32_t(up))) continue;
    bytes += heap.objects.retained[id];
    ++values;
  }
  // More such values than entries: others than those of these maps, so take their share.
  return values <= entries ? bytes : std::uint64_t(double(bytes) / double(values) * double(entries));
}

std::string map_place(const Case& what, const Holder& holder, std::size_t row) {
  const Heap& heap = what.heap();
  std::string place = place_words(holder);
  ObjectId object = heap.maps.object[row];
  if (object == kNoObject || role_of(heap, object) == Role::kMapHeader) return place;
  std::uint64_t offset =
      std::uint64_t(heap.maps.header[row]) - std::uint64_t(heap.objects.addr[std::size_t(object)]);
  return place + edge_ref(heap, object, std::uint32_t(offset / 8));
}

Rise map_rise(const Case& what, std::size_t row) {
  std::uint64_t header = std::uint64_t(what.heap().maps.header[row]);
  return rise_of(what, what.series().of(SeriesKind::kMap, header), kLeastEntriesRise);
}

bool is_context_children(const Heap& heap, std::size_t row) {
  std::size_t type = std::size_t(heap.maps.type[row]);
  return type < heap.types.rows() && type_text(heap, heap.types.key[type]) == "context.canceler";
}

bool Spellings::many() const { return keys >= 1000 && distinct > 0 && distinct * 2 <= keys; }

Spellings spellings_at(const Heap& heap, std::size_t key_row) {
  const KeyTable& keys = heap.keys;
  return {keys.keys[key_row], std::min(keys.distinct_all[key_row], keys.keys[key_row]), key_row};
}

std::vector<ObjectId> map_storage(const Heap& heap, std::size_t row, std::size_t most) {
  std::vector<ObjectId> parts;
  ObjectId header = heap.maps.object[row];
  if (header == kNoObject) return parts;
  parts.push_back(header);
  for (std::size_t at = 0; at < parts.size() && parts.size() < most; ++at) {
    std::size_t source = std::size_t(parts[at]);
    if (at > 0 && role_of(heap, parts[at]) == Role::kMapGroups) continue;  // entries begin here
    for (std::uint32_t e = heap.edges.first[source]; e < heap.edges.first[source + 1]; ++e) {
      ObjectId target = heap.edges.target[e];
      Role role = role_of(heap, target);
      if (role != Role::kMapDirectory && role != Role::kMapTable && role != Role::kMapGroups) continue;
      if (heap.objects.idom[std::size_t(target)] == kNoNode) continue;
      parts.push_back(target);
      if (parts.size() >= most) break;
    }
    if (role_of(heap, parts[at]) == Role::kMapDirectory) {
      // Entries of a directory repeat.
      std::ranges::sort(parts.begin() + std::ptrdiff_t(at) + 1, parts.end());
      auto rest = std::ranges::unique(parts.begin() + std::ptrdiff_t(at) + 1, parts.end());
      parts.erase(rest.begin(), rest.end());
    }
  }
  std::ranges::sort(parts);
  auto rest = std::ranges::unique(parts);
  parts.erase(rest.begin(), rest.end());
  return parts;
}

namespace {

// The struct whose values this object consists of, and its size; 0 for anything else.
TypeId struct_in(const Heap& heap, ObjectId object, std::uint64_t& size) {
  TypeId type = type_of(heap, object);
  if (role_of(heap, object) == Role::kSliceArray) type = heap.types.elem[std::size_t(type)];
  if (kind_of(heap, type) != Kind::kStruct) return TypeId{0};
  size = heap.types.size[std::size_t(type)];
  return size == 0 ? TypeId{0} : type;
}

std::string field_at(const Heap& heap, TypeId type, std::uint64_t offset) {
  std::size_t row = std::size_t(type);
  std::string_view name = "map";
  for (std::uint32_t f = heap.types.first_field[row]; f < heap.types.first_field[row + 1]; ++f)
    if (heap.fields.offset[f] <= offset) name = heap.text(heap.fields.name[f]);
  return std::string(name);
}

}  // namespace

std::vector<Sharing> shared_maps(const Heap& heap) {
  constexpr std::uint64_t kLeastBytes = 64 * kKiB, kCrowd = 16;
  std::vector<bool> wanted(heap.objects.rows());  // bits stay in the cache while all edges go by
  std::map<ObjectId, std::size_t> rows;
  for (std::size_t row = 0; row < heap.maps.rows(); ++row) {
    ObjectId header = heap.maps.object[row];
    if (header == kNoObject || role_of(heap, header) != Role::kMapHeader) continue;
    if (heap.objects.retained[std::size_t(header)] < kLeastBytes) continue;
    wanted[std::size_t(header)] = true;
    rows.emplace(header, row);
  }
  std::map<std::tuple<std::size_t, TypeId, std::uint64_t>, std::uint64_t> holders;
  for (std::size_t source = 0; source < heap.objects.rows() && !rows.empty(); ++source)
    for (std::uint32_t e = heap.edges.first[source]; e < heap.edges.first[source + 1]; ++e) {
      ObjectId target = heap.edges.target[e], object{std::uint32_t(source)};
      if (!wanted[std::size_t(target)] || !heap.objects.reached(object)) continue;
      std::uint64_t size = 0;
      TypeId type = struct_in(heap, object, size);
      if (type != TypeId{0}) ++holders[{rows.at(target), type, std::uint64_t(heap.edges.at[e]) * 8 % size}];
    }
  std::vector<Sharing> shared;
  for (const auto& [key, count] : holders) {
    auto [row, type, offset] = key;
    if (count < kCrowd) continue;
    if (!shared.empty() && shared.back().map == row && shared.back().holders >= count) continue;
    if (!shared.empty() && shared.back().map == row) shared.pop_back();
    shared.push_back({row, type, field_at(heap, type, offset), count});
  }
  return shared;
}

}  // namespace memsnap
