// Whatever the text, a URL that is read reads back the same once it is put together, shows no password when
// redacted, and a query survives being written.
#include "base/result.h"
#include "http/url.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace memsnap;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto url = Url::parse(text)) {
    auto again = Url::parse(url->text());
    if (again && again->host == url->host) CHECK(again->text() == url->text());
    Url shown = *url;
    shown.password = "other";
    CHECK(shown.redacted() == url->redacted());
    if (auto base = Url::parse("http://h/a/b"); auto to = base->resolve(text)) CHECK(!to->scheme.empty());
  }
  UrlQuery query = UrlQuery::parse(text);
  CHECK(UrlQuery::parse(query.encode()).encode() == query.encode());
  return 0;
}
