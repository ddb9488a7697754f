#include "driver/remote.h"

#include "driver/fetch.h"
#include "http/loopback_test.h"
#include "pprof/gzip.h"
#include "pprof/write.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

ProfileSources asked(std::int64_t seconds = -1, std::int64_t timeout = -1) {
  ProfileSources from;
  from.seconds = seconds;
  from.timeout = timeout;
  return from;
}
std::string address(const std::string& source, const ProfileSources& from = asked()) {
  auto remote = remote_source(source, from);
  return remote ? remote->url.text() : "";
}

// Truth: what adjustURL of cmd/pprof gives.
TEST(RemoteSource, IsWhatGoTakesForAnAddress) {
  EXPECT_EQ(address("localhost:6060"), "http://localhost:6060/debug/pprof/profile");
  EXPECT_EQ(address("127.0.0.1:6060/debug/pprof/heap"), "http://127.0.0.1:6060/debug/pprof/heap");
  EXPECT_EQ(address("http://h/"), "http://h/debug/pprof/profile");
  EXPECT_EQ(address("https+insecure://h/x?b=1&a=2"), "https+insecure://h/x?a=2&b=1");
  EXPECT_EQ(address(":6060"), "http://:6060/debug/pprof/profile");
  for (const char* file : {"cpu.pb.gz", "a/b", "/tmp/x", "file:///tmp/x", "a.b:c", "", "mem_03:55:24"})
    EXPECT_EQ(address(file), "") << file;
}

TEST(RemoteSource, SecondsAndTimeouts) {
  EXPECT_EQ(address("h:1", asked(5)), "http://h:1/debug/pprof/profile?seconds=5");
  EXPECT_EQ(address("http://h/x?seconds=9", asked(5)), "http://h/x?seconds=5");
  using std::chrono::milliseconds;
  EXPECT_EQ(remote_source("h:1", asked())->timeout, milliseconds(60'000));
  EXPECT_EQ(remote_source("h:1", asked(5))->timeout, milliseconds(7'500));
  EXPECT_EQ(remote_source("h:1", asked(5, 2))->timeout, milliseconds(2'000));
  EXPECT_EQ(remote_source("http://h/x?seconds=10", asked())->timeout, milliseconds(15'000));
  EXPECT_EQ(remote_source("http://h/x?seconds=99999999999", asked())->timeout, milliseconds(60'000));
}

TEST(RemoteSource, ShowsNoPassword) {
  EXPECT_EQ(shown_source("http://ann:secret@h/x"), "http://ann:xxxxx@h/x");
  EXPECT_EQ(shown_source("h:1"), "h:1");
  EXPECT_EQ(shown_source("file.pb.gz"), "file.pb.gz");
}

std::string packed_profile() {
  Profile profile;
  StringId cpu = profile.strings.add("cpu"), unit = profile.strings.add("nanoseconds");
  profile.sample_types = {{cpu, unit}};
  profile.mappings.push_back(
      {.id = 1, .file = profile.strings.add("/srv/a\nb/shop\x1b"), .has_functions = true});
  profile.functions.push_back({.id = 1, .name = profile.strings.add("main.main")});
  profile.lines.push_back({.function = FunctionId{0}});
  profile.locations.push_back({.id = 1, .mapping = MappingId{0}, .line_count = 1});
  LocationId stack[] = {LocationId{0}};
  std::int64_t values[] = {7};
  profile.add_sample(stack, values, {});
  return *write_profile_gz(profile);
}

class Fetched : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("memsnap-fetched-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    environment_["PPROF_TMPDIR"] = folder_.string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  Result<Profile> fetch(const std::vector<std::string>& sources, bool go_compat = false,
                        std::int64_t timeout = -1) {
    PprofWorld world{.out = out_,
                     .err = err_,
                     .environment = [this](const char* name) { return environment_[name]; },
                     .go_compat = go_compat};
    ProfileSources from = asked(-1, timeout);
    from.sources = sources;
    return fetch_profiles(from, world);
  }
  std::vector<fs::path> saved() const {
    std::vector<fs::path> all;
    if (fs::exists(folder_))
      for (const auto& entry : fs::directory_iterator(folder_)) all.push_back(entry.path());
    return all;
  }

  fs::path folder_;
  std::map<std::string, std::string> environment_;
  Out out_, err_;
};

TEST_F(Fetched, ProfilesAreSavedForTheUserAlone) {
  TestServer server([](const std::string&) { return ok(packed_profile()); });
  auto profile = fetch({server.url("/p", "http", "ann:secret@").text()});
  ASSERT_TRUE(profile) << profile.error().what;
  EXPECT_EQ(profile->samples.rows(), 1u);
  ASSERT_EQ(saved().size(), 1u);
  EXPECT_EQ(saved()[0].filename(), "pprof.shop_.cpu.001.pb.gz");
  struct stat about{};
  ASSERT_EQ(stat(saved()[0].c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  std::string said = err_.text();
  EXPECT_EQ(said.find("secret"), std::string::npos) << said;
  EXPECT_TRUE(said.starts_with(
      fmt::format("Fetching profile over HTTP from http://ann:xxxxx@127.0.0.1:{}/p\n", server.port)))
      << said;
  EXPECT_TRUE(said.ends_with(fmt::format("Saved profile in {}\n", saved()[0].string()))) << said;
  // Nowhere in the file that was saved either.
  std::ifstream file(saved()[0], std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), {});
  auto inflated = inflate_gzip(std::as_bytes(std::span(bytes)), 1 << 20);
  ASSERT_TRUE(inflated);
  EXPECT_EQ(text_of((*inflated)->view()).find("secret"), std::string_view::npos);
}

TEST_F(Fetched, PackedTwiceIsUnpackedTwice) {
  std::string body = *deflate_gzip(packed_profile());
  TestServer server([&](const std::string&) { return ok(body, "Content-Encoding: gzip\r\n"); });
  EXPECT_TRUE(fetch({server.url("/").text()}));
}

TEST_F(Fetched, ServersMayExplain) {
  TestServer server([](const std::string& request) {
    std::string more =
        has(request, "GET /go") ? "X-Go-Pprof: 1\r\nContent-Type: text/plain; charset=utf-8\r\n" : "";
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\n" + more + "\r\nno \x1b[31mheap\n";
  });
  std::string url = server.url("/go").text();
  EXPECT_EQ(fetch({url}).error().what, url + ": server response: 404 Not Found - no \\x1b[31mheap");
  url = server.url("/other").text();
  EXPECT_EQ(fetch({url}).error().what, url + ": server response: 404 Not Found");
  EXPECT_TRUE(saved().empty());
}

TEST_F(Fetched, OneOfSeveralMayFail) {
  TestServer server([](const std::string& request) {
    return has(request, "GET /good") ? ok(packed_profile()) : ok("nonsense");
  });
  auto profile = fetch({server.url("/good").text(), server.url("/bad", "http", "a:secret@").text()}, true);
  ASSERT_TRUE(profile) << profile.error().what;
  EXPECT_NE(
      err_.text().find(fmt::format(
          "http://a:xxxxx@127.0.0.1:{}/bad: parsing profile: unrecognized profile format\n", server.port)),
      std::string::npos)
      << err_.text();
  EXPECT_NE(err_.text().find("Fetched 1 source profiles out of 2\n"), std::string::npos);
  auto none = fetch({server.url("/bad").text()}, true);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().what, "failed to fetch any source profiles");
}

TEST_F(Fetched, SlowServersAreTimedOut) {
  TestServer server([](const std::string&) { return ""; });
  server.silent = true;
  auto late = remote_source(server.url("/").text(), asked());
  ASSERT_TRUE(late);
  late->timeout = std::chrono::milliseconds(-4950);  // five seconds are added
  PprofWorld world{.out = out_, .err = err_, .environment = [](const char*) { return ""; }};
  auto body = fetch_remote(*late, asked(), world);
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().cause, Cause::timed_out);
}

TEST_F(Fetched, FilesThatAreNotThereHaveNeighbours) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "heap.pb.gz") << "x";
  std::string there = (folder_ / "heap.pb.gz").string();
  EXPECT_EQ(nearest_file((folder_ / "heep.pb.gz").string()), "; did you mean " + there + "?");
  EXPECT_EQ(nearest_file((folder_ / "cpu.prof").string()), "");
  auto none = fetch({(folder_ / "heap.pb").string()});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().what, (folder_ / "heap.pb").string() + ": no such file");
}

}  // namespace
}  // namespace memsnap
