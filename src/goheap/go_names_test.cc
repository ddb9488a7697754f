#include "goheap/go_names.h"

#include <gtest/gtest.h>

namespace memsnap {

TEST(GoNames, PathsBecomePackages) {
  PackageNames names;
  struct {
    const char* full;
    const char* shorter;
  } cases[] = {
      {"int", "int"},
      {"main.T", "main.T"},
      {"*example.com/shop/session.Store", "*session.Store"},
      {"map[string]*example.com/shop/session.Session", "map[string]*session.Session"},
      {"sync/atomic.Pointer[example.com/shop/session.Session]", "atomic.Pointer[session.Session]"},
      {"func(example.com/a/b.C, ...net/http.Option) (io.Reader, error)",
       "func(b.C, ...http.Option) (io.Reader, error)"},
      {"<-chan github.com/redis/go-redis/v9.Cmder", "<-chan go-redis.Cmder"},
      {"gopkg.in/yaml%2ev3.Node", "yaml.v3.Node"},
      {"noalg.map.group[string]*a.com/x/y.T", "map.group[string]*y.T"},
      {"struct { Name string \"json:\\\"na/me.x\\\"\"; Next *a.com/b.T }",
       "struct { Name string; Next *b.T }"},
      {"main.Cache[string,*a.com/b.T]", "main.Cache[string,*b.T]"},
      {"[16]a.com/b.T", "[16]b.T"},
      {"interface {}", "interface {}"},
      {"struct { F uintptr; X0 *a.com/b.T }", "struct { F uintptr; X0 *b.T }"},
  };
  for (auto& c : cases) EXPECT_EQ(names.shorten(c.full), c.shorter) << c.full;
}

TEST(GoNames, LearnsFromTypesWithBothNames) {
  PackageNames names;
  names.learn("gopkg.in/yaml%2ev3.Node", "yaml.Node");
  names.learn("github.com/redis/go-redis/v9.Client", "redis.Client");
  names.learn("example.com/x/go-gen.List[int]", "gen.List[int]");
  names.learn("*a.com/b.T", "*other.T");  // not an identifier: teaches nothing
  names.learn("a.com/b.T", "c.Other");    // another type: teaches nothing
  EXPECT_EQ(names.shorten("map[string]*gopkg.in/yaml%2ev3.Kind"), "map[string]*yaml.Kind");
  EXPECT_EQ(names.shorten("[]github.com/redis/go-redis/v9.Cmder"), "[]redis.Cmder");
  EXPECT_EQ(names.shorten("example.com/x/go-gen.Node[int]"), "gen.Node[int]");
  EXPECT_EQ(names.shorten("a.com/b.T"), "b.T");
}

TEST(GoNames, ImportPaths) {
  EXPECT_EQ(PackageNames::path_of("gopkg.in/yaml%2ev3.Node"), "gopkg.in/yaml.v3");
  EXPECT_EQ(PackageNames::path_of("net/http.Request"), "net/http");
  EXPECT_EQ(PackageNames::path_of("a.com/x/gen.List[b.com/y.T]"), "a.com/x/gen");
  EXPECT_EQ(PackageNames::path_of("main.T"), "main");
  for (const char* none : {"int", "*net/http.Request", "[]a.com/b.T", "map[string]a.com/b.T",
                           "func(a.com/b.T)", "struct { F a.com/b.T }", "", "noalg.map"})
    EXPECT_EQ(PackageNames::path_of(none), "") << none;
}

TEST(GoNames, CutTextIsNoHarm) {
  PackageNames names;
  for (const char* text : {"", "%", "%2", "a/", "/", "a/.", "struct { \"", "struct { A int \"x\\", "noalg.",
                           "...", "....", "[", "a.com/v2.T", "v2.T"})
    names.shorten(text);
  EXPECT_EQ(names.shorten("v2.T"), "v2.T");
  EXPECT_EQ(names.shorten("a.com/v2.T"), "a.com.T");
}

}  // namespace memsnap
