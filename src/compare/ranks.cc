#include "compare/ranks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace memsnap {
namespace {

std::vector<double> sorted(std::span<const double> values) {
  std::vector<double> copy(values.begin(), values.end());
  std::ranges::sort(copy);
  return copy;
}

double median_of(const std::vector<double>& values) {
  std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

struct Ranks {
  std::vector<int> doubled;  // of all values in order: twice the rank, which ties make a half
  int doubled_sum_a = 0;
  double tie_sum = 0;  // sum of t^3 - t
  bool has_ties = false;
};

Ranks rank(std::span<const double> a, std::span<const double> b) {
  struct Value {
    double value;
    bool in_a;
  };
  std::vector<Value> all;
  for (double value : a) all.push_back({value, true});
  for (double value : b) all.push_back({value, false});
  std::ranges::stable_sort(all, {}, &Value::value);
  Ranks ranks;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && all[end].value == all[i].value) ++end;
    int doubled = int(i + 1 + end);  // ranks i + 1 .. end
    double ties = double(end - i);
    ranks.tie_sum += ties * ties * ties - ties;
    ranks.has_ties = ranks.has_ties || end - i > 1;
    for (; i < end; ++i) {
      ranks.doubled.push_back(doubled);
      if (all[i].in_a) ranks.doubled_sum_a += doubled;
    }
  }
  return ranks;
}

// The share of ways to choose `chosen` of the ranks whose sum is at most `most`.
double share_of_choices(const std::vector<int>& ranks, std::size_t chosen, int most) {
  int largest = std::accumulate(ranks.begin(), ranks.end(), 0);
  std::size_t width = std::size_t(largest) + 1;
  std::vector<double> ways((chosen + 1) * width);
  ways[0] = 1;
  for (std::size_t used = 0; used < ranks.size(); ++used)
    for (std::size_t count = std::min(used + 1, chosen); count >= 1; --count)
      for (std::size_t sum = width; sum-- > std::size_t(ranks[used]);)
        ways[count * width + sum] += ways[(count - 1) * width + sum - std::size_t(ranks[used])];
  double below = 0, all = 0;
  for (std::size_t sum = 0; sum < width; ++sum) {
    double number = ways[chosen * width + sum];
    all += number;
    if (int(sum) <= most) below += number;
  }
  return below / all;
}

double normal_probability(double u, std::size_t a, std::size_t b, double tie_sum) {
  double n = double(a + b), product = double(a) * double(b);
  double variance = product * (n + 1 - tie_sum / (n * (n - 1))) / 12;
  if (variance <= 0) return 1;
  double distance = u - product / 2;
  distance -= distance > 0 ? 0.5 : distance < 0 ? -0.5 : 0;
  return std::erfc(std::abs(distance) / std::sqrt(variance) / std::sqrt(2.0));
}

}  // namespace

MedianInterval median_interval(std::span<const double> values) {
  if (values.empty()) return {};
  std::vector<double> order = sorted(values);
  MedianInterval out{.median = median_of(order), .low = order.front(), .high = order.back()};
  // The interval from the k-th smallest to the k-th largest misses the median when fewer than k values lie on
  // one side of it, each with probability 1/2.
  constexpr double kTail = 0.025;
  double term = std::pow(0.5, double(order.size())), tail = 0;
  for (std::size_t k = 0; k < order.size() / 2; ++k) {
    tail += term;
    if (tail > kTail) break;
    out.low = order[k];
    out.high = order[order.size() - 1 - k];
    out.is_bounded = true;
    term *= double(order.size() - k) / double(k + 1);
  }
  return out;
}

double probability_of_no_difference(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return 1;
  Ranks ranks = rank(a, b);
  if (ranks.doubled.front() == ranks.doubled.back()) return 1;
  double least = double(a.size() * (a.size() + 1)) / 2;
  double u = double(ranks.doubled_sum_a) / 2 - least, other = double(a.size()) * double(b.size()) - u;
  std::size_t exact = ranks.has_ties ? 25 : 50;
  if (a.size() > exact || b.size() > exact) return normal_probability(u, a.size(), b.size(), ranks.tie_sum);
  if (u == other) return 1;
  double smaller = std::min(u, other);
  return std::min(1.0,
                  2 * share_of_choices(ranks.doubled, a.size(), int(std::lround(2 * (smaller + least)))));
}

}  // namespace memsnap
