#include "escape/alloc_sites.h"

#include "tables/profile_scale.h"
#include "tables/row_set.h"

#include <algorithm>
#include <array>

namespace memsnap {
namespace {

bool is_runtime(std::string_view function) {
  return function.starts_with("runtime.") || function.starts_with("internal/runtime/");
}

// Row of the column with this name; ~0 when there is none.
std::size_t column_of(const Profile& profile, std::string_view name) {
  for (std::size_t i = 0; i < profile.types(); ++i)
    if (profile.text(profile.sample_types[i].type) == name) return i;
  return ~std::size_t(0);
}

// `count` blocks of `size` bytes, as a profile prints them, scaled up.
void add_scaled(SampledSum& sum, double& objects, std::int64_t count, double size, double rate) {
  if (count <= 0 || size <= 0) return;
  double share = sampled_share(size, rate);
  sum.add(size / share, share, samples_behind(count, share));
  objects += double(count);
}

// `samples` blocks as the runtime recorded them.
void add_sampled(SampledSum& sum, double& objects, std::uint64_t samples, double size, double rate) {
  if (samples == 0 || size <= 0) return;
  double share = sampled_share(size, rate);
  sum.add(size / share, share, double(samples));
  objects += double(samples) / share;
}

}  // namespace

AllocKind alloc_kind(std::string_view function) {
  if (!function.starts_with("runtime.")) return AllocKind::kOther;
  std::string_view name = function.substr(std::string_view("runtime.").size());
  if (name == "newobject") return AllocKind::kObject;
  if (name.starts_with("makeslice") || name.starts_with("moveSlice")) return AllocKind::kSlice;
  if (name.starts_with("growslice")) return AllocKind::kGrowth;
  if (name.starts_with("makemap") || name.starts_with("mapassign")) return AllocKind::kMap;
  if (name.starts_with("convT")) return AllocKind::kInterface;
  if (name.starts_with("makechan")) return AllocKind::kChannel;
  static constexpr std::array<std::string_view, 7> kStrings = {
      "concatstring", "slicebytetostring", "stringtoslice",    "rawstring",
      "rawbyteslice", "intstring",         "slicerunetostring"};
  bool is_string = std::ranges::any_of(kStrings, [&](std::string_view one) { return name.starts_with(one); });
  return is_string ? AllocKind::kString : AllocKind::kOther;
}

const char* word(AllocKind kind) {
  switch (kind) {
    case AllocKind::kUnknown: return "unknown";
    case AllocKind::kObject: return "object";
    case AllocKind::kSlice: return "make-slice";
    case AllocKind::kGrowth: return "append";
    case AllocKind::kMap: return "map";
    case AllocKind::kInterface: return "interface";
    case AllocKind::kString: return "string";
    case AllocKind::kChannel: return "channel";
    case AllocKind::kOther: return "other";
  }
  return "";
}

AllocSite& AllocReader::site_of(const std::vector<AllocFrame>& frames, AllocKind kind) {
  RowHash hash;
  hash << std::uint64_t(kind);
  for (const AllocFrame& frame : frames)
    hash << std::uint64_t(frame.function) << std::uint64_t(frame.file) << frame.line;
  auto [from, to] = known_.equal_range(hash.get());
  for (auto at = from; at != to; ++at) {
    AllocSite& site = sites_.sites[at->second];
    auto first = sites_.frames.begin() + site.first_frame;
    if (site.kind == kind && site.frames == frames.size() && std::equal(frames.begin(), frames.end(), first))
      return site;
  }
  known_.emplace(hash.get(), std::uint32_t(sites_.sites.size()));
  sites_.sites.push_back({.first_frame = std::uint32_t(sites_.frames.size()),
                          .frames = std::uint32_t(frames.size()),
                          .kind = kind});
  sites_.frames.insert(sites_.frames.end(), frames.begin(), frames.end());
  return sites_.sites.back();
}

// The columns are objects and bytes ever allocated, objects and bytes alive, from `first` on.
void AllocReader::add_sample(const Profile& profile, std::size_t row, std::size_t first,
                             AllocValues AllocSite::* side) {
  std::span<const std::int64_t> values = profile.values_of(row);
  stack_.clear();
  AllocKind kind = AllocKind::kUnknown;
  bool in_runtime = true;
  profile.samples.stacks[row].each([&](LocationId id) {
    std::span<const ProfileLine> lines = profile.lines_of(profile[id]);
    for (std::size_t i = 0; i < lines.size() && stack_.size() < AllocSites::kMostFrames; ++i) {
      if (lines[i].function == kNoFunction) continue;
      const ProfileFunction& function = profile[lines[i].function];
      std::string_view name = profile.text(function.name);
      if (in_runtime && is_runtime(name)) {
        kind = alloc_kind(name);
        continue;
      }
      in_runtime = false;
      stack_.push_back({.function = sites_.strings.add(name),
                        .file = sites_.strings.add(profile.text(function.file)),
                        .line = std::uint32_t(std::clamp<std::int64_t>(lines[i].line, 0, ~0u)),
                        .is_inlined = i + 1 < lines.size()});
    }
  });
  if (stack_.empty()) return;
  AllocValues& values_of_site = site_of(stack_, kind).*side;
  auto size_of = [&](std::size_t column) {
    return values[column] > 0 ? double(values[column + 1]) / double(values[column]) : 0;
  };
  double rate = double(profile.period);
  add_scaled(values_of_site.all, values_of_site.all_objects, values[first], size_of(first), rate);
  add_scaled(values_of_site.live, values_of_site.live_objects, values[first + 2], size_of(first + 2), rate);
}

Result<void> AllocReader::add(const Profile& profile, std::string_view name, Side side) {
  std::size_t first = column_of(profile, "alloc_objects");
  bool is_heap = first != ~std::size_t(0) && column_of(profile, "alloc_space") == first + 1 &&
                 column_of(profile, "inuse_objects") == first + 2 &&
                 column_of(profile, "inuse_space") == first + 3;
  if (!is_heap)
    return fail(Cause::bad_input, "{} is no heap profile: it has no columns alloc_objects to inuse_space",
                name);
  auto member = side == Side::kBefore ? &AllocSite::before : &AllocSite::now;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) add_sample(profile, row, first, member);
  sites_.rate = double(profile.period);
  sites_.knows_inlining = true;
  sites_.is_difference = sites_.is_difference || side == Side::kBefore;
  return {};
}

Result<void> AllocReader::add(const Heap& heap, std::string_view name, Side side) {
  if (heap.buckets.rows() == 0)
    return fail(Cause::bad_input,
                "{} has no records of a heap profile: the program ran with MemProfileRate 0", name);
  std::int64_t rate = heap.counter("profile.rate");
  auto member = side == Side::kBefore ? &AllocSite::before : &AllocSite::now;
  for (std::size_t row = 0; row < heap.buckets.rows(); ++row) {
    if (heap.buckets.kind[row] != BucketKind::kHeap) continue;
    std::uint32_t skip = runtime_frames(heap, row), first = heap.buckets.first_frame[row];
    stack_.clear();
    for (std::uint32_t i = skip; i < heap.buckets.frames[row] && stack_.size() < AllocSites::kMostFrames;
         ++i) {
      if (first + i >= heap.frames.rows()) break;
      stack_.push_back({.function = sites_.strings.add(heap.text(heap.frames.function[first + i])),
                        .file = sites_.strings.add(heap.text(heap.frames.file[first + i])),
                        .line = heap.frames.line[first + i]});
    }
    if (stack_.empty()) continue;
    AllocKind kind =
        skip > 0 ? alloc_kind(heap.text(heap.frames.function[first + skip - 1])) : AllocKind::kUnknown;
    AllocValues& values = site_of(stack_, kind).*member;
    std::uint64_t allocs = heap.buckets.allocs[row], frees = heap.buckets.frees[row];
    double size = double(heap.buckets.size[row]);
    add_sampled(values.all, values.all_objects, allocs, size, double(rate));
    add_sampled(values.live, values.live_objects, allocs > frees ? allocs - frees : 0, size, double(rate));
  }
  sites_.rate = double(rate);
  sites_.knows_kinds = true;
  sites_.is_difference = sites_.is_difference || side == Side::kBefore;
  return {};
}

}  // namespace memsnap
