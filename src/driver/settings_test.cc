#include "driver/settings.h"

#include "driver/config_fields.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

// A file that go tool pprof wrote: the configuration "locks" has focus, a sort order and nothing trimmed.
constexpr const char* kOfGo = R"({
  "configs": [
    {
      "name": "locks",
      "unit": "minimum",
      "sort": "cum",
      "nodecount": -1,
      "nodefraction": 0.005,
      "edgefraction": 0.001,
      "focus": "Mutex \u003c"
    }
  ]
})";

TEST(Settings, AreThoseOfGoToolPprof) {
  PprofConfig current;
  current.sample_index = "delay";
  auto configs = parse_settings(kOfGo, current);
  ASSERT_TRUE(configs) << configs.error().what;
  ASSERT_EQ(configs->size(), 1u);
  const NamedConfig& locks = configs->front();
  EXPECT_EQ(locks.name, "locks");
  EXPECT_EQ(locks.config.focus, "Mutex <");
  EXPECT_EQ(locks.config.sort, "cum");
  EXPECT_EQ(locks.config.nodecount, -1);
  EXPECT_EQ(locks.config.nodefraction, 0.005);
  EXPECT_FALSE(locks.config.trim);  // left out when false
  EXPECT_EQ(locks.config.granularity, "");
  EXPECT_EQ(locks.config.sample_index, "delay");  // not kept in the file
}

TEST(Settings, SurviveBeingWritten) {
  PprofConfig config;
  config.focus = "a\"b\\ \x1b\u00e9";
  config.nodecount = 7;
  config.edgefraction = 1e-7;
  config.granularity = "lines";
  config.mean = true;
  auto text = settings_text({{"one", config}, {"two", {}}});
  ASSERT_TRUE(text);
  auto again = parse_settings(*text, {});
  ASSERT_TRUE(again) << again.error().what << *text;
  ASSERT_EQ(again->size(), 2u);
  for (const ConfigField& field : config_fields()) {
    EXPECT_EQ(config_value((*again)[0].config, field), config_value(config, field)) << field.name;
    EXPECT_EQ(config_value((*again)[1].config, field), config_standard(field)) << field.name;
  }
  EXPECT_EQ(parse_settings(*settings_text({}), {})->size(), 0u);
  config.nodefraction = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(settings_text({{"x", config}}));
}

TEST(Settings, HaveValidTextOnly) {
  auto configs = parse_settings("{\"configs\": [{\"name\": \"a\x86z\", \"focus\": \"\xff\"}]}", {});
  ASSERT_TRUE(configs) << configs.error().what;
  EXPECT_EQ((*configs)[0].name, "a\ufffdz");
  EXPECT_EQ((*configs)[0].config.focus, "\ufffd");
}

TEST(Settings, OfOtherShapesAreRefusedInOneLine) {
  for (const char* text :
       {"", "[]", "{\"configs\": 1}", "{\"configs\": [1]}", "{\"configs\": [{\"name\": 1}]}",
        "{\"configs\": [{\"trim\": 1}]}", "{\"configs\": [{\"nodecount\": 1.5}]}",
        "{\"configs\": [{\"focus\": []}]}", "{", "{\"configs\": [{\"nodecount\": 1e300}]}"}) {
    auto configs = parse_settings(text, {});
    ASSERT_FALSE(configs) << text;
    EXPECT_TRUE(configs.error().what.starts_with("could not parse settings: ")) << configs.error().what;
    EXPECT_EQ(configs.error().what.find('\n'), std::string::npos);
  }
  EXPECT_EQ(parse_settings("{}", {})->size(), 0u);
  EXPECT_EQ(parse_settings("{\"configs\": null, \"more\": 1}", {})->size(), 0u);
}

TEST(Settings, LieInTheFolderOfTheUser) {
  std::map<std::string, std::string> set = {{"HOME", "/home/ann"}};
  auto environment = [&](const char* name) { return set[name]; };
  EXPECT_EQ(*settings_file(environment), "/home/ann/.config/pprof/settings.json");
  set["XDG_CONFIG_HOME"] = "/cfg";
  EXPECT_EQ(*settings_file(environment), "/cfg/pprof/settings.json");
  set["XDG_CONFIG_HOME"] = "cfg";
  EXPECT_FALSE(settings_file(environment));
  set.clear();
  EXPECT_FALSE(settings_file(environment));
}

class SettingsFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("memsnap-settings-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    file_ = (folder_ / "pprof/settings.json").string();
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string content() const {
    std::stringstream text;
    text << std::ifstream(file_).rdbuf();
    return text.str();
  }
  fs::path folder_;
  std::string file_;
};

TEST_F(SettingsFile, IsMadeChangedAndEmptied) {
  EXPECT_EQ(read_settings(file_, {})->size(), 0u);
  PprofConfig config;
  config.focus = "a";
  ASSERT_TRUE(save_config(file_, "one", config));
  struct stat about{};
  ASSERT_EQ(stat(file_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  ASSERT_EQ(stat((folder_ / "pprof").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0700u);
  config.focus = "b";
  ASSERT_TRUE(save_config(file_, "two", config));
  ASSERT_TRUE(save_config(file_, "one", config));
  auto configs = read_settings(file_, {});
  ASSERT_EQ(configs->size(), 2u);
  EXPECT_EQ((*configs)[0].config.focus, "b");
  ASSERT_TRUE(delete_config(file_, "one"));
  EXPECT_EQ(delete_config(file_, "one").error().what, "config one not found");
  EXPECT_EQ(read_settings(file_, {})->size(), 1u);
  EXPECT_EQ(save_config(file_, "", config).error().what, "invalid config name");
}

TEST_F(SettingsFile, ThatCannotBeReadIsLeftAlone) {
  fs::create_directories(folder_ / "pprof");
  std::ofstream(file_) << "{ not JSON";
  auto saved = save_config(file_, "one", {});
  ASSERT_FALSE(saved);
  EXPECT_NE(saved.error().what.find("could not parse settings"), std::string::npos);
  EXPECT_EQ(content(), "{ not JSON");
}

TEST_F(SettingsFile, IsWholeOrNotWritten) {
  ASSERT_TRUE(save_config(file_, "one", {}));
  std::string before = content();
  PprofConfig config;
  config.edgefraction = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(save_config(file_, "two", config));
  EXPECT_EQ(content(), before);
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder_ / "pprof")) files += entry.exists() ? 1 : 0;
  EXPECT_EQ(files, 1u);  // and nothing temporary
}

TEST_F(SettingsFile, IsAListOfChoices) {
  PprofConfig config;
  config.focus = "a b";
  config.trim = false;
  ASSERT_TRUE(save_config(file_, "mine", config));
  auto choices = config_choices(file_, UrlQuery::parse("f=a+b&trim=f&si=cpu"));
  ASSERT_EQ(choices.size(), 2u);
  EXPECT_EQ(choices[0].name, "Default");
  EXPECT_EQ(choices[0].query, "?si=cpu");
  EXPECT_FALSE(choices[0].current);
  EXPECT_FALSE(choices[0].own);
  EXPECT_EQ(choices[1].query, "?f=a+b&si=cpu&trim=f");
  EXPECT_TRUE(choices[1].current);
  EXPECT_TRUE(choices[1].own);
  EXPECT_TRUE(config_choices("/no/such/file", {})[0].current);
}

TEST(UrlParameters, SetFields) {
  PprofConfig config;
  ASSERT_TRUE(apply_query(config, UrlQuery::parse("f=x&n=5&trim=f&si=cpu&g=files&nosuch=1&output=x")));
  EXPECT_EQ(config.focus, "x");
  EXPECT_EQ(config.nodecount, 5);
  EXPECT_FALSE(config.trim);
  EXPECT_EQ(config.sample_index, "cpu");
  EXPECT_EQ(config.granularity, "files");
  EXPECT_EQ(config.output, "");
  EXPECT_EQ(apply_query(config, UrlQuery::parse("n=x")).error().what,
            "error setting config field nodecount: strconv.Atoi: parsing \"x\": invalid syntax");
}

}  // namespace
}  // namespace memsnap
