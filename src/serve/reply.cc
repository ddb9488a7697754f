#include "serve/reply.h"

#include "base/text.h"
#include "serve/assets.h"

#include <libdeflate.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

namespace memsnap {
namespace {

constexpr std::size_t kWorthPacking = 1400;  // one packet
constexpr int kLevel = 5;

bool takes_gzip(const HttpRequest& request) {
  std::string_view accepted = request.header("Accept-Encoding");
  std::size_t at = accepted.find("gzip");
  if (at == std::string_view::npos) return false;
  std::string_view rest = accepted.substr(at + 4, 6);
  return !rest.starts_with(";q=0") || rest.starts_with(";q=0.");
}

std::string_view type_of(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
  };
  for (auto [ending, type] : kTypes)
    if (name.ends_with(ending)) return type;
  return "application/octet-stream";
}

std::string unpacked(std::string_view gzip) {
  std::uint32_t size = 0;  // the last word of the file says it
  if (gzip.size() > 18) std::memcpy(&size, gzip.data() + gzip.size() - 4, 4);
  std::string text(size, '\0');
  std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> tool(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!tool || libdeflate_gzip_decompress(tool.get(), gzip.data(), gzip.size(), text.data(), text.size(),
                                          nullptr) != LIBDEFLATE_SUCCESS)
    return {};
  return text;
}

}  // namespace

void add_safety(HttpResponse& response) {
  static constexpr std::pair<const char*, const char*> kHeaders[] = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
       "trusted-types 'none'"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
  };
  for (auto [name, value] : kHeaders) response.headers.emplace_back(name, value);
  bool has_cache =
      std::ranges::any_of(response.headers, [](const auto& one) { return one.first == "Cache-Control"; });
  if (!has_cache) response.headers.emplace_back("Cache-Control", "no-store");
}

HttpResponse json_reply(std::string json) {
  HttpResponse response;
  response.type = "application/json";
  response.body = std::move(json);
  return response;
}

HttpResponse error_reply(int status, std::string_view what) {
  HttpResponse response = json_reply("{\"error\": " + quote_json(what) + "}\n");
  response.status = status;
  return response;
}

HttpResponse error_reply(const Error& error) {
  return error_reply(error.cause == Cause::usage ? 400 : 500, error.what);
}

HttpResponse redirect(std::string where) {
  HttpResponse response;
  response.status = 303;
  response.headers.emplace_back("Location", std::move(where));
  return response;
}

void compress(const HttpRequest& request, HttpResponse& response) {
  if (response.body.size() < kWorthPacking || !takes_gzip(request)) return;
  if (std::ranges::any_of(response.headers, [](const auto& one) { return one.first == "Content-Encoding"; }))
    return;
  if (response.type == "application/octet-stream") return;
  std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> tool(
      libdeflate_alloc_compressor(kLevel), libdeflate_free_compressor);
  if (!tool) return;
  std::string packed(libdeflate_gzip_compress_bound(tool.get(), response.body.size()), '\0');
  std::size_t size = libdeflate_gzip_compress(tool.get(), response.body.data(), response.body.size(),
                                              packed.data(), packed.size());
  if (size == 0 || size >= response.body.size()) return;
  packed.resize(size);
  response.body = std::move(packed);
  response.headers.emplace_back("Content-Encoding", "gzip");
  response.headers.emplace_back("Vary", "Accept-Encoding");
}

HttpResponse asset_reply(const HttpRequest& request, std::string_view name) {
  auto files = web_assets();
  auto file = std::ranges::find(files, name, &WebAsset::name);
  if (file == files.end()) return error_reply(404, "there is no such page");
  HttpResponse response;
  response.type = type_of(name);
  // The names below assets/ change with what is in them.
  if (name.starts_with("assets/"))
    response.headers.emplace_back("Cache-Control", "private, max-age=31536000, immutable");
  if (takes_gzip(request)) {
    response.fixed = file->gzip;
    response.headers.emplace_back("Content-Encoding", "gzip");
  } else {
    response.body = unpacked(file->gzip);
  }
  response.headers.emplace_back("Vary", "Accept-Encoding");
  return response;
}

}  // namespace memsnap
