#include "analysis/case.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

namespace memsnap {
namespace {

constexpr double kKiB = 1024;

Growth judge(const std::vector<double>& values, double least = 64 * kKiB, double interval = 1,
             SeriesKind kind = SeriesKind::kHeap) {
  Series series;
  for (std::size_t i = 0; i < values.size(); ++i) series.seconds.push_back(double(i) * interval);
  return growth_of(series, {.kind = kind, .key = {}, .values = values}, least);
}

std::vector<double> series_of(std::size_t n, const std::function<double(double)>& value) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(value(double(i)));
  return values;
}

TEST(Growth, ALineGrowsWithEnoughCaptures) {
  auto line = [](double i) { return 1e6 + 1e5 * i; };
  EXPECT_EQ(judge(series_of(1, line)).trend, Trend::kFlat);
  EXPECT_EQ(judge(series_of(2, line)).trend, Trend::kHint);
  EXPECT_EQ(judge(series_of(3, line)).trend, Trend::kHint);
  EXPECT_EQ(judge(series_of(4, line)).trend, Trend::kSuspect);
  EXPECT_EQ(judge(series_of(5, line)).trend, Trend::kSuspect);
  EXPECT_EQ(judge(series_of(6, line)).trend, Trend::kGrowing);
  EXPECT_NEAR(judge(series_of(6, line)).per_second, 1e5, 1);
  EXPECT_NEAR(judge(series_of(6, line), 64 * kKiB, 5).per_second, 2e4, 1);
}

TEST(Growth, TheFirstValueOfSurvivorsIsACopy) {
  std::vector<double> values = series_of(6, [](double i) { return 1e6 + 1e5 * std::max(0.0, i - 1); });
  Growth growth = judge(values, 64 * kKiB, 1, SeriesKind::kHolder);
  EXPECT_EQ(growth.trend, Trend::kGrowing);
  EXPECT_NEAR(growth.per_second, 1e5, 1);
}

TEST(Growth, AnUncertainRowIsSuspectedAtMost) {
  Series series{.seconds = {0, 1, 2, 3, 4, 5}, .rows = {}};
  SeriesRow row{
      .kind = SeriesKind::kHolder, .key = "x", .values = {0, 1e6, 2e6, 3e6, 4e6, 5e6}, .uncertain = true};
  EXPECT_EQ(growth_of(series, row, 64 * kKiB).trend, Trend::kSuspect);
  row.uncertain = false;
  EXPECT_EQ(growth_of(series, row, 64 * kKiB).trend, Trend::kGrowing);
}

TEST(Growth, NothingIsSaidBelowTheResolution) {
  Growth growth = judge(series_of(6, [](double i) { return 1e6 + 1e4 * i; }));
  EXPECT_EQ(growth.trend, Trend::kFlat);
  EXPECT_NEAR(growth.resolution, 64 * kKiB / 5, 1);
  EXPECT_EQ(judge(series_of(6, [](double) { return 5e6; })).trend, Trend::kFlat);
  EXPECT_EQ(judge(series_of(6, [](double i) { return 1e7 - 1e6 * i; })).trend, Trend::kFlat);
}

TEST(Growth, AFullCacheIsFlatAndAFillingOneWarms) {
  EXPECT_EQ(judge(series_of(8, [](double i) { return 1e7 * (1 - std::exp(-i / 3)); })).trend,
            Trend::kWarming);
  EXPECT_EQ(judge(series_of(12, [](double i) { return std::min(1e7, 2.5e6 * i); })).trend, Trend::kFlat);
}

TEST(Growth, SteadyNoiseIsNeverFlagged) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  int flags = 0;
  for (int draw = 0; draw < 10'000; ++draw) {
    std::size_t n = 6 + std::size_t(draw % 7);
    double level = 1e6 * (1 + draw % 100), spread = level * (0.01 + 0.002 * (draw % 70));
    flags +=
        judge(series_of(n, [&](double) { return level + spread * normal(random); })).trend >= Trend::kWarming;
  }
  EXPECT_EQ(flags, 0);
}

// What leaks per request leaks as many bytes as there happen to be requests.
TEST(Growth, UnevenLeaksAreFound) {
  std::mt19937 random(4);
  std::poisson_distribution<int> requests(20);
  int found = 0;
  constexpr int kDraws = 1'000;
  for (int draw = 0; draw < kDraws; ++draw) {
    double sum = 0;
    found += judge(series_of(6, [&](double) { return sum += requests(random) * 8192.0; })).trend ==
             Trend::kGrowing;
  }
  EXPECT_GE(found, kDraws * 99 / 100);
}

TEST(Growth, ALeakThatComesInBurstsIsFound) {
  EXPECT_EQ(judge({0, 0, 1e6, 1e6, 2e6, 2e6}).trend, Trend::kGrowing);
  EXPECT_EQ(judge({0, 0, 0, 1e6, 1e6, 1e6}).trend, Trend::kFlat);  // once
}

// A heap between two collections rises, then falls back: reached bytes show a remainder of it.
TEST(Growth, SawtoothOfTheCollectorIsNoLeak) {
  std::mt19937 random(2);
  std::uniform_real_distribution<double> uniform;
  int flags = 0;
  for (int draw = 0; draw < 2'000; ++draw) {
    double period = 1.3 + 2 * uniform(random), start = uniform(random) * period, noise = 2e5;
    auto tooth = [&](double i) {
      return 5e7 + 1e7 * std::fmod(start + i, period) / period + noise * uniform(random);
    };
    flags += judge(series_of(12, tooth)).trend >= Trend::kWarming;
  }
  EXPECT_EQ(flags, 0);
}

TEST(Growth, SlowLeaksAreFound) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  int found = 0, warming = 0;
  constexpr int kDraws = 1'000;
  for (int draw = 0; draw < kDraws; ++draw) {
    double level = 4e7, step = level * 0.0025, noise = step * 0.1;  // a quarter of a percent per capture
    Trend trend =
        judge(series_of(6, [&](double i) { return level + step * i + noise * normal(random); })).trend;
    found += trend == Trend::kGrowing;
    warming += trend == Trend::kWarming;
  }
  EXPECT_GE(found, kDraws * 99 / 100);
  EXPECT_EQ(warming, 0);
}

}  // namespace
}  // namespace memsnap
