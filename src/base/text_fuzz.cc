// Whatever the bytes, every escape gives valid UTF-8 in one line without a character that steers a terminal,
// and what is special to HTML, JSON and Markdown tables stays inside.
#include "base/result.h"
#include "base/text.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace memsnap {
namespace {

void check_safe(std::string_view text) {
  while (!text.empty()) {
    CodePoint c = first_code_point(text);
    CHECK(c.valid && !is_unsafe(c.value));
    text.remove_prefix(c.bytes);
  }
}

}  // namespace
}  // namespace memsnap

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace memsnap;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  check_safe(escape_terminal(text));
  for (char c : escape_ascii(text)) CHECK(c >= 0x20 && c < 0x7f);
  std::string html = escape_html(text);
  check_safe(html);
  CHECK(html.find_first_of("<>\"'") == std::string::npos);
  std::string json = quote_json(text);
  check_safe(json);
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] == '\\')
      ++i;
    else
      CHECK(json[i] != '"');
  }
  check_safe(markdown_code(text, true));
  check_safe(markdown_prose(text, true));
  std::size_t most = size == 0 ? 0 : data[0] % 40;
  std::string shown = escape_terminal(text);
  CHECK(columns(fit(shown, most)) <= most);
  CHECK(columns(fit_end(shown, most)) <= most);
  return 0;
}
