#include "analysis/case.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace memsnap {

namespace {

double middle(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

struct Line {
  double slope = 0;  // per second: the middle of all pairwise slopes (Theil and Sen)
  double low = 0;    // their 15th percentile
  double tau = 0;    // Kendall
  double noise = 0;  // standard deviation around the line
};

Line fit(const std::vector<double>& seconds, const std::vector<double>& values) {
  Line line;
  std::vector<double> slopes, offsets;
  int order = 0, pairs = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = i + 1; j < values.size(); ++j) {
      ++pairs;
      order += (values[j] > values[i]) - (values[j] < values[i]);
      if (seconds[j] > seconds[i]) slopes.push_back((values[j] - values[i]) / (seconds[j] - seconds[i]));
    }
  if (pairs == 0 || slopes.empty()) return line;
  std::ranges::sort(slopes);
  line.slope = middle(slopes);
  line.low = slopes[std::size_t(double(slopes.size()) * 0.15)];
  line.tau = double(order) / pairs;
  for (std::size_t i = 0; i < values.size(); ++i) offsets.push_back(values[i] - line.slope * seconds[i]);
  // Of so few values the median deviation is often far too small, so the larger of two estimates counts.
  double center = middle(offsets), squares = 0;
  for (double& offset : offsets) {
    offset = std::abs(offset - center);
    squares += offset * offset;
  }
  double deviation = values.size() > 2 ? std::sqrt(squares / double(values.size() - 2)) : 0;
  line.noise = std::max(deviation, 1.48 * middle(std::move(offsets)));
  return line;
}

// A series that never falls, and either stands still in between or takes steps of similar size, is not made
// by noise around a level: of 2,500 series of six random values one looks like that.
bool only_climbs(const std::vector<double>& values) {
  constexpr double kSimilar = 0.3;  // of the mean step
  double mean = (values.back() - values.front()) / double(values.size() - 1), least = mean;
  bool still = false;
  for (std::size_t i = 1; i < values.size(); ++i) {
    double step = values[i] - values[i - 1];
    if (step < 0) return false;
    if (step == 0)
      still = true;
    else
      least = std::min(least, step);
  }
  return mean > 0 && (still || least >= kSimilar * mean);
}

// How many times the noise a rise must be so that noise around a level passes all tests less than once in
// 10,000 series (simulated: with 4 times, 1 of 160 series of six values and 1 of 50 of five would).
double times_noise(const std::vector<double>& values) {
  static constexpr double kTimes[] = {4, 4, 4, 4, 24, 24, 18, 12, 9, 8, 7, 6};
  if (only_climbs(values) || values.size() >= std::size(kTimes)) return 4;
  return kTimes[values.size()];
}

// A cache that fills up rises ever more slowly: its second half at less than half the rate of the first.
bool is_warming(const std::vector<double>& seconds, const std::vector<double>& values) {
  std::size_t half = values.size() / 2;
  auto slope = [&](std::size_t from, std::size_t to) {
    auto at = [](std::size_t i) { return std::ptrdiff_t(i); };
    return fit({seconds.begin() + at(from), seconds.begin() + at(to)},
               {values.begin() + at(from), values.begin() + at(to)})
        .slope;
  };
  double first = slope(0, values.size() - half + 1), second = slope(half - 1, values.size());
  return second < first / 2;
}

}  // namespace

Growth growth_of(const Series& series, const SeriesRow& row, double least_rise) {
  constexpr double kTau = 0.8;
  constexpr std::size_t kFew = 4, kEnough = 6, kMany = 8;
  Growth growth;
  std::size_t n = std::min(row.values.size(), series.seconds.size());
  if (n < 2) return growth;
  // The first value of survivors repeats the second: there was no capture before the first.
  std::ptrdiff_t from = row.kind == SeriesKind::kHolder && n >= kFew ? 1 : 0;
  std::vector<double> seconds(series.seconds.begin() + from, series.seconds.begin() + std::ptrdiff_t(n));
  std::vector<double> values(row.values.begin() + from, row.values.begin() + std::ptrdiff_t(n));
  double span = seconds.back() - seconds.front();
  if (span <= 0) return growth;
  Line line = fit(seconds, values);
  double least = std::max(least_rise, times_noise(values) * line.noise);
  growth.per_second = line.slope;
  growth.resolution = least / span;
  bool sure_sign = line.low > 0 || only_climbs(values);
  bool rises = line.slope * span >= least && sure_sign && line.tau >= kTau;
  // What fills up is a curve, which lies far from any line. So many values in order are no accident.
  bool bends = n >= kMany && line.tau == 1 && values.back() - values.front() >= least_rise &&
               is_warming(seconds, values);
  if (bends) growth.trend = Trend::kWarming;
  if (!rises || bends) return growth;
  if (n < kFew)
    growth.trend = Trend::kHint;
  else if (n < kEnough || row.uncertain)
    growth.trend = Trend::kSuspect;
  else
    growth.trend = is_warming(seconds, values) ? Trend::kWarming : Trend::kGrowing;
  return growth;
}

}  // namespace memsnap
