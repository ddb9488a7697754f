#include "driver/config_fields.h"

#include "driver/commands.h"

#include <gtest/gtest.h>

#include <set>

namespace memsnap {
namespace {

std::string set(PprofConfig& config, std::string_view name, std::string_view value) {
  auto done = set_config(config, name, value);
  return done ? "" : done.error().what;
}

TEST(ConfigFields, EachReadsBackWhatItTook) {
  for (const ConfigField& field : config_fields()) {
    PprofConfig config;
    EXPECT_EQ(config_value(config, field), config_standard(field));
    std::string value = !field.choices.empty() ? field.choices.back()
                        : field.is_switch()    ? config_standard(field) == "true" ? "false" : "true"
                                               : "7";
    ASSERT_TRUE(set_config(config, field, value)) << field.name;
    EXPECT_EQ(config_value(config, field), value) << field.name;
    for (const ConfigField& other : config_fields())
      EXPECT_TRUE(&other == &field || config_value(config, other) == config_standard(other)) << other.name;
  }
}

TEST(ConfigFields, NamesAndParametersAreUnique) {
  std::set<std::string> names, urls;
  for (const ConfigField& field : config_fields()) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    for (const char* choice : field.choices) EXPECT_TRUE(names.insert(choice).second) << choice;
    EXPECT_TRUE(!*field.url || urls.insert(field.url).second) << field.url;
  }
}

TEST(ConfigFields, ChoicesAreSwitches) {
  PprofConfig config;
  EXPECT_EQ(set(config, "cum", "true"), "");
  EXPECT_EQ(config.sort, "cum");
  EXPECT_EQ(set(config, "cum", "false"), "unknown config field \"cum\"");
  EXPECT_EQ(set(config, "lines", "T"), "");
  EXPECT_EQ(config.granularity, "lines");
  EXPECT_EQ(set(config, "granularity", "files"), "");
  EXPECT_EQ(config.granularity, "files");
  EXPECT_TRUE(is_config_switch("cum"));
  EXPECT_TRUE(is_config_switch("trim"));
  EXPECT_FALSE(is_config_switch("sort"));
  EXPECT_FALSE(is_config_switch("focus"));
  EXPECT_FALSE(is_config_switch("nothing"));
}

TEST(ConfigFields, ErrorsAreThoseOfGo) {
  PprofConfig config;
  EXPECT_EQ(set(config, "sort", "up"), "invalid \"sort\" value \"up\"");
  EXPECT_EQ(set(config, "granularity", ""), "invalid \"granularity\" value \"\"");
  EXPECT_EQ(set(config, "nodecount", "many"), "strconv.Atoi: parsing \"many\": invalid syntax");
  EXPECT_EQ(set(config, "nodefraction", "x"), "strconv.ParseFloat: parsing \"x\": invalid syntax");
  EXPECT_EQ(set(config, "trim", "maybe"), "illegal value \"maybe\" for bool variable");
  EXPECT_EQ(set(config, "nosuch", "1"), "unknown config field \"nosuch\"");
  for (const ConfigField& field : config_fields())
    EXPECT_EQ(config_value(config, field), config_standard(field)) << field.name;
}

TEST(ConfigFields, AreCompletedByTheirBeginning) {
  EXPECT_EQ(config_names("tagf"), std::vector<std::string_view>{"tagfocus"});
  EXPECT_EQ(config_names("f"),
            (std::vector<std::string_view>{"flat", "focus", "functions", "filefunctions", "files"}));
  EXPECT_TRUE(config_names("zz").empty());
}

TEST(Commands, AllThatIsSetHasHelp) {
  for (const ConfigField& field : config_fields()) {
    EXPECT_EQ(config_help(field.name) != nullptr, field.choices.empty()) << field.name;
    for (const char* choice : field.choices) EXPECT_NE(config_help(choice), nullptr) << choice;
  }
  for (const PprofCommand& command : pprof_commands()) {
    EXPECT_EQ(find_command(command.name), &command);
    EXPECT_EQ(config_help(command.name), nullptr);
    EXPECT_TRUE(command.needs == CommandNeeds::kNothing || !command_advice(command).empty());
  }
}

}  // namespace
}  // namespace memsnap
