#include "verbs/heap_profile.h"

#include "tables/profile_scale.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace memsnap {
namespace {

// Puts the frames of a heap into a profile, each function and each line once.
class Builder {
 public:
  explicit Builder(const Heap& heap) : heap_(heap) {
    out.time_nanos = heap.counter("capture.realtime_ns");
    out.mappings.push_back({.id = 1,
                            .start = std::uint64_t(heap.counter("target.code_start")),
                            .limit = std::uint64_t(heap.counter("target.code_limit")),
                            .offset = std::uint64_t(heap.counter("target.code_offset")),
                            .file = text(heap.fact("target.exe")),
                            .build_id = text(heap.fact("target.gnu_build_id")),
                            .has_functions = true,
                            .has_filenames = true,
                            .has_line_numbers = true,
                            .has_inline_frames = true});
  }

  StringId text(std::string_view value) { return out.strings.add(value); }
  void type(std::string_view name, std::string_view unit) {
    out.sample_types.push_back({text(name), text(unit)});
  }
  void period(std::string_view name, std::string_view unit, std::int64_t value) {
    out.period_type = {text(name), text(unit)};
    out.period = value;
  }

  void sample(std::size_t first, std::size_t count, std::span<const std::int64_t> values,
              std::span<const ProfileLabel> labels) {
    stack_.clear();
    std::size_t end = std::min(heap_.frames.rows(), first + count);
    for (std::size_t frame = first; frame < end;) {
      std::size_t next = frame + 1;
      std::uint64_t pc = heap_.frames.pc[frame];
      // The same line again is a call of itself, not one that is inlined.
      while (pc != 0 && next < end && heap_.frames.pc[next] == pc && place(next) != place(frame)) ++next;
      stack_.push_back(location(frame, next - frame));
      frame = next;
    }
    out.add_sample(stack_, values, labels);
  }

  Profile out;

 private:
  // One with its address is an address, as in the runtime's own profiles, and else a line.
  struct Place {
    std::uint64_t pc;
    std::uint32_t function, file, line;
    std::uint32_t lines = 1;  // and how many more frames are inlined there
    bool operator==(const Place&) const = default;
  };
  struct PlaceHash {
    std::size_t operator()(const Place& place) const {
      std::uint64_t mixed = (std::uint64_t(place.function) << 32 | place.file) * 0x9e3779b97f4a7c15u;
      mixed ^= place.pc * 0xff51afd7ed558ccdu;
      return std::size_t((mixed ^ (mixed >> 29) ^ place.line ^ place.lines << 24) * 0xbf58476d1ce4e5b9u);
    }
  };

  Place place(std::size_t frame) const {
    return {heap_.frames.pc[frame], std::uint32_t(heap_.frames.function[frame]),
            std::uint32_t(heap_.frames.file[frame]), heap_.frames.line[frame]};
  }

  // Of `count` frames, innermost first: a function and what is inlined in it at one address.
  LocationId location(std::size_t frame, std::size_t count) {
    Place here = place(frame);
    here.lines = std::uint32_t(count);
    auto [at, fresh] = locations_.try_emplace(here, LocationId(std::uint32_t(out.locations.size())));
    if (!fresh) return at->second;
    std::uint32_t first = std::uint32_t(out.lines.size());
    for (std::size_t i = frame; i < frame + count; ++i) {
      Place line = place(i);
      FunctionId called = function({0, line.function, line.file, 0});
      out.lines.push_back({.function = called, .line = line.line});
    }
    out.locations.push_back({.id = out.locations.size() + 1,
                             .mapping = MappingId{0},
                             .address = here.pc,
                             .first_line = first,
                             .line_count = std::uint32_t(count)});
    return at->second;
  }

  FunctionId function(const Place& place) {
    auto [at, fresh] = functions_.try_emplace(place, FunctionId(std::uint32_t(out.functions.size())));
    if (!fresh) return at->second;
    StringId name = text(heap_.text(StringId(place.function)));
    out.functions.push_back({.id = out.functions.size() + 1,
                             .name = name,
                             .system_name = name,
                             .file = text(heap_.text(StringId(place.file)))});
    return at->second;
  }

  const Heap& heap_;
  std::vector<LocationId> stack_;
  std::unordered_map<Place, LocationId, PlaceHash> locations_;
  std::unordered_map<Place, FunctionId, PlaceHash> functions_;
};

Result<Profile> heap_profile(const Heap& heap) {
  std::int64_t rate = heap.counter("profile.rate");
  if (rate == 0)
    return fail(Cause::bad_input, "no heap profile: the program has set runtime.MemProfileRate to 0");
  Builder builder(heap);
  builder.type("alloc_objects", "count");
  builder.type("alloc_space", "bytes");
  builder.type("inuse_objects", "count");
  builder.type("inuse_space", "bytes");
  builder.period("space", "bytes", rate);
  StringId bytes = builder.text("bytes");
  for (std::size_t row = 0; row < heap.buckets.rows(); ++row) {
    if (heap.buckets.kind[row] != BucketKind::kHeap) continue;
    HeapSample sample = heap_sample(heap.buckets, row, rate);
    std::array values = {sample.alloc.objects, sample.alloc.bytes, sample.inuse.objects, sample.inuse.bytes};
    if (std::ranges::all_of(values, [](std::int64_t value) { return value == 0; })) continue;
    std::array labels = {
        ProfileLabel{.key = bytes, .unit = bytes, .value = std::int64_t(heap.buckets.size[row])}};
    std::uint32_t hidden = runtime_frames(heap, row);
    builder.sample(std::size_t(heap.buckets.first_frame[row]) + hidden, heap.buckets.frames[row] - hidden,
                   values, labels);
  }
  return std::move(builder.out);
}

Result<Profile> delay_profile(const Heap& heap, BucketKind kind) {
  double ticks = double(heap.counter("profile.ticks_per_second"));
  Builder builder(heap);
  builder.type("contentions", "count");
  builder.type("delay", "nanoseconds");
  builder.period("contentions", "count", 1);
  for (std::size_t row = 0; row < heap.buckets.rows(); ++row) {
    if (heap.buckets.kind[row] != kind) continue;
    double delay = ticks > 0 ? heap.buckets.cycles[row] * 1e9 / ticks : 0;
    std::array values = {std::int64_t(heap.buckets.allocs[row]), delay < 9e18 ? std::int64_t(delay) : 0};
    builder.sample(heap.buckets.first_frame[row], heap.buckets.frames[row], values, {});
  }
  return std::move(builder.out);
}

std::string_view state_of(const Heap& heap, std::size_t row) {
  std::string_view reason = heap.text(heap.goroutines.wait_reason[row]);
  switch (heap.goroutines.state[row]) {
    case GoroutineState::kRunnable: return "runnable";
    case GoroutineState::kRunning: return "running";
    case GoroutineState::kSyscall: return "syscall";
    case GoroutineState::kWaiting: return reason.empty() ? "waiting" : reason;
    case GoroutineState::kPreempted: return "preempted";
    case GoroutineState::kLeaked: return reason.empty() ? "leaked" : reason;
    default: return "idle";
  }
}

Result<Profile> goroutine_profile(const Heap& heap) {
  Builder builder(heap);
  builder.type("goroutine", "count");
  builder.period("goroutine", "count", 1);
  StringId state = builder.text("state"), waited = builder.text("waited"), unit = builder.text("nanoseconds");
  for (std::size_t row = 0; row < heap.goroutines.rows(); ++row) {
    GoroutineState now = heap.goroutines.state[row];
    bool lives = now != GoroutineState::kIdle && now != GoroutineState::kDead;
    if (!lives || heap.goroutines.system[row] != 0) continue;
    std::vector<ProfileLabel> labels = {
        {.key = state, .value = std::int64_t(builder.text(state_of(heap, row)))}};
    if (std::uint64_t ns = heap.goroutines.wait_ns[row]; ns > 0 && ns < std::uint64_t(INT64_MAX))
      labels.push_back({.key = waited, .unit = unit, .value = std::int64_t(ns)});
    constexpr std::array<std::int64_t, 1> kOne = {1};
    builder.sample(heap.goroutines.first_frame[row], heap.goroutines.frames[row], kOne, labels);
  }
  return std::move(builder.out);
}

}  // namespace

Result<Profile> profile_of_heap(const Heap& heap, std::string_view kind) {
  if (kind == "block") return delay_profile(heap, BucketKind::kBlock);
  if (kind == "mutex") return delay_profile(heap, BucketKind::kMutex);
  if (kind == "goroutine") return goroutine_profile(heap);
  return heap_profile(heap);
}

}  // namespace memsnap
