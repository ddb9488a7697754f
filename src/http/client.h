// Fetches one document over HTTP or HTTPS. The server is a stranger: its answer is bounded in time and size,
// where it redirects to is checked, and credentials go only where the caller sent them.
#pragma once

#include "base/result.h"
#include "http/url.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

struct HttpFetch {
  Url url;  // of http, https, or https+insecure, which takes any certificate; its user and password are sent
  std::string method = "GET";
  std::string body, body_type;  // of a POST
  std::chrono::nanoseconds header_timeout =
      std::chrono::seconds(65);                                      // until the answer begins, redirects too
  std::chrono::nanoseconds body_timeout = std::chrono::minutes(10);  // from then until it ends
  std::uint64_t body_limit = std::uint64_t(1) << 30;
  int redirects = 10;
  // The proxy for a URL; "" for none. Only proxies of http are known.
  std::function<std::string(const Url&)> proxy;
  // Files with PEM, "" for none: what we show to servers, and who vouches for them in place of the machine's.
  std::string certificate, key, authorities;
};

struct HttpAnswer {
  int status = 0;
  std::string reason;  // Not Found
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string_view header(
      std::string_view name) const;  // the first of it, in any case; "" when there is none
};

// Any status is an answer. Errors read as those of net/http: Get "http://h/": dial tcp 127.0.0.1:80: connect:
// connection refused; passwords in them are xxxxx. Time-outs are Cause::timed_out.
Result<HttpAnswer> http_fetch(const HttpFetch& fetch);

}  // namespace memsnap
