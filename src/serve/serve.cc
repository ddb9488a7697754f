#include "serve/serve.h"

#include "base/text.h"
#include "os/clock.h"
#include "os/console.h"
#include "serve/guard.h"
#include "serve/reply.h"

#include <algorithm>
#include <charconv>

namespace memsnap {
namespace {

HttpResponse site_reply(const WebSite& site) {
  return json_reply(
      fmt::format("{{\"schema\": \"memsnap.site/1\", \"kind\": {}, \"title\": {}, \"version\": {}}}\n",
                  quote_json(site.kind), quote_json(site.title), quote_json(MEMSNAP_VERSION)));
}

// Pages are told apart by the script, so that all of them are one file.
bool is_page(std::string_view path) { return path.starts_with("/ui/"); }

HttpResponse find_answer(const WebSite& site, const HttpRequest& request, const Query& query) {
  if (request.path == "/" || request.path == "/ui" || request.path == "/ui/")
    return redirect(site.first_page + (request.query.empty() ? "" : "?" + std::string(request.query)));
  if (request.path == "/api/site") return site_reply(site);
  auto route = std::ranges::find(site.routes, request.path, &Route::path);
  if (route != site.routes.end()) return route->answer(request, query);
  if (request.path.starts_with("/api/")) return error_reply(404, "there is no such table");
  return asset_reply(request, is_page(request.path) ? "index.html" : request.path.substr(1));
}

// What a browser here calls it.
std::string url_host(const std::string& host) {
  if (host == "0.0.0.0" || host == "::") return "localhost";  // all addresses of this machine
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

HttpResponse answer(const WebSite& site, const HttpRequest& request) {
  if (request.path.empty() || request.path.front() != '/')
    return error_reply(400, "an address begins with /");
  return find_answer(site, request, Query(request.query));
}

Result<ServeOptions> parse_listen_address(std::string_view text) {
  ServeOptions options;
  std::size_t colon = text.rfind(':');
  std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  std::string_view host = colon == std::string_view::npos ? "" : text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (!host.empty()) options.host = std::string(host);
  auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), options.port);
  if (!port.empty() && (error != std::errc() || end != port.data() + port.size()))
    return fail(Cause::usage, "got '{}', want HOST:PORT with a port from 0 to 65535", text);
  return options;
}

Result<int> serve_site(const WebSite& site, const ServeOptions& options, Out& out, Out& err) {
  HttpServer server = TRY(HttpServer::listen(options.host, options.port));
  std::vector<std::string> names = options.allowed;
  if (options.host.find_first_not_of("0123456789.:[]") != std::string::npos) names.push_back(options.host);
  Guard guard(random_token(), server.port(), std::move(names));
  HttpHandler handler = [&](const HttpRequest& request) {
    Query query(request.query);
    std::optional<HttpResponse> stopped = guard.stops(request, query);
    HttpResponse response = stopped ? std::move(*stopped) : answer(site, request);
    compress(request, response);
    add_safety(response);
    return response;
  };
  StopInstead clean([&] { server.stop(); });
  out.print("http://{}:{}/?token={}\n", url_host(options.host), server.port(), guard.token());
  out.flush();
  if (!server.loopback())
    err.print("memsnap: other machines can connect to {}, and what they read is not encrypted\n",
              escape_terminal(options.host));
  err.print("memsnap: serving {} until Ctrl-C\n", escape_terminal(site.title));
  err.flush();
  server.serve(handler, std::max(2, cpu_count()));
  return 0;
}

}  // namespace memsnap
