#include "http/server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace memsnap {
namespace {

// A client that sends bytes and gives back all that comes until the server closes or `until` is in it.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    timeval limit{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  void say(const std::string& text) { (void)send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
  std::string hear(const std::string& until = "") {
    std::string text;
    char piece[4096];
    while (until.empty() || text.find(until) == std::string::npos) {
      ssize_t got = recv(socket_, piece, sizeof piece, 0);
      if (got <= 0) break;
      text.append(piece, std::size_t(got));
    }
    return text;
  }

 private:
  int socket_;
  bool connected_ = false;
};

class HttpServerTest : public testing::Test {
 protected:
  void start(HttpLimits limits = {}, HttpHandler handler = echo) {
    auto listening = HttpServer::listen("127.0.0.1", 0, limits);
    ASSERT_TRUE(listening) << listening.error().what;
    server_ = std::make_unique<HttpServer>(std::move(*listening));
    thread_ = std::jthread([this, handler] { server_->serve(handler, 2); });
  }
  void TearDown() override {
    if (server_) server_->stop();
  }
  static HttpResponse echo(const HttpRequest& request) {
    HttpResponse response;
    response.type = "text/plain";
    response.body = fmt::format("[{} {} {} {} {}]", request.method, request.path, request.query,
                                request.header("x-word"), request.body);
    return response;
  }
  std::string ask(const std::string& text) {
    Client client(server_->port());
    client.say(text);
    return client.hear();
  }

  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

TEST_F(HttpServerTest, Answers) {
  start();
  EXPECT_TRUE(server_->loopback());
  std::string heard = ask("GET /a/b?c=d HTTP/1.1\r\nHost: x\r\nX-Word: yes\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(heard.starts_with("HTTP/1.1 200 OK\r\n")) << heard;
  EXPECT_TRUE(heard.ends_with("\r\n\r\n[GET /a/b c=d yes ]")) << heard;
}

TEST_F(HttpServerTest, KeepsConnections) {
  start();
  Client client(server_->port());
  for (int i = 0; i < 20; ++i) {
    client.say(fmt::format("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", i));
    std::string heard = client.hear(" ]");
    EXPECT_NE(heard.find(fmt::format("[GET /{}  ", i)), std::string::npos) << heard;
  }
}

TEST_F(HttpServerTest, HeadHasNoBody) {
  start();
  std::string heard = ask("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(heard.find("Content-Length: 12"), std::string::npos) << heard;
  EXPECT_TRUE(heard.ends_with("\r\n\r\n")) << heard;
}

TEST_F(HttpServerTest, BoundsRequests) {
  HttpLimits limits;
  limits.header_bytes = 1024;
  limits.body_bytes = 100;
  start(limits);
  EXPECT_TRUE(ask("GET /" + std::string(4000, 'a') + " HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 431"));
  EXPECT_TRUE(
      ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n").starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n").starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(ask("\x16\x03\x01\x02 hello\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(ask("GET / HTTP/1.1\r\nA\x01: b\r\n\r\n").starts_with("HTTP/1.1 400"));
}

TEST_F(HttpServerTest, EndsWhoDoesNotFinish) {
  HttpLimits limits;
  limits.read = std::chrono::seconds(1);
  start(limits);
  auto begun = std::chrono::steady_clock::now();
  Client idle(server_->port()), slow(server_->port());
  slow.say("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(idle.hear(), "");
  EXPECT_EQ(slow.hear(), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(8));
}

TEST_F(HttpServerTest, IdleConnectionsCostNoThread) {
  start();
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Client>(server_->port()));
  EXPECT_TRUE(std::ranges::all_of(idle, [](const auto& one) { return one->connected(); }));
  std::string heard = ask("GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(heard.find("[GET /last"), std::string::npos);
}

TEST_F(HttpServerTest, ClosesOneConnectionTooMany) {
  HttpLimits limits;
  limits.connections = 3;
  start(limits);
  Client a(server_->port()), b(server_->port()), c(server_->port());
  for (Client* one : {&a, &b, &c}) {
    one->say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_NE(one->hear(" ]"), "");
  }
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), "");
}

TEST_F(HttpServerTest, SendsLargeAnswersWhole) {
  std::string large(3 << 20, 'x');
  start({}, [&](const HttpRequest&) {
    HttpResponse response;
    response.fixed = large;
    return response;
  });
  std::string heard = ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(heard.substr(heard.find("\r\n\r\n") + 4), large);
}

TEST_F(HttpServerTest, StopsWithIdleConnectionsAndSendsWhatIsUnderWay) {
  std::latch under_way(1), stopped(1);
  start({}, [&](const HttpRequest& request) {
    under_way.count_down();
    stopped.wait();
    return echo(request);
  });
  Client idle(server_->port()), busy(server_->port());
  busy.say("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n");
  under_way.wait();
  server_->stop();
  stopped.count_down();
  EXPECT_NE(busy.hear().find("[GET /busy"), std::string::npos);
  thread_.join();
  EXPECT_EQ(idle.hear(), "");
}

TEST(HttpServer, SaysWhyItCannotListen) {
  auto first = HttpServer::listen("127.0.0.1", 0);
  ASSERT_TRUE(first);
  auto second = HttpServer::listen("127.0.0.1", first->port());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().cause, Cause::refused);
  EXPECT_NE(second.error().what.find("in use"), std::string::npos) << second.error().what;
}

}  // namespace
}  // namespace memsnap
