// What changes a package's digest and what does not.
#include "gotypes/index.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <span>

namespace memsnap::types {
namespace {

namespace fs = std::filesystem;

class Index : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "memsnap_index_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    top_ = fs::canonical(name);
    write("go.mod", "module m\ngo 1.26\n");
    write("a/a.go", "package a\nimport \"m/b\"\nfunc F() int { return b.G() }\n");
    write("b/b.go", "package b\nimport \"m/c\"\nfunc G() int { return c.H() }\n");
    write("c/c.go", "package c\nfunc H() int { return 1 }\n");
  }
  void TearDown() override { fs::remove_all(top_); }
  // Files of a while ago, so that the index keeps them.
  void write(const std::string& path, const std::string& text) {
    fs::create_directories((top_ / path).parent_path());
    std::ofstream(top_ / path) << text;
    fs::last_write_time(top_ / path, fs::file_time_type::clock::now() - std::chrono::hours(++hours_));
  }
  std::map<std::string, FolderDigest> run() {
    SourceIndex index;
    index.read(std::as_bytes(std::span(kept_)));
    LoadOptions options{.folder = top_, .patterns = {"m/..."}};
    auto modules = Modules::find(top_, {.gomodcache = top_ / "none", .goos = "linux", .goarch = "amd64"});
    EXPECT_TRUE(modules.has_value());
    auto found = find_packages(*modules, options);
    EXPECT_TRUE(found.has_value());
    std::map<std::string, FolderDigest> by_path;
    for (const FolderDigest& one : index.digests(*modules, *found, options))
      by_path["m/" + one.folder.substr(one.folder.size() - 1)] = one;
    std::vector<std::string> all = {top_ / "a/a.go", top_ / "c/c.go"};
    EXPECT_TRUE(index.are_unchanged(all));
    kept_ = index.bytes();
    files_read_ = index.files_read();
    return by_path;
  }
  fs::path top_;
  std::string kept_;
  std::size_t files_read_ = 0;
  int hours_ = 0;
};

TEST_F(Index, ReadsOnlyWhatChanged) {
  auto first = run();
  EXPECT_EQ(files_read_, 3u);
  auto second = run();
  EXPECT_EQ(files_read_, 0u);
  for (const auto& [path, p] : first) EXPECT_EQ(p.own, second[path].own) << path;
  write("b/b.go", "package b\nfunc G() int { return 2 }\n");
  run();
  EXPECT_EQ(files_read_, 1u);
}

TEST_F(Index, BodiesElsewhereChangeNothing) {
  auto before = run();
  write("c/c.go", "package c\nfunc H() int { return 2 }\n");
  auto after = run();
  EXPECT_NE(before["m/c"].own, after["m/c"].own);
  EXPECT_EQ(before["m/a"].own, after["m/a"].own);
}

TEST_F(Index, NamesOfFilesCount) {
  auto before = run();
  fs::rename(top_ / "c/c.go", top_ / "c/d.go");
  auto after = run();
  EXPECT_NE(before["m/c"].own, after["m/c"].own);
  EXPECT_NE(before["m/a"].own, after["m/a"].own);
}

TEST_F(Index, FilesThatAreNotBuiltImportNothing) {
  write("c/x.go", "//go:build never\n\npackage c\nimport _ \"m/a\"\n");
  for (const auto& [path, one] : run()) EXPECT_TRUE(one.known) << path;
}

TEST_F(Index, DeclarationsElsewhereChangeIt) {
  auto before = run();
  write("c/c.go", "package c\nfunc H() int64 { return 1 }\n");
  auto after = run();
  EXPECT_NE(before["m/a"].own, after["m/a"].own);
  EXPECT_NE(before["m/b"].own, after["m/b"].own);
}

TEST_F(Index, TheModuleFileChangesAll) {
  auto before = run();
  write("go.mod", "module m\ngo 1.26\nrequire x.org/x v1.0.0\n");
  auto after = run();
  EXPECT_NE(before["m/c"].own, after["m/c"].own);
}

TEST_F(Index, CirclesEndAndAreSaid) {
  write("c/c.go", "package c\nimport \"m/a\"\nfunc H() int { return a.F() }\n");
  for (const auto& [path, one] : run()) EXPECT_FALSE(one.known) << path;
}

TEST_F(Index, CutBytesAreNone) {
  auto before = run();
  kept_.resize(kept_.size() - 5);
  auto after = run();
  EXPECT_EQ(files_read_, 3u);
  EXPECT_EQ(before["m/a"].own, after["m/a"].own);
}

TEST(Digest, KeepsPiecesApart) {
  auto of = [](std::initializer_list<std::string_view> pieces) {
    Digester d;
    for (std::string_view piece : pieces) d.add(piece);
    return d.result();
  };
  EXPECT_NE(of({"ab", "c"}), of({"a", "bc"}));
  EXPECT_NE(of({"12345678"}), of({"12345679"}));
  EXPECT_NE(of({""}), of({}));
  EXPECT_NE(of({"x"}), of({std::string_view("x\0", 2)}));
}

}  // namespace
}  // namespace memsnap::types
