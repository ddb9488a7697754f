#include "symbols/plain_name.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <utility>

namespace memsnap {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Sixteen digits, five of them different, or else it is a name of C++ that looks so.
bool is_hash(std::string_view text) {
  std::bitset<16> seen;
  for (char c : text) {
    if (hex_digit(c) < 0) return false;
    seen.set(std::size_t(hex_digit(c)));
  }
  return seen.count() >= 5;
}

// Takes an escape ($LT$, $u20$) off the front of `id`; '\0' when there is none that is known.
char take_escape(std::string_view& id) {
  static constexpr std::array<std::pair<std::string_view, char>, 8> kCodes = {{{"$C$", ','},
                                                                               {"$SP$", '@'},
                                                                               {"$BP$", '*'},
                                                                               {"$RF$", '&'},
                                                                               {"$LT$", '<'},
                                                                               {"$GT$", '>'},
                                                                               {"$LP$", '('},
                                                                               {"$RP$", ')'}}};
  for (auto [code, c] : kCodes)
    if (id.starts_with(code)) return id.remove_prefix(code.size()), c;
  if (id.size() < 5 || id[1] != 'u' || id[4] != '$') return '\0';
  int high = hex_digit(id[2]), low = hex_digit(id[3]);
  if (high < 2 || high > 7 || low < 0) return '\0';
  id.remove_prefix(5);
  return char(high << 4 | low);
}

std::string unescaped(std::string_view id) {
  if (id.starts_with("_$")) id.remove_prefix(1);
  std::string text;
  while (!id.empty()) {
    if (id.front() == '$') {
      char c = take_escape(id);
      if (c == '\0') return text.append(id);
      text += c;
    } else if (id.starts_with("..")) {
      text += "::";
      id.remove_prefix(2);
    } else {
      text += id.front();
      id.remove_prefix(1);
    }
  }
  return text;
}

// Takes one part with its length off the front; false when there is none.
bool take_part(std::string_view& rest, std::string& name) {
  std::size_t length = 0;
  auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
  if (error != std::errc{} || length > rest.size()) return false;
  rest.remove_prefix(std::size_t(end - rest.data()));
  if (rest.starts_with('_')) {  // may stand between
    rest.remove_prefix(1);
    if (length == 0) return false;
    --length;
  }
  if (length > rest.size()) return false;
  if (!name.empty()) name += "::";
  name += unescaped(rest.substr(0, length));
  rest.remove_prefix(length);
  return true;
}

}  // namespace

std::string rust_name(std::string_view linker_name) {
  constexpr std::size_t kHash = 16, kTail = kHash + 4;  // 17h, the hash, E
  if (!linker_name.starts_with("_ZN") || linker_name.size() < kTail + 3 || !linker_name.ends_with('E'))
    return "";
  std::string_view tail = linker_name.substr(linker_name.size() - kTail);
  if (!tail.starts_with("17h") || !is_hash(tail.substr(3, kHash))) return "";
  std::string_view rest = linker_name.substr(3, linker_name.size() - kTail - 3);
  std::string name;
  while (!rest.empty())
    if (!take_part(rest, name)) return "";
  return name;
}

}  // namespace memsnap
