// The only file that sees the server half of Boost.Beast and Asio, which take seconds to compile.
#include "http/server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <list>
#include <optional>

namespace memsnap {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);  // errors are values

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

std::string_view text_of(beast::string_view text) { return {text.data(), text.size()}; }

struct Connection {
  beast::tcp_stream stream;
  bool answering = false;
};

}  // namespace

std::string_view HttpRequest::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

std::size_t HttpRequest::count(std::string_view name) const {
  return std::size_t(
      std::ranges::count_if(headers, [&](const auto& one) { return same_name(one.first, name); }));
}

struct HttpServer::Impl {
  HttpLimits limits;
  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  asio::steady_timer deadline{io};
  std::optional<asio::thread_pool> makers;
  const HttpHandler* handler = nullptr;
  std::list<Connection> open;  // only the thread of `io` looks at it
  bool stopping = false;

  asio::awaitable<void> accept_all();
  asio::awaitable<void> talk(std::list<Connection>::iterator self);
  asio::awaitable<bool> answer_one(Connection& connection, beast::flat_buffer& buffer);
  asio::awaitable<bool> send(Connection& connection, const HttpResponse& response, unsigned version,
                             bool head_only, bool keep_alive);
  asio::awaitable<HttpResponse> make(const http::request<http::string_body>& message, std::string local);
  void begin_stop();
};

namespace {

HttpResponse plain(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

// What to tell a client whose request could not be read; nothing when it went or said nothing.
std::optional<HttpResponse> refusal(const beast::error_code& error) {
  if (error == http::error::header_limit) return plain(431, "the head of the request is too long\n");
  if (error == http::error::body_limit) return plain(413, "the body of the request is too long\n");
  bool spoke_nonsense = error.category() == make_error_code(http::error::bad_method).category() &&
                        error != http::error::end_of_stream && error != http::error::partial_message;
  if (spoke_nonsense) return plain(400, "this is not a request of HTTP/1.1\n");
  return std::nullopt;
}

HttpRequest look_at(const http::request<http::string_body>& message, std::string local) {
  HttpRequest request;
  request.method = text_of(message.method_string());
  std::string_view target = text_of(message.target());
  std::size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
  request.body = message.body();
  for (const auto& field : message)
    request.headers.emplace_back(text_of(field.name_string()), text_of(field.value()));
  request.local_address = std::move(local);
  return request;
}

template <class Message>
void fill_head(Message& message, const HttpResponse& response, bool keep_alive) {
  message.keep_alive(keep_alive);
  if (!response.type.empty()) message.set(http::field::content_type, response.type);
  for (const auto& [name, value] : response.headers) message.insert(name, value);
  // These have no body, and then no length either.
  if (response.status != 204 && response.status != 304) message.content_length(response.content().size());
}

}  // namespace

asio::awaitable<HttpResponse> HttpServer::Impl::make(const http::request<http::string_body>& message,
                                                     std::string local) {
  co_return (*handler)(look_at(message, std::move(local)));
}

asio::awaitable<bool> HttpServer::Impl::send(Connection& connection, const HttpResponse& response,
                                             unsigned version, bool head_only, bool keep_alive) {
  connection.stream.expires_after(limits.write);
  auto status = static_cast<http::status>(response.status);
  if (head_only || response.content().empty()) {
    http::response<http::empty_body> message(status, version);
    fill_head(message, response, keep_alive);
    auto [error, sent] = co_await http::async_write(connection.stream, message, kQuiet);
    co_return !error && keep_alive;
  }
  http::response<http::span_body<const char>> message(status, version);
  fill_head(message, response, keep_alive);
  message.body() = {response.content().data(), response.content().size()};
  auto [error, sent] = co_await http::async_write(connection.stream, message, kQuiet);
  co_return !error && keep_alive;
}

// Whether the connection goes on.
asio::awaitable<bool> HttpServer::Impl::answer_one(Connection& connection, beast::flat_buffer& buffer) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(limits.header_bytes);
  parser.body_limit(limits.body_bytes);
  connection.stream.expires_after(limits.read);
  connection.answering = false;
  auto [error, got] = co_await http::async_read(connection.stream, buffer, parser, kQuiet);
  connection.answering = true;
  if (error) {
    if (auto response = refusal(error)) co_await send(connection, *response, 11, false, false);
    co_return false;
  }
  const auto& message = parser.get();
  beast::error_code ignored;
  std::string local = connection.stream.socket().local_endpoint(ignored).address().to_string();
  connection.stream.expires_never();
  HttpResponse response =
      co_await asio::co_spawn(makers->get_executor(), make(message, std::move(local)), asio::use_awaitable);
  bool head_only = message.method() == http::verb::head;
  co_return co_await send(connection, response, message.version(), head_only,
                          message.keep_alive() && !stopping);
}

asio::awaitable<void> HttpServer::Impl::talk(std::list<Connection>::iterator self) {
  beast::flat_buffer buffer(limits.header_bytes + std::size_t(limits.body_bytes));
  while (!stopping && co_await answer_one(*self, buffer)) {
  }
  beast::error_code ignored;
  self->stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  open.erase(self);
}

asio::awaitable<void> HttpServer::Impl::accept_all() {
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(kQuiet);
    if (stopping) co_return;
    if (error) {
      // No descriptors left, or the client went: a breath, and on.
      asio::steady_timer breath(io, std::chrono::milliseconds(50));
      co_await breath.async_wait(kQuiet);
      continue;
    }
    if (open.size() >= limits.connections) continue;  // the socket closes here
    open.push_back({.stream = beast::tcp_stream(std::move(socket))});
    asio::co_spawn(io, talk(std::prev(open.end())), asio::detached);
  }
}

void HttpServer::Impl::begin_stop() {
  if (stopping) return;
  stopping = true;
  beast::error_code ignored;
  acceptor.close(ignored);
  for (Connection& connection : open)
    if (!connection.answering) connection.stream.cancel();
  deadline.expires_after(limits.stop);
  deadline.async_wait([this](const beast::error_code& error) {
    if (!error) io.stop();
  });
  asio::co_spawn(
      io,
      [this]() -> asio::awaitable<void> {
        while (!open.empty()) {
          asio::steady_timer breath(io, std::chrono::milliseconds(10));
          co_await breath.async_wait(kQuiet);
        }
        deadline.cancel();
      },
      asio::detached);
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::HttpServer(HttpServer&&) noexcept = default;
HttpServer& HttpServer::operator=(HttpServer&&) noexcept = default;
HttpServer::~HttpServer() = default;

Result<HttpServer> HttpServer::listen(const std::string& host, std::uint16_t port, const HttpLimits& limits) {
  auto impl = std::make_unique<Impl>();
  impl->limits = limits;
  beast::error_code error;
  tcp::resolver resolver(impl->io);
  auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, error);
  if (error || found.empty())
    return fail(Cause::usage, "cannot listen at '{}': {}", host, error ? error.message() : "no such address");
  tcp::endpoint endpoint = found.begin()->endpoint();
  auto step = [&](auto&& act) {
    if (!error) act();
  };
  step([&] { impl->acceptor.open(endpoint.protocol(), error); });
  step([&] { impl->acceptor.set_option(asio::socket_base::reuse_address(true), error); });
  step([&] { impl->acceptor.bind(endpoint, error); });
  step([&] { impl->acceptor.listen(asio::socket_base::max_listen_connections, error); });
  if (error) return fail(Cause::refused, "cannot listen at {}:{}: {}", host, port, error.message());
  return HttpServer(std::move(impl));
}

std::uint16_t HttpServer::port() const {
  beast::error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).port();
}

bool HttpServer::loopback() const {
  beast::error_code ignored;
  return impl_->acceptor.local_endpoint(ignored).address().is_loopback();
}

void HttpServer::serve(const HttpHandler& handler, int threads) {
  impl_->handler = &handler;
  impl_->makers.emplace(std::size_t(std::max(1, threads)));
  asio::co_spawn(impl_->io, impl_->accept_all(), asio::detached);
  impl_->io.run();
  impl_->makers->join();
  impl_->open.clear();
}

void HttpServer::stop() {
  asio::post(impl_->io, [impl = impl_.get()] { impl->begin_stop(); });
}

}  // namespace memsnap
