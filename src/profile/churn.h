// What a program allocates beside what of it stays: per line or function both sides of a heap profile, and
// how much of it was the growth of slices and maps.
//
// runtime/pprof leaves the runtime's own frames at the leaf out of heap profiles (protomem.go of Go), so
// growslice and rehash stand on a stack only when memsnap read it from the process, or in profiles of CPU
// time. Where they do not, an allocation is growth when one call instruction allocated blocks of at least
// three sizes that span four times or more, and its source line appends or assigns to an element.
// What a hint saves: a slice that reached its last size went through all sizes before it, and with a hint
// would have had only the last. A map doubles until it has 1024 slots and then splits its tables in two: half
// of what it allocates, whatever its size. docs/churn.md has the measurements.
#pragma once

#include "profile/callgraph.h"
#include "tables/profile.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

enum class GrowthKind : std::uint8_t { kNone, kSlice, kMap, kMake };  // kMake: make of a slice or map

// What a stack says by the frames from its leaf on, innermost first, until the first that is no frame of the
// runtime (that one included: bytes.growSlice grows too). kNone when it says nothing.
GrowthKind growth_of_frames(const std::vector<std::string_view>& names);
bool is_runtime_function(std::string_view name);
// What a line of Go source may allocate for.
GrowthKind growth_of_source(std::string_view line);

// One size of block at one place: `count` blocks were allocated.
struct SizeCount {
  double size = 0, count = 0;
};
bool are_growing_sizes(const std::vector<SizeCount>& sizes);
// Bytes that slices with these steps would not have allocated with the right capacity from the start.
double saved_by_slice_hint(std::vector<SizeCount> sizes);
inline constexpr double kSavedByMapHint = 0.5;

struct HeapColumns {
  std::size_t alloc_objects = 0, alloc_space = 0, inuse_objects = 0, inuse_space = 0;
};
// Nothing when the profile has not all four.
std::optional<HeapColumns> heap_columns(const Profile& profile);

struct ChurnRow {
  NodeInfo info;
  std::uint32_t node = ~0u;  // of the graph of the same profile, as node_sampling() numbers them
  std::int64_t alloc_objects = 0, alloc_space = 0, inuse_objects = 0, inuse_space = 0;
  double slice_growth = 0, map_growth = 0;  // bytes of alloc_space
  double saved = 0;                         // bytes that capacity hints would save
  // Share of what was allocated that is gone again; 0 when less was allocated than stays.
  double churn() const;
  void add(const ChurnRow& one);  // all but info
};
struct Churn {
  std::vector<ChurnRow> rows;  // in no order
  ChurnRow total;
  bool has_runtime_frames = false;  // growth is told by frames, at least in part
};
// `source` gives the text of a line, null when there is none. Rows are nodes as aggregate() left them; the
// runtime's own frames at a leaf are skipped.
Churn churn_of(const Profile& profile, const HeapColumns& columns,
               const std::function<const std::string*(std::string_view file, std::int64_t line)>& source);

}  // namespace memsnap
