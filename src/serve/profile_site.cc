#include "serve/profile_site.h"

#include "pprof/write.h"
#include "profile/regex.h"
#include "serve/frame_tree.h"
#include "serve/profile_pages.h"
#include "serve/profile_store.h"
#include "serve/reply.h"

#include <memory>
#include <mutex>

namespace memsnap {
namespace {

constexpr std::size_t kMostText = 8 << 20;  // bytes of a report that a browser is asked to show

using Maker = Result<std::string> (*)(const ProfileView& view, const Query& query, const PprofConfig& config);

HttpResponse reply_of(Result<std::string> json) {
  return json ? json_reply(std::move(*json)) : error_reply(json.error());
}

Result<std::string> from_view(ProfileStore& store, const Query& query, Maker make, const char* granularity) {
  PprofConfig config = TRY(config_of(query, store.standard()));
  if (*granularity) config.granularity = granularity;
  ProfileStore::Shared view = TRY(store.view(config));
  return make(*view, query, config);
}

Result<ReportKind> report_kind(const std::string& name) {
  static constexpr std::pair<std::string_view, ReportKind> kKinds[] = {
      {"top", ReportKind::kTop},       {"tree", ReportKind::kTree},         {"peek", ReportKind::kPeek},
      {"traces", ReportKind::kTraces}, {"tags", ReportKind::kTags},         {"raw", ReportKind::kRaw},
      {"list", ReportKind::kList},     {"comments", ReportKind::kComments}, {"disasm", ReportKind::kDisasm},
      {"dot", ReportKind::kDot},
  };
  for (auto [known, kind] : kKinds)
    if (known == name) return kind;
  return fail(Cause::usage, "there is no report {} here", name);
}

// A report as the command line prints it, as far as a browser can show it.
Result<std::string> report_text(ProfileStore& store, const Query& query, BinaryTool* binaries) {
  ReportRequest request{.kind = TRY(report_kind(query.text("report"))),
                        .config = TRY(config_of(query, store.standard())),
                        .symbol = query.text("fn").empty() ? "." : query.text("fn"),
                        .has_symbol = query.has("fn")};
  std::string text;
  Out out([&](std::string_view piece) {
    text += piece.substr(0, kMostText - std::min(kMostText, text.size()));
    return text.size() >= kMostText ? 1 : 0;
  });
  Out err;
  TRY_VOID(generate_report(store.profile().view(), request, binaries, out, err));
  out.flush();
  return text_json(text, text.size() >= kMostText, err.text());
}

// Nodes and edges as pictures have them, the JSON of `pprof -dot`.
Result<std::string> graph_json(ProfileStore& store, const Query& query) {
  constexpr std::int64_t kMostNodes = 500;  // that a browser lays out without a long pause
  ReportRequest request{
      .kind = ReportKind::kDot, .config = TRY(config_of(query, store.standard())), .symbol = {}};
  request.json = true;
  std::int64_t& nodes = request.config.nodecount;
  if (nodes == 0 || nodes > kMostNodes || !request.config.trim) nodes = kMostNodes;
  request.config.trim = true;
  Out out, err;
  TRY_VOID(generate_report(store.profile().view(), request, nullptr, out, err));
  return out.text();
}

HttpResponse download(const Profile& profile) {
  Result<std::string> bytes = write_profile_gz(profile);
  if (!bytes) return error_reply(bytes.error());
  HttpResponse response;
  response.type = "application/octet-stream";
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"profile.pb.gz\"");
  response.body = std::move(*bytes);
  return response;
}

}  // namespace

WebSite profile_site(const Profile& profile, const PprofConfig& config, BinaryTool* binaries,
                     const std::string& title) {
  WebSite site{.kind = "profile", .title = title, .first_page = "/ui/flamegraph", .routes = {}};
  auto store = std::make_shared<ProfileStore>(profile, config);
  auto add = [&](const char* path, Maker make, const char* granularity = "") {
    site.routes.push_back({path, [store, make, granularity](const HttpRequest&, const Query& query) {
                             return reply_of(from_view(*store, query, make, granularity));
                           }});
  };
  add("/api/profile/flame", flame_json);
  add("/api/profile/top", top_json);
  add("/api/profile/search", search_json);
  add("/api/profile/sandwich", sandwich_json);
  add("/api/profile/peek", peek_json);
  add("/api/profile/tags", tags_json);
  add("/api/profile/source", source_json, "lines");
  site.routes.push_back({"/api/profile/info", [store](const HttpRequest&, const Query&) {
                           return reply_of(info_json(store->profile(), store->standard()));
                         }});
  site.routes.push_back({"/api/profile/graph", [store](const HttpRequest&, const Query& query) {
                           return reply_of(graph_json(*store, query));
                         }});
  auto one_at_a_time = std::make_shared<std::mutex>();  // what reads programs keeps what it has read
  site.routes.push_back(
      {"/api/profile/text", [store, binaries, one_at_a_time](const HttpRequest&, const Query& query) {
         std::lock_guard hold(*one_at_a_time);
         return reply_of(report_text(*store, query, binaries));
       }});
  site.routes.push_back(
      {"/ui/download", [store](const HttpRequest&, const Query&) { return download(store->profile()); }});
  return site;
}

}  // namespace memsnap
