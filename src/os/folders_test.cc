#include "os/folders.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

class Folders : public testing::Test {
 protected:
  void SetUp() override {
    room_ = fs::temp_directory_path() /
            ("memsnap-folders-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + "-" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(room_);
    fs::create_directories(room_);
  }
  void TearDown() override { fs::remove_all(room_); }
  std::string at(const std::string& name) const { return (room_ / name).string(); }
  static std::string content(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  fs::path room_;
};

TEST_F(Folders, NewFilesTakeTheNextNumber) {
  for (const char* name : {"profile001.pb.gz", "profile002.pb.gz"}) {
    auto file = OutputFile::open_new(room_.string(), "profile", ".pb.gz");
    ASSERT_TRUE(file) << file.error().what;
    EXPECT_EQ(file->path(), at(name));
    EXPECT_EQ(file->write("x"), 0);
    EXPECT_TRUE(file->close());
    EXPECT_EQ(content(at(name)), "x");
    struct stat about{};
    ASSERT_EQ(stat(at(name).c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
  }
  EXPECT_EQ(names_in(room_.string()), (std::vector<std::string>{"profile001.pb.gz", "profile002.pb.gz"}));
}

TEST_F(Folders, OpenReplacesAndFollowsLinks) {
  std::ofstream(at("goal")) << "longer than before";
  fs::create_symlink("goal", at("link"));
  auto file = OutputFile::open(at("link"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->write("new"), 0);
  EXPECT_TRUE(file->close());
  EXPECT_EQ(content(at("goal")), "new");
  auto none = OutputFile::open(at("no/such/file"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().cause, Cause::bad_output);
}

TEST_F(Folders, AreMadeWithThoseAbove) {
  EXPECT_TRUE(make_folders(at("a/b/c"), 0700));
  EXPECT_TRUE(fs::is_directory(at("a/b/c")));
  EXPECT_TRUE(make_folders(at("a/b/c"), 0700));
  std::ofstream(at("file")) << "x";
  EXPECT_FALSE(make_folders(at("file/below"), 0700));
  EXPECT_FALSE(make_folders(at("file"), 0700));
}

TEST_F(Folders, InputIsReadToItsEndOrLimit) {
  std::ofstream(at("input")) << std::string(200000, 'x');
  auto all = read_input(at("input"), 1 << 20);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 200000u);
  EXPECT_FALSE(read_input(at("input"), 1000));
  EXPECT_FALSE(read_input(at("missing"), 1000));
  EXPECT_FALSE(read_input(room_.string(), 1000));
}

}  // namespace
}  // namespace memsnap
