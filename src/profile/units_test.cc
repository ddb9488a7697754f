#include "profile/units.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

// Expected values: fmt.Println(measurement.Label(…)) and Percentage(…) of google/pprof.
TEST(Units, Labels) {
  struct Case {
    std::int64_t value;
    const char *from, *to, *text;
  };
  constexpr Case kCases[] = {
      {0, "bytes", "auto", "0"},
      {1023, "bytes", "auto", "1023B"},
      {1024, "bytes", "auto", "1kB"},
      {1536, "Bytes", "auto", "1.50kB"},
      {524288, "bytes", "MB", "0.50MB"},
      {-524288, "bytes", "MB", "-0.50MB"},
      {INT64_MIN, "bytes", "PB", "-8192PB"},
      {1, "nanoseconds", "auto", "1ns"},
      {999, "ns", "ms", "0"},
      {90'000'000'000, "ns", "auto", "90s"},
      {7'200'000'000'000, "ns", "auto", "2hrs"},
      {5, "count", "auto", "5"},
      {5, "count", "minimum", "5"},
      {5, "requests", "requests", "5requests"},
      {5, "bytes", "seconds", "5B"},
      {12, "nanoseconds", "bytes", "0"},
      {2000, "milligcu", "auto", "2GCU"},
  };
  for (const Case& c : kCases)
    EXPECT_EQ(value_label(c.value, c.from, c.to), c.text) << c.value << " " << c.from;
}

TEST(Units, Percentages) {
  EXPECT_EQ(percentage(1, 0), "    0%");
  EXPECT_EQ(percentage(0, 7), "    0%");
  EXPECT_EQ(percentage(1, 1000), "  0.1%");
  EXPECT_EQ(percentage(1, 3'000'000), "3.3e-05%");
  EXPECT_EQ(percentage(1, 3), "33.33%");
  EXPECT_EQ(percentage(-1, 3), "33.33%");
  EXPECT_EQ(percentage(9996, 10000), "  100%");
  EXPECT_EQ(percentage(3, 2), "150.00%");
}

TEST(Units, WrapAsGoDoes) {
  EXPECT_EQ(wrap_add(INT64_MAX, 1), INT64_MIN);
  EXPECT_EQ(magnitude(INT64_MIN), INT64_MIN);
  EXPECT_EQ(wrap_divide(INT64_MIN, -1), INT64_MIN);
  EXPECT_EQ(whole(1e300), INT64_MIN);
  EXPECT_EQ(whole(-2.9), -2);
}

TEST(Units, Kinds) {
  EXPECT_TRUE(are_units_of_one_kind("bytes", "MB"));
  EXPECT_TRUE(are_units_of_one_kind("ns", "seconds"));
  EXPECT_TRUE(are_units_of_one_kind("widgets", "widgets"));
  EXPECT_FALSE(are_units_of_one_kind("bytes", "ns"));
  EXPECT_FALSE(are_units_of_one_kind("widgets", "gadgets"));
}

}  // namespace
}  // namespace memsnap
