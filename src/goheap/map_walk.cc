#include "goheap/map_walk.h"

#include <algorithm>

namespace memsnap {

namespace {

constexpr std::uint8_t kMostBuckets = 48;  // B of a hmap whose buckets fit into an address space

}  // namespace

MapStorage MapWalk::read(std::uint64_t addr, TypeId header) {
  MapStorage map;
  TypeId type = model_[header].container;
  const MapShape* shape = type == TypeId{} ? nullptr : model_.map_shape(type);
  map.bytes = slot_bytes(addr);
  if (model_[header].special == Special::kSwissHeader)
    read_swiss(addr, shape, map);
  else if (model_[header].special == Special::kBucketsHeader)
    read_buckets(addr, shape, map);
  map.len = std::min(map.len, map.capacity);
  return map;
}

void MapWalk::read_swiss(std::uint64_t addr, const MapShape* shape, MapStorage& map) {
  if (!model_.containers().swiss) return;
  const auto& at = *model_.containers().swiss;
  map.len = heap_.value<std::uint64_t>(addr + at.used);
  if (heap_.value<std::uint8_t>(addr + at.writing) != 0) map.flags |= kMapWriting;
  std::uint64_t directory = heap_.value<std::uint64_t>(addr + at.dir_ptr),
                length = heap_.value<std::uint64_t>(addr + at.dir_len);
  if (directory == 0) return;
  if (length == 0) {
    map.parts = 1;
    map.capacity = kSlots;
    map.bytes += slot_bytes(directory);
    map.groups.push_back({directory, 1});
    return;
  }
  Place place = heap_.find(directory);
  if (place.id == kNoObject || directory < place.start) return;
  length = std::min(length, (place.start + place.size - directory) / 8);
  map.bytes += place.size;
  // Several entries of a directory may lead to one table.
  std::vector<std::uint64_t> tables;
  for (std::uint64_t i = 0; i < length; ++i) tables.push_back(heap_.value<std::uint64_t>(directory + i * 8));
  std::ranges::sort(tables);
  auto again = std::ranges::unique(tables);
  tables.erase(again.begin(), again.end());
  for (std::uint64_t table : tables)
    if (table != 0) read_table(table, shape, map);
}

void MapWalk::read_table(std::uint64_t table, const MapShape* shape, MapStorage& map) {
  if (!model_.containers().table) return;
  const auto& at = *model_.containers().table;
  Place place = heap_.find(table);
  if (place.id == kNoObject || table + at.size > place.start + place.size) return;
  std::uint64_t capacity = heap_.value<std::uint16_t>(table + at.capacity),
                used = heap_.value<std::uint16_t>(table + at.used);
  std::uint64_t left = heap_.value<std::uint16_t>(table + at.growth_left);
  std::uint64_t data = heap_.value<std::uint64_t>(table + at.data);
  Place groups = heap_.find(data);
  map.bytes += place.size;
  ++map.parts;
  if (groups.id == kNoObject) return;
  std::uint64_t room =
      shape == nullptr ? capacity / kSlots : (groups.start + groups.size - data) / shape->group_size;
  std::uint64_t count = std::min(capacity / kSlots, room);
  map.bytes += groups.size;
  map.capacity += count * kSlots;
  if (shape != nullptr && count > 0) map.groups.push_back({data, count});
  // Seven of eight slots may be filled before a table grows; deleted slots count until then (table.go).
  std::uint64_t most = capacity <= kSlots ? capacity - 1 : capacity * 7 / 8;
  if (used + left < most) map.flags |= kMapTombstones;
}

void MapWalk::read_buckets(std::uint64_t addr, const MapShape* shape, MapStorage& map) {
  if (!model_.containers().buckets || shape == nullptr) return;
  const auto& at = *model_.containers().buckets;
  map.len = heap_.value<std::uint64_t>(addr + at.count);
  if (heap_.value<std::uint8_t>(addr + at.flags) & 4) map.flags |= kMapWriting;  // hashWriting
  std::uint64_t bits = std::min(heap_.value<std::uint8_t>(addr + at.b), kMostBuckets);
  auto add = [&](std::uint64_t buckets, std::uint64_t count) {
    Place place = heap_.find(buckets);
    if (place.id == kNoObject || shape->group_size == 0) return std::uint64_t(0);
    count = std::min(count, (place.start + place.size - buckets) / shape->group_size);
    map.bytes += place.size;
    if (count > 0) map.groups.push_back({buckets, count});
    return count;
  };
  std::uint64_t count = add(heap_.value<std::uint64_t>(addr + at.buckets), std::uint64_t(1) << bits);
  map.parts = std::uint32_t(count);
  map.capacity = count * kSlots;
  std::uint64_t old = heap_.value<std::uint64_t>(addr + at.old);
  if (old != 0 && bits > 0) {
    map.flags |= kMapGrowing;
    std::uint64_t olds = add(old, std::uint64_t(1) << (bits - 1));
    map.old_parts = std::uint32_t(olds - std::min(olds, heap_.value<std::uint64_t>(addr + at.evacuated)));
  }
  // Chains of overflow buckets, those outside the arrays: each is an object of its own.
  std::uint64_t most = heap_.objects();
  for (std::size_t i = 0, arrays = map.groups.size(); i < arrays; ++i) {
    MapStorage::Groups array = map.groups[i];
    for (std::uint64_t b = 0; b < array.count; ++b) {
      std::uint64_t next = heap_.value<std::uint64_t>(array.addr + b * shape->group_size + shape->overflow);
      for (; next != 0 && most > 0; --most) {
        Place place = heap_.find(next);
        if (place.id == kNoObject || next + shape->group_size > place.start + place.size) break;
        map.capacity += kSlots;
        if (next == place.start) map.bytes += place.size;
        map.groups.push_back({next, 1});
        next = heap_.value<std::uint64_t>(next + shape->overflow);
      }
    }
  }
}

}  // namespace memsnap
