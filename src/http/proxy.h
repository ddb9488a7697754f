// Which proxy the environment wants for a URL: HTTP_PROXY, HTTPS_PROXY, NO_PROXY and their lower-case twins.
// Facts: golang.org/x/net/http/httpproxy.
#pragma once

#include "http/url.h"

#include <functional>
#include <string>

namespace memsnap {

using Environment = std::function<std::string(const char*)>;  // "" when it is not set

// "" for none. What runs on this machine is never asked through a proxy.
std::string proxy_of(const Url& url, const Environment& environment);

}  // namespace memsnap
