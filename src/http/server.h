// An HTTP/1.1 server for pages that one person looks at: many connections, few requests. One thread waits for
// all connections; answers are made on a few more, so that a slow one holds up nobody else.
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

// Everything in it lives as long as the call that it is given to.
struct HttpRequest {
  std::string_view method;  // GET
  std::string_view path;    // as sent, without the query: /ui/top
  std::string_view query;   // as sent, without the question mark
  std::string_view body;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string local_address;  // that the client connected to, as a number: 127.0.0.1

  std::string_view header(std::string_view name) const;  // the first of it, "" without; any case
  std::size_t count(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  std::string type;        // Content-Type; "" without a body
  std::string body;        // what is sent,
  std::string_view fixed;  // or, when body is empty, these bytes, which live as long as the program
  std::vector<std::pair<std::string, std::string>> headers;

  std::string_view content() const { return body.empty() ? fixed : std::string_view(body); }
};

// May run on several threads at once.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

struct HttpLimits {
  std::uint32_t header_bytes = 16 << 10;
  std::uint64_t body_bytes = 64 << 10;
  std::chrono::seconds read{30};   // for a whole request, and how long a connection may be idle
  std::chrono::seconds write{60};  // for a whole answer
  std::chrono::seconds stop{3};    // for answers under way when the server stops
  std::size_t connections = 512;   // one more is closed at once
};

class HttpServer {
 public:
  // Listens at an address or a name; port 0 takes a free one.
  static Result<HttpServer> listen(const std::string& host, std::uint16_t port,
                                   const HttpLimits& limits = {});
  HttpServer(HttpServer&&) noexcept;
  HttpServer& operator=(HttpServer&&) noexcept;
  ~HttpServer();

  std::uint16_t port() const;
  bool loopback() const;  // only this machine can connect

  // Answers until stop() is called, once. `threads` make answers.
  void serve(const HttpHandler& handler, int threads);
  // From any thread. No new connections; answers under way are sent.
  void stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace memsnap
