// Sessions as text: lines in, what comes out on both streams compared with what go tool pprof prints.
#include "driver/shell.h"

#include "driver/go_text.h"
#include "driver/shell_words.h"

#include <gtest/gtest.h>

#include <deque>

namespace memsnap {
namespace {

struct Script : LineReader {
  std::deque<std::string> lines;
  std::vector<std::string> prompts;
  std::optional<std::string> read(std::string_view prompt) override {
    prompts.emplace_back(prompt);
    if (lines.empty()) return std::nullopt;
    std::string line = lines.front();
    lines.pop_front();
    return line;
  }
};

Profile two_functions() {
  Profile profile;
  auto text = [&](std::string_view value) { return profile.strings.add(value); };
  profile.sample_types = {{text("objects"), text("count")}, {text("space"), text("bytes")}};
  profile.mappings.push_back({.id = 1});
  for (const char* name : {"main.leaf", "main.root"}) {
    profile.functions.push_back({.id = profile.functions.size() + 1,
                                 .name = text(name),
                                 .system_name = text(name),
                                 .file = text("m.go")});
    std::uint64_t id = profile.locations.size() + 1;
    profile.lines.push_back({.function = FunctionId(std::uint32_t(id - 1)), .line = 7});
    profile.locations.push_back({.id = id,
                                 .mapping = MappingId{0},
                                 .address = id,
                                 .first_line = std::uint32_t(id - 1),
                                 .line_count = 1});
  }
  LocationId stack[] = {LocationId{0}, LocationId{1}};
  std::int64_t values[] = {3, 4096};
  profile.add_sample(stack, values, {});
  return profile;
}

struct Session {
  std::string out, err;
};
Session session(std::deque<std::string> lines) {
  Out out, err;
  Script script;
  script.lines = std::move(lines);
  PprofWorld world{.out = out, .err = err, .environment = [](const char*) { return ""; }, .go_compat = true};
  world.lines = &script;
  EXPECT_TRUE(run_shell(two_functions(), {}, world));
  EXPECT_EQ(script.prompts.at(0), "(pprof) ");
  std::string said = err.text();
  std::string greeting =
      "Type: space\nEntering interactive mode (type \"help\" for commands, \"o\" for options)\n";
  EXPECT_TRUE(said.starts_with(greeting)) << said;
  return {out.text(), said.substr(std::min(greeting.size(), said.size()))};
}

TEST(Shell, EndsWithItsInputOrWhenTold) {
  EXPECT_EQ(session({}).err, "");
  for (const char* word : {"q", "quit", " exit "}) EXPECT_EQ(session({word, "nonsense"}).err, "") << word;
}

TEST(Shell, PrintsReports) {
  Session one = session({"top1"});
  EXPECT_EQ(one.err, "");
  EXPECT_TRUE(one.out.ends_with("main.leaf\n")) << one.out;
  EXPECT_EQ(session({"peek nothing"}).out.empty(), true);
  EXPECT_EQ(session({"top -leaf"}).err, "");
}

TEST(Shell, SettingsLastAndWordsDoNot) {
  Session one = session({"objects", "top", "space", "top root -leaf", "top"});
  EXPECT_NE(one.out.find("3   100%"), std::string::npos) << one.out;
  EXPECT_NE(one.out.find("Active filters:\n   focus=root\n   ignore=leaf"), std::string::npos) << one.out;
  EXPECT_EQ(one.out.find("Active filters"), one.out.rfind("Active filters"));  // of one command
}

TEST(Shell, SaysWhatIsWrongAndGoesOn) {
  EXPECT_EQ(session({"nosuch"}).err, "unrecognized command: \"nosuch\"\n");
  EXPECT_EQ(session({"focus"}).err, "please specify a value, e.g. focus=<val>\n");
  EXPECT_EQ(session({"nodecount=x"}).err, "strconv.Atoi: parsing \"x\": invalid syntax\n");
  EXPECT_EQ(session({"cum"}).err, "unknown config field \"cum\"\n");
  EXPECT_EQ(session({"flat x"}).err, "did you mean: flat=x\n");
  EXPECT_EQ(session({"list"}).err, "command list requires an argument\n");
  EXPECT_EQ(session({"top >"}).err, "unexpected end of line after >\n");
  EXPECT_EQ(session({"sample_index=7"}).err, "sample_index 7 is outside the range [0..1]\n");
  EXPECT_EQ(session({"help nosuch"}).err, "Unknown command: nosuch\n");
  EXPECT_EQ(session({"", "  ", "nosuch", "nosuch"}).err,
            "unrecognized command: \"nosuch\"\nunrecognized command: \"nosuch\"\n");
}

TEST(Shell, ListsOptions) {
  std::string listed = session({"focus=a b //: comment", "sort=cum", "granularity=lines", "o"}).err;
  EXPECT_NE(listed.find("  focus                     = a b                  \n"), std::string::npos)
      << listed;
  EXPECT_NE(listed.find("  sort                      = cum                  //: [cum | flat]\n"),
            std::string::npos);
  EXPECT_NE(listed.find("  sample_index              = space                //: [objects | space]\n"),
            std::string::npos);
  EXPECT_NE(listed.find("  nodecount                 = -1                   //: default\n"),
            std::string::npos);
  EXPECT_NE(listed.find("  ignore                    = \"\"                   \n"), std::string::npos);
  EXPECT_EQ(listed.find("source_path"), std::string::npos);
  std::string cleared = session({"focus=a", ":", "o"}).err;
  EXPECT_NE(cleared.find("  focus                     = \"\" "), std::string::npos);
}

TEST(Shell, HelpsWithOneThing) {
  EXPECT_EQ(session({"help raw"}).err, "Outputs a text representation of the raw profile\n\n");
  EXPECT_EQ(session({"help sample_index"}).err,
            "Sample value to report (0-based index or name)\nProfiles contain multiple values per sample.\n"
            "Use sample_index=i to select the ith value (starting at 0).\n"
            "Or use sample_index=name, with name in [objects space].\n\n");
}

PprofConfig parsed(std::string_view line) {
  auto command = parse_shell_command(go_fields(line), {});
  EXPECT_TRUE(command) << line;
  return command ? command->config : PprofConfig{};
}

TEST(ShellWords, ChangeTheConfigurationOfOneCommand) {
  EXPECT_EQ(parsed("top").nodecount, 10);
  EXPECT_EQ(parsed("top5").nodecount, 5);
  EXPECT_EQ(parsed("top 5 7").nodecount, 7);
  EXPECT_EQ(parsed("top -3").nodecount, -3);
  EXPECT_EQ(parsed("tree").nodecount, -1);
  EXPECT_EQ(parsed("top 99999999999").focus, "99999999999");
  EXPECT_EQ(parsed("top a b -c -d --cum").focus, "a|b");
  EXPECT_EQ(parsed("top a b -c -d --cum").ignore, "c|d");
  EXPECT_EQ(parsed("top -cum").sort, "cum");
  EXPECT_EQ(parsed("top >x").output, "x");
  EXPECT_EQ(parsed("top > x y").output, "x");
  EXPECT_EQ(parsed("top > x y").focus, "y");
  EXPECT_EQ(parsed("tags a -b").tagfocus, "a");
  EXPECT_EQ(parsed("tags a -b").tagignore, "b");
  EXPECT_EQ(parsed("tags a").focus, "");
  EXPECT_EQ(parse_shell_command(go_fields("list3 f"), {})->symbol, "3");
  EXPECT_FALSE(parse_shell_command(go_fields("123"), {}));
}

TEST(ShellWords, AssignmentsEndAtComments) {
  EXPECT_EQ(split_assignment(" focus = a=b //: c //: d").value, "a=b //: c");
  EXPECT_EQ(split_assignment(" focus = a").name, "focus");
  EXPECT_FALSE(split_assignment("top //: x").has_value);
}

TEST(ShellWords, AreCompleted) {
  std::string_view functions[] = {"main.leaf", "main.root"};
  auto complete = [&](const char* line) { return complete_line(line, functions); };
  EXPECT_EQ(complete("cal"), "cal");
  EXPECT_EQ(complete("callg"), "callgrind");
  EXPECT_EQ(complete("TAGF"), "tagfocus");
  EXPECT_EQ(complete("help prune"), "help prune_from");
  EXPECT_EQ(complete("list lea"), "list main.leaf");
  EXPECT_EQ(complete("top  main"), "top main");
  EXPECT_EQ(complete("top -roo"), "top -main.root");
  EXPECT_EQ(complete("tags lea"), "tags lea");
  EXPECT_EQ(complete("nosuch lea"), "nosuch lea");
  EXPECT_EQ(complete(""), "");
}

}  // namespace
}  // namespace memsnap
