// Modules, workspaces, vendor folders and caches on a disk of our own making.
#include "gomod/modules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

class Disk : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "memsnap_gomod_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    top_ = fs::canonical(name);
    environment_.goroot = top_ / "go";
    environment_.gomodcache = top_ / "cache";
    environment_.goos = "linux";
    environment_.goarch = "amd64";
    write("go/VERSION", "go1.26.8\ntime x\n");
    write("go/src/fmt/print.go", "package fmt\n");
    write("go/src/runtime/x.go", "package runtime\n");
    write("go/src/vendor/golang.org/x/net/x.go", "package net\n");
  }
  void TearDown() override { fs::remove_all(top_); }
  void write(const std::string& path, const std::string& text) {
    fs::create_directories((top_ / path).parent_path());
    std::ofstream(top_ / path) << text;
  }
  Modules find(const std::string& folder) {
    auto modules = Modules::find(top_ / folder, environment_);
    EXPECT_TRUE(modules.has_value());
    return std::move(*modules);
  }
  std::string folder_of(Modules& modules, const std::string& path, bool from_std = false) {
    auto place = modules.find_package(path, from_std);
    return place ? fs::relative(place->folder, top_).string() : "";
  }
  fs::path top_;
  GoEnvironment environment_;
};

TEST_F(Disk, FindsPackagesOfModuleCacheReplacementAndGoroot) {
  write("m/go.mod",
        "module example.com/m\ngo 1.26\nrequire (\nexample.com/Up v1.0.0\nexample.com/near "
        "v0.0.0\nexample.com/gone v1.0.0\n)\n"
        "replace example.com/near => ../near\n");
  write("m/sub/x.go", "package sub\n");
  write("near/go.mod", "module example.com/near\n");
  write("near/in/x.go", "package in\n");
  write("cache/example.com/!up@v1.0.0/p/x.go", "package p\n");
  write("cache/cache/download/example.com/!up/@v/v1.0.0.mod", "module example.com/Up\ngo 1.21\n");
  Modules modules = find("m/sub");
  EXPECT_EQ(folder_of(modules, "example.com/m/sub"), "m/sub");
  EXPECT_EQ(folder_of(modules, "example.com/near/in"), "near/in");
  EXPECT_EQ(folder_of(modules, "example.com/Up/p"), "cache/example.com/!up@v1.0.0/p");
  EXPECT_EQ(folder_of(modules, "fmt"), "go/src/fmt");
  EXPECT_EQ(folder_of(modules, "golang.org/x/net", true), "go/src/vendor/golang.org/x/net");
  EXPECT_TRUE(modules.problems().empty());
  EXPECT_EQ(folder_of(modules, "example.com/gone/p"), "");
  EXPECT_EQ(folder_of(modules, "example.com/gone/q"), "");
  EXPECT_TRUE(modules.problems().empty());
  EXPECT_NE(modules.why_missing("example.com/gone/q").find("example.com/gone@v1.0.0"), std::string::npos);
  EXPECT_NE(modules.why_missing("example.org/q").find("no module has"), std::string::npos);
  EXPECT_EQ(modules.release(), parse_go_version("1.26.8"));
}

TEST_F(Disk, ReadsTheGraphOfOldModules) {
  write("m/go.mod", "module m.org/m\ngo 1.15\nrequire a.org/a v1.0.0\n");
  write("cache/cache/download/a.org/a/@v/v1.0.0.mod", "module a.org/a\nrequire b.org/b v1.5.0\n");
  write("cache/b.org/b@v1.5.0/x.go", "package b\n");
  Modules modules = find("m");
  EXPECT_EQ(folder_of(modules, "b.org/b"), "cache/b.org/b@v1.5.0");
}

TEST_F(Disk, TakesVendorWhenItIsThere) {
  write("m/go.mod", "module m.org/m\ngo 1.26\nrequire a.org/a v1.0.0\n");
  write("m/vendor/modules.txt", "# a.org/a v1.0.0\n## explicit; go 1.22\na.org/a/p\n");
  write("m/vendor/a.org/a/p/x.go", "package p\n");
  Modules modules = find("m");
  EXPECT_EQ(folder_of(modules, "a.org/a/p"), "m/vendor/a.org/a/p");
  environment_.mod = "mod";
  Modules without = find("m");
  EXPECT_EQ(folder_of(without, "a.org/a/p"), "");
}

TEST_F(Disk, WorksInAWorkspace) {
  write("w/go.work", "go 1.26\nuse (\n./a\n./b\n./gone\n)\n");
  write("w/a/go.mod", "module w.org/a\ngo 1.26\n");
  write("w/b/go.mod", "module w.org/b\ngo 1.25\n");
  write("w/b/p/x.go", "package p\n");
  Modules modules = find("w/a");
  EXPECT_EQ(folder_of(modules, "w.org/b/p"), "w/b/p");
  ASSERT_EQ(modules.problems().size(), 1u);
  environment_.gowork = "off";
  Modules alone = find("w/a");
  EXPECT_EQ(folder_of(alone, "w.org/b/p"), "");
}

TEST_F(Disk, TakesTheToolchainThatGoModAsksFor) {
  write("cache/golang.org/toolchain@v0.0.1-go1.27.0.linux-amd64/src/runtime/x.go", "package runtime\n");
  write("m/go.mod", "module m\ngo 1.27\n");
  EXPECT_EQ(find("m").release(), parse_go_version("1.27.0"));
  write("n/go.mod", "module n\ngo 1.99\n");
  Modules too_new = find("n");
  EXPECT_EQ(too_new.release(), parse_go_version("1.26.8"));
  EXPECT_EQ(too_new.problems().size(), 1u);
}

TEST_F(Disk, MatchesPatterns) {
  write("m/go.mod", "module m.org/m\ngo 1.26\n");
  for (const char* path : {"x.go", "a/x.go", "a/x_windows.go", "a/b/x_test.go", "testdata/x.go", "_old/x.go",
                           ".git/x.go", "vendor/v/x.go", "empty/x.txt", "other/x.go"})
    write(std::string("m/") + path, "package p\n");
  write("m/other/go.mod", "module other\n");
  fs::create_directory_symlink(top_ / "m", top_ / "m/a/loop");
  Modules modules = find("m");
  auto paths = [&](const std::string& pattern) {
    std::vector<std::string> list;
    auto found = modules.match(pattern);
    if (found)
      for (const Modules::Found& row : *found) list.push_back(row.import_path);
    return list;
  };
  using List = std::vector<std::string>;
  EXPECT_EQ(paths((top_ / "m/...").string()), (List{"m.org/m", "m.org/m/a", "m.org/m/a/b"}));
  EXPECT_EQ(paths("m.org/m/a"), List{"m.org/m/a"});
  EXPECT_EQ(paths("m.org/m/a/..."), (List{"m.org/m/a", "m.org/m/a/b"}));
  EXPECT_FALSE(modules.match("m.org/nowhere").has_value());
  auto a = modules.match("m.org/m/a");
  EXPECT_EQ((*a)[0].files, List{"x.go"});
}

TEST(Environment, ReadsVariablesAndDefaults) {
  auto variable = [](const std::string& name) -> std::optional<std::string> {
    if (name == "GOPATH") return "/p:/q";
    if (name == "GOFLAGS") return "-mod=vendor --tags=a,b -v";
    if (name == "GOOS") return "windows";
    if (name == "GOENV") return "off";
    return std::nullopt;
  };
  GoEnvironment environment = read_go_environment(variable);
  EXPECT_EQ(environment.gomodcache, "/p/pkg/mod");
  EXPECT_EQ(environment.mod, "vendor");
  EXPECT_EQ(environment.tags, (std::vector<std::string>{"a", "b"}));
  EXPECT_FALSE(environment.cgo);  // not for another system
}

}  // namespace
}  // namespace memsnap
