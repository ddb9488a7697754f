// The pages in a browser. What is looked at answers under /api/; the rest is the same for all.
#pragma once

#include "base/result.h"
#include "http/server.h"
#include "render/out.h"
#include "serve/query.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace memsnap {

struct ServeOptions {
  std::string host = "localhost";
  std::uint16_t port = 0;            // 0: a free one
  std::vector<std::string> allowed;  // more names that a client may use for this server
};

// HOST:PORT, :PORT or PORT, as pprof's -http takes it.
Result<ServeOptions> parse_listen_address(std::string_view text);

// One address below /api/. Called on several threads at once.
struct Route {
  std::string path;  // /api/profile/top
  std::function<HttpResponse(const HttpRequest& request, const Query& query)> answer;
};

struct WebSite {
  std::string kind;        // profile or heap: which pages there are
  std::string title;       // what is looked at
  std::string first_page;  // that / leads to: /ui/flamegraph
  std::vector<Route> routes;
};

// Serves until SIGINT or SIGTERM and gives the exit status. The address with its token is printed to `out`.
Result<int> serve_site(const WebSite& site, const ServeOptions& options, Out& out, Out& err);

// The answer to one request, without a server.
HttpResponse answer(const WebSite& site, const HttpRequest& request);

}  // namespace memsnap
