#include "driver/cli.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

using Values = std::map<std::string, std::string, std::less<>>;

Result<PprofJob> read(Values values, std::vector<std::string> words = {"cpu.pb.gz"}) {
  return read_command_line({std::move(values), std::move(words)},
                           [](const std::string& word) { return word == "program"; });
}
std::string error_of(Values values, std::vector<std::string> words = {"cpu.pb.gz"}) {
  auto job = read(std::move(values), std::move(words));
  return job ? "" : job.error().what;
}

TEST(CommandLine, FirstOfSeveralWordsMayBeTheProgram) {
  auto job = read({}, {"program", "a", "b"});
  ASSERT_TRUE(job);
  EXPECT_EQ(job->from.executable, "program");
  EXPECT_EQ(job->from.sources, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read({}, {"program"})->from.sources, std::vector<std::string>{"program"});
  EXPECT_EQ(read({}, {"a", "program"})->from.sources.size(), 2u);
  EXPECT_EQ(error_of({}, {}), "no profile source specified");
}

TEST(CommandLine, TakesOneReport) {
  EXPECT_EQ(read({})->command, nullptr);
  EXPECT_STREQ(read({{"top", "true"}})->command->name, "top");
  EXPECT_EQ(read({{"top", "false"}})->command, nullptr);
  EXPECT_EQ(read({{"list", "main"}})->symbol, "main");
  EXPECT_EQ(read({{"list", ""}})->command, nullptr);
  EXPECT_EQ(error_of({{"top", "true"}, {"peek", "x"}}), "must set at most one output format");
  EXPECT_EQ(error_of({{"top", "1"}, {"http", ":1"}}),
            "-http is not compatible with an output format on the command line");
  EXPECT_EQ(error_of({{"no_browser", "1"}}), "-no_browser only makes sense with -http");
}

TEST(CommandLine, SetsFields) {
  auto job = read({{"cum", "true"}, {"lines", "1"}, {"nodecount", "0x10"}, {"focus", "a|b"}, {"trim", "f"}});
  ASSERT_TRUE(job);
  EXPECT_EQ(job->config.sort, "cum");
  EXPECT_EQ(job->config.granularity, "lines");
  EXPECT_EQ(job->config.nodecount, 16);
  EXPECT_EQ(job->config.focus, "a|b");
  EXPECT_FALSE(job->config.trim);
  EXPECT_EQ(read({{"flat", "true"}})->config.sort, "flat");
  EXPECT_EQ(error_of({{"cum", "1"}, {"flat", "1"}}), "conflicting options set: [cum flat]");
  EXPECT_EQ(error_of({{"lines", "1"}, {"files", "1"}}), "conflicting options set: [files lines]");
}

TEST(CommandLine, OldSwitchesChooseTheSample) {
  EXPECT_EQ(read({{"inuse_space", "true"}})->config.sample_index, "inuse_space");
  auto mean = read({{"mean_delay", "true"}});
  EXPECT_EQ(mean->config.sample_index, "delay");
  EXPECT_TRUE(mean->config.mean);
  auto two = read({{"alloc_space", "1"}, {"inuse_objects", "1"}});
  EXPECT_EQ(two->config.sample_index, "inuse_objects");
  EXPECT_EQ(two->remarks, std::vector<std::string>{"Multiple value selections, ignoring -alloc_space"});
  auto index = read({{"sample_index", "0"}, {"contentions", "1"}});
  EXPECT_EQ(index->config.sample_index, "0");
  EXPECT_EQ(index->remarks.size(), 1u);
}

TEST(CommandLine, Bases) {
  EXPECT_EQ(read({{"base", "b"}})->from.base, std::vector<std::string>{"b"});
  EXPECT_FALSE(read({{"base", "b"}})->from.diff_base);
  EXPECT_TRUE(read({{"diff_base", "b"}})->from.diff_base);
  EXPECT_TRUE(read({{"diff_base", "b"}, {"normalize", "1"}})->from.normalize);
  EXPECT_EQ(error_of({{"base", "b"}, {"diff_base", "c"}}),
            "-base and -diff_base flags cannot both be specified");
  EXPECT_EQ(error_of({{"normalize", "1"}}), "must have base profile to normalize by");
}

}  // namespace
}  // namespace memsnap
