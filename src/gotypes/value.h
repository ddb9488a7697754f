// Values of constants, as far as they are worth having: 127-bit integers, doubles, strings, booleans.
#pragma once

#include "gosrc/token.h"
#include "gotypes/types.h"

#include <deque>
#include <string>
#include <string_view>

namespace memsnap::types {

struct Value {
  enum class Kind : std::uint8_t { kNone, kBool, kInt, kFloat, kString };
  Kind kind = Kind::kNone;
  Int128 integer = 0;     // kInt; kBool: 0 or 1
  double number = 0;      // kFloat
  std::string_view text;  // kString; lies in the source or in the texts of the program

  bool known() const { return kind != Kind::kNone; }
  static Value of(bool b) { return {.kind = Kind::kBool, .integer = b}; }
  static Value of(Int128 i) { return {.kind = Kind::kInt, .integer = i}; }
  static Value of(double d) { return {.kind = Kind::kFloat, .number = d}; }
  static Value of(std::string_view s) { return {.kind = Kind::kString, .text = s}; }
};

// Strings that are in no source: decoded escapes, concatenations. At most kMostText bytes in all.
class Texts {
 public:
  static constexpr std::size_t kLongest = 16 << 10;  // what is longer is constant with a value nobody knows
  static constexpr std::size_t kMostText = 64 << 20;
  Value keep(std::string text);

 private:
  std::deque<std::string> texts_;
  std::size_t bytes_ = 0;
};

Value literal_value(ast::Token kind, std::string_view text, Texts& texts);
Value unary_value(ast::Token op, const Value& x, bool is_unsigned, int bits);
Value binary_value(ast::Token op, const Value& x, const Value& y, bool integer_division, Texts& texts);
// As if converted to a basic type: wrapped for nothing, rounded for floats; unknown when it does not fit.
Value converted(const Value& x, Basic to, Texts& texts);
std::optional<Constant> to_constant(const Value& value);

}  // namespace memsnap::types
