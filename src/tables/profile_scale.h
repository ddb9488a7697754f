// What the samples of a heap profile stand for (runtime/pprof/protomem.go, scaleHeapSample), and which of a
// record's frames people are shown.
#pragma once

#include "tables/heap.h"

#include <cmath>
#include <cstdint>
#include <string_view>

namespace memsnap {

// How many objects one sampled object of this size stands for: the runtime takes an object of s bytes with
// the probability 1 - exp(-s / rate). rate is the counter profile.rate (MemProfileRate, bytes).
inline double sample_scale(std::uint64_t size, std::int64_t rate) {
  if (size == 0 || rate <= 1) return 1;
  return 1 / (1 - std::exp(-double(size) / double(rate)));
}

struct Scaled {
  std::int64_t objects = 0, bytes = 0;
};

// The numbers of `go tool pprof` for so many samples of one bucket, cut to whole numbers as it does.
inline Scaled scale_samples(std::uint64_t samples, std::uint64_t size, std::int64_t rate) {
  if (samples == 0 || size == 0) return {};
  double scale = sample_scale(size, rate);
  return {std::int64_t(double(samples) * scale), std::int64_t(double(samples * size) * scale)};
}

// The four values of pprof's heap profile, of one row of BucketTable; zero for block and mutex records.
struct HeapSample {
  Scaled alloc, inuse;  // as of the last completed collection
};
inline HeapSample heap_sample(const BucketTable& buckets, std::size_t row, std::int64_t rate) {
  if (buckets.kind[row] != BucketKind::kHeap) return {};
  std::uint64_t allocs = buckets.allocs[row], frees = buckets.frees[row], size = buckets.size[row];
  return {scale_samples(allocs, size, rate), scale_samples(allocs > frees ? allocs - frees : 0, size, rate)};
}

// Leading frames of a heap record that belong to the runtime (mallocgc, makeslice, mapassign …): pprof leaves
// them out, unless there are no others. They tell what kind of allocation it was.
inline std::uint32_t runtime_frames(const Heap& heap, std::size_t bucket) {
  std::uint32_t first = heap.buckets.first_frame[bucket], count = heap.buckets.frames[bucket];
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string_view name = heap.text(heap.frames.function[first + i]);
    if (!name.starts_with("runtime.") && !name.starts_with("internal/runtime/")) return i;
  }
  return 0;
}

}  // namespace memsnap
