// The storage of one map: its tables or buckets, and its entries.
#pragma once

#include "goheap/raw_heap.h"
#include "goheap/type_model.h"

#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

struct MapStorage {
  std::uint64_t len = 0;       // as the header says, but no more than the storage can hold
  std::uint64_t capacity = 0;  // slots
  std::uint32_t parts = 0;     // tables (1 for a map of one group) or buckets
  std::uint32_t old_parts = 0;
  std::uint64_t bytes = 0;  // of header, directory, tables, groups or buckets
  std::uint8_t flags = 0;   // MapFlag
  struct Groups {
    std::uint64_t addr = 0, count = 0;
  };
  std::vector<Groups> groups;  // arrays of groups or buckets that hold entries now
};

class MapWalk {
 public:
  MapWalk(const RawHeap& heap, TypeModel& model) : heap_(heap), model_(model) {}

  // header: row of role kMapHeader.
  MapStorage read(std::uint64_t addr, TypeId header);
  // Calls visit(key address, element address) for every full slot of a group or bucket.
  template <class Visit>
  void each_slot(const MapShape& shape, std::uint64_t group, Visit&& visit) const {
    std::uint64_t control = heap_.word(group);
    for (std::uint64_t i = 0; i < kSlots; ++i) {
      std::uint8_t byte = std::uint8_t(control >> (8 * i));
      // A full slot has the top bit clear; a bucket's tophash is at least minTopHash
      // (runtime/map_noswiss.go).
      bool full = shape.layout == MapLayout::kSwiss ? (byte & 0x80) == 0 : byte >= 5;
      if (full) visit(group + shape.keys + i * shape.key_stride, group + shape.elems + i * shape.elem_stride);
    }
  }
  static constexpr std::uint64_t kSlots = 8;

 private:
  void read_swiss(std::uint64_t addr, const MapShape* shape, MapStorage& map);
  void read_table(std::uint64_t table, const MapShape* shape, MapStorage& map);
  void read_buckets(std::uint64_t addr, const MapShape* shape, MapStorage& map);
  std::uint64_t slot_bytes(std::uint64_t addr) const { return heap_.find(addr).size; }

  const RawHeap& heap_;
  TypeModel& model_;
};

}  // namespace memsnap
