#include "http/proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace memsnap {
namespace {

using Address = std::vector<unsigned char>;  // 4 or 16 bytes

std::optional<Address> parse_address(const std::string& text) {
  Address address(16);
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  address.resize(4);
  if (inet_pton(AF_INET, text.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  std::optional<Address> address = parse_address(host);
  if (!address) return false;
  if (address->size() == 4) return (*address)[0] == 127;
  return std::all_of(address->begin(), address->end() - 1, [](unsigned char c) { return c == 0; }) &&
         address->back() == 1;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return std::string(text);
}

bool in_network(const Address& address, const std::string& network) {
  std::size_t slash = network.find('/');
  std::optional<Address> from = parse_address(network.substr(0, slash));
  std::size_t bits = 0;
  const char* end = network.data() + network.size();
  auto read = std::from_chars(network.data() + slash + 1, end, bits);
  if (!from || read.ec != std::errc{} || read.ptr != end || bits > from->size() * 8) return false;
  if (from->size() != address.size()) return false;
  for (std::size_t bit = 0; bit < bits; ++bit)
    if (((*from)[bit / 8] ^ address[bit / 8]) >> (7 - bit % 8) & 1) return false;
  return true;
}

bool excepted_by(std::string entry, const std::string& host, const std::string& port) {
  if (entry == "*") return true;
  std::optional<Address> address = parse_address(host);
  if (entry.find('/') != std::string::npos) return address && in_network(*address, entry);
  std::string entry_port;
  if (std::size_t colon = entry.rfind(':'); colon != std::string::npos && !parse_address(entry)) {
    entry_port = entry.substr(colon + 1);
    entry = entry.substr(0, colon);
    if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  }
  if (!entry_port.empty() && entry_port != port) return false;
  if (std::optional<Address> only = parse_address(entry)) return address && *only == *address;
  if (entry.empty()) return false;
  if (entry.starts_with("*.")) entry = entry.substr(1);
  if (entry.starts_with('.')) return host.ends_with(entry);
  return host == entry || host.ends_with("." + entry);
}

bool is_excepted(const Url& url, std::string_view list) {
  std::string host = lower(url.host_name()), port = url.port();
  if (port.empty()) port = url.scheme == "http" ? "80" : "443";
  while (!list.empty()) {
    std::size_t end = list.find(',');
    std::string entry = lower(trimmed(list.substr(0, end)));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    if (!entry.empty() && excepted_by(std::move(entry), host, port)) return true;
  }
  return false;
}

std::string first_of(const Environment& environment, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (std::string value = environment(name); !value.empty()) return value;
  return "";
}

}  // namespace

std::string proxy_of(const Url& url, const Environment& environment) {
  std::string proxy;
  if (url.scheme == "http") {
    // A CGI program's caller sets HTTP_PROXY by sending a header.
    if (environment("REQUEST_METHOD").empty()) proxy = first_of(environment, {"HTTP_PROXY", "http_proxy"});
  } else {
    proxy = first_of(environment, {"HTTPS_PROXY", "https_proxy"});
  }
  if (proxy.empty() || url.host_name().empty() || is_loopback(url.host_name())) return "";
  if (is_excepted(url, first_of(environment, {"NO_PROXY", "no_proxy"}))) return "";
  auto parsed = Url::parse(proxy);
  bool known =
      parsed && !parsed->host.empty() &&
      (parsed->scheme == "http" || parsed->scheme == "https" || parsed->scheme.starts_with("socks5"));
  return known ? proxy : "http://" + proxy;
}

}  // namespace memsnap
