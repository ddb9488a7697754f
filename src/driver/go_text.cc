#include "driver/go_text.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace memsnap {
namespace {

std::unexpected<Error> number_error(std::string_view function, std::string_view text, const char* why) {
  return fail(Cause::usage, "strconv.{}: parsing {}: {}", function, go_quote(text), why);
}

constexpr const char* kSyntax = "invalid syntax";
constexpr const char* kRange = "value out of range";

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
  return out;
}

// Only between digits; the 0x of a number counts as a digit.
bool underscores_fit(std::string_view digits, bool hex, bool prefixed) {
  char before = prefixed ? '0' : '^';
  for (char c : digits) {
    bool digit = (c >= '0' && c <= '9') || (hex && lower(c) >= 'a' && lower(c) <= 'f');
    if (c == '_' ? before != '0' : !digit && before == '_') return false;
    before = c == '_' ? '_' : digit ? '0' : '!';
  }
  return before != '_';
}

Result<std::int64_t> signed_value(std::string_view function, std::string_view text, std::string_view digits,
                                  bool negative, int base) {
  if (digits.empty()) return number_error(function, text, kSyntax);
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error == std::errc::invalid_argument || end != digits.data() + digits.size())
    return number_error(function, text, kSyntax);
  std::uint64_t most = std::uint64_t(std::numeric_limits<std::int64_t>::max()) + (negative ? 1 : 0);
  if (error != std::errc{} || value > most) return number_error(function, text, kRange);
  return negative ? std::int64_t(0 - value) : std::int64_t(value);
}

bool take_sign(std::string_view& text) {
  if (text.empty() || (text[0] != '-' && text[0] != '+')) return false;
  bool negative = text[0] == '-';
  text.remove_prefix(1);
  return negative;
}

// Digits of a float that is no infinity and has no sign; nothing when they are none.
std::optional<double> unsigned_float(std::string_view digits, bool& in_range) {
  bool hex = digits.size() > 2 && digits[0] == '0' && lower(digits[1]) == 'x';
  std::string plain(hex ? digits.substr(2) : digits);
  if (!underscores_fit(plain, hex, hex)) return std::nullopt;
  std::erase(plain, '_');
  if (hex && plain.find_first_of("pP") == std::string::npos) return std::nullopt;
  if (plain.empty() || !(plain[0] == '.' || std::isxdigit(static_cast<unsigned char>(plain[0]))))
    return std::nullopt;
  double value = 0;
  auto [end, error] = std::from_chars(plain.data(), plain.data() + plain.size(), value,
                                      hex ? std::chars_format::hex : std::chars_format::general);
  if (error == std::errc::invalid_argument || end != plain.data() + plain.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Too near to zero is zero, too far away is an error.
    std::string whole = hex ? "0x" + plain : plain;
    value = std::strtod(whole.c_str(), nullptr);
    in_range = !std::isinf(value);
  }
  return value;
}

bool is_space(char32_t c) {
  return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
         c == 0x3000;
}

// Bytes of the white space that the text begins with, of one character; 0 when it begins with another.
std::size_t leading_space(std::string_view text) {
  if (text.empty()) return 0;
  CodePoint first = first_code_point(text);
  return first.valid && is_space(first.value) ? first.bytes : 0;
}

}  // namespace

Result<std::int64_t> go_atoi(std::string_view text) {
  std::string_view digits = text;
  bool negative = take_sign(digits);
  return signed_value("Atoi", text, digits, negative, 10);
}

Result<std::int64_t> go_parse_int(std::string_view text) {
  std::string_view rest = text;
  bool negative = take_sign(rest);
  int base = 10;
  bool prefixed = rest.size() > 1 && rest[0] == '0';
  if (prefixed) {
    switch (lower(rest[1])) {
      case 'x': base = 16; break;
      case 'b': base = 2; break;
      case 'o': base = 8; break;
      default: break;
    }
    rest.remove_prefix(base == 10 ? 1 : 2);
    if (base == 10) base = 8;
  }
  if (!underscores_fit(rest, base == 16, prefixed)) return number_error("ParseInt", text, kSyntax);
  std::string digits(rest);
  std::erase(digits, '_');
  return signed_value("ParseInt", text, digits, negative, base);
}

Result<double> go_parse_float(std::string_view text) {
  std::string_view digits = text;
  bool has_sign = !text.empty() && (text[0] == '-' || text[0] == '+');
  bool negative = take_sign(digits);
  std::string word = lower(digits);
  double infinity = std::numeric_limits<double>::infinity();
  if (word == "inf" || word == "infinity") return negative ? -infinity : infinity;
  if (word == "nan" && !has_sign) return std::numeric_limits<double>::quiet_NaN();
  bool in_range = true;
  std::optional<double> value = unsigned_float(digits, in_range);
  if (!value) return number_error("ParseFloat", text, kSyntax);
  if (!in_range) return number_error("ParseFloat", text, kRange);
  return negative ? -*value : *value;
}

std::optional<bool> go_parse_bool(std::string_view text) {
  for (std::string_view yes : {"1", "t", "T", "TRUE", "true", "True"})
    if (text == yes) return true;
  for (std::string_view no : {"0", "f", "F", "FALSE", "false", "False"})
    if (text == no) return false;
  return std::nullopt;
}

std::optional<bool> pprof_parse_bool(std::string_view text) {
  std::string word = lower(text);
  for (std::string_view yes : {"true", "t", "yes", "y", "1", ""})
    if (word == yes) return true;
  for (std::string_view no : {"false", "f", "no", "n", "0"})
    if (word == no) return false;
  return std::nullopt;
}

std::string go_float(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  char buffer[64];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string text(buffer, end);
  constexpr int kLongest = 6;  // digits before the point
  if (value == 0) return std::signbit(value) ? "-0" : "0";
  int exponent = std::atoi(text.c_str() + text.find('e') + 1);
  if (exponent < -4 || exponent >= kLongest) return text;
  auto [fixed_end, fixed_error] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  return std::string(buffer, fixed_end);
}

std::string go_quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    CodePoint c = first_code_point(text);
    std::string_view bytes = text.substr(0, c.bytes);
    text.remove_prefix(c.bytes);
    if (!c.valid) {
      out += fmt::format("\\x{:02x}", std::uint32_t(c.value));
      continue;
    }
    switch (c.value) {
      case '"': out += "\\\""; continue;
      case '\\': out += "\\\\"; continue;
      case '\a': out += "\\a"; continue;
      case '\b': out += "\\b"; continue;
      case '\f': out += "\\f"; continue;
      case '\n': out += "\\n"; continue;
      case '\r': out += "\\r"; continue;
      case '\t': out += "\\t"; continue;
      case '\v': out += "\\v"; continue;
      default: break;
    }
    if (c.value < 0x20 || c.value == 0x7f)
      out += fmt::format("\\x{:02x}", std::uint32_t(c.value));
    else if (c.value > 0x7f && (is_unsafe(c.value) || is_space(c.value) || c.value == 0xad))
      out += c.value > 0xffff ? fmt::format("\\U{:08x}", std::uint32_t(c.value))
                              : fmt::format("\\u{:04x}", std::uint32_t(c.value));
    else
      out += bytes;
  }
  return out + "\"";
}

std::string go_duration(std::chrono::nanoseconds value) {
  std::int64_t ns = value.count();
  std::uint64_t left = ns < 0 ? 0 - std::uint64_t(ns) : std::uint64_t(ns);
  std::string sign = ns < 0 ? "-" : "";
  auto decimal = [](std::uint64_t whole, std::uint64_t part, int digits) {
    std::string text = fmt::format("{}.{:0{}}", whole, part, digits);
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
  };
  if (left == 0) return "0s";
  if (left < 1000) return fmt::format("{}{}ns", sign, left);
  if (left < 1'000'000) return fmt::format("{}{}\u00b5s", sign, decimal(left / 1000, left % 1000, 3));
  if (left < 1'000'000'000)
    return fmt::format("{}{}ms", sign, decimal(left / 1'000'000, left % 1'000'000, 6));
  std::uint64_t seconds = left / 1'000'000'000, hours = seconds / 3600, minutes = seconds / 60 % 60;
  std::string text = sign;
  if (hours > 0) text += fmt::format("{}h", hours);
  if (hours > 0 || minutes > 0) text += fmt::format("{}m", minutes);
  return text + decimal(seconds % 60, left % 1'000'000'000, 9) + "s";
}

std::string_view go_trim_space(std::string_view text) {
  while (std::size_t bytes = leading_space(text)) text.remove_prefix(bytes);
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && (static_cast<unsigned char>(text[start]) & 0xc0) == 0x80)
      --start;
    std::string_view last = text.substr(start);
    if (leading_space(last) != last.size()) break;
    text.remove_suffix(last.size());
  }
  return text;
}

std::vector<std::string_view> go_fields(std::string_view text) {
  std::vector<std::string_view> fields;
  while (!text.empty()) {
    if (std::size_t bytes = leading_space(text)) {
      text.remove_prefix(bytes);
      continue;
    }
    std::size_t size = 0;
    while (size < text.size() && leading_space(text.substr(size)) == 0)
      size += first_code_point(text.substr(size)).bytes;
    fields.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return fields;
}

}  // namespace memsnap
