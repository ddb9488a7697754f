#include "http/url.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_unreserved(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string escape(std::string_view text, std::string_view also_plain) {
  std::string out;
  for (char c : text) {
    if (is_unreserved(c) || also_plain.find(c) != std::string_view::npos)
      out.push_back(c);
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// Escapes what a path may not hold and leaves the escapes that are there.
std::string escape_path(std::string_view text) { return escape(text, "$&+,/:;=@!'()*[]%"); }

bool valid_escapes(std::string_view text) { return unescape_url(text, false).has_value(); }

// The scheme and what follows the colon; scheme "" when there is none, nothing when it is malformed.
std::optional<std::pair<std::string_view, std::string_view>> cut_scheme(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (is_letter(c)) continue;
    if (is_digit(c) || c == '+' || c == '-' || c == '.') {
      if (i == 0) break;
      continue;
    }
    if (c != ':') break;
    if (i == 0) return std::nullopt;
    return std::pair(text.substr(0, i), text.substr(i + 1));
  }
  return std::pair(std::string_view{}, text);
}

bool valid_port(std::string_view port) {  // with its colon, or ""
  return port.empty() || (port[0] == ':' && std::ranges::all_of(port.substr(1), is_digit));
}

bool valid_host(std::string_view host) {
  if (host.starts_with('[')) {
    std::size_t end = host.rfind(']');
    return end != std::string_view::npos && valid_port(host.substr(end + 1));
  }
  std::size_t colon = host.find(':');  // of several none would be the port's (Go 1.26)
  return colon == std::string_view::npos || valid_port(host.substr(colon));
}

bool valid_host_characters(std::string_view host) {
  return std::ranges::none_of(host, [](char c) {
    return c == ' ' || c == '\\' || c == '^' || c == '`' || c == '{' || c == '|' || c == '}';
  });
}

bool parse_authority(std::string_view text, Url& url) {
  std::size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    std::string_view user = text.substr(0, at);
    bool plain = std::ranges::all_of(user, [](char c) {
      return is_unreserved(c) || std::string_view(":!$&'()*+,;=%@").find(c) != std::string_view::npos;
    });
    if (!plain) return false;
    std::size_t colon = user.find(':');
    url.has_user = true;
    url.has_password = colon != std::string_view::npos;
    auto name = unescape_url(user.substr(0, colon), false);
    auto password = unescape_url(url.has_password ? user.substr(colon + 1) : "", false);
    if (!name || !password) return false;
    url.user = *name;
    url.password = *password;
    text.remove_prefix(at + 1);
  }
  if (!valid_host(text) || !valid_host_characters(text)) return false;
  auto host = text.starts_with('[') ? std::optional<std::string>(text) : unescape_url(text, false);
  if (!host) return false;
  url.host = *host;
  return true;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

// Without its dots: /a/./b/../c is /a/c. RFC 3986, 5.2.4.
std::string clean_path(std::string_view path) {
  std::vector<std::string_view> parts;
  bool folder = false;
  while (!path.empty()) {
    std::size_t slash = path.find('/');
    std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    folder = slash != std::string_view::npos || part == "." || part == "..";
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (part != ".") {
      parts.push_back(part);
    }
  }
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out.append(i == 0 ? "" : "/").append(parts[i]);
  if (folder && !parts.empty()) out += "/";
  return out.starts_with('/') ? out : "/" + out;
}

}  // namespace

std::optional<std::string> unescape_url(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(char(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

std::string escape_query(std::string_view text) {
  std::string out = escape(text, " ");
  std::ranges::replace(out, ' ', '+');
  return out;
}

UrlQuery UrlQuery::parse(std::string_view text) {
  UrlQuery query;
  while (!text.empty()) {
    std::size_t end = text.find('&');
    std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty() || pair.find(';') != std::string_view::npos) continue;
    std::size_t equals = pair.find('=');
    auto name = unescape_url(pair.substr(0, equals), true);
    auto value = unescape_url(equals == std::string_view::npos ? "" : pair.substr(equals + 1), true);
    if (name && value) query.pairs_.emplace_back(std::move(*name), std::move(*value));
  }
  return query;
}

std::string UrlQuery::get(std::string_view name) const {
  for (const auto& [key, value] : pairs_)
    if (key == name) return value;
  return "";
}

bool UrlQuery::has(std::string_view name) const {
  return std::ranges::any_of(pairs_, [&](const auto& pair) { return pair.first == name; });
}

void UrlQuery::set(std::string_view name, std::string_view value) {
  remove(name);
  pairs_.emplace_back(name, value);
}

void UrlQuery::remove(std::string_view name) {
  std::erase_if(pairs_, [&](const auto& pair) { return pair.first == name; });
}

std::string UrlQuery::encode() const {
  std::vector<std::pair<std::string, std::string>> sorted = pairs_;
  std::ranges::stable_sort(sorted, {}, [](const auto& pair) -> const std::string& { return pair.first; });
  std::string out;
  for (const auto& [name, value] : sorted)
    out += fmt::format("{}{}={}", out.empty() ? "" : "&", escape_query(name), escape_query(value));
  return out;
}

std::optional<Url> Url::parse(std::string_view text) {
  Url url;
  if (std::ranges::any_of(text, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }))
    return std::nullopt;
  if (std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    url.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
    if (!valid_escapes(url.fragment)) return std::nullopt;
  }
  auto cut = cut_scheme(text);
  if (!cut) return std::nullopt;
  url.scheme = lower(cut->first);
  std::string_view rest = cut->second;
  if (std::size_t mark = rest.find('?'); mark != std::string_view::npos) {
    url.query = rest.substr(mark + 1);
    rest = rest.substr(0, mark);
  }
  if (!rest.starts_with('/')) {
    if (!url.scheme.empty()) {
      url.opaque = rest;
      return url;
    }
    if (rest.substr(0, rest.find('/')).find(':') != std::string_view::npos) return std::nullopt;
  }
  bool has_authority = rest.starts_with("//") && (!url.scheme.empty() || !rest.starts_with("///"));
  if (has_authority) {
    rest.remove_prefix(2);
    std::size_t slash = rest.find('/');
    if (!parse_authority(rest.substr(0, slash), url)) return std::nullopt;
    rest = slash == std::string_view::npos ? "" : rest.substr(slash);
  } else {
    url.omit_host = !url.scheme.empty();
  }
  if (!valid_escapes(rest)) return std::nullopt;
  url.path = escape_path(rest);
  return url;
}

std::string Url::text_with(std::string_view shown_password) const {
  std::string out = scheme.empty() ? "" : scheme + ":";
  if (!opaque.empty()) {
    out += opaque;
  } else {
    bool authority = !host.empty() || has_user || (!scheme.empty() && !path.empty() && !omit_host);
    if (authority) out += "//";
    if (has_user) {
      out += escape(user, "$&+,;=");
      if (has_password) out += fmt::format(":{}", shown_password);
      out += "@";
    }
    out += host;
    if (!path.empty() && !path.starts_with('/') && !host.empty()) out += "/";
    out += path;
  }
  if (!query.empty()) out += "?" + query;
  if (!fragment.empty()) out += "#" + fragment;
  return out;
}

std::string Url::text() const { return text_with(escape(password, "$&+,;=")); }
std::string Url::redacted() const { return text_with("xxxxx"); }

std::string Url::host_name() const {
  if (host.starts_with('[')) return host.substr(1, host.rfind(']') - 1);
  return host.substr(0, host.rfind(':'));
}

std::string Url::port() const {
  std::size_t bracket = host.rfind(']'), colon = host.rfind(':');
  if (colon == std::string::npos || (bracket != std::string::npos && colon < bracket)) return "";
  return host.substr(colon + 1);
}

std::optional<Url> Url::resolve(std::string_view location) const {
  std::optional<Url> to = parse(location);
  if (!to) return std::nullopt;
  if (!to->scheme.empty()) return to;
  to->scheme = scheme;
  if (!to->host.empty()) return to;
  to->host = host;
  to->has_user = has_user;
  to->has_password = has_password;
  to->user = user;
  to->password = password;
  if (to->path.empty()) {
    to->path = path;
    if (to->query.empty()) to->query = query;
  } else if (!to->path.starts_with('/')) {
    to->path = clean_path(path.substr(0, path.rfind('/') + 1) + to->path);
  } else {
    to->path = clean_path(std::string_view(to->path).substr(1));
  }
  return to;
}

}  // namespace memsnap
