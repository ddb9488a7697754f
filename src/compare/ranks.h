// Statistics of repeated measurements that assume nothing about their distribution: medians, and whether two
// series differ. The test's numbers are those of benchstat (golang.org/x/perf).
#pragma once

#include <span>

namespace memsnap {

struct MedianInterval {
  double median = 0, low = 0, high = 0;
  bool is_bounded = false;  // fewer than six values bound nothing at 95 %
};
MedianInterval median_interval(std::span<const double> values);

// The probability that two series of one distribution differ at least as much as these (Mann-Whitney U test,
// two-sided): exact up to 50 values a side, 25 when some are equal, else the normal approximation with
// corrections for ties and continuity. 1 when all values are equal or a side is empty.
double probability_of_no_difference(std::span<const double> a, std::span<const double> b);

}  // namespace memsnap
