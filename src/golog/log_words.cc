#include "golog/log_words.h"

#include <algorithm>
#include <limits>

namespace memsnap {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes ":123" off the end; -1 when it is not there.
std::int64_t take_last_number(std::string_view& text) {
  constexpr std::size_t kMostDigits = 9;
  std::size_t digits = 0;
  while (digits < text.size() && digits <= kMostDigits && is_digit(text[text.size() - 1 - digits])) ++digits;
  if (digits == 0 || digits > kMostDigits || digits == text.size() || text[text.size() - 1 - digits] != ':')
    return -1;
  std::int64_t value = 0;
  for (std::size_t i = text.size() - digits; i < text.size(); ++i) value = value * 10 + (text[i] - '0');
  text.remove_suffix(digits + 1);
  return value;
}

}  // namespace

std::string_view split_place(std::string_view line) {
  if (line.starts_with(kUnknownPlace) && line.substr(kUnknownPlace.size()).starts_with(": "))
    return kUnknownPlace;
  for (std::size_t at = line.find(": "); at != line.npos; at = line.find(": ", at + 1)) {
    std::string_view place = line.substr(0, at);
    if (std::string_view rest = place; take_last_number(rest) >= 0 && !rest.empty()) return place;
  }
  return {};
}

PlaceWords place_words(std::string_view text) {
  std::string_view rest = text;
  std::int64_t last = take_last_number(rest);
  if (last < 0) return {.file = text};
  std::string_view file = rest;
  std::int64_t before = take_last_number(file);
  if (before < 0) return {rest, std::uint32_t(last), 0};
  return {file, std::uint32_t(before), std::uint32_t(last)};
}

std::int64_t number_at(std::string_view text) {
  std::int64_t value = 0;
  bool minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  for (char c : text) {
    if (!is_digit(c) || value > std::numeric_limits<std::int32_t>::max() / 10) break;
    value = value * 10 + (c - '0');
  }
  return minus ? -value : value;
}

// Braces are counted, which a brace inside a quoted string may put wrong: then the name ends at the last one.
std::size_t location_size(std::string_view text) {
  if (!text.starts_with('{')) {
    std::size_t end = std::min({text.find(" for "), text.find(" \u2190 "), text.find(" = "), text.size()});
    return end;
  }
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return i + 1;
  }
  std::size_t last = text.rfind('}');
  return last == text.npos ? text.size() : last + 1;
}

FlowWords flow_words(std::string_view text) {
  constexpr std::string_view kArrow = " \u2190 ", kOldArrow = " = ";
  if (text.ends_with(':')) text.remove_suffix(1);
  std::size_t size = location_size(text);
  std::string_view rest = text.substr(size);
  if (!rest.starts_with(kArrow) && !rest.starts_with(kOldArrow)) {
    size = std::min(text.find(kArrow), text.find(kOldArrow));  // the braces of the name do not match
    if (size == text.npos) return {};
    rest = text.substr(size);
  }
  FlowWords words{.to = text.substr(0, size), .from = {}};
  rest.remove_prefix(rest.starts_with(kArrow) ? kArrow.size() : kOldArrow.size());
  if (rest.starts_with('&')) {
    words.derefs = -1;
    rest.remove_prefix(1);
  }
  while (rest.starts_with('*')) {
    ++words.derefs;
    rest.remove_prefix(1);
  }
  words.from = rest;
  return words.to.empty() ? FlowWords{} : words;
}

StepWords step_words(std::string_view text) {
  if (!text.ends_with(')')) return {};
  std::size_t open = text.rfind('(');
  if (open == text.npos || open == 0) return {};
  return {.expression = text.substr(0, open - 1), .reason = text.substr(open + 1, text.size() - open - 2)};
}

std::string_view next_line(std::string_view text, std::size_t& at) {
  std::size_t end = std::min(text.find('\n', at), text.size());
  std::string_view line = text.substr(at, end - at);
  at = end + 1;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace memsnap
