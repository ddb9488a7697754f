// Every verb on a heap that is written by hand (tests/golden/verbs), as text and as JSON; and the command
// line as a whole.
#include "verbs/verbs.h"

#include "analysis/case.h"
#include "checkup/checkup.h"
#include "findings/finding.h"
#include "misuse/rule.h"
#include "render/golden_test.h"
#include "render/json_value.h"
#include "snap/snapshot.h"
#include "tables/heap_text.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

struct Ran {
  int status = 0;
  std::string out, err;
};

Ran run(std::vector<std::string> words, Style style = {}) {
  Out out, err;
  Io io{.out = out, .err = err, .style = style};
  int status = run_command(words, io);
  return {status, out.text(), err.text()};
}

std::string read_file(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// A folder with shop.snap and its like in it, where the verbs run: reports then name the files as they are.
class Verbs : public testing::Test {
 protected:
  void SetUp() override {
    home_ = fs::current_path();
    room_ = fs::temp_directory_path() /
            ("memsnap-verbs-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "-" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(room_);
    fs::create_directories(room_);
  }
  void TearDown() override {
    fs::current_path(home_);
    fs::remove_all(room_);
  }

  void snapshot(const std::string& heap, const std::string& name, const std::string& more = {}) {
    auto text = parse_heap(more + read_file(home_ / "tests/golden/verbs" / heap));
    ASSERT_TRUE(text) << text.error().what;
    auto written = write_snapshot(text->heap, (room_ / name).string(), true);
    ASSERT_TRUE(written) << written.error().what;
  }

  Ran run_here(std::vector<std::string> words, Style style = {}) {
    fs::current_path(room_);
    Ran ran = run(std::move(words), style);
    fs::current_path(home_);
    return ran;
  }

  fs::path home_, room_;
};

TEST_F(Verbs, Golden) {
  snapshot("shop.heap", "shop.snap");
  struct Case {
    const char* golden;
    std::vector<std::string> words;
  };
  const std::vector<Case> cases = {
      {"doctor/report", {"doctor", "shop.snap"}},
      {"doctor/all", {"doctor", "shop.snap", "--all"}},
      {"top/types", {"top", "shop.snap"}},
      {"top/packages", {"top", "shop.snap", "--by", "packages", "--cum"}},
      {"top/lines", {"top", "shop.snap", "--by", "lines"}},
      {"top/alloc", {"top", "shop.snap", "--by", "lines", "--alloc"}},
      {"top/focus", {"top", "shop.snap", "--focus", "*session.*"}},
      {"tree/roots", {"tree", "shop.snap", "--depth", "4", "--width", "3"}},
      {"why/type", {"why", "shop.snap", "*session.Session"}},
      {"why/wild", {"why", "shop.snap", "*uint8", "-n", "2"}},
      {"maps/maps", {"maps", "shop.snap"}},
      {"maps/keys", {"maps", "shop.snap", "--keys"}},
      {"slices/each", {"slices", "shop.snap", "--each"}},
      {"slices/slices", {"slices", "shop.snap"}},
      {"slices/duplicates", {"slices", "shop.snap", "--duplicates"}},
      {"goroutines/groups", {"goroutines", "shop.snap"}},
      {"goroutines/each", {"goroutines", "shop.snap", "--each", "-n", "3"}},
      {"goroutines/stack", {"goroutines", "shop.snap", "--stack", "2"}},
      {"rss/rss", {"rss", "shop.snap"}},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.golden);
    Ran text = run_here(one.words);
    expect_golden(std::string(one.golden) + ".txt",
                  text.out + text.err + fmt::format("status {}\n", text.status));
    std::vector<std::string> words = one.words;
    words.emplace_back("--json");
    Ran json = run_here(words);
    if (json.status != 0) continue;  // the golden text says why
    auto value = read_json(json.out);
    ASSERT_TRUE(value) << value.error().what << "\n" << json.out;
    expect_golden(std::string(one.golden) + ".json", json.out);
  }
}

TEST_F(Verbs, DoctorWritesEveryForm) {
  snapshot("shop.heap", "shop.snap");
  for (const char* form : {"json", "markdown", "html"}) {
    Ran ran = run_here({"doctor", "shop.snap", "--format", form});
    EXPECT_EQ(ran.status, 0) << ran.err;
    expect_golden(std::string("doctor/report.") + form, ran.out);
  }
  auto schema = read_json(read_file(home_ / "docs/report.schema.json"));
  ASSERT_TRUE(schema);
  EXPECT_EQ(check_schema(*schema, *read_json(run_here({"doctor", "shop.snap", "--json"}).out)), "");
}

TEST_F(Verbs, DoctorFollowsSnapshotsOfOneProcess) {
  snapshot("shop.heap", "a.snap");
  snapshot("shop.later.heap", "b.snap");
  Ran ran = run_here({"doctor", "a.snap", "b.snap"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  expect_golden("doctor/two.txt", ran.out);
  EXPECT_EQ(run_here({"doctor", "b.snap", "a.snap"}).status, 2);
  snapshot("other.heap", "c.snap");
  Ran other = run_here({"doctor", "a.snap", "c.snap"});
  EXPECT_EQ(other.status, 3);
  EXPECT_EQ(other.err,
            "memsnap doctor: a.snap and c.snap are of different builds: growth cannot be told from them\n");
}

// The words of a command as a shell takes them: blanks part them, single quotes hold them together.
std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> words;
  bool quoted = false, open = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (c == '\'') quoted = !quoted;
    if (c == ' ' && !quoted) {
      open = false;
      continue;
    }
    if (!std::exchange(open, true)) words.emplace_back();
    if (c == '\\' && !quoted && i + 1 < line.size())
      c = line[++i];
    else if (c == '\'')
      continue;
    words.back().push_back(c);
  }
  return words;
}

// Words that a verb must be given: those of its operands that stand in no brackets.
std::size_t needed_words(std::string_view operands) {
  std::size_t words = 0, depth = 0;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    depth += operands[i] == '[';
    depth -= operands[i] == ']';
    words += depth == 0 && operands[i] != ' ' && operands[i] != ']' && (i == 0 || operands[i - 1] == ' ');
  }
  return words;
}

// "" when the registry takes the command as it is printed.
std::string objection(const std::string& command) {
  std::vector<std::string> words = shell_words(command);
  if (words.size() < 2 || words[0] != "memsnap") return "not a command of memsnap";
  const Verb* verb = find_verb(words[1]);
  if (!verb) return "no such verb";
  if (verb->name == std::string_view("capture")) return words[2] == "-p" ? "" : "no process";
  std::vector<Flag> known = flags_of(*verb);
  auto flags = Flags::parse(std::span(words).subspan(2), known);
  if (!flags) return flags.error().what;
  if (flags->targets().size() < needed_words(verb->operands)) return "an operand is missing";
  bool more = std::string_view(verb->operands).find("...") != std::string_view::npos;
  bool optional = std::string_view(verb->operands).find('[') != std::string_view::npos;
  if (!more && flags->targets().size() > needed_words(verb->operands) + optional) return "too many operands";
  return {};
}

TEST(Commands, AreTakenApartAsAShellDoes) {
  EXPECT_EQ(shell_words("a 'b c'  d'e'"), (std::vector<std::string>{"a", "b c", "de"}));
  EXPECT_EQ(needed_words("[PID | FILE.snap...]"), 0u);
  EXPECT_EQ(needed_words("PID|FILE.snap TYPE|ADDR"), 2u);
  EXPECT_NE(objection("memsnap why 4127"), "");
  EXPECT_NE(objection("memsnap diff 4127"), "");
  EXPECT_EQ(objection("memsnap why 4127 'chan main.Job'"), "");
}

// Whatever a report proposes can be typed as it stands.
TEST(Commands, OfGoldenReportsAreTaken) {
  std::size_t seen = 0;
  auto check = [&](const std::string& command, const fs::path& path) {
    ++seen;
    EXPECT_EQ(objection(command), "") << command << " in " << path;
  };
  for (const auto& entry : fs::directory_iterator("tests/golden/rules")) {
    std::stringstream text(read_file(entry.path()));
    for (std::string line; std::getline(text, line);)
      if (std::size_t at = line.rfind(" (memsnap "); at != std::string::npos && line.ends_with(')'))
        check(line.substr(at + 2, line.size() - at - 3), entry.path());
  }
  for (const auto& entry : fs::directory_iterator("tests/golden/doctor")) {
    std::string text = read_file(entry.path());
    if (entry.path().extension() == ".json") {
      auto value = read_json(text);
      ASSERT_TRUE(value) << entry.path();
      for (const JsonValue& finding : *value->member("findings")->array())
        for (const JsonValue& evidence : *finding.member("evidence")->array())
          if (const std::string& verb = *evidence.member("verb")->text(); !verb.empty())
            check(verb, entry.path());
    }
    std::stringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("next   memsnap ") || line.starts_with("       memsnap "))
        check(line.substr(7, line.find("  ", 7) - 7), entry.path());
  }
  EXPECT_GT(seen, 50u);
}

TEST_F(Verbs, CommandsOfAReportRun) {
  snapshot("shop.heap", "my shop.snap");
  auto value = read_json(run_here({"doctor", "my shop.snap", "--json"}).out);
  ASSERT_TRUE(value);
  for (const JsonValue& finding : *value->member("findings")->array())
    for (const JsonValue& evidence : *finding.member("evidence")->array()) {
      std::vector<std::string> words = shell_words(*evidence.member("verb")->text());
      if (words.empty()) continue;
      Ran ran = run_here({words.begin() + 1, words.end()});
      EXPECT_EQ(ran.status, 0) << *evidence.member("verb")->text() << "\n" << ran.err;
    }
}

TEST_F(Verbs, NothingThatWasAskedForIsIgnored) {
  snapshot("shop.heap", "shop.snap");
  Ran captures = run_here({"doctor", "shop.snap", "--captures", "3"});
  EXPECT_EQ(captures.status, 2);
  EXPECT_EQ(captures.err,
            "memsnap doctor: --captures is about captures of a process, and the targets are files\n");
  EXPECT_EQ(run_here({"doctor", "shop.snap", "--interval", "3s"}).status, 2);
  EXPECT_EQ(run_here({"doctor", "shop.snap", "--source", "nothing"}).status, 2);
  EXPECT_EQ(run_here({"why", "shop.snap"}).err,
            "memsnap why: got 1 word, want a target (a PID or a .snap file) and a type or an address\n");
}

TEST_F(Verbs, DoctorFailsOnWhatItIsTold) {
  snapshot("shop.heap", "shop.snap");
  EXPECT_EQ(run_here({"doctor", "shop.snap"}).status, 0);
  EXPECT_EQ(run_here({"doctor", "shop.snap", "--fail-on", "high"}).status, 1);
  snapshot("other.heap", "quiet.snap");
  EXPECT_EQ(run_here({"doctor", "quiet.snap", "--fail-on", "info"}).status, 0);
}

TEST_F(Verbs, DoctorShowsSourceLines) {
  snapshot("shop.heap", "shop.snap");
  fs::create_directories(room_ / "src/session");
  std::ofstream file(room_ / "src/session/store.go");
  for (int i = 1; i <= 60; ++i) file << "\tline " << i << " <b>\x1b[31m\n";
  file.close();
  Ran ran = run_here({"doctor", "shop.snap", "--source", "src"});
  EXPECT_NE(ran.out.find("| line 41 <b>\\x1b[31m\n"), std::string::npos) << ran.out;
  EXPECT_NE(run_here({"doctor", "shop.snap", "--source", "src", "--format=html"})
                .out.find("line 41 &lt;b&gt;\\x1b[31m"),
            std::string::npos);
}

TEST_F(Verbs, WhatTheCaptureLeftOutIsSaid) {
  snapshot("shop.heap", "shop.snap",
           "fact keys.partial \"3 of 17 maps\"\nfact strings.partial \"9 of 12 were not compared\"\n");
  using Words = std::vector<std::string>;
  const std::string keys = "map keys: 3 of 17 maps", strings = "equal strings: 9 of 12 were not compared";
  struct Case {
    Words words, missing;
  };
  for (const Case& one :
       {Case{{"doctor", "shop.snap"}, {keys, strings}}, Case{{"maps", "shop.snap", "--keys"}, {keys}},
        Case{{"slices", "shop.snap", "--duplicates"}, {strings}}, Case{{"maps", "shop.snap"}, {}},
        Case{{"slices", "shop.snap"}, {}}}) {
    SCOPED_TRACE(one.words.front());
    Ran text = run_here(one.words);
    EXPECT_EQ(text.out.find("partial:") != std::string::npos, !one.missing.empty()) << text.out;
    Words words = one.words;
    words.push_back("--json");
    std::string json = run_here(words).out;
    EXPECT_EQ(json.find("\"partial\": true") != std::string::npos, !one.missing.empty()) << json;
    for (const std::string& what : one.missing) {
      EXPECT_NE(text.out.find("partial: " + what), std::string::npos) << text.out;
      EXPECT_NE(json.find("\"" + what + "\""), std::string::npos) << json;
    }
  }
}

TEST_F(Verbs, DiffOfOneProcessAndOfTwo) {
  snapshot("shop.heap", "a.snap");
  snapshot("shop.later.heap", "b.snap");
  snapshot("other.heap", "c.snap");
  for (const char* by : {"types", "holders", "lines"}) {
    Ran ran = run_here({"diff", "a.snap", "b.snap", "--by", by});
    expect_golden(std::string("diff/") + by + ".txt", ran.out + ran.err);
    Ran json = run_here({"diff", "a.snap", "b.snap", "--by", by, "--json"});
    ASSERT_TRUE(read_json(json.out)) << json.out;
    expect_golden(std::string("diff/") + by + ".json", json.out);
  }
  expect_golden("diff/focus.txt", run_here({"diff", "a.snap", "b.snap", "--focus", "*session.Session"}).out);
  expect_golden("diff/other.txt", run_here({"diff", "c.snap", "b.snap"}).out);
  EXPECT_EQ(run_here({"diff", "c.snap", "b.snap", "--fail-on", "medium"}).status, 1);
  EXPECT_EQ(run_here({"diff", "b.snap", "b.snap", "--fail-on", "info"}).status, 0);
  EXPECT_EQ(run_here({"diff", "a.snap"}).status, 2);
}

TEST_F(Verbs, DiffOfSnapshotsForPullRequests) {
  snapshot("shop.heap", "a.snap");
  snapshot("shop.later.heap", "b.snap");
  snapshot("other.heap", "c.snap");
  for (const char* form : {"markdown", "junit", "sarif"})
    expect_golden(std::string("diff/findings.") + form,
                  run_here({"diff", "c.snap", "b.snap", "--format", form}).out);
  std::ofstream(room_ / "known.json") << run_here({"doctor", "b.snap", "--json"}).out;
  EXPECT_EQ(run_here({"diff", "c.snap", "b.snap", "--fail-on", "info"}).status, 1);
  EXPECT_EQ(run_here({"diff", "c.snap", "b.snap", "--fail-on", "info", "--baseline", "known.json"}).status,
            0);
}

TEST_F(Verbs, DiffOfBenchmarks) {
  auto write = [&](const char* name, const char* time, const char* bytes) {
    std::ofstream file(room_ / name);
    file << "goos: linux\npkg: example.com/shop\n";
    for (int i = 0; i < 6; ++i)
      file << "BenchmarkPut-8 100 " << time << i << " ns/op " << bytes << " B/op 2" << i << " MB/s\n";
    file << "BenchmarkGet-8 100 55 ns/op\nPASS\n";
  };
  write("a.txt", "10", "64");
  write("b.txt", "12", "32");
  for (const char* form : {"text", "json", "markdown", "junit", "sarif"})
    expect_golden(std::string("diff/bench.") + form,
                  run_here({"diff", "a.txt", "b.txt", "--format", form}).out);
  EXPECT_EQ(run_here({"diff", "a.txt", "b.txt"}).status, 0);
  EXPECT_EQ(run_here({"diff", "a.txt", "b.txt", "--fail-on", "high"}).status, 0);  // 19 %
  EXPECT_EQ(run_here({"diff", "a.txt", "b.txt", "--fail-on", "medium"}).status, 1);
  EXPECT_EQ(run_here({"diff", "a.txt", "b.txt", "--fail-on", "medium", "--threshold", "30%"}).status, 0);
  std::ofstream(room_ / "known.json") << run_here({"diff", "a.txt", "b.txt", "--json"}).out;
  EXPECT_EQ(run_here({"diff", "a.txt", "b.txt", "--baseline", "known.json"}).status, 0);
  EXPECT_EQ(run_here({"diff", "a.txt", "b.txt", "--threshold", "much"}).status, 2);
}

TEST_F(Verbs, DiffOfFindingLists) {
  snapshot("shop.heap", "a.snap");
  snapshot("other.heap", "c.snap");
  std::ofstream(room_ / "a.json") << run_here({"doctor", "a.snap", "--json"}).out;
  std::ofstream(room_ / "c.json") << run_here({"doctor", "c.snap", "--json"}).out;
  expect_golden("diff/lists.txt", run_here({"diff", "c.json", "a.json"}).out);
  EXPECT_EQ(run_here({"diff", "c.json", "a.json", "--fail-on", "info"}).status, 1);
  EXPECT_EQ(run_here({"diff", "a.json", "a.json", "--fail-on", "info"}).status, 0);
  Ran mixed = run_here({"diff", "a.json", "a.snap"});
  EXPECT_EQ(mixed.status, 2);
  EXPECT_NE(mixed.err.find("list of findings"), std::string::npos) << mixed.err;
  std::ofstream(room_ / "bad.json") << "{\"schema\": \"memsnap.report/2\"}";
  EXPECT_EQ(run_here({"diff", "a.json", "bad.json"}).status, 3);
}

TEST_F(Verbs, DiffOfProfiles) {
  for (const char* name : {"prometheus.heap", "nats.heap", "nats.cpu"})
    fs::copy(home_ / "tests/pprof/corpus/recorded" / (std::string(name) + ".pb.gz"), room_ / name);
  expect_golden(
      "diff/profiles.txt",
      run_here({"diff", "nats.heap", "prometheus.heap", "-n", "4", "--sample-index", "alloc_space"}).out);
  EXPECT_EQ(run_here({"diff", "nats.heap", "prometheus.heap", "--fail-on", "high"}).status, 1);
  EXPECT_EQ(run_here({"diff", "nats.heap", "nats.heap", "--fail-on", "info"}).status, 0);
  Ran mixed = run_here({"diff", "nats.cpu", "nats.heap"});
  EXPECT_EQ(mixed.status, 2);
  EXPECT_NE(mixed.err.find("the first has none"), std::string::npos) << mixed.err;
}

TEST_F(Verbs, DoctorOfProfiles) {
  for (const char* name : {"prometheus.heap", "nats.heap", "nats.goroutine", "etcd.mutex"})
    fs::copy(home_ / "tests/pprof/corpus/recorded" / (std::string(name) + ".pb.gz"), room_ / name);
  Ran two = run_here({"doctor", "nats.heap", "prometheus.heap", "nats.goroutine"});
  EXPECT_EQ(two.status, 0);
  EXPECT_NE(two.out.find("different programs: nats-server and prometheus"), std::string::npos) << two.out;
  EXPECT_NE(two.out.find("A profile says who allocated"), std::string::npos) << two.out;
  Ran json = run_here({"doctor", "nats.heap", "--json"});
  auto report = read_json(json.out), schema = read_json(read_file(home_ / "docs/report.schema.json"));
  ASSERT_TRUE(report && schema) << json.out;
  EXPECT_EQ(check_schema(*schema, *report), "");
  expect_golden("doctor/profile.txt", run_here({"doctor", "nats.heap"}).out);
  expect_golden("doctor/profile.md", run_here({"doctor", "nats.heap", "--format=markdown"}).out);
  // What the sources of the program would add is not the same on every machine.
  Ran hot = run_here({"doctor", "prometheus.heap", "--all"});
  EXPECT_NE(hot.out.find("klauspost/compress/flate.newFastEnc allocates 20% of all bytes"), std::string::npos)
      << hot.out;
  EXPECT_EQ(run_here({"doctor", "prometheus.heap", "--fail-on", "low"}).status, 1);
  EXPECT_EQ(run_here({"doctor", "prometheus.heap", "--fail-on", "high"}).status, 0);
  EXPECT_EQ(run_here({"doctor", "etcd.mutex"}).status, 2);
  EXPECT_EQ(run_here({"doctor", "nats.heap", "--captures", "3"}).status, 2);
}

// Every rule is about a heap, about profiles, about source, or escape-hot of what the compiler says.
TEST(CommandLine, RulesHaveWords) {
  EXPECT_EQ(rules().size() + profile_rules().size() + misuse::rules().size() + 1, rule_texts().size());
}

TEST_F(Verbs, WhyOfOneObject) {
  snapshot("shop.heap", "shop.snap");
  std::string tree = run_here({"why", "shop.snap", "session.Store", "--json"}).out;
  auto value = read_json(tree);
  ASSERT_TRUE(value);
  std::string address = *(*value->member("paths")->array())[0].member("address")->text();
  for (std::vector<std::string> more : {std::vector<std::string>{}, {"--in"}, {"--out"}}) {
    std::vector<std::string> words = {"why", "shop.snap", address};
    words.insert(words.end(), more.begin(), more.end());
    Ran ran = run_here(words);
    EXPECT_EQ(ran.status, 0) << ran.err;
    expect_golden("why/object" + (more.empty() ? "" : more[0]) + ".txt", ran.out);
  }
  EXPECT_EQ(run_here({"why", "shop.snap", "0x10"}).status, 2);
  EXPECT_EQ(run_here({"why", "shop.snap", "no.Such"}).status, 2);
  EXPECT_EQ(run_here({"why", "shop.snap"}).status, 2);
}

TEST_F(Verbs, NotASnapshot) {
  std::ofstream(room_ / "text.snap") << "hello";
  for (const char* verb : {"doctor", "top", "tree", "maps", "slices", "goroutines", "rss"}) {
    Ran none = run_here({verb, "nothing.snap"});
    EXPECT_EQ(none.status, 3) << verb;
    EXPECT_EQ(std::ranges::count(none.err, '\n'), 1) << none.err;
    Ran text = run_here({verb, "text.snap"});
    EXPECT_EQ(text.status, 3) << verb;
    EXPECT_EQ(std::ranges::count(text.err, '\n'), 1) << text.err;
  }
}

TEST(CommandLine, Help) {
  expect_golden("help/memsnap.txt", run({"--help"}).out);
  for (const Verb* verb : verbs()) {
    Ran asked = run({verb->name, "--help"}), help = run({"help", verb->name});
    EXPECT_EQ(asked.status, 0);
    EXPECT_EQ(asked.out, help.out);
    expect_golden(fmt::format("help/{}.txt", verb->name), help.out);
  }
  EXPECT_EQ(run({}).status, 2);
  EXPECT_EQ(run({"--version"}).out, "memsnap " MEMSNAP_VERSION " linux/amd64\n");
}

TEST(CommandLine, UsageErrorsEndWithTwo) {
  EXPECT_EQ(run({"docter"}).err, "memsnap: no verb 'docter'; did you mean doctor?\n");
  EXPECT_EQ(run({"docter"}).status, 2);
  EXPECT_EQ(run({"\x1b[2J"}).err, "memsnap: no verb '\\x1b[2J'; memsnap --help lists them\n");
  EXPECT_EQ(run({"top", "--jsn"}).err,
            "memsnap top: no flag --jsn here; did you mean --json?\nusage: memsnap top PID|FILE.snap  "
            "(memsnap help top)\n");
  for (std::vector<std::string> words : {std::vector<std::string>{"top"},
                                         {"top", "1", "2"},
                                         {"doctor", "1", "2"},
                                         {"doctor", "1", "a.snap"},
                                         {"capture", "a.snap"},
                                         {"capture"},
                                         {"doctor", "0"},
                                         {"doctor", "99999999999"},
                                         {"explain", "nothing"},
                                         {"explain", "a", "b"},
                                         {"completion"},
                                         {"completion", "tcsh"},
                                         {"help", "nothing"},
                                         {"doctor", "1", "--captures", "100000"},
                                         {"tree", "1", "--depth", "0"},
                                         {"doctor", "a.snap", "-o", "b.snap"},
                                         {"top", "a.snap", "--by", "x"}})
    EXPECT_EQ(run(words).status, 2) << words[0] << run(words).err;
}

TEST(CommandLine, NoSuchProcess) {
  Ran ran = run({"doctor", "2147483646"});
  EXPECT_EQ(ran.status, 3) << ran.err;
  EXPECT_EQ(std::ranges::count(ran.err, '\n'), 1) << ran.err;
}

TEST(CommandLine, Explain) {
  expect_golden("explain/list.txt", run({"explain"}).out);
  expect_golden("explain/map-unbounded.txt", run({"explain", "map-unbounded"}).out);
  auto all = read_json(run({"explain", "--json"}).out);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->member("rules")->array()->size(), rule_texts().size());
  for (const RuleText& rule : rule_texts()) EXPECT_EQ(run({"explain", rule.rule}).status, 0) << rule.rule;
  EXPECT_EQ(run({"explain", "map-unbounde"}).err,
            "memsnap explain: no pattern 'map-unbounde'; did you mean map-unbounded?\n");
}

// docs/verbs.md is printed by the registry and must not fall behind it: MEMSNAP_GOLDEN=update writes it.
TEST(CommandLine, VerbsMarkdown) { expect_golden("../../docs/verbs.md", run({"help", "--markdown"}).out); }

TEST(CommandLine, ManPages) {
  expect_golden("man/memsnap.1", man_page());
  for (const Verb* verb : verbs()) {
    std::string page = run({"help", "--man", verb->name}).out;
    expect_golden(fmt::format("man/memsnap-{}.1", verb->name), page);
    std::stringstream lines(page);
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with('.')) {
        EXPECT_NE(std::string_view(".TH .SH .PP .TP .B .BR .I ").find(line.substr(0, line.find(' '))),
                  std::string_view::npos)
            << line;
      }
  }
}

// The scripts are what their shells take; a shell that is not here is not asked.
TEST(CommandLine, CompletionScripts) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    std::string script = run({"completion", shell}).out;
    for (const Verb* verb : verbs())
      EXPECT_NE(script.find(verb->name), std::string::npos) << shell << verb->name;
    EXPECT_NE(script.find("map-unbounded"), std::string::npos) << shell;
    if (std::system(fmt::format("command -v {} >/dev/null", shell).c_str()) != 0) continue;
    fs::path file = fs::temp_directory_path() / fmt::format("memsnap-completion-{}", shell);
    std::ofstream(file) << script;
    EXPECT_EQ(std::system(fmt::format("{} -n {}", shell, file.string()).c_str()), 0) << shell;
    fs::remove(file);
  }
}

std::string bash_completes(const std::string& line) {
  fs::path file = fs::temp_directory_path() / "memsnap-completion-ask";
  std::ofstream(file) << run({"completion", "bash"}).out << "COMP_WORDS=(" << line
                      << ") COMP_CWORD=$((${#COMP_WORDS[@]}-1))\n_memsnap\necho \"${COMPREPLY[*]}\"\n";
  std::string answer;
  FILE* pipe = popen(("bash " + file.string()).c_str(), "r");
  for (int c; pipe && (c = std::fgetc(pipe)) != EOF;) answer.push_back(char(c));
  if (pipe) pclose(pipe);
  fs::remove(file);
  return answer;
}

TEST(CommandLine, BashCompletes) {
  EXPECT_EQ(bash_completes("memsnap doc"), "doctor\n");
  EXPECT_EQ(bash_completes("memsnap doctor --form"), "--format\n");
  EXPECT_EQ(bash_completes("memsnap doctor --format j"), "json\n");
  EXPECT_EQ(bash_completes("memsnap explain map-unb"), "map-unbounded\n");
  EXPECT_EQ(bash_completes("memsnap completion z"), "zsh\n");
  EXPECT_EQ(bash_completes("memsnap top --by pa"), "packages\n");
}

}  // namespace
}  // namespace memsnap
