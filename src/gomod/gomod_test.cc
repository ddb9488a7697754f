// Facts about the readers of gomod, from the documentation of go.mod and go/build's own tests.
#include "gomod/build_list.h"
#include "gomod/constraint.h"
#include "gomod/mod_file.h"
#include "gomod/version.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

TEST(ModFile, ReadsBlocksLinesStringsAndComments) {
  ModFile file = parse_mod_file(
      "// a module\n"
      "module \"example.com/m\" // that is its path\n"
      "go 1.26.0\ntoolchain go1.27.1\n"
      "require example.com/a v1.0.0 // indirect\n"
      "require(\n\texample.com/b v0.0.0-20200101000000-0123456789ab\n\n\t`example.com/c` v1.2.3\n)\n"
      "replace example.com/a => ../a\n"
      "replace (\n example.com/b v1.0.0 => example.com/d v1.1.0\n)\n"
      "exclude example.com/c v1.2.2\nretract [v1.0.0, v1.1.0] // oops\ntool example.com/t\n");
  EXPECT_EQ(file.module, "example.com/m");
  EXPECT_EQ(file.go, "1.26.0");
  EXPECT_EQ(file.toolchain, "go1.27.1");
  ASSERT_EQ(file.require.size(), 3u);
  EXPECT_EQ(file.require[2], (ModuleVersion{"example.com/c", "v1.2.3"}));
  ASSERT_EQ(file.replace.size(), 2u);
  EXPECT_EQ(file.replace[0].to, (ModuleVersion{"../a", ""}));
  EXPECT_EQ(file.replace[1].from.version, "v1.0.0");
  EXPECT_EQ(file.exclude.size(), 1u);
  EXPECT_TRUE(file.problems.empty());
}

TEST(ModFile, NamesWhatItDoesNotUnderstandAndGoesOn) {
  ModFile file = parse_mod_file(
      "module a b\nfrobnicate x\nrequire x\nmodule m\nrequire \"x\nrequire y v1.0.0\nuse (\n./a\n");
  EXPECT_EQ(file.module, "m");
  EXPECT_EQ(file.require.size(), 1u);
  EXPECT_EQ(file.use, std::vector<std::string>{"./a"});
  ASSERT_EQ(file.problems.size(), 5u);
  EXPECT_EQ(file.problems[1].line, 2);
}

TEST(ModFile, ReadsVendoredModules) {
  auto modules = parse_vendor_modules(
      "# example.com/a v1.0.0\n## explicit; go 1.21\nexample.com/a\nexample.com/a/b\n"
      "# example.com/c v0.1.0 => ./c\n## explicit\nexample.com/c/d\n# example.com/e => ../e\n");
  ASSERT_EQ(modules.size(), 3u);
  EXPECT_EQ(modules[0].go, "1.21");
  EXPECT_EQ(modules[0].packages.size(), 2u);
  EXPECT_EQ(modules[1].packages, std::vector<std::string>{"example.com/c/d"});
}

TEST(Version, OrdersSemanticVersions) {
  const char* ascending[] = {
      "x",      "v1.0.0-alpha",      "v1.0.0-alpha.1", "v1.0.0-beta.2", "v1.0.0-beta.11",
      "v1.0.0", "v1.0.1-0.20200101", "v1.2.0",         "v1.10.0",       "v2.0.0"};
  for (std::size_t i = 1; i < std::size(ascending); ++i) {
    EXPECT_LT(compare_semver(ascending[i - 1], ascending[i]), 0) << ascending[i];
    EXPECT_GT(compare_semver(ascending[i], ascending[i - 1]), 0) << ascending[i];
  }
  EXPECT_EQ(compare_semver("v1.0.0+incompatible", "v1.0.0"), 0);
}

TEST(Version, OrdersReleasesOfGo) {
  const char* ascending[] = {"go1.20", "go1.21", "1.21beta1", "go1.21rc2", "1.21.0", "go1.21.10", "go1.22"};
  for (std::size_t i = 1; i < std::size(ascending); ++i)
    EXPECT_LT(parse_go_version(ascending[i - 1]), parse_go_version(ascending[i])) << ascending[i];
  EXPECT_EQ(parse_go_version("go1.26.8-custom"), parse_go_version("1.26.8"));
  EXPECT_FALSE(parse_go_version("devel").known());
}

TEST(Version, EscapesUpperCase) {
  EXPECT_EQ(escape_module_text("github.com/Azure/sdk"), "github.com/!azure/sdk");
}

TEST(Constraint, MatchesNamesOfFiles) {
  BuildContext linux_amd64;
  for (const char* name :
       {"x.go", "x_linux.go", "x_amd64.go", "x_linux_amd64.go", "x_test.go", "x_linux_test.go", "linux.go",
        "amd64.go", "x_unix.go", "x_foo_bar.go", "x_linux_foo.go", "x_windows_foo.go"})
    EXPECT_TRUE(file_name_matches(linux_amd64, name)) << name;
  for (const char* name : {"x_windows.go", "x_arm64.go", "x_linux_arm64.go", "x_windows_amd64.go",
                           "x_darwin_test.go", "_x.go", ".x.go", "x_js_wasm.go"})
    EXPECT_FALSE(file_name_matches(linux_amd64, name)) << name;
}

TEST(Constraint, EvaluatesGoBuildLines) {
  BuildContext context;
  context.tags = {"mine"};
  auto builds = [&](const char* expression) {
    return read_header(context, std::string("// words\n\n//go:build ") + expression + "\n\npackage p\n")
        .builds;
  };
  for (const char* yes :
       {"linux", "unix && cgo", "!windows", "mine || other", "go1.20", "(linux && amd64) || js", "gc"})
    EXPECT_TRUE(builds(yes)) << yes;
  for (const char* no :
       {"windows", "!unix", "ignore", "go1.99", "linux && !cgo", "linux &&", "(linux", "linux windows"})
    EXPECT_FALSE(builds(no)) << no;
}

TEST(Constraint, TakesTheLanguageFromTheLine) {
  auto language = [](const char* line) {
    return read_header({}, std::string("//go:build ") + line + "\n\npackage p\n").go;
  };
  EXPECT_EQ(language("go1.21"), parse_go_version("1.21"));
  EXPECT_EQ(language("go1.20 && linux && go1.23"), parse_go_version("1.23"));
  EXPECT_EQ(language("go1.20 || go1.23"), parse_go_version("1.20"));
  EXPECT_FALSE(language("linux || go1.23").known());
}

TEST(Constraint, ReadsOldLinesOnlyWithoutANewOne) {
  EXPECT_FALSE(read_header({}, "// +build windows\n\npackage p\n").builds);
  EXPECT_TRUE(read_header({}, "// +build windows linux\n\npackage p\n").builds);
  EXPECT_FALSE(read_header({}, "// +build linux,!amd64\n\npackage p\n").builds);
  EXPECT_TRUE(read_header({}, "// +build windows\npackage p\n").builds);  // that is its comment
  EXPECT_TRUE(read_header({}, "//go:build linux\n// +build windows\n\npackage p\n").builds);
  EXPECT_TRUE(read_header({}, "/* //go:build windows\n*/\npackage p\n//go:build windows\n").builds);
}

TEST(BuildList, TakesTheLargestOfTheLeastVersions) {
  std::map<std::string, ModFile> files;
  auto file = [&](const char* key, const char* text) { files[key] = parse_mod_file(text); };
  file("a@v1.1.0", "module a\ngo 1.20\nrequire c v1.3.0\nrequire d v1.0.0\n");
  file("b@v1.0.0", "module b\ngo 1.15\nrequire c v1.4.0\n");
  file("c@v1.4.0", "module c\ngo 1.20\nrequire e v1.0.0\n");
  file("d@v1.0.0", "module d\ngo 1.15\nrequire f v1.0.0\n");  // behind a, which prunes what it needs
  auto read = [&](const ModuleVersion& m) -> const ModFile* {
    auto row = files.find(m.path + "@" + m.version);
    return row == files.end() ? nullptr : &row->second;
  };
  RootModule root{parse_mod_file("module m\ngo 1.21\nrequire a v1.1.0\nrequire b v1.0.0\n"), ""};
  auto selected = select_versions({root}, {}, read);
  std::map<std::string, std::string> want{
      {"a", "v1.1.0"}, {"b", "v1.0.0"}, {"c", "v1.4.0"}, {"d", "v1.0.0"}, {"e", "v1.0.0"}};
  EXPECT_EQ(selected, want);
}

TEST(BuildList, EndsOnCircles) {
  ModFile a = parse_mod_file("module a\nrequire b v1.0.0\n"),
          b = parse_mod_file("module b\nrequire a v1.0.0\nrequire m v1.0.0\n");
  auto read = [&](const ModuleVersion& m) { return m.path == "a" ? &a : &b; };
  RootModule root{parse_mod_file("module m\nrequire a v1.0.0\n"), ""};
  EXPECT_EQ(select_versions({root}, {}, read).size(), 2u);
}

}  // namespace
}  // namespace memsnap
