#include "compare/ranks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

namespace memsnap {
namespace {

using Values = std::vector<double>;

// The numbers are those of benchstat's own tests and of R: wilcox.test(a, b, exact = TRUE).
TEST(Ranks, UTest) {
  EXPECT_NEAR(probability_of_no_difference(Values{1, 2, 3}, Values{4, 5, 6}), 0.1, 1e-12);
  EXPECT_NEAR(probability_of_no_difference(Values{1, 2, 3, 4}, Values{5, 6, 7, 8}), 0.02857142857142857,
              1e-12);
  EXPECT_NEAR(probability_of_no_difference(Values{1, 2, 3, 4, 5}, Values{6, 7, 8, 9, 10}),
              0.007936507936507936, 1e-12);
  EXPECT_NEAR(probability_of_no_difference(Values{2, 1, 3, 5}, Values{12, 11, 13, 15}), 0.02857142857142857,
              1e-12);
  EXPECT_EQ(probability_of_no_difference(Values{1, 1, 1, 1}, Values{1, 1, 1, 1}), 1);
  EXPECT_EQ(probability_of_no_difference(Values{}, Values{1}), 1);
  EXPECT_EQ(probability_of_no_difference(Values{1, 4}, Values{2, 3}), 1);
}

// With ties, against all ways to choose which of the values are the first series'.
TEST(Ranks, UTestWithTies) {
  Values a = {1, 2, 2, 3}, b = {2, 3, 3, 4, 5};
  Values all = a;
  all.insert(all.end(), b.begin(), b.end());
  auto statistic = [&](unsigned mask) {
    double u = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      for (std::size_t j = 0; j < all.size(); ++j) {
        if (!(mask >> i & 1) || (mask >> j & 1)) continue;
        u += all[i] > all[j] ? 1 : all[i] == all[j] ? 0.5 : 0;
      }
    return u;
  };
  double observed = statistic(0b1111), product = double(a.size() * b.size());
  double smaller = std::min(observed, product - observed);
  int below = 0, ways = 0;
  for (unsigned mask = 0; mask < 1u << all.size(); ++mask) {
    if (std::popcount(mask) != 4) continue;
    ++ways;
    below += statistic(mask) <= smaller;
  }
  EXPECT_NEAR(probability_of_no_difference(a, b), 2.0 * below / ways, 1e-12);
}

TEST(Ranks, ManyValuesAreNormal) {
  Values a, b;
  for (int i = 0; i < 60; ++i) a.push_back(i), b.push_back(i + 8);
  Values fewer_a(a.begin(), a.begin() + 50), fewer_b(b.begin(), b.begin() + 50);
  // U = 1352 of 3600: z = (1800 - 1352 - 0.5) / sqrt(3600 * 121 / 12).
  EXPECT_NEAR(probability_of_no_difference(a, b), 0.0188, 0.0006);
  EXPECT_GT(probability_of_no_difference(fewer_a, fewer_b), 0.01);
}

TEST(Ranks, Medians) {
  MedianInterval five = median_interval(Values{5, 1, 3, 2, 4});
  EXPECT_EQ(five.median, 3);
  EXPECT_FALSE(five.is_bounded);
  MedianInterval six = median_interval(Values{1, 2, 3, 4, 5, 6});  // 1 - 2 / 64 = 96.9 %
  EXPECT_EQ(six.median, 3.5);
  EXPECT_TRUE(six.is_bounded);
  EXPECT_EQ(six.low, 1);
  EXPECT_EQ(six.high, 6);
  MedianInterval ten =
      median_interval(Values{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});  // 97.9 % from the 2nd to the 9th
  EXPECT_EQ(ten.low, 2);
  EXPECT_EQ(ten.high, 9);
}

}  // namespace
}  // namespace memsnap
