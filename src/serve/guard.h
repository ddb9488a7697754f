// Who may look: a page of another site, a name that somebody else's server of names points here, and a person
// without the token may not.
#pragma once

#include "http/server.h"
#include "serve/query.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// 128 random bits as 32 hexadecimal digits.
std::string random_token();

class Guard {
 public:
  // `names`: what Host may be beside localhost and the address connected to; "*" is anything.
  Guard(std::string token, std::uint16_t port, std::vector<std::string> names);

  // The answer to a request that may not pass, or to one that brings the token in its URL: that one gets the
  // cookie, and is sent to the same URL without the token, so that it is not in what people copy.
  std::optional<HttpResponse> stops(const HttpRequest& request, const Query& query) const;

  const std::string& token() const { return token_; }

 private:
  bool known_host(const HttpRequest& request) const;
  bool own_origin(const HttpRequest& request) const;
  bool has_token(const HttpRequest& request) const;
  bool is_token(std::string_view text) const;

  std::string token_, cookie_;
  std::vector<std::string> names_;
};

// A host as it stands in a Host header or a URL, without its port and without the brackets of IPv6.
std::string_view host_of(std::string_view host_and_port);

}  // namespace memsnap
