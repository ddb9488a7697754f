// The flags of memsnap pprof are all that the driver knows, each with the standard value that it has there.
#include "driver/commands.h"
#include "driver/config_fields.h"
#include "verbs/all.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace memsnap {
namespace {

std::vector<Flag> all_flags() { return flags_of(kPprof); }

const Flag* find(const std::vector<Flag>& flags, std::string_view name) {
  auto at = std::ranges::find_if(flags, [&](const Flag& flag) { return name == flag.name; });
  return at == flags.end() ? nullptr : &*at;
}

FlagKind kind_of(const ConfigField& field) {
  if (field.is_switch()) return FlagKind::kSwitch;
  if (std::holds_alternative<std::int64_t PprofConfig::*>(field.member)) return FlagKind::kInteger;
  if (std::holds_alternative<double PprofConfig::*>(field.member)) return FlagKind::kReal;
  return FlagKind::kAnyText;
}

TEST(PprofFlags, HaveEveryFieldAndReport) {
  std::vector<Flag> flags = all_flags();
  for (const ConfigField& field : config_fields()) {
    for (const char* choice : field.choices) {
      ASSERT_TRUE(find(flags, choice)) << choice;
      EXPECT_EQ(find(flags, choice)->kind, FlagKind::kSwitch);
    }
    if (!field.choices.empty()) continue;
    const Flag* flag = find(flags, field.name);
    ASSERT_TRUE(flag) << field.name;
    EXPECT_EQ(flag->kind, kind_of(field)) << field.name;
    std::string standard = flag->standard;
    if (field.is_switch() && standard.empty()) standard = "false";
    EXPECT_EQ(standard, config_standard(field)) << field.name;
  }
  for (const PprofCommand& command : pprof_commands()) {
    const Flag* flag = find(flags, command.name);
    ASSERT_TRUE(flag) << command.name;
    EXPECT_EQ(flag->kind, command.has_symbol ? FlagKind::kAnyText : FlagKind::kSwitch) << command.name;
  }
}

TEST(PprofFlags, HaveDifferentNames) {
  std::set<std::string_view> names;
  for (const Flag& flag : all_flags()) EXPECT_TRUE(names.insert(flag.name).second) << flag.name;
}

std::string as_go(std::vector<std::string> words) {
  auto flags = Flags::parse_as_go(words, all_flags());
  if (!flags) return flags.error().what;
  return *flags ? "" : "help";
}

// Truth: what go tool pprof prints for these words.
TEST(PprofFlags, AreReadAsGoDoes) {
  EXPECT_EQ(as_go({"-top", "x"}), "");
  EXPECT_EQ(as_go({"-h"}), "help");
  EXPECT_EQ(as_go({"--help", "x"}), "help");
  EXPECT_EQ(as_go({"-nosuch"}), "flag provided but not defined: -nosuch");
  EXPECT_EQ(as_go({"---top"}), "bad flag syntax: ---top");
  EXPECT_EQ(as_go({"-=x"}), "bad flag syntax: -=x");
  EXPECT_EQ(as_go({"-focus"}), "flag needs an argument: -focus");
  EXPECT_EQ(as_go({"-top=maybe"}), "invalid boolean value \"maybe\" for -top: parse error");
  EXPECT_EQ(as_go({"-nodecount=x"}), "invalid value \"x\" for flag -nodecount: parse error");
  EXPECT_EQ(as_go({"-nodecount=99999999999999999999"}),
            "invalid value \"99999999999999999999\" for flag -nodecount: value out of range");
  EXPECT_EQ(as_go({"-nodefraction", "a"}), "invalid value \"a\" for flag -nodefraction: parse error");
  std::vector<std::string> words = {"-top", "a", "-cum", "b"};
  auto flags = Flags::parse_as_go(words, all_flags());
  ASSERT_TRUE(flags && *flags);
  EXPECT_EQ((*flags)->targets(), (std::vector<std::string>{"a", "-cum", "b"}));
  EXPECT_FALSE((*flags)->on("cum"));
  words = {"-trim=f", "-focus=", "--", "-top"};
  flags = Flags::parse_as_go(words, all_flags());
  ASSERT_TRUE(flags && *flags);
  EXPECT_FALSE((*flags)->on("trim"));
  EXPECT_TRUE((*flags)->given("focus"));
  EXPECT_EQ((*flags)->targets(), std::vector<std::string>{"-top"});
}

TEST(PprofFlags, MayStandAnywhereInOurWay) {
  std::vector<std::string> words = {"a", "-top", "-nodecount", "-1", "--focus="};
  auto flags = Flags::parse(words, all_flags());
  ASSERT_TRUE(flags) << flags.error().what;
  EXPECT_TRUE(flags->on("top"));
  EXPECT_EQ(flags->text("nodecount"), "-1");
  EXPECT_EQ(flags->text("focus"), "");
  words = {"-nodecount=x"};
  EXPECT_EQ(Flags::parse(words, all_flags()).error().what, "--nodecount: got 'x', want a whole number");
}

}  // namespace
}  // namespace memsnap
