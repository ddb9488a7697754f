// Whatever a client sends as address and headers: it is let through only with the token, a known host and no
// foreign origin, and what is decoded is written again as it was.
#include "serve/guard.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace memsnap;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  auto line = [&] {
    std::size_t end = std::min(input.find('\n'), input.size());
    std::string_view one = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    return one;
  };
  static const Guard guard("0123456789abcdef0123456789abcdef", 8080, {"box.local"});
  HttpRequest request;
  request.method = line();
  request.path = line();
  request.query = line();
  request.local_address = "127.0.0.1";
  while (!input.empty()) {
    std::string_view header = line();
    std::size_t colon = std::min(header.find(':'), header.size());
    request.headers.emplace_back(header.substr(0, colon), header.substr(std::min(colon + 1, header.size())));
  }
  Query query(request.query);
  for (const auto& [name, value] : query.all()) {
    if (decode_url(encode_url(name)) != name || decode_url(encode_url(value)) != value) __builtin_trap();
  }
  Query again(query.without("token").empty() ? "" : query.without("token").substr(1));
  if (again.has("token")) __builtin_trap();
  auto stopped = guard.stops(request, query);
  if (stopped) return 0;
  bool has_token = false;
  for (const auto& [name, value] : request.headers)
    has_token |= value.find(guard.token()) != std::string_view::npos;
  std::string_view origin = request.header("Origin");
  if (!has_token || (!origin.empty() && !origin.starts_with("http://"))) __builtin_trap();
  return 0;
}
