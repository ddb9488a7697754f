// The only file that sees the client half of Boost.Beast, Asio and OpenSSL, which take seconds to compile.
#include "http/client.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>

namespace memsnap {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using beast::error_code;
using Clock = std::chrono::steady_clock;
using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

constexpr std::uint32_t kHeaderLimit = 64 << 10;  // bytes of all headers of an answer

std::string lower_first(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = char(text[0] + 32);
  return text;
}

bool same_name(std::string_view a, std::string_view b) {
  return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

std::string base64(std::string_view text) {
  static constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out.push_back(i + j <= text.size() ? kLetters[bits >> (18 - 6 * j) & 63] : '=');
  }
  return out;
}

std::string credentials(const Url& url) { return "Basic " + base64(url.user + ":" + url.password); }

struct Place {
  std::string host, port;
};
Place place_of(const Url& url) {
  Place place{url.host_name(), url.port()};
  if (place.host.empty()) place.host = "localhost";
  if (place.port.empty()) place.port = url.scheme == "http" ? "80" : "443";
  return place;
}

// One connection, and what its operations wait on.
struct Session {
  asio::io_context io;
  ssl::context tls{ssl::context::tls_client};
  std::optional<PlainStream> plain;
  std::optional<TlsStream> secure;
  beast::flat_buffer buffer{kHeaderLimit + (1 << 20)};
  http::response_parser<http::string_body> answer;

  PlainStream& lowest() { return secure ? beast::get_lowest_layer(*secure) : *plain; }
};

std::string verb_word(const std::string& method) { return method == "POST" ? "Post" : "Get"; }

class Exchange {
 public:
  Exchange(const HttpFetch& fetch, const Url& url, std::string method, Clock::time_point deadline)
      : fetch_(fetch),
        url_(url),
        method_(std::move(method)),
        deadline_(deadline),
        session_(std::make_unique<Session>()) {}

  Result<HttpAnswer> run() {
    if (url_.scheme != "http" && url_.scheme != "https" && url_.scheme != "https+insecure")
      return error("unsupported protocol scheme \"{}\"", url_.scheme);
    if (fetch_.proxy) TRY_VOID(choose_proxy(fetch_.proxy(url_)));
    TRY_VOID(connect());
    if (url_.scheme != "http") TRY_VOID(begin_tls());
    return session_->secure ? converse(*session_->secure) : converse(*session_->plain);
  }

 private:
  template <class... Args>
  std::unexpected<Error> error(fmt::format_string<Args...> text, Args&&... args) const {
    return error_of(Cause::bad_input, fmt::format(text, std::forward<Args>(args)...));
  }
  std::unexpected<Error> error_of(Cause cause, const std::string& what) const {
    return fail(cause, "{} \"{}\": {}", verb_word(method_), url_.redacted(), what);
  }
  std::unexpected<Error> error_of(error_code code, const char* when_late,
                                  const std::string& otherwise) const {
    if (code == beast::error::timeout) return error_of(Cause::timed_out, when_late);
    return error_of(Cause::bad_input, otherwise);
  }

  // Starts an operation and waits for its end.
  template <class Start>
  error_code wait(Start start) {
    error_code code = asio::error::operation_aborted;
    start([&code](error_code now, auto&&...) { code = now; });
    session_->io.restart();
    session_->io.run();
    return code;
  }

  Result<void> choose_proxy(const std::string& text) {
    if (text.empty()) return {};
    auto proxy = Url::parse(text);
    if (!proxy || proxy->host.empty()) return error("the proxy of the environment is no URL");
    if (proxy->scheme != "http")
      return error("proxy {}: expected one of http, got {}", proxy->redacted(), proxy->scheme);
    proxy_ = std::move(proxy);
    return {};
  }

  Result<void> connect() {
    Place place = place_of(proxy_ ? *proxy_ : url_);
    tcp::resolver::results_type addresses = TRY(resolve(place));
    session_->plain.emplace(session_->io);
    session_->plain->expires_at(deadline_);
    error_code code = wait([&](auto done) { session_->plain->async_connect(addresses, done); });
    if (!code) return {};
    tcp::endpoint first = addresses.begin()->endpoint();
    std::string address = first.address().to_string();
    if (first.address().is_v6()) address = "[" + address + "]";
    std::string dial = fmt::format("dial tcp {}:{}: ", address, first.port());
    return error_of(code, (dial + "i/o timeout").c_str(), dial + "connect: " + lower_first(code.message()));
  }

  Result<tcp::resolver::results_type> resolve(const Place& place) {
    tcp::resolver resolver(session_->io);
    tcp::resolver::results_type found;
    std::optional<error_code> code;
    resolver.async_resolve(place.host, place.port, [&](error_code now, tcp::resolver::results_type results) {
      code = now;
      found = std::move(results);
    });
    session_->io.restart();
    session_->io.run_until(deadline_);
    if (!code) {
      // The resolver cannot be interrupted, and to end the session is to wait for it.
      std::ignore = new tcp::resolver(std::move(resolver));
      std::ignore = session_.release();
      return error_of(Cause::timed_out, fmt::format("dial tcp: lookup {}: i/o timeout", place.host));
    }
    if (*code || found.empty()) return error("dial tcp: lookup {}: no such host", place.host);
    return found;
  }

  Result<void> begin_tls() {
    if (proxy_) TRY_VOID(open_tunnel());
    error_code code;
    if (url_.scheme == "https+insecure") {
      session_->tls.set_verify_mode(ssl::verify_none, code);
    } else {
      session_->tls.set_verify_mode(ssl::verify_peer, code);
      if (fetch_.authorities.empty())
        session_->tls.set_default_verify_paths(code);
      else
        session_->tls.load_verify_file(fetch_.authorities, code);
      if (code) return error("could not load CA specified by -tls_ca: {}", code.message());
    }
    if (!fetch_.certificate.empty()) {
      session_->tls.use_certificate_chain_file(fetch_.certificate, code);
      if (!code) session_->tls.use_private_key_file(fetch_.key, ssl::context::pem, code);
      if (code) return error("could not load certificate and key: {}", code.message());
    }
    SSL_CTX_set_min_proto_version(session_->tls.native_handle(), TLS1_2_VERSION);
    session_->secure.emplace(std::move(*session_->plain), session_->tls);
    session_->plain.reset();
    TlsStream& stream = *session_->secure;
    std::string host = place_of(url_).host;
    if (url_.scheme == "https") stream.set_verify_callback(ssl::host_name_verification(host), code);
    asio::ip::make_address(host, code);
    if (code) SSL_set_tlsext_host_name(stream.native_handle(), host.c_str());  // names only, no addresses
    session_->lowest().expires_at(deadline_);
    code = wait([&](auto done) { stream.async_handshake(ssl::stream_base::client, done); });
    if (!code) return {};
    long verified = SSL_get_verify_result(stream.native_handle());
    if (verified != X509_V_OK)
      return error("tls: failed to verify certificate: {}", X509_verify_cert_error_string(verified));
    return error_of(code, "net/http: TLS handshake timeout", "tls: " + lower_first(code.message()));
  }

  Result<void> open_tunnel() {
    Place place = place_of(url_);
    std::string goal = place.host.find(':') == std::string::npos ? place.host : "[" + place.host + "]";
    goal += ":" + place.port;
    http::request<http::empty_body> request{http::verb::connect, goal, 11};
    request.set(http::field::host, goal);
    if (proxy_->has_user) request.set(http::field::proxy_authorization, credentials(*proxy_));
    PlainStream& stream = *session_->plain;
    stream.expires_at(deadline_);
    error_code code = wait([&](auto done) { http::async_write(stream, request, done); });
    http::response_parser<http::empty_body> answer;
    answer.skip(true);
    answer.header_limit(kHeaderLimit);
    if (!code)
      code = wait([&](auto done) { http::async_read_header(stream, session_->buffer, answer, done); });
    if (code) return error_of(code, "proxyconnect tcp: i/o timeout", "proxyconnect tcp: " + code.message());
    if (answer.get().result() != http::status::ok) return error("{}", std::string(answer.get().reason()));
    session_->buffer.clear();
    return {};
  }

  http::request<http::string_body> request() const {
    std::string target = url_.path.empty() ? "/" : url_.path;
    if (!url_.query.empty()) target += "?" + url_.query;
    std::string host = url_.host.ends_with(':') ? url_.host.substr(0, url_.host.size() - 1) : url_.host;
    bool through_proxy = proxy_ && url_.scheme == "http";
    if (through_proxy) target = "http://" + host + target;
    http::request<http::string_body> request{http::string_to_verb(method_), target, 11};
    request.set(http::field::host, host);
    request.set(http::field::user_agent, "memsnap");
    request.set(http::field::connection, "close");
    if (url_.has_user) request.set(http::field::authorization, credentials(url_));
    if (through_proxy && proxy_->has_user)
      request.set(http::field::proxy_authorization, credentials(*proxy_));
    if (method_ == "POST") {
      request.set(http::field::content_type, fetch_.body_type);
      request.body() = fetch_.body;
      request.prepare_payload();
    }
    return request;
  }

  template <class Stream>
  Result<HttpAnswer> converse(Stream& stream) {
    http::request<http::string_body> asked = request();
    session_->lowest().expires_at(deadline_);
    error_code code = wait([&](auto done) { http::async_write(stream, asked, done); });
    if (code) return error_of(code, "write tcp: i/o timeout", "write tcp: " + lower_first(code.message()));
    http::response_parser<http::string_body>& answer = session_->answer;
    answer.header_limit(kHeaderLimit);
    answer.body_limit(fetch_.body_limit);
    code = wait([&](auto done) { http::async_read_header(stream, session_->buffer, answer, done); });
    if (code == http::error::body_limit) return too_large();
    if (code)
      return error_of(code, "net/http: timeout awaiting response headers",
                      "malformed HTTP response: " + code.message());
    if (answer.get().result_int() < 200) return error("answered with status {}", answer.get().result_int());
    session_->lowest().expires_after(fetch_.body_timeout);
    code = wait([&](auto done) { http::async_read(stream, session_->buffer, answer, done); });
    // A server that ends TLS by closing the connection is cut short only where the length says so.
    if (code == ssl::error::stream_truncated && answer.is_done()) code = {};
    if (code == http::error::body_limit) return too_large();
    if (code) return error_of(code, "i/o timeout while reading the answer", "unexpected end of the answer");
    return taken();
  }

  std::unexpected<Error> too_large() const {
    return error("the answer is larger than {} bytes", fetch_.body_limit);
  }

  HttpAnswer taken() {
    auto message = session_->answer.release();
    HttpAnswer answer{.status = int(message.result_int()),
                      .reason = std::string(message.reason()),
                      .headers = {},
                      .body = std::move(message.body())};
    for (const auto& field : message)
      answer.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    return answer;
  }

  const HttpFetch& fetch_;
  const Url& url_;
  std::string method_;
  std::optional<Url> proxy_;
  Clock::time_point deadline_;
  std::unique_ptr<Session> session_;
};

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_secure(const Url& url) { return url.scheme != "http"; }

// Where the answer wants us to go, if we may.
Result<Url> redirected(const Url& from, const HttpAnswer& answer, const std::string& method) {
  auto refuse = [&](const std::string& what) {
    return fail(Cause::bad_input, "{} \"{}\": {}", verb_word(method), from.redacted(), what);
  };
  std::string_view location = answer.header("Location");
  if (location.empty()) return refuse(fmt::format("{} response missing Location header", answer.status));
  std::optional<Url> to = from.resolve(location);
  if (!to || to->host.empty()) return refuse("failed to parse Location header");
  if (to->scheme != "http" && to->scheme != "https" && to->scheme != from.scheme)
    return refuse(fmt::format("unsupported protocol scheme \"{}\"", to->scheme));
  if (is_secure(from) && !is_secure(*to))
    return refuse("redirected from https to http, which is not followed");
  if (from.scheme == "https+insecure" && to->host == from.host) to->scheme = from.scheme;
  return std::move(*to);
}

Result<HttpAnswer> fetch_all(const HttpFetch& fetch) {
  Clock::time_point deadline = Clock::now() + fetch.header_timeout;
  Url url = fetch.url;
  std::string method = fetch.method;
  for (int hop = 0;; ++hop) {
    HttpAnswer answer = TRY(Exchange(fetch, url, method, deadline).run());
    if (!is_redirect(answer.status)) return answer;
    Url next = TRY(redirected(url, answer, method));
    if (hop == fetch.redirects)
      return fail(Cause::bad_input, "{} \"{}\": stopped after {} redirects", verb_word(method),
                  next.redacted(), fetch.redirects);
    if (answer.status < 307 && method == "POST") method = "GET";
    url = std::move(next);
  }
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return {};
}

Result<HttpAnswer> http_fetch(const HttpFetch& fetch) {
  try {
    return fetch_all(fetch);
  } catch (const std::exception& thrown) {  // Asio, when the kernel has no descriptors left
    return fail(Cause::refused, "{} \"{}\": {}", verb_word(fetch.method), fetch.url.redacted(),
                thrown.what());
  }
}

}  // namespace memsnap
