#include "driver/remote_symbols.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

// Two mappings; the locations of the first at 0x1000 and 0x1010, of the second at 0x5000.
Profile addresses() {
  Profile profile;
  profile.sample_types = {{profile.strings.add("cpu"), profile.strings.add("ns")}};
  profile.mappings.push_back({.id = 1, .start = 0x1000, .limit = 0x2000});
  profile.mappings.push_back({.id = 2,
                              .start = 0x5000,
                              .limit = 0x6000,
                              .file = profile.strings.add("/lib/c.so"),
                              .has_functions = true});
  for (std::uint64_t address : {0x1000, 0x1010})
    profile.locations.push_back({.id = address, .mapping = MappingId{0}, .address = address});
  profile.locations.push_back({.id = 3, .mapping = MappingId{1}, .address = 0x5000});
  return profile;
}

std::string name_of(const Profile& profile, std::size_t location) {
  auto lines = profile.lines_of(profile.locations[location]);
  return lines.empty() ? "" : std::string(profile.text(profile[lines[0].function].name));
}

TEST(RemoteSymbols, AreAskedForByAddress) {
  Profile profile = addresses();
  Url url = *Url::parse("http://ann:secret@h/debug/pprof/heap?seconds=5");
  MappingSources sources;
  note_sources(profile, url, sources);
  EXPECT_EQ(profile.text(profile.mappings[0].file), "http://ann:xxxxx@h/debug/pprof/heap?seconds=5");
  std::vector<std::string> asked;
  auto done = ask_for_symbols(profile, false, sources, [&](const Url& page, const std::string& list) {
    asked.push_back(page.text() + " " + list);
    return Result<std::string>("num_symbols: 1\n0x1000 main.main\n 0x1010\tf(int) \r\n0x1010");
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(asked, std::vector<std::string>{"http://ann:secret@h/debug/pprof/symbol 0x1000+0x1010"});
  EXPECT_EQ(name_of(profile, 0), "main.main");
  EXPECT_EQ(name_of(profile, 1), "f(int) \r");
  EXPECT_EQ(name_of(profile, 2), "");
  EXPECT_TRUE(profile.mappings[0].has_functions);
  forget_sources(profile);
  EXPECT_EQ(profile.text(profile.mappings[0].file), "");
  EXPECT_EQ(profile.text(profile.mappings[1].file), "/lib/c.so");
}

TEST(RemoteSymbols, FollowAMappingThatMoved) {
  Profile profile = addresses();
  MappingSources sources;
  note_sources(profile, *Url::parse("http://h/x"), sources);
  sources.at("http://h/x").front().start = 0x401000;
  std::string list;
  ASSERT_TRUE(ask_for_symbols(profile, false, sources, [&](const Url&, const std::string& asked) {
    list = asked;
    return Result<std::string>("0x401010 there\n");
  }));
  EXPECT_EQ(list, "0x401000+0x401010");
  EXPECT_EQ(name_of(profile, 0), "");
  EXPECT_EQ(name_of(profile, 1), "there");
  sources.at("http://h/x").front().start = ~0ull;  // 0x1010 would lie behind the end
  profile = addresses();
  profile.mappings[0].file = profile.strings.add("http://h/x");
  EXPECT_FALSE(ask_for_symbols(profile, false, sources,
                               [](const Url&, const std::string&) { return Result<std::string>(""); }));
}

TEST(RemoteSymbols, ComeFromAPageBesideTheProfile) {
  auto page = [](const char* url) { return symbol_page(*Url::parse(url)).text(); };
  EXPECT_EQ(page("http://h/debug/pprof/profile?seconds=5"), "http://h/debug/pprof/symbol");
  EXPECT_EQ(page("http://h/pprof/growth"), "http://h/pprof/symbol");
  EXPECT_EQ(page("http://h/a/profile"), "http://h/a/symbolz");
  EXPECT_EQ(page("http://h/profile"), "http://h/symbolz");
}

TEST(RemoteSymbols, AnswersMayBeNonsense) {
  for (const char* text : {"0x99999999999999999999 x\n", "0xfffffffffffffff0 y\n"}) {
    Profile profile = addresses();
    MappingSources sources;
    note_sources(profile, *Url::parse("http://h/x"), sources);
    sources.at("http://h/x").front().start = 0x10;
    EXPECT_FALSE(ask_for_symbols(profile, false, sources, [&](const Url&, const std::string&) {
      return Result<std::string>(text);
    })) << text;
  }
}

}  // namespace
}  // namespace memsnap
