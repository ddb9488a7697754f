#include "http/client.h"
#include "http/loopback_test.h"
#include "http/proxy.h"

#include <gtest/gtest.h>

#include <map>

namespace memsnap {
namespace {

using namespace std::chrono_literals;

TEST(HttpClient, FetchesABody) {
  TestServer server([](const std::string&) { return ok("profile", "X-Go-Pprof: 1\r\n"); });
  auto answer = http_fetch({.url = server.url("/debug/pprof/heap?seconds=1")});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->reason, "OK");
  EXPECT_EQ(answer->body, "profile");
  EXPECT_EQ(answer->header("x-go-pprof"), "1");
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(line_of(server.requests()[0]), "GET /debug/pprof/heap?seconds=1 HTTP/1.1");
  EXPECT_TRUE(has(server.requests()[0], fmt::format("Host: 127.0.0.1:{}\r\n", server.port)));
  EXPECT_FALSE(has(server.requests()[0], "Authorization"));
}

TEST(HttpClient, TakesChunksAndBodiesWithoutLength) {
  TestServer chunked([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  });
  EXPECT_EQ(http_fetch({.url = chunked.url("/")})->body, "abcde");
  TestServer endless([](const std::string&) { return "HTTP/1.1 200 OK\r\n\r\nuntil the end"; });
  EXPECT_EQ(http_fetch({.url = endless.url("/")})->body, "until the end");
  TestServer cut([](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"; });
  auto answer = http_fetch({.url = cut.url("/")});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().what.ends_with("unexpected end of the answer")) << answer.error().what;
}

TEST(HttpClient, GivesOtherStatusesAsTheyAre) {
  TestServer server([](const std::string&) {
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\nX-Go-Pprof: 1\r\n\r\nno heap";
  });
  auto answer = http_fetch({.url = server.url("/")});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 404);
  EXPECT_EQ(answer->reason, "Not Found");
  EXPECT_EQ(answer->body, "no hea");
}

TEST(HttpClient, SendsCredentialsAndHidesThem) {
  TestServer server([](const std::string&) { return "nonsense\r\n\r\n"; });
  auto answer = http_fetch({.url = server.url("/p", "http", "ann:s%3Acret@")});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(has(server.requests()[0], "Authorization: Basic YW5uOnM6Y3JldA==\r\n")) << server.requests()[0];
  EXPECT_EQ(answer.error().what.find("cret"), std::string::npos);
  EXPECT_TRUE(has(answer.error().what, "http://ann:xxxxx@127.0.0.1")) << answer.error().what;
}

TEST(HttpClient, FollowsRedirectsToAnEnd) {
  TestServer server([](const std::string& request) {
    if (has(request, "GET /a ")) return moved("/b");
    if (has(request, "GET /b ")) return moved("c?x=1", 307);
    return ok("there");
  });
  auto answer = http_fetch({.url = server.url("/a", "http", "ann:secret@")});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->body, "there");
  ASSERT_EQ(server.requests().size(), 3u);
  EXPECT_EQ(line_of(server.requests()[2]), "GET /c?x=1 HTTP/1.1");
  EXPECT_TRUE(has(server.requests()[2], "Authorization: Basic"));  // the same server

  TestServer circle([](const std::string&) { return moved("/again"); });
  auto never = http_fetch({.url = circle.url("/")});
  ASSERT_FALSE(never);
  EXPECT_TRUE(has(never.error().what, "stopped after 10 redirects"));
  EXPECT_EQ(circle.requests().size(), 11u);

  TestServer nowhere([](const std::string&) { return "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"; });
  EXPECT_TRUE(
      has(http_fetch({.url = nowhere.url("/")}).error().what, "302 response missing Location header"));
  TestServer file([](const std::string&) { return moved("file:///etc/passwd"); });
  EXPECT_FALSE(http_fetch({.url = file.url("/")}));
}

TEST(HttpClient, CredentialsStayWithTheirServer) {
  TestServer other([](const std::string&) { return ok("other"); });
  TestServer server([&](const std::string&) { return moved(other.url("/x").text()); });
  auto answer = http_fetch({.url = server.url("/", "http", "ann:secret@")});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->body, "other");
  EXPECT_FALSE(has(other.requests()[0], "Authorization"));
}

TEST(HttpClient, PostsOnceAndFollowsAsGet) {
  TestServer server(
      [](const std::string& request) { return has(request, "POST ") ? moved("/result", 303) : ok("done"); });
  auto answer = http_fetch(
      {.url = server.url("/symbol"), .method = "POST", .body = "0x1+0x2", .body_type = "text/plain"});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->body, "done");
  EXPECT_TRUE(has(server.requests()[0], "Content-Length: 7\r\n"));
}

TEST(HttpClient, BoundsSizes) {
  TestServer large([](const std::string&) { return ok(std::string(5000, 'x')); });
  auto answer = http_fetch({.url = large.url("/"), .body_limit = 4999});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(has(answer.error().what, "larger than 4999 bytes")) << answer.error().what;
  EXPECT_TRUE(http_fetch({.url = large.url("/"), .body_limit = 5000}));
  TestServer chunks([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n" + std::string(100000, 'x');
  });
  EXPECT_FALSE(http_fetch({.url = chunks.url("/"), .body_limit = 4999}));
  TestServer headers([](const std::string&) { return ok("", "X: " + std::string(100 << 10, 'x') + "\r\n"); });
  EXPECT_FALSE(http_fetch({.url = headers.url("/")}));
}

TEST(HttpClient, BoundsTimes) {
  TestServer server(
      [](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<stall>"; });
  auto stalled = http_fetch({.url = server.url("/"), .body_timeout = 50ms});
  ASSERT_FALSE(stalled);
  EXPECT_EQ(stalled.error().cause, Cause::timed_out) << stalled.error().what;
  server.silent = true;
  auto silent = http_fetch({.url = server.url("/"), .header_timeout = 50ms});
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().cause, Cause::timed_out);
  EXPECT_TRUE(has(silent.error().what, "timeout awaiting response headers"));
}

TEST(HttpClient, SaysWhoDidNotAnswer) {
  int port = 0;
  {
    port = TestServer([](const std::string&) { return ok(""); }).port;
  }
  auto answer = http_fetch({.url = *Url::parse(fmt::format("http://127.0.0.1:{}/x", port))});
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().what,
            fmt::format("Get \"http://127.0.0.1:{0}/x\": dial tcp 127.0.0.1:{0}: connect: connection refused",
                        port));
  EXPECT_FALSE(http_fetch({.url = *Url::parse("ftp://127.0.0.1/")}));
}

TEST(HttpClient, ChecksCertificatesUnlessTold) {
  TestServer server([](const std::string&) { return ok("secret"); }, true);
  auto refused = http_fetch({.url = server.url("/", "https")});
  ASSERT_FALSE(refused);
  EXPECT_TRUE(has(refused.error().what, "tls: failed to verify certificate")) << refused.error().what;
  EXPECT_TRUE(server.requests().empty());
  auto taken = http_fetch({.url = server.url("/", "https+insecure")});
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(taken->body, "secret");
}

TEST(HttpClient, NeverGoesFromTlsToPlain) {
  TestServer plain([](const std::string&) { return ok("seen by all"); });
  TestServer server([&](const std::string&) { return moved(plain.url("/").text()); }, true);
  auto answer = http_fetch({.url = server.url("/", "https+insecure")});
  ASSERT_FALSE(answer);
  EXPECT_TRUE(has(answer.error().what, "from https to http"));
  EXPECT_TRUE(plain.requests().empty());
}

TEST(HttpClient, GoesThroughAProxy) {
  TestServer proxy([](const std::string&) { return ok("through"); });
  std::string via = fmt::format("http://joe:pw@127.0.0.1:{}", proxy.port);
  auto answer = http_fetch(
      {.url = *Url::parse("http://elsewhere.invalid:81/p?q=1"), .proxy = [&](const Url&) { return via; }});
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->body, "through");
  EXPECT_EQ(line_of(proxy.requests()[0]), "GET http://elsewhere.invalid:81/p?q=1 HTTP/1.1");
  EXPECT_TRUE(has(proxy.requests()[0], "Proxy-Authorization: Basic am9lOnB3\r\n"));
  TestServer refuses(
      [](const std::string&) { return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"; });
  via = fmt::format("http://127.0.0.1:{}", refuses.port);
  auto tunnel = http_fetch(
      {.url = *Url::parse("https://elsewhere.invalid/"), .proxy = [&](const Url&) { return via; }});
  ASSERT_FALSE(tunnel);
  EXPECT_TRUE(has(tunnel.error().what, "Forbidden")) << tunnel.error().what;
  EXPECT_EQ(line_of(refuses.requests()[0]), "CONNECT elsewhere.invalid:443 HTTP/1.1");
  via = "socks5://127.0.0.1:1";
  EXPECT_FALSE(http_fetch(
      {.url = *Url::parse("http://elsewhere.invalid/"), .proxy = [&](const Url&) { return via; }}));
}

TEST(Proxy, IsWhatTheEnvironmentSays) {
  std::map<std::string, std::string> set = {{"HTTP_PROXY", "http://p:1"}, {"https_proxy", "q:2"}};
  auto environment = [&](const char* name) { return set.contains(name) ? set[name] : ""; };
  auto proxy = [&](const char* url) { return proxy_of(*Url::parse(url), environment); };
  EXPECT_EQ(proxy("http://example.com/"), "http://p:1");
  EXPECT_EQ(proxy("https://example.com/"), "http://q:2");
  for (const char* here : {"http://localhost:1/", "http://127.3.2.1/", "http://[::1]/", "http://:80/"})
    EXPECT_EQ(proxy(here), "") << here;
  set["NO_PROXY"] = "example.com, .inner.org:8080,10.0.0.0/8,192.168.1.1,[fd00::1]:99";
  for (const char* none : {"http://example.com/", "http://www.Example.com/", "http://a.inner.org:8080/",
                           "http://10.2.3.4/", "http://192.168.1.1:77/", "http://[fd00::1]:99/"})
    EXPECT_EQ(proxy(none), "") << none;
  for (const char* some : {"http://notexample.com/", "http://a.inner.org/", "http://inner.org:8080/",
                           "http://11.2.3.4/", "http://192.168.1.2/", "http://[fd00::1]/"})
    EXPECT_EQ(proxy(some), "http://p:1") << some;
  set["NO_PROXY"] = "*";
  EXPECT_EQ(proxy("https://example.com/"), "");
  set["NO_PROXY"] = "";
  set["REQUEST_METHOD"] = "GET";  // in a CGI program the client sets HTTP_PROXY
  EXPECT_EQ(proxy("http://example.com/"), "");
  EXPECT_EQ(proxy("https://example.com/"), "http://q:2");
}

}  // namespace
}  // namespace memsnap
