// URLs as Go's net/url takes them apart and puts them together, since go tool pprof decides by it what is an
// address and what is a file. Facts: net/url of go1.26.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

// name=value&… in order; put together again the names are sorted, values of one name keep their order.
class UrlQuery {
 public:
  // Pairs with broken escapes or a semicolon are left out.
  static UrlQuery parse(std::string_view text);
  std::string get(std::string_view name) const;  // the first; "" when there is none
  bool has(std::string_view name) const;
  void set(std::string_view name, std::string_view value);  // in place of all others of that name
  void remove(std::string_view name);
  std::string encode() const;
  const std::vector<std::pair<std::string, std::string>>& pairs() const { return pairs_; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

struct Url {
  std::string scheme;  // lower case
  std::string opaque;  // of mailto:x what follows the colon; then there is no host and no path
  bool has_user = false, has_password = false;
  std::string user, password;  // unescaped
  std::string host;            // with its port: name:80, [::1]:80
  std::string path;            // escaped
  std::string query;           // escaped
  std::string fragment;
  bool omit_host = false;  // scheme:/path, not scheme:///path

  static std::optional<Url> parse(std::string_view text);
  std::string text() const;       // with the password
  std::string redacted() const;   // with xxxxx in its place: for people and files
  std::string host_name() const;  // without port and brackets
  std::string port() const;       // "" when there is none
  // Where a Location header of this URL's answer points to; nothing when it cannot be read.
  std::optional<Url> resolve(std::string_view location) const;

 private:
  std::string text_with(std::string_view shown_password) const;
};

std::optional<std::string> unescape_url(std::string_view text, bool plus_is_space);
std::string escape_query(std::string_view text);  // of a name or a value

}  // namespace memsnap
