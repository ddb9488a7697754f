// What a profile says about how it was sampled, and with it the limits of each node of its call graph.
#pragma once

#include "profile/callgraph.h"
#include "profile/precision.h"
#include "tables/profile.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

enum class SamplingKind : std::uint8_t {
  kUnknown,  // the profile does not say how it was sampled, or a column is not a sum of samples
  kAll,      // nothing was left out: goroutines, a heap profile with rate 1
  kHeap,     // one sample in `rate` bytes allocated
  kTime,     // a sample every `rate` units of the value: CPU
};

struct Sampling {
  SamplingKind kind = SamplingKind::kUnknown;
  double rate = 0;
  std::string unit;             // of the rate
  std::size_t count = 0;        // the column that counts blocks or samples
  bool is_count_shown = false;  // the value column is that one
  std::string why_unknown;      // a phrase
  bool has_limits() const { return kind == SamplingKind::kHeap || kind == SamplingKind::kTime; }
};
// Of one column of values.
Sampling sampling_of(const Profile& profile, std::size_t value);

// The label that samples of a base have in a difference; its text is "true" with -diff_base, where
// percentages are of the base, and "minus" with -base, where they are of what is left.
inline constexpr std::string_view kBaseLabel = "pprof::base", kMinusLabel = "minus";

// A sum with the two sides of a difference; base is empty when the profile is none.
struct SampledValue {
  SampledSum now, base;
  double samples() const { return now.samples() + base.samples(); }
  double estimate() const { return now.estimate() - base.estimate(); }
  Interval interval() const;
  bool is_noise() const;  // a difference that may be none: the limits hold 0
  void add(const SampledValue& other);
};

// Which samples of a profile are of the base, and what each is worth.
class SamplingReader {
 public:
  SamplingReader(const Profile& profile, const Sampling& sampling, std::size_t value);
  void add(std::size_t row, SampledValue& sum) const;
  // The base is an earlier profile of the same process: every count has only grown. What counts is then what
  // was sampled since, and base stays empty.
  bool is_base_earlier() const { return is_base_earlier_; }
  bool is_difference() const { return is_difference_; }

 private:
  const Profile& profile_;
  const Sampling& sampling_;
  std::size_t value_;
  StringId bytes_;
  std::vector<bool> is_base_;
  // Of an earlier base: the count of each stack and size less that of the base, at its first sample; else 0.
  std::vector<std::int64_t> counts_;
  bool is_difference_ = false, is_base_earlier_ = false;

  void find_earlier_base();
  std::int64_t count_of(std::size_t row) const;
};

struct NodeSampling {
  SampledValue flat, cum;
};
// One row per node of the graph of the same profile and options, in its order; call trees have none.
std::vector<NodeSampling> node_sampling(const Profile& profile, const GraphOptions& options,
                                        const SamplingReader& reader);
// Of all samples that have one of these nodes on their stack.
SampledValue sampling_of_any(const Profile& profile, const GraphOptions& options,
                             const SamplingReader& reader, std::span<const std::uint32_t> nodes);
SampledValue sampling_of_all(const Profile& profile, const SamplingReader& reader);

}  // namespace memsnap
