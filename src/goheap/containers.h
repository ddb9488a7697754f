// Maps, arrays, strings, channels and pools of a capture as the user sees them. Runs on a heap whose objects
// have types and are marked: what no root reaches is in no table here. Keys and strings are read from the
// process as it is now, after the resume; what went meanwhile is left out.
#pragma once

#include "goheap/capture.h"
#include "goheap/typing.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <span>
#include <vector>

namespace memsnap {

struct ContainerInputs {
  const RawHeap& heap;
  TypePrograms& programs;
  const HeapTypes& types;  // regions of static memory; object types are the heap's column
  std::span<const StackRoot> stacks;
  std::span<const StaticRoot> statics;
  std::span<const RootId> global_root;     // label by row of DwarfIndex::globals; kNoRoot when it has none
  std::span<const RootId> goroutine_root;  // label by row of GoroutineTable
};

// What each pool would hand out, by row of the pool table.
using PoolItems = std::vector<std::vector<ObjectId>>;

void write_maps(const ContainerInputs& in, Heap& out);
void write_keys(const ContainerInputs& in, std::uint64_t work, StringPool& strings,
                Heap& out);  // after write_maps
void write_arrays(const ContainerInputs& in, std::vector<std::uint16_t>& string_lengths, Heap& out);
void write_channels(const ContainerInputs& in, Heap& out);
PoolItems write_pools(const ContainerInputs& in, Heap& out);
void write_pool_bytes(const PoolItems& items, Heap& out);  // when it is known what each object retains
// Needs none of the copies.
void write_duplicates(const ContainerInputs& in, std::span<const std::uint16_t> string_lengths,
                      std::uint64_t work, StringPool& strings, Heap& out);

}  // namespace memsnap
