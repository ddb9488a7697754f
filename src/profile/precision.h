// How far the sum of samples may be from the truth: limits that hold it in 95 of 100 cases.
//
// The runtime puts sample points into the bytes that a program allocates, at random, one in `rate` bytes. A
// block of s bytes is sampled when a point falls into it: with p = 1 - exp(-s / rate), each block by itself.
// A profile has K sampled blocks of a stack and a size, printed as K / p blocks of s bytes. K is binomial, so
//   variance of the bytes:  s^2 K (1 - p) / p^2, of a sum of such records their sum V.
// With W, the sum of K (s / p)^2, the sum is as good as K_eff = sum^2 / W samples of equal weight: the limits
// are those of a Poisson number of K_eff events (Garwood), scaled to the sum, and drawn in by sqrt(V / W),
// since blocks with p near 1 are counted and not guessed. Where all blocks have one size the binomial is
// turned round exactly. Normal limits, 1.96 standard deviations, are too narrow at few samples.
// Facts: scaleHeapSample of runtime/pprof/protomem.go, profilealloc of runtime/malloc.go. docs/precision.md
// has the figures.
#pragma once

#include <cstdint>

namespace memsnap {

struct Interval {
  double low = 0, high = 0;
  bool holds(double value) const { return low <= value && value <= high; }
};

// p of a block; 1 when every block is in the profile (rate 0 and 1).
double sampled_share(double size, double rate);
// K behind a printed count, which is K / p cut to a whole number.
double samples_behind(std::int64_t count, double share);
// What a site may have in all when nothing of it was sampled: 95 of 100 sites with more are in the profile.
double unseen_bytes(double rate);
// The limits of the mean of a Poisson number that came out as `count`, which need not be whole.
Interval poisson_interval(double count);
// How many blocks there are when `seen` of them were sampled with the share each.
Interval binomial_interval(double seen, double share);

// A sum over samples that knows its limits.
class SampledSum {
 public:
  // `samples` of them, each of which stands for `weight` of the sum: s / p for bytes, 1 / p for blocks, the
  // period for time. `share` is p; 0 when a sample is a moment and no block.
  void add(double weight, double share, double samples);
  void add(const SampledSum& other);
  SampledSum scaled(double factor) const;  // every sample stands for so many times as much

  double estimate() const { return estimate_; }
  double samples() const { return samples_; }
  double mean_weight() const { return estimate_ > 0 ? squares_ / estimate_ : 0; }
  Interval interval() const;  // both 0 when there are no samples

 private:
  double estimate_ = 0, samples_ = 0;
  double variance_ = 0, squares_ = 0;  // V and W
  double seen_ = 0;                    // what the sampled blocks have themselves: the truth is no less
  double weight_ = 0, share_ = 0;      // of all samples, as long as they are equal
  bool is_one_size_ = true;
};

// Limits of now - base. The errors of both add up, as they do when the two are of different times. Of two
// captures of one process they partly cancel out: then these limits are wider than need be, never narrower.
// A side without samples may have as much as one can miss of what the other side has.
Interval difference_interval(const SampledSum& now, const SampledSum& base);

}  // namespace memsnap
