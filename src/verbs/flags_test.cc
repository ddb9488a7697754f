#include "verbs/flags.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr std::array<Flag, 6> kKnown = {{
    {.name = "json", .kind = FlagKind::kSwitch, .value = "", .help = ""},
    {.name = "n", .kind = FlagKind::kNumber, .value = "ROWS", .help = "", .standard = "20", .least = 1},
    {.name = "interval", .kind = FlagKind::kDuration, .value = "DURATION", .help = "", .standard = "1s"},
    {.name = "format",
     .kind = FlagKind::kChoice,
     .value = "FORMAT",
     .help = "",
     .standard = "text",
     .choices = "text|json"},
    {.name = "o", .kind = FlagKind::kFile, .value = "FILE", .help = ""},
    {.name = "p", .kind = FlagKind::kPid, .value = "PID", .help = ""},
}};

Result<Flags> parse(std::vector<std::string> words) { return Flags::parse(words, kKnown); }
std::string error_of(std::vector<std::string> words) {
  auto flags = parse(std::move(words));
  return flags ? "" : flags.error().what;
}

TEST(Flags, TakesGoSpellings) {
  for (std::vector<std::string> words :
       {std::vector<std::string>{"-n", "7"}, {"--n", "7"}, {"-n=7"}, {"--n=7"}}) {
    auto flags = parse(words);
    ASSERT_TRUE(flags) << words[0];
    EXPECT_EQ(flags->number("n"), 7u);
    EXPECT_TRUE(flags->given("n"));
  }
  EXPECT_TRUE(parse({"-json"})->on("json"));
  EXPECT_TRUE(parse({"--json=true"})->on("json"));
  EXPECT_FALSE(parse({"--json=false"})->on("json"));
  EXPECT_FALSE(parse({})->on("json"));
}

TEST(Flags, StandardValuesStandInForAbsentOnes) {
  auto flags = parse({});
  ASSERT_TRUE(flags);
  EXPECT_EQ(flags->number("n"), 20u);
  EXPECT_EQ(flags->duration("interval"), std::chrono::seconds(1));
  EXPECT_EQ(flags->text("format"), "text");
  EXPECT_EQ(flags->text("o"), "");
  EXPECT_FALSE(flags->given("n"));
}

TEST(Flags, TargetsStandAnywhere) {
  auto flags = parse({"123", "-n", "3", "a.snap", "-json", "--", "-odd", "--n"});
  ASSERT_TRUE(flags);
  EXPECT_EQ(flags->targets(), (std::vector<std::string>{"123", "a.snap", "-odd", "--n"}));
  EXPECT_EQ(parse({"-"})->targets(), (std::vector<std::string>{"-"}));
}

TEST(Flags, ErrorsSayWhatIsWanted) {
  EXPECT_EQ(error_of({"--jsn"}), "no flag --jsn here; did you mean --json?");
  EXPECT_EQ(error_of({"--inter", "5s"}), "no flag --inter here; did you mean --interval?");
  EXPECT_EQ(error_of({"--zzzzzzzz"}), "no flag --zzzzzzzz here");
  EXPECT_EQ(error_of({"-n"}), "-n needs a value: -n ROWS");
  EXPECT_EQ(error_of({"-n", "0"}), "-n: got '0', want a whole number of at least 1");
  EXPECT_EQ(error_of({"-n", "99999999999999999999"}),
            "-n: got '99999999999999999999', want a whole number of at least 1");
  EXPECT_EQ(error_of({"-interval", "5"}), "--interval: got '5', want a duration such as 5s, 100ms or 1m30s");
  EXPECT_EQ(error_of({"-format", "pdf"}), "--format: got 'pdf', want one of text|json");
  EXPECT_EQ(error_of({"-p", "-1"}), "-p: got '-1', want the number of a process");
  EXPECT_EQ(error_of({"-p", "4294967296"}), "-p: got '4294967296', want the number of a process");
  EXPECT_EQ(error_of({"-o="}), "-o: got nothing, want FILE");
  EXPECT_EQ(error_of({"-json=maybe"}), "--json: got maybe, want true or false");
  EXPECT_EQ(error_of({"-\x1b[2J"}), "no flag --\\x1b[2J here");
}

TEST(Durations, AsInGo) {
  using namespace std::chrono;
  EXPECT_EQ(parse_duration("0"), nanoseconds(0));
  EXPECT_EQ(parse_duration("5s"), nanoseconds(seconds(5)));
  EXPECT_EQ(parse_duration("100ms"), nanoseconds(milliseconds(100)));
  EXPECT_EQ(parse_duration("1h15m30.5s"), nanoseconds(hours(1) + minutes(15) + milliseconds(30500)));
  EXPECT_EQ(parse_duration("1.5h"), nanoseconds(minutes(90)));
  EXPECT_EQ(parse_duration(".5s"), nanoseconds(milliseconds(500)));
  EXPECT_EQ(parse_duration("10\u00b5s"), nanoseconds(microseconds(10)));
  for (const char* bad : {"", "5", "s", "-5s", "5 s", "5x", "1e3s", "1..5s", "5s5", "999999999h", "."})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Nearest, OffersSlipsOnly) {
  std::vector<std::string> verbs = {"doctor", "explain", "capture", "top", "tree"};
  EXPECT_EQ(nearest("docter", verbs), "doctor");
  EXPECT_EQ(nearest("doc", verbs), "doctor");
  EXPECT_EQ(nearest("tre", verbs), "tree");
  EXPECT_EQ(nearest("xyzzy", verbs), "");
  EXPECT_EQ(nearest("", verbs), "");
  EXPECT_EQ(nearest("x", verbs), "");
}

}  // namespace
}  // namespace memsnap
