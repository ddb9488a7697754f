// Maps, arrays, strings, channels and pools of a capture as the user sees them. Runs on a heap whose objects
// have types and whose dominators are known: what no root reaches is in no table here.
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

// Fills maps, keys, arrays, duplicates, channels and pools. Keys and strings are read from the process as it
// is now, after the resume; what went meanwhile is left out.
void write_containers(const ContainerInputs& in, const CaptureOptions& options, StringPool& strings,
                      Heap& out);

// The parts of write_containers.
void write_maps(const ContainerInputs& in, Heap& out);
void write_keys(const ContainerInputs& in, StringPool& strings, Heap& out);  // after write_maps
void write_arrays(const ContainerInputs& in, std::vector<std::uint16_t>& string_lengths, Heap& out);
void write_duplicates(const ContainerInputs& in, std::span<const std::uint16_t> string_lengths,
                      StringPool& strings, Heap& out);
void write_channels(const ContainerInputs& in, Heap& out);
void write_pools(const ContainerInputs& in, Heap& out);

}  // namespace memsnap
