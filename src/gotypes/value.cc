#include "gotypes/value.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace memsnap::types {
namespace {

using ast::Token;
using Kind = Value::Kind;

constexpr Int128 kLargest = (Int128(1) << 126) - 1;  // a sum of two still fits

bool fits(Int128 i) { return i >= -kLargest && i <= kLargest; }
Value bounded(Int128 i) { return fits(i) ? Value::of(i) : Value{}; }

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = char(c | 0x20);
  return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

Value integer_literal(std::string_view text) {
  int base = 10;
  if (text.size() > 1 && text[0] == '0') {
    char c = char(text[1] | 0x20);
    base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
    text.remove_prefix(c == 'x' || c == 'b' || c == 'o' ? 2 : 1);
  }
  Int128 value = 0;
  for (char c : text) {
    if (c == '_') continue;
    int digit = digit_of(c);
    if (digit >= base) return {};
    value = value * base + digit;
    if (value > kLargest / 64) return {};
  }
  return Value::of(value);
}

Value float_literal(std::string_view text) {
  std::string plain;
  for (char c : text)
    if (c != '_') plain.push_back(c);
  return Value::of(std::strtod(plain.c_str(), nullptr));
}

void append_rune(std::string& out, std::uint32_t c) {
  if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) c = 0xfffd;
  auto byte = [&](std::uint32_t b) { out.push_back(char(b)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xc0 | c >> 6), byte(0x80 | (c & 0x3f));
  if (c < 0x10000) return byte(0xe0 | c >> 12), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f));
  byte(0xf0 | c >> 18), byte(0x80 | (c >> 12 & 0x3f)), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f));
}

// The escape behind a backslash; `rune` says whether it stands for a character or for a byte.
std::uint32_t escape(std::string_view text, std::size_t& at, bool& rune) {
  char c = text[at++];
  static constexpr std::string_view kLetters = "abfnrtv\\'\"";
  static constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\'\"";
  if (std::size_t i = kLetters.find(c); i != std::string_view::npos) return std::uint32_t(kMeant[i]);
  int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 3;
  int base = digits == 3 ? 8 : 16;
  rune = c == 'u' || c == 'U';
  if (digits == 3) --at;
  std::uint32_t value = 0;
  for (int i = 0; i < digits && at < text.size(); ++i)
    value = value * std::uint32_t(base) + std::uint32_t(digit_of(text[at++]));
  return value;
}

std::string unescape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\' || at + 1 >= text.size()) {
      out.push_back(text[at++]);
      continue;
    }
    bool rune = false;
    std::uint32_t c = escape(text, ++at, rune);
    if (rune)
      append_rune(out, c);
    else
      out.push_back(char(c));
  }
  return out;
}

Value string_literal(std::string_view text, Texts& texts) {
  if (text.size() < 2) return {};
  bool raw = text[0] == '`';
  std::string_view inner = text.substr(1, text.size() - 2);
  if (inner.find(raw ? '\r' : '\\') == std::string_view::npos) return Value::of(inner);
  if (!raw) return texts.keep(unescape(inner));
  std::string plain(inner);
  std::erase(plain, '\r');
  return texts.keep(std::move(plain));
}

Value char_literal(std::string_view text) {
  if (text.size() < 3) return {};
  std::string_view inner = text.substr(1, text.size() - 2);
  if (inner[0] == '\\' && inner.size() > 1) {
    std::size_t at = 1;
    bool rune = false;
    return Value::of(Int128(escape(inner, at, rune)));
  }
  auto at = [&](std::size_t i) {
    return i < inner.size() ? std::uint32_t(static_cast<unsigned char>(inner[i])) : 0u;
  };
  std::uint32_t c = at(0);
  if (c >= 0xf0)
    c = (c & 7) << 18 | (at(1) & 63) << 12 | (at(2) & 63) << 6 | (at(3) & 63);
  else if (c >= 0xe0)
    c = (c & 15) << 12 | (at(1) & 63) << 6 | (at(2) & 63);
  else if (c >= 0xc0)
    c = (c & 31) << 6 | (at(1) & 63);
  return Value::of(Int128(c));
}

template <class T>
Value compare(Token op, const T& x, const T& y) {
  switch (op) {
    case Token::kEql: return Value::of(x == y);
    case Token::kNeq: return Value::of(x != y);
    case Token::kLss: return Value::of(x < y);
    case Token::kLeq: return Value::of(x <= y);
    case Token::kGtr: return Value::of(x > y);
    case Token::kGeq: return Value::of(x >= y);
    default: return {};
  }
}

Value shift(Token op, Int128 x, Int128 by) {
  if (by < 0) return {};
  if (op == Token::kShr) return Value::of(by > 126 ? Int128(x < 0 ? -1 : 0) : x >> int(by));
  if (by > 126 || (by > 0 && (x > kLargest >> int(by) || x < -(kLargest >> int(by)))))
    return x == 0 ? Value::of(x) : Value{};
  return Value::of(x << int(by));
}

Value multiply(Int128 x, Int128 y) {
  Int128 product = 0;
  return __builtin_mul_overflow(x, y, &product) ? Value{} : bounded(product);
}

Value integers(Token op, Int128 x, Int128 y, bool whole) {
  switch (op) {
    case Token::kAdd: return bounded(x + y);
    case Token::kSub: return bounded(x - y);
    case Token::kMul: return multiply(x, y);
    case Token::kQuo:
      if (y == 0) return {};
      if (!whole) return Value::of(double(x) / double(y));
      return Value::of(Int128(x / y));
    case Token::kRem: return y == 0 ? Value{} : Value::of(Int128(x % y));
    case Token::kAnd: return Value::of(Int128(x & y));
    case Token::kOr: return Value::of(Int128(x | y));
    case Token::kXor: return Value::of(Int128(x ^ y));
    case Token::kAndNot: return Value::of(Int128(x & ~y));
    case Token::kShl:
    case Token::kShr: return shift(op, x, y);
    default: return compare(op, x, y);
  }
}

Value floats(Token op, double x, double y) {
  switch (op) {
    case Token::kAdd: return Value::of(x + y);
    case Token::kSub: return Value::of(x - y);
    case Token::kMul: return Value::of(x * y);
    case Token::kQuo: return y == 0 ? Value{} : Value::of(x / y);
    default: return compare(op, x, y);
  }
}

double as_double(const Value& v) { return v.kind == Kind::kInt ? double(v.integer) : v.number; }

struct IntRange {
  int bits;
  bool is_signed;
};
IntRange range_of(Basic b) {
  switch (b) {
    case Basic::kInt8: return {8, true};
    case Basic::kInt16: return {16, true};
    case Basic::kInt32: return {32, true};
    case Basic::kInt64:
    case Basic::kInt: return {64, true};
    case Basic::kUint8: return {8, false};
    case Basic::kUint16: return {16, false};
    case Basic::kUint32: return {32, false};
    case Basic::kUint64:
    case Basic::kUint:
    case Basic::kUintptr: return {64, false};
    default: return {0, true};
  }
}

}  // namespace

Value Texts::keep(std::string text) {
  if (text.size() > kLongest || bytes_ + text.size() > kMostText) return {};
  bytes_ += text.size();
  return Value::of(std::string_view(texts_.emplace_back(std::move(text))));
}

Value literal_value(Token kind, std::string_view text, Texts& texts) {
  switch (kind) {
    case Token::kInt: return integer_literal(text);
    case Token::kFloat: return float_literal(text);
    case Token::kChar: return char_literal(text);
    case Token::kString: return string_literal(text, texts);
    default: return {};
  }
}

Value unary_value(Token op, const Value& x, bool is_unsigned, int bits) {
  if (op == Token::kNot && x.kind == Kind::kBool) return Value::of(x.integer == 0);
  if (op == Token::kAdd) return x;
  if (op == Token::kSub && x.kind == Kind::kInt) return Value::of(Int128(-x.integer));
  if (op == Token::kSub && x.kind == Kind::kFloat) return Value::of(-x.number);
  if (op != Token::kXor || x.kind != Kind::kInt) return {};
  if (!is_unsigned || bits <= 0 || bits > 64) return Value::of(Int128(~x.integer));
  return Value::of(Int128(~x.integer & ((Int128(1) << bits) - 1)));
}

Value binary_value(Token op, const Value& x, const Value& y, bool whole, Texts& texts) {
  if (!x.known() || !y.known()) return {};
  if (x.kind == Kind::kBool && y.kind == Kind::kBool) {
    if (op == Token::kLand) return Value::of(x.integer != 0 && y.integer != 0);
    if (op == Token::kLor) return Value::of(x.integer != 0 || y.integer != 0);
    return compare(op, x.integer, y.integer);
  }
  if (x.kind == Kind::kString && y.kind == Kind::kString) {
    if (op != Token::kAdd) return compare(op, x.text, y.text);
    return texts.keep(std::string(x.text) + std::string(y.text));
  }
  if (x.kind == Kind::kString || y.kind == Kind::kString || x.kind == Kind::kBool || y.kind == Kind::kBool)
    return {};
  if (x.kind == Kind::kInt && y.kind == Kind::kInt) return integers(op, x.integer, y.integer, whole);
  return floats(op, as_double(x), as_double(y));
}

Value converted(const Value& x, Basic to, Texts& texts) {
  if (to == Basic::kString || to == Basic::kUntypedString) {
    if (x.kind != Kind::kInt) return x;
    std::string rune;
    append_rune(rune, x.integer < 0 || x.integer > 0x10ffff ? 0xfffd : std::uint32_t(x.integer));
    return texts.keep(std::move(rune));
  }
  if (to == Basic::kFloat32 && (x.kind == Kind::kInt || x.kind == Kind::kFloat))
    return Value::of(double(float(as_double(x))));
  if (to == Basic::kFloat64 && x.kind == Kind::kInt) return Value::of(double(x.integer));
  IntRange range = range_of(to);
  bool integral = range.bits > 0 || to == Basic::kUntypedInt || to == Basic::kUntypedRune;
  Value value = x;
  if (integral && x.kind == Kind::kFloat) {
    if (!(std::fabs(x.number) < 1e37) || x.number != std::floor(x.number)) return {};
    value = Value::of(Int128(x.number));
  }
  if (range.bits == 0 || value.kind != Kind::kInt) return value;
  Int128 top = Int128(1) << (range.is_signed ? range.bits - 1 : range.bits);
  bool inside = value.integer < top && value.integer >= (range.is_signed ? -top : Int128(0));
  return inside ? value : Value{};
}

std::optional<Constant> to_constant(const Value& value) {
  switch (value.kind) {
    case Kind::kBool: return Constant{value.integer != 0};
    case Kind::kInt: return Constant{value.integer};
    case Kind::kFloat: return Constant{value.number};
    case Kind::kString: return Constant{std::string(value.text)};
    default: return std::nullopt;
  }
}

std::optional<std::int64_t> Constant::integer() const {
  if (const Int128* i = std::get_if<Int128>(&value))
    return *i >= INT64_MIN && *i <= INT64_MAX ? std::optional(std::int64_t(*i)) : std::nullopt;
  const double* d = std::get_if<double>(&value);
  if (!d || *d != std::floor(*d) || std::fabs(*d) > 9e15) return std::nullopt;
  return std::int64_t(*d);
}

}  // namespace memsnap::types
