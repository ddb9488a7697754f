// Truth: what Go's strconv, flag and fmt packages answer, printed by a Go program once.
#include "driver/go_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace memsnap {
namespace {

template <class T>
std::string shown(const Result<T>& value) {
  return value ? fmt::format("{}", *value) : value.error().what;
}

TEST(GoText, WholeNumbers) {
  struct Case {
    const char *text, *atoi, *flag;
  };
  const Case cases[] = {
      {"0", "0", "0"},
      {"-1", "-1", "-1"},
      {"+7", "7", "7"},
      {"007", "7", "7"},
      {"0x10", "strconv.Atoi: parsing \"0x10\": invalid syntax", "16"},
      {"-0b11", "strconv.Atoi: parsing \"-0b11\": invalid syntax", "-3"},
      {"0o17", "strconv.Atoi: parsing \"0o17\": invalid syntax", "15"},
      {"017", "17", "15"},
      {"09", "9", "strconv.ParseInt: parsing \"09\": invalid syntax"},
      {"1_000", "strconv.Atoi: parsing \"1_000\": invalid syntax", "1000"},
      {"1__0", "strconv.Atoi: parsing \"1__0\": invalid syntax",
       "strconv.ParseInt: parsing \"1__0\": invalid syntax"},
      {"_1", "strconv.Atoi: parsing \"_1\": invalid syntax",
       "strconv.ParseInt: parsing \"_1\": invalid syntax"},
      {"1_", "strconv.Atoi: parsing \"1_\": invalid syntax",
       "strconv.ParseInt: parsing \"1_\": invalid syntax"},
      {"0x_1", "strconv.Atoi: parsing \"0x_1\": invalid syntax", "1"},
      {"", "strconv.Atoi: parsing \"\": invalid syntax", "strconv.ParseInt: parsing \"\": invalid syntax"},
      {"-", "strconv.Atoi: parsing \"-\": invalid syntax", "strconv.ParseInt: parsing \"-\": invalid syntax"},
      {"1.5", "strconv.Atoi: parsing \"1.5\": invalid syntax",
       "strconv.ParseInt: parsing \"1.5\": invalid syntax"},
      {"9223372036854775807", "9223372036854775807", "9223372036854775807"},
      {"-9223372036854775808", "-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775808", "strconv.Atoi: parsing \"9223372036854775808\": value out of range",
       "strconv.ParseInt: parsing \"9223372036854775808\": value out of range"},
      {"99999999999999999999", "strconv.Atoi: parsing \"99999999999999999999\": value out of range",
       "strconv.ParseInt: parsing \"99999999999999999999\": value out of range"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(shown(go_atoi(c.text)), c.atoi) << c.text;
    EXPECT_EQ(shown(go_parse_int(c.text)), c.flag) << c.text;
  }
}

TEST(GoText, Floats) {
  struct Case {
    const char *text, *shown;
  };
  const Case cases[] = {
      {"0.005", "0.005"},    {"1", "1"},        {"1e3", "1000"},
      {"1e20", "1e+20"},     {"1e21", "1e+21"}, {"0.0001", "0.0001"},
      {"0.00001", "1e-05"},  {"-2.5", "-2.5"},  {"+2.5", "2.5"},
      {".5", "0.5"},         {"5.", "5"},       {"inf", "+Inf"},
      {"-Infinity", "-Inf"}, {"NaN", "NaN"},    {"0x1p-2", "0.25"},
      {"0x_1p4", "16"},      {"1_0", "10"},     {"0x1p1_0", "1024"},
      {"123456", "123456"},  {"1e6", "1e+06"},  {"123456.75", "123456.75"},
      {"1e-400", "0"},       {"-0", "-0"},      {"123456789", "1.23456789e+08"},
  };
  for (const Case& c : cases) {
    auto value = go_parse_float(c.text);
    ASSERT_TRUE(value) << c.text;
    EXPECT_EQ(go_float(*value), c.shown) << c.text;
  }
  for (const char* bad : {"", "x", "1__0", "0x1", "1e", "--1", "+nan", "1 ", "infi", "e5", "0xp1", "1__0p1"})
    EXPECT_EQ(shown(go_parse_float(bad)),
              fmt::format("strconv.ParseFloat: parsing \"{}\": invalid syntax", bad));
  EXPECT_EQ(shown(go_parse_float("1e400")), "strconv.ParseFloat: parsing \"1e400\": value out of range");
}

TEST(GoText, Switches) {
  for (const char* yes : {"1", "t", "T", "TRUE", "true", "True"}) EXPECT_EQ(go_parse_bool(yes), true);
  for (const char* no : {"0", "f", "F", "FALSE", "false", "False"}) EXPECT_EQ(go_parse_bool(no), false);
  for (const char* bad : {"", "yes", "tRUE", "2"}) EXPECT_EQ(go_parse_bool(bad), std::nullopt) << bad;
  for (const char* yes : {"", "Yes", "Y", "tRUE", "1"}) EXPECT_EQ(pprof_parse_bool(yes), true) << yes;
  for (const char* no : {"No", "n", "0", "FALSE"}) EXPECT_EQ(pprof_parse_bool(no), false) << no;
  EXPECT_EQ(pprof_parse_bool("2"), std::nullopt);
}

TEST(GoText, Quotes) {
  EXPECT_EQ(go_quote("a\"b\\c\n\t\x01\x7f"), R"("a\"b\\c\n\t\x01\x7f")");
  EXPECT_EQ(go_quote("h\u00e9\u200b\xff"), "\"h\u00e9\\u200b\\xff\"");
  EXPECT_EQ(go_quote("\u00a0"), "\"\\u00a0\"");
}

TEST(GoText, Durations) {
  using namespace std::chrono;
  EXPECT_EQ(go_duration(seconds(0)), "0s");
  EXPECT_EQ(go_duration(seconds(30)), "30s");
  EXPECT_EQ(go_duration(seconds(90)), "1m30s");
  EXPECT_EQ(go_duration(seconds(3600)), "1h0m0s");
  EXPECT_EQ(go_duration(milliseconds(1500)), "1.5s");
  EXPECT_EQ(go_duration(microseconds(1500)), "1.5ms");
  EXPECT_EQ(go_duration(nanoseconds(1500)), "1.5\u00b5s");
  EXPECT_EQ(go_duration(nanoseconds(-7)), "-7ns");
}

TEST(GoText, Words) {
  EXPECT_EQ(go_trim_space("\t a b\u00a0\u3000\r\n"), "a b");
  EXPECT_EQ(go_trim_space(" \n"), "");
  EXPECT_EQ(go_trim_space("\xff "), "\xff");
  EXPECT_EQ(go_fields("  top5\t-cum\u2003x "), (std::vector<std::string_view>{"top5", "-cum", "x"}));
  EXPECT_TRUE(go_fields("").empty());
}

}  // namespace
}  // namespace memsnap
