// Numbers, as go/scanner reads them.
#include "gosrc/lexer.h"

#include <fmt/core.h>

namespace memsnap {

using ast::Token;

namespace {

bool is_decimal(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return char(c | 0x20); }
bool is_hex(char c) { return is_decimal(c) || (lower(c) >= 'a' && lower(c) <= 'f'); }

const char* literal_name(char prefix) {
  switch (prefix) {
    case 'x': return "hexadecimal literal";
    case 'o':
    case '0': return "octal literal";
    case 'b': return "binary literal";
    default: return "decimal literal";
  }
}

// What `seen` of digits is made of.
constexpr int kDigitSeen = 1, kSeparatorSeen = 2;

}  // namespace

// Digits and separators from p on. Below base 16 every decimal digit is taken, the first one that is too
// large is noted in `invalid`.
const char* Lexer::digits(const char* p, int base, const char*& invalid, int& seen) {
  for (;; ++p) {
    if (*p == '_') {
      seen |= kSeparatorSeen;
    } else if (base <= 10 ? is_decimal(*p) : is_hex(*p)) {
      seen |= kDigitSeen;
      if (base <= 10 && *p >= '0' + base && !invalid) invalid = p;
    } else {
      return p;
    }
  }
}

void Lexer::number() {
  const char* start = at_;
  const char* invalid = nullptr;
  Token token = Token::kFloat;
  int base = 10, seen = 0;
  char prefix = 0;
  if (*at_ != '.') {
    token = Token::kInt;
    if (*at_ == '0') {
      switch (char c = lower(*++at_)) {
        case 'x': base = 16, prefix = c, ++at_; break;
        case 'o': base = 8, prefix = c, ++at_; break;
        case 'b': base = 2, prefix = c, ++at_; break;
        default: base = 8, prefix = '0', seen = kDigitSeen;
      }
    }
    at_ = digits(at_, base, invalid, seen);
  }
  if (*at_ == '.') {
    token = Token::kFloat;
    if (prefix == 'o' || prefix == 'b')
      error(at_, fmt::format("invalid radix point in {}", literal_name(prefix)));
    at_ = digits(at_ + 1, base, invalid, seen);
  }
  if (!(seen & kDigitSeen)) error(at_, fmt::format("{} has no digits", literal_name(prefix)));
  if (lower(*at_) == 'e' || lower(*at_) == 'p') {
    token = Token::kFloat;
    exponent(prefix, seen);
  } else if (prefix == 'x' && token == Token::kFloat) {
    error(at_, "hexadecimal mantissa requires a 'p' exponent");
  }
  if (*at_ == 'i') {
    token = Token::kImag;
    ++at_;
  }
  if (token == Token::kInt && invalid)
    error(invalid, fmt::format("invalid digit '{}' in {}", *invalid, literal_name(prefix)));
  if (seen & kSeparatorSeen) check_separators(start);
  set(token, at_, true);
}

void Lexer::exponent(char prefix, int& seen) {
  char e = lower(*at_);
  if (e == 'e' && prefix && prefix != '0')
    error(at_, fmt::format("'{}' exponent requires decimal mantissa", *at_));
  else if (e == 'p' && prefix != 'x')
    error(at_, fmt::format("'{}' exponent requires hexadecimal mantissa", *at_));
  ++at_;
  if (*at_ == '+' || *at_ == '-') ++at_;
  const char* ignored = nullptr;
  int own = 0;
  at_ = digits(at_, 10, ignored, own);
  seen |= own;
  if (!(own & kDigitSeen)) error(at_, "exponent has no digits");
}

// A separator stands between two digits, or between a prefix and a digit.
void Lexer::check_separators(const char* from) {
  const char* p = from;
  bool hex = false, after_digit = false, after_separator = false;
  if (*p == '0' && at_ - p >= 2 && (lower(p[1]) == 'x' || lower(p[1]) == 'o' || lower(p[1]) == 'b')) {
    hex = lower(p[1]) == 'x';
    after_digit = true;
    p += 2;
  }
  auto bad = [&](const char* at) { error(at, "'_' must separate successive digits"); };
  for (; p < at_; ++p) {
    bool digit = is_decimal(*p) || (hex && is_hex(*p));
    if (*p == '_' && !after_digit) return bad(p);
    if (*p != '_' && !digit && after_separator) return bad(p - 1);
    after_separator = *p == '_';
    after_digit = digit;
  }
  if (after_separator) bad(at_ - 1);
}

}  // namespace memsnap
