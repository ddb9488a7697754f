#include "pprof/go_labels.h"

#include "pprof/text_scan.h"

namespace memsnap {
namespace {

void append_utf8(std::string& out, std::uint64_t c) {
  if (c < 0x80) {
    out += char(c);
  } else if (c < 0x800) {
    out += char(0xc0 | c >> 6);
    out += char(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += char(0xe0 | c >> 12);
    out += char(0x80 | (c >> 6 & 0x3f));
    out += char(0x80 | (c & 0x3f));
  } else {
    out += char(0xf0 | (c >> 18 & 7));
    out += char(0x80 | (c >> 12 & 0x3f));
    out += char(0x80 | (c >> 6 & 0x3f));
    out += char(0x80 | (c & 0x3f));
  }
}

// One escape of a Go string, behind its backslash. An unknown one stands for its letter.
void unescape(TextCursor& in, std::string& out) {
  char kind = in.peek();
  if (!in.literal(std::string_view(&kind, 1))) return;
  std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
  if (digits != 0) {
    auto value = parse_hex(in.rest().substr(0, digits));
    if (!value) return;
    in.literal(in.rest().substr(0, digits));
    if (kind == 'x')
      out += char(*value);
    else
      append_utf8(out, *value);
    return;
  }
  constexpr std::string_view kLetters = "abfnrtv", kMeant = "\a\b\f\n\r\t\v";
  std::size_t at = kLetters.find(kind);
  out += at == std::string_view::npos ? kind : kMeant[at];
}

bool word(TextCursor& in, std::string& out) {
  out.clear();
  if (!in.literal("\"")) {
    out = in.run([](char c) { return c != ':' && c != ',' && c != '}'; });
    return !out.empty();
  }
  while (!in.done()) {
    if (in.literal("\"")) return true;
    if (in.literal("\\")) {
      unescape(in, out);
    } else {
      out += in.peek();
      in.literal(in.rest().substr(0, 1));
    }
  }
  return false;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_go_labels(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> out;
  TextCursor in(text);
  std::string key, value;
  do {
    if (!word(in, key) || !in.literal(":")) break;
    in.literal(" ");
    if (!word(in, value)) break;
    out.emplace_back(key, value);
  } while (in.literal(", "));
  return out;
}

}  // namespace memsnap
