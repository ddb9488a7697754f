#include "serve/guard.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace memsnap {
namespace {

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

int status_of(const Headers& headers, std::string_view path = "/ui/top", std::string_view query = "",
              std::string_view method = "GET", std::vector<std::string> names = {}) {
  Guard guard(kToken, 8080, std::move(names));
  HttpRequest request{.method = method,
                      .path = path,
                      .query = query,
                      .body = {},
                      .headers = headers,
                      .local_address = "127.0.0.1"};
  auto response = guard.stops(request, Query(query));
  return response ? response->status : 0;
}

Headers with_cookie(Headers headers) {
  headers.emplace_back("Cookie", "other=1; memsnap-8080=0123456789abcdef0123456789abcdef");
  return headers;
}

TEST(Guard, HostMustBeOurs) {
  for (const char* host : {"localhost:8080", "LOCALHOST", "127.0.0.1:8080", "127.0.0.1:9999"})
    EXPECT_EQ(status_of(with_cookie({{"Host", host}})), 0) << host;
  for (const char* host : {"evil.example", "evil.example:8080", "localhost.evil.example",
                           "127.0.0.1.evil.example", "127.0.0.2", "[::1]:8080", "", "localhost@evil.example"})
    EXPECT_EQ(status_of(with_cookie({{"Host", host}})), 403) << host;
  EXPECT_EQ(status_of(with_cookie({})), 403);
  EXPECT_EQ(status_of(with_cookie({{"Host", "localhost"}, {"Host", "evil.example"}})), 403);
}

TEST(Guard, NamesMayBeAllowed) {
  EXPECT_EQ(status_of(with_cookie({{"Host", "box.local:80"}}), "/", "", "GET", {"Box.local"}), 0);
  EXPECT_EQ(status_of(with_cookie({{"Host", "other.local"}}), "/", "", "GET", {"box.local"}), 403);
  EXPECT_EQ(status_of(with_cookie({{"Host", "other.local"}}), "/", "", "GET", {"*"}), 0);
}

TEST(Guard, OriginMustBeOurs) {
  auto with = [](const char* origin) {
    return with_cookie({{"Host", "localhost:8080"}, {"Origin", origin}});
  };
  EXPECT_EQ(status_of(with("http://localhost:8080")), 0);
  for (const char* origin :
       {"http://localhost:8081", "https://localhost:8080", "http://evil.example", "null"})
    EXPECT_EQ(status_of(with(origin)), 403) << origin;
}

TEST(Guard, OtherSitesMayOpenAPageAndNothingElse) {
  auto from_elsewhere = [](const char* mode, const char* dest) {
    return with_cookie({{"Host", "localhost"},
                        {"Sec-Fetch-Site", "cross-site"},
                        {"Sec-Fetch-Mode", mode},
                        {"Sec-Fetch-Dest", dest}});
  };
  EXPECT_EQ(status_of(from_elsewhere("navigate", "document")), 0);
  EXPECT_EQ(status_of(from_elsewhere("navigate", "iframe")), 403);
  EXPECT_EQ(status_of(from_elsewhere("no-cors", "script")), 403);
  EXPECT_EQ(status_of(from_elsewhere("cors", "empty")), 403);
  EXPECT_EQ(status_of(from_elsewhere("navigate", "document"), "/api/site"), 403);
  EXPECT_EQ(status_of(with_cookie({{"Host", "localhost"}, {"Sec-Fetch-Site", "same-site"}})), 403);
}

TEST(Guard, TokenIsAskedFor) {
  EXPECT_EQ(status_of({{"Host", "localhost"}}), 403);
  EXPECT_EQ(status_of({{"Host", "localhost"}, {"Cookie", "memsnap-8080=0123456789abcdef0123456789abcde"}}),
            403);
  EXPECT_EQ(status_of({{"Host", "localhost"}, {"Cookie", "memsnap-8081=0123456789abcdef0123456789abcdef"}}),
            403);
  EXPECT_EQ(status_of({{"Host", "localhost"}, {"Cookie", "memsnap-8080="}}), 403);
  EXPECT_EQ(status_of({{"Host", "localhost"}, {"Authorization", "Bearer 0123456789abcdef0123456789abcdef"}}),
            0);
  EXPECT_EQ(status_of({{"Host", "localhost"}, {"Authorization", "Bearer "}}), 403);
  EXPECT_EQ(status_of({{"Host", "localhost"}}, "/ui/top", "token=wrong"), 403);
}

TEST(Guard, TokenLeavesTheUrl) {
  Guard guard(kToken, 8080, {});
  std::string query = std::string("f=a%26b&token=") + kToken + "&si=inuse_space";
  HttpRequest request{.method = "GET",
                      .path = "/ui/top",
                      .query = query,
                      .body = {},
                      .headers = {{"Host", "localhost:8080"}},
                      .local_address = "127.0.0.1"};
  auto response = guard.stops(request, Query(query));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 303);
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(response->headers[0], Pair("Location", "/ui/top?f=a%26b&si=inuse_space"));
  EXPECT_EQ(response->headers[1],
            Pair("Set-Cookie", std::string("memsnap-8080=") + kToken + "; Path=/; HttpOnly; SameSite=Lax"));
}

TEST(Guard, NeverLeadsToAnotherHost) {
  Guard guard(kToken, 8080, {});
  std::string query = std::string("token=") + kToken;
  for (const char* path : {"//evil.example/", "/\\evil.example/"}) {
    HttpRequest request{.method = "GET",
                        .path = path,
                        .query = query,
                        .body = {},
                        .headers = {{"Host", "localhost"}},
                        .local_address = "127.0.0.1"};
    auto response = guard.stops(request, Query(query));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->headers[0].second, "/");
  }
}

TEST(Guard, OnlyReads) {
  EXPECT_EQ(status_of(with_cookie({{"Host", "localhost"}}), "/", "", "POST"), 405);
  EXPECT_EQ(status_of(with_cookie({{"Host", "localhost"}}), "/", "", "HEAD"), 0);
}

TEST(Guard, TokensDiffer) {
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i) tokens.insert(random_token());
  EXPECT_EQ(tokens.size(), 100u);
  EXPECT_EQ(tokens.begin()->size(), 32u);
}

TEST(Query, Decodes) {
  Query query("f=a%20b+c&empty=&flag&%66=second&bad=%zz%4&n=12&big=99999999999999999999");
  EXPECT_EQ(query.text("f"), "a b c");
  EXPECT_TRUE(query.has("empty"));
  EXPECT_TRUE(query.has("flag"));
  EXPECT_EQ(query.text("bad"), "%zz%4");
  EXPECT_EQ(query.number("n", 5, 100), 12u);
  EXPECT_EQ(query.number("n", 5, 10), 10u);
  EXPECT_EQ(query.number("big", 5, 10), 5u);
  EXPECT_EQ(query.number("missing", 5, 10), 5u);
  EXPECT_EQ(decode_url(encode_url("a&b=c %\n\xff")), "a&b=c %\n\xff");
}

}  // namespace
}  // namespace memsnap
