#include "os/files.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    char name[] = "/tmp/memsnap-files-XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~Files() override { fs::remove_all(folder_); }

  std::string in(const std::string& name) const { return folder_ + "/" + name; }
  std::size_t entries() const { return std::size_t(std::distance(fs::directory_iterator(folder_), {})); }
  std::string content(const std::string& name) const {
    std::ifstream file(in(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::string folder_;
};

TEST_F(Files, WrittenWholeForTheOwnerOnly) {
  umask(0);
  ASSERT_TRUE(write_file(in("a"), false, "text"));
  EXPECT_EQ(content("a"), "text");
  struct stat about{};
  ASSERT_EQ(stat(in("a").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777, 0600u);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, AnExistingOneIsReplacedOnlyByForce) {
  ASSERT_TRUE(write_file(in("a"), false, "old"));
  auto refused = write_file(in("a"), false, "new");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().cause, Cause::bad_output);
  EXPECT_NE(refused.error().what.find("--force"), std::string::npos);
  EXPECT_EQ(content("a"), "old");
  ASSERT_TRUE(write_file(in("a"), true, "new"));
  EXPECT_EQ(content("a"), "new");
  ASSERT_TRUE(write_file(in("b"), true, "first"));
  EXPECT_EQ(content("b"), "first");
  EXPECT_EQ(entries(), 2u);
}

// The name is taken while the contents are being made.
TEST_F(Files, LosesARaceWithoutHarm) {
  auto lost = write_file(in("a"), false, [&](const Sink& sink) -> Result<void> {
    std::ofstream(in("a")) << "theirs";
    sink(std::as_bytes(std::span(std::string_view("ours"))));
    return {};
  });
  ASSERT_FALSE(lost);
  EXPECT_EQ(content("a"), "theirs");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, NeverThroughASymlink) {
  ASSERT_TRUE(write_file(in("victim"), false, "keep"));
  fs::create_symlink(in("victim"), in("link"));
  fs::create_symlink(in("nowhere"), in("dangling"));
  for (const char* name : {"link", "dangling"})
    for (bool force : {false, true}) {
      auto refused = write_file(in(name), force, "evil");
      ASSERT_FALSE(refused);
      EXPECT_NE(refused.error().what.find("symbolic link"), std::string::npos) << refused.error().what;
    }
  EXPECT_EQ(content("victim"), "keep");
  EXPECT_FALSE(fs::exists(in("nowhere")));
  EXPECT_EQ(entries(), 3u);
}

TEST_F(Files, OnlyToARegularFile) {
  fs::create_directory(in("folder"));
  ASSERT_EQ(mkfifo(in("pipe").c_str(), 0600), 0);
  for (std::string name :
       {in("folder"), in("pipe"), std::string("/dev/full"), in("no/such/folder"), folder_ + "/"}) {
    auto refused = write_file(name, true, "x");
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().cause, Cause::bad_output);
  }
  EXPECT_EQ(entries(), 2u);
}

TEST_F(Files, AFailedFillLeavesNothing) {
  auto failed = write_file(in("a"), false, [](const Sink& sink) -> Result<void> {
    sink(std::as_bytes(std::span(std::string_view("half"))));
    return fail(Cause::bad_input, "the rest is missing");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().what, "the rest is missing");
  EXPECT_EQ(entries(), 0u);
}

// Runs in a process of its own with room for 64 KiB: a tiny tmpfs where we may mount one, else a limit of
// the size of files.
TEST_F(Files, AFullDiskLeavesNothing) {
  pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    bool mounted = unshare(CLONE_NEWNS) == 0 &&
                   mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                   mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=64k") == 0;
    rlimit limit{64 << 10, 64 << 10};
    if (!mounted) setrlimit(RLIMIT_FSIZE, &limit);
    bool told = true;
    auto full = write_file(in("a"), false, [&](const Sink& sink) -> Result<void> {
      std::string piece(10 << 10, 'x');
      for (int i = 0; i < 100; ++i) told = sink(std::as_bytes(std::span(piece)));
      return {};
    });
    bool good = !full && full.error().cause == Cause::bad_output && !told && entries() == 0;
    good &= full.error().what.find(mounted ? "No space left" : "too large") != std::string::npos;
    _exit(good && write_file(in("small"), false, "fits") ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(Files, SaysBeforeTheWorkThatItWouldFail) {
  EXPECT_TRUE(can_write_file(in("a"), false));
  EXPECT_EQ(entries(), 0u);
  ASSERT_TRUE(write_file(in("a"), false, "there"));
  EXPECT_TRUE(is_there(in("a")));
  EXPECT_FALSE(is_there(in("b")));
  auto taken = can_write_file(in("a"), false);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().cause, Cause::bad_output);
  EXPECT_TRUE(can_write_file(in("a"), true));
  EXPECT_FALSE(can_write_file(in("nothing/a"), false));
  EXPECT_FALSE(can_write_file(folder_, true));
  EXPECT_EQ(text_of(MappedFile::open(in("a"))->bytes()), "there");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, Mapped) {
  ASSERT_TRUE(write_file(in("a"), false, "mapped"));
  ASSERT_TRUE(write_file(in("empty"), false, ""));
  auto file = MappedFile::open(in("a"));
  ASSERT_TRUE(file);
  MappedFile moved = std::move(*file);
  EXPECT_EQ(text_of(moved.bytes()), "mapped");
  moved = std::move(*MappedFile::open(in("empty")));
  EXPECT_TRUE(moved.bytes().empty());
  EXPECT_EQ(MappedFile::open(in("nothing")).error().cause, Cause::bad_input);
  EXPECT_NE(MappedFile::open(folder_).error().what.find("a folder"), std::string::npos);
  ASSERT_EQ(mkfifo(in("pipe").c_str(), 0600), 0);
  EXPECT_NE(MappedFile::open(in("pipe")).error().what.find("a pipe"), std::string::npos);
}

TEST_F(Files, ReadWholeUpToALimit) {
  std::string text(100'000, 'y');
  ASSERT_TRUE(write_file(in("a"), false, text));
  EXPECT_EQ(read_small_file(in("a")).value(), text);
  EXPECT_EQ(read_small_file(in("a"), 100'000).value(), text);
  EXPECT_EQ(read_small_file(in("a"), 99'999).error().cause, Cause::bad_input);
  EXPECT_FALSE(read_small_file("/proc/self/status")->empty());
  EXPECT_FALSE(read_small_file(folder_));
}

}  // namespace
}  // namespace memsnap
