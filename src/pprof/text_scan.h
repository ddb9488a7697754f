// What readers of text formats share: lines, words and numbers, as Go's bufio, strings and strconv see them.
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
constexpr bool is_hex(char c) { return is_lower_hex(c) || (c >= 'A' && c <= 'F'); }
constexpr bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text);
bool is_blank_or_comment(std::string_view line);  // nothing, or a # and more

// One line after the other, without \n and one \r before it.
class LineScanner {
 public:
  explicit LineScanner(std::string_view text, std::size_t longest = ~std::size_t(0))
      : rest_(text), longest_(longest) {}
  // False at the end, and at a line of more than `longest` bytes; then line() is "".
  bool next();
  std::string_view line() const { return line_; }
  std::string_view rest() const { return rest_; }  // behind line()
  bool too_long() const { return too_long_; }

 private:
  std::string_view rest_, line_;
  std::size_t longest_;
  bool too_long_ = false;
};

// Walks one line. Each step answers whether it could be made; after one that could not, at() is undefined.
class TextCursor {
 public:
  explicit TextCursor(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}
  bool literal(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  template <class Is>
  std::string_view run(Is&& is) {
    std::size_t from = at_;
    while (at_ < text_.size() && is(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }
  void spaces() {
    run([](char c) { return c == ' '; });
  }
  std::size_t at() const { return at_; }
  std::string_view rest() const { return text_.substr(at_); }
  bool done() const { return at_ == text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }

 private:
  std::string_view text_;
  std::size_t at_;
};

// A number and why it is none, in the words of strconv. base 0: 0x, 0o, 0b and 0 tell the base.
struct ParsedInt {
  std::int64_t value = 0;
  std::string problem;  // "" when there is none
};
ParsedInt parse_go_int(std::string_view text, int base);
std::optional<std::uint64_t> parse_hex(std::string_view digits);  // nothing beyond 64 bits

// Every 0x… in the text. The problem is the first that does not fit into 64 bits.
struct ParsedAddresses {
  std::vector<std::uint64_t> values;
  std::string problem;
};
ParsedAddresses parse_addresses(std::string_view text);

}  // namespace memsnap
