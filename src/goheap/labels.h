// Root labels: one per package variable, goroutine, kind of finalizer and cleanup, and a few for the runtime;
// with their pointers into the heap, phases and cuts. Why: graph.md section 2 of the design.
#pragma once

#include "goheap/freeze.h"
#include "goheap/go_names.h"
#include "goheap/parts.h"
#include "goheap/raw_heap.h"
#include "goheap/type_model.h"
#include "graph/graph.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace memsnap {

struct LabelInputs {
  const RawHeap& heap;
  const Freeze& frozen;
  const Stacks& stacks;
  std::span<const StaticRoot> statics;
  std::span<const StaticOwner> owners;  // one per static root
  std::span<const SpecialRoot> specials;
  TypeModel& model;
  const PackageNames& names;
  std::span<const TypeId> object_types;  // one per object
};

struct Labels {
  std::vector<RootId> goroutine_root;  // one per goroutine
  std::vector<RootId> global_root;     // one per DwarfIndex::globals; kNoRoot when it leads nowhere
  std::vector<Barrier> barriers;       // see tables/dominate.h
};

// Fills roots, root_edges, specials and goroutines.root.
Labels write_labels(const LabelInputs& in, StringPool& strings, Heap& out);

}  // namespace memsnap
