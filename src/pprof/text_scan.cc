#include "pprof/text_scan.h"

#include <fmt/core.h>

namespace memsnap {
namespace {

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

// Takes the prefix that tells the base.
int base_of(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  switch (digits[1] | 0x20) {
    case 'x': digits.remove_prefix(2); return 16;
    case 'o': digits.remove_prefix(2); return 8;
    case 'b': digits.remove_prefix(2); return 2;
    default: digits.remove_prefix(1); return 8;
  }
}

enum class Number : std::uint8_t { kGood, kSyntax, kRange };

Number parse_digits(std::string_view digits, int base, std::uint64_t most, std::uint64_t& value) {
  if (digits.empty()) return Number::kSyntax;
  bool too_large = false;
  for (char c : digits) {
    int digit = digit_value(c);
    if (digit >= base) return Number::kSyntax;
    too_large = too_large || value > (most - std::uint64_t(digit)) / std::uint64_t(base);
    if (!too_large) value = value * std::uint64_t(base) + std::uint64_t(digit);
  }
  return too_large ? Number::kRange : Number::kGood;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_blank_or_comment(std::string_view line) {
  line = trim(line);
  return line.empty() || line[0] == '#';
}

bool LineScanner::next() {
  line_ = {};
  if (rest_.empty() || too_long_) return false;
  std::size_t end = std::min(rest_.find('\n'), rest_.size());
  if (end > longest_) {
    too_long_ = true;
    rest_ = {};
    return false;
  }
  line_ = rest_.substr(0, end);
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  return true;
}

ParsedInt parse_go_int(std::string_view text, int base) {
  std::string_view digits = text;
  bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (base == 0) base = base_of(digits);
  std::uint64_t value = 0, most = (std::uint64_t(1) << 63) - !negative;
  switch (parse_digits(digits, base, most, value)) {
    case Number::kGood: return {std::int64_t(negative ? 0 - value : value), {}};
    case Number::kSyntax: return {0, fmt::format("strconv.ParseInt: parsing \"{}\": invalid syntax", text)};
    case Number::kRange: break;
  }
  return {0, fmt::format("strconv.ParseInt: parsing \"{}\": value out of range", text)};
}

std::optional<std::uint64_t> parse_hex(std::string_view digits) {
  std::uint64_t value = 0;
  if (parse_digits(digits, 16, ~std::uint64_t(0), value) != Number::kGood) return std::nullopt;
  return value;
}

ParsedAddresses parse_addresses(std::string_view text) {
  ParsedAddresses out;
  for (std::size_t at = 0; (at = text.find("0x", at)) != std::string_view::npos;) {
    std::size_t end = at + 2;
    while (end < text.size() && is_lower_hex(text[end])) ++end;
    std::string_view digits = text.substr(at + 2, end - at - 2);
    if (!digits.empty()) {
      auto value = parse_hex(digits);
      if (!value) {
        out.problem = fmt::format("failed to parse as hex 64-bit number: {}", text.substr(at, end - at));
        return out;
      }
      out.values.push_back(*value);
    }
    at = end;
  }
  return out;
}

}  // namespace memsnap
