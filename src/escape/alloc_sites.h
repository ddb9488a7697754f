// Where a program allocated, and how much of it is alive: one row per stack, out of heap profiles and
// snapshots.
#pragma once

#include "base/result.h"
#include "profile/precision.h"
#include "tables/heap.h"
#include "tables/profile.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace memsnap {

// What the runtime was asked for; told by the last of its functions on the stack, which profiles leave out.
enum class AllocKind : std::uint8_t {
  kUnknown,
  kObject,
  kSlice,
  kGrowth,
  kMap,
  kInterface,
  kString,
  kChannel,
  kOther
};
AllocKind alloc_kind(std::string_view runtime_function);
const char* word(AllocKind kind);

struct AllocFrame {
  StringId function{}, file{};
  std::uint32_t line = 0;
  // The function was inlined into that of the next frame. Only profiles say so.
  bool is_inlined = false;
  bool operator==(const AllocFrame&) const = default;
};

// Values of one side of a comparison, or the only one.
struct AllocValues {
  SampledSum live, all;  // bytes alive; bytes ever allocated
  double live_objects = 0, all_objects = 0;
};

struct AllocSite {
  std::uint32_t first_frame = 0,
                frames = 0;  // rows of AllocSites::frames, from the leaf; at most kMostFrames
  AllocKind kind = AllocKind::kUnknown;
  AllocValues before, now;
};

struct AllocSites {
  static constexpr std::size_t kMostFrames =
      24;  // as many calls may be inlined at one place and still be told apart

  ProfileStrings strings;
  std::vector<AllocFrame> frames;
  std::vector<AllocSite> sites;
  double rate = 0;              // bytes between two samples; 0 and 1: all blocks are in it
  bool is_difference = false;   // `before` has values
  bool knows_kinds = false;     // of snapshots
  bool knows_inlining = false;  // of profiles

  std::string_view text(StringId id) const { return strings[id]; }
};

// Adds what a heap profile or a snapshot says. The error says that it has no such values.
class AllocReader {
 public:
  enum class Side : std::uint8_t { kBefore, kNow };
  explicit AllocReader(AllocSites& sites) : sites_(sites) {}
  Result<void> add(const Profile& profile, std::string_view name, Side side);
  Result<void> add(const Heap& heap, std::string_view name, Side side);

 private:
  AllocSite& site_of(const std::vector<AllocFrame>& frames, AllocKind kind);
  void add_sample(const Profile& profile, std::size_t row, std::size_t first_column,
                  AllocValues AllocSite::* side);

  AllocSites& sites_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> known_;  // hash of the frames
  std::vector<AllocFrame> stack_;
};

}  // namespace memsnap
