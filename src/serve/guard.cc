#include "serve/guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace memsnap {
namespace {

HttpResponse refuse(int status, std::string_view why) {
  HttpResponse response;
  response.status = status;
  response.type = "text/plain; charset=utf-8";
  response.body = fmt::format("memsnap: {}\n", why);
  return response;
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::ranges::transform(small, small.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return small;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::string random_token() {
  std::random_device device;  // the kernel's generator
  std::string token;
  for (int i = 0; i < 4; ++i) token += fmt::format("{:08x}", device() & 0xffffffffu);
  return token;
}

std::string_view host_of(std::string_view host) {
  if (host.starts_with('[')) {
    std::size_t end = host.find(']');
    return end == std::string_view::npos ? host : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

Guard::Guard(std::string token, std::uint16_t port, std::vector<std::string> names)
    : token_(std::move(token)), cookie_(fmt::format("memsnap-{}", port)), names_(std::move(names)) {}

// A name could be made to lead here by whoever owns it, and the browser would then take his pages and ours
// for one site. An address cannot.
bool Guard::known_host(const HttpRequest& request) const {
  if (request.count("Host") != 1) return false;
  std::string host = lower(host_of(request.header("Host")));
  if (host == "localhost" || host == request.local_address) return true;
  return std::ranges::any_of(names_,
                             [&](const std::string& name) { return name == "*" || lower(name) == host; });
}

bool Guard::own_origin(const HttpRequest& request) const {
  std::string_view origin = request.header("Origin");
  if (!origin.empty()) {
    constexpr std::string_view kScheme = "http://";
    if (!origin.starts_with(kScheme) || lower(origin.substr(kScheme.size())) != lower(request.header("Host")))
      return false;
  }
  // A link in a chat or a document may open a page. Nothing else may come from elsewhere.
  std::string_view site = request.header("Sec-Fetch-Site");
  bool own = site.empty() || site == "same-origin" || site == "none";
  bool opens_page = request.header("Sec-Fetch-Mode") == "navigate" &&
                    request.header("Sec-Fetch-Dest") == "document" && !request.path.starts_with("/api/");
  return own || opens_page;
}

bool Guard::is_token(std::string_view text) const {
  // The time it takes does not tell how much of it was right.
  unsigned differs = text.size() == token_.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(text.size(), token_.size()); ++i)
    differs |= unsigned(static_cast<unsigned char>(text[i] ^ token_[i]));
  return differs == 0;
}

bool Guard::has_token(const HttpRequest& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  std::string_view given = request.header("Authorization");
  if (given.starts_with(kBearer) && is_token(given.substr(kBearer.size()))) return true;
  for (const auto& [name, value] : request.headers) {
    if (lower(name) != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      std::string_view one = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
      one = trimmed(one);
      std::size_t equals = one.find('=');
      if (equals != std::string_view::npos && one.substr(0, equals) == cookie_ &&
          is_token(one.substr(equals + 1)))
        return true;
    }
  }
  return false;
}

std::optional<HttpResponse> Guard::stops(const HttpRequest& request, const Query& query) const {
  if (!known_host(request))
    return refuse(403,
                  "the Host of this request is not an address of this server (--allow-host NAME adds one)");
  if (!own_origin(request)) return refuse(403, "this request comes from a page of another site");
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = refuse(405, "only GET and HEAD are answered");
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  if (query.has("token") && is_token(query.text("token"))) {
    HttpResponse response;
    response.status = 303;
    std::string path(request.path);
    // A browser takes // and /\\ for the beginning of another host.
    if (path.size() > 1 && (path[1] == '/' || path[1] == '\\')) path = "/";
    response.headers.emplace_back("Location", path + query.without("token"));
    response.headers.emplace_back("Set-Cookie",
                                  fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax", cookie_, token_));
    return response;
  }
  if (has_token(request)) return std::nullopt;
  return refuse(403, "open the address that memsnap printed: it holds the token that this server asks for");
}

}  // namespace memsnap
