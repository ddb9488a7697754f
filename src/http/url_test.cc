// Truth: what net/url of Go answers for the same text.
#include "http/url.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

TEST(Url, TakesApartWhatPutsTogether) {
  for (const char* text :
       {"http://localhost:6060/debug/pprof/heap?seconds=5", "https://[::1]:443/x%20y", "https+insecure://h/",
        "http://user:p%40ss@host/", "http://user@host", "localhost:6060", "file:///tmp/x", "a/b.pb.gz", "/x",
        "http://h/?a=b#f", "mailto:x", "http:///x", "http:////a//b", "file:/x"}) {
    auto url = Url::parse(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(url->text(), text);
  }
}

TEST(Url, KnowsHostFromScheme) {
  auto url = Url::parse("localhost:6060");
  EXPECT_EQ(url->scheme, "localhost");
  EXPECT_EQ(url->host, "");
  url = Url::parse("HTTP://LocalHost:80/a");
  EXPECT_EQ(url->scheme, "http");
  EXPECT_EQ(url->host_name(), "LocalHost");
  EXPECT_EQ(url->port(), "80");
  url = Url::parse("http://[::1]:99/");
  EXPECT_EQ(url->host_name(), "::1");
  EXPECT_EQ(url->port(), "99");
  EXPECT_EQ(Url::parse("http://[::1]/")->port(), "");
  EXPECT_EQ(Url::parse("http://:6060")->host, ":6060");
  EXPECT_EQ(Url::parse("http://:6060")->host_name(), "");
}

TEST(Url, RefusesWhatGoRefuses) {
  for (const char* text :
       {"127.0.0.1:6060", ":6060", "http://h:port/", "http://h/%zz", "http://a b/", "http://[::1", "a\nb",
        "http://us er@h/", "http://[::1]x/", "1:2/3", "http://a:1:2/"})
    EXPECT_FALSE(Url::parse(text)) << text;
}

TEST(Url, HidesPasswords) {
  EXPECT_EQ(Url::parse("http://ann:secret@h/p?q=1")->redacted(), "http://ann:xxxxx@h/p?q=1");
  EXPECT_EQ(Url::parse("http://ann@h/")->redacted(), "http://ann@h/");
}

TEST(Url, FollowsLocations) {
  Url from = *Url::parse("http://ann:secret@h:1/a/b/c?q=1");
  EXPECT_EQ(from.resolve("/x?y=2")->text(), "http://ann:secret@h:1/x?y=2");
  EXPECT_EQ(from.resolve("d")->path, "/a/b/d");
  EXPECT_EQ(from.resolve("../d")->path, "/a/d");
  EXPECT_EQ(from.resolve("../../../../d")->path, "/d");
  EXPECT_EQ(from.resolve("./")->path, "/a/b/");
  EXPECT_EQ(from.resolve("?z=1")->text(), "http://ann:secret@h:1/a/b/c?z=1");
  EXPECT_EQ(from.resolve("//other/x")->text(), "http://other/x");
  EXPECT_EQ(from.resolve("https://h/x")->text(), "https://h/x");
  EXPECT_FALSE(from.resolve("http://h:x/"));
}

TEST(UrlQuery, KeepsOrderAndSortsWhenWritten) {
  UrlQuery query = UrlQuery::parse("b=2&a=1&b=3&c&bad=%zz&x;y=1&sp=a+b%26");
  EXPECT_EQ(query.get("b"), "2");
  EXPECT_EQ(query.get("sp"), "a b&");
  EXPECT_TRUE(query.has("c"));
  EXPECT_FALSE(query.has("bad"));
  EXPECT_EQ(query.encode(), "a=1&b=2&b=3&c=&sp=a+b%26");
  query.set("b", "9/");
  EXPECT_EQ(query.encode(), "a=1&b=9%2F&c=&sp=a+b%26");
  query.remove("a");
  EXPECT_FALSE(query.has("a"));
  EXPECT_EQ(UrlQuery::parse("").encode(), "");
}

}  // namespace
}  // namespace memsnap
