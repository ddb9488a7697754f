#include "profile/paths.h"

#include "profile/frame_names.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

TEST(Paths, Clean) {
  struct Case {
    const char *path, *clean;
  };
  // From the table of path/filepath's own test.
  constexpr Case kCases[] = {
      {"", "."},
      {"abc", "abc"},
      {"a/b/c", "a/b/c"},
      {"..", ".."},
      {"../../a", "../../a"},
      {"/", "/"},
      {"//abc", "/abc"},
      {"abc/", "abc"},
      {"abc//def", "abc/def"},
      {"abc/./def", "abc/def"},
      {"abc/def/..", "abc"},
      {"/../abc", "/abc"},
      {"abc/../../d", "../d"},
      {"abc/def/../../..", ".."},
  };
  for (const Case& c : kCases) EXPECT_EQ(clean_path(c.path), c.clean) << c.path;
}

TEST(Paths, Trim) {
  EXPECT_EQ(trim_path("/build/shop/store/a.go", "", "/home/me/shop"), "store/a.go");
  EXPECT_EQ(trim_path("/build/shop/store/a.go", "/build", "/home/me/shop"), "shop/store/a.go");
  EXPECT_EQ(trim_path("/build/shop/store/a.go", "/other:/build/shop/", "/home/me/shop"), "store/a.go");
  EXPECT_EQ(trim_path("/proc/self/cwd/./a.go", "", "/home/me/shop"), "a.go");
  EXPECT_EQ(trim_path("/elsewhere/a.go", "", "/home/me/shop"), "/elsewhere/a.go");
}

TEST(FrameNames, WithoutArguments) {
  EXPECT_EQ(without_arguments("main.work"), "main.work");
  EXPECT_EQ(without_arguments(".work"), "work");
  EXPECT_EQ(without_arguments("ns::work(int, char)"), "ns::work");
  EXPECT_EQ(without_arguments("(anonymous namespace)::work(int)"), "(anonymous namespace)::work");
  EXPECT_EQ(without_arguments("ns::Less::operator()(int) const"), "ns::Less::operator()");
  EXPECT_EQ(without_arguments("main.(*Store).Put"), "main.");
}

// Cases as in the test of google/pprof's ShortenFunctionName.
TEST(FrameNames, Short) {
  struct Case {
    const char *name, *short_name;
  };
  constexpr Case kCases[] = {
      {"root", "root"},
      {"github.com/blahBlah/foo.Foo", "foo.Foo"},
      {"github.com/BlahBlah/foo.(*Foo).Bar[...]", "foo.(*Foo).Bar[...]"},
      {"github.com/blah-blah/foo_bar/v2.(*FooBar).Foo", "foo_bar.(*FooBar).Foo"},
      {"github.com/foo/bar/v4.(*FooBar).Foo", "bar.(*FooBar).Foo"},
      {"github.com/foo/v1/bar.Baz", "bar.Baz"},
      {"encoding/json.(*structEncoder).(encoding/json.encode)-fm",
       "json.(*structEncoder).(encoding/json.encode)-fm"},
      {"java.bar.foo.FooBar.run(java.lang.Runnable)", "FooBar.run"},
      {"(anonymous namespace)::Bar::Foo", "Bar::Foo"},
      {"cpp::namespace::Class::method()::$_100::operator()", "Class::method"},
      {"foo_bar::Foo::bar", "Foo::bar"},
  };
  for (const Case& c : kCases) EXPECT_EQ(short_function_name(c.name), c.short_name) << c.name;
}

}  // namespace
}  // namespace memsnap
