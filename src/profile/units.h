// Units of profiles: which belong together, how values are scaled and printed. The results are those of
// go tool pprof to the byte (internal/measurement of google/pprof).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap {

struct ScaledValue {
  double value = 0;
  std::string unit;  // "" when it says nothing: count
};

// `to` may be minimum or auto: the largest unit of the same kind that leaves at least 1.
ScaledValue scale_value(std::int64_t value, std::string_view from, std::string_view to);
std::string value_label(std::int64_t value, std::string_view from, std::string_view to = "auto");
// Of |value / total|, five columns and a sign: " 1.23%", "  100%".
std::string percentage(std::int64_t value, std::int64_t total);
// Whether both are times, both memory or both compute units, or the same word.
bool are_units_of_one_kind(std::string_view a, std::string_view b);

// ---- Sums and quotients of numbers that a file may have chosen: they wrap, as in Go.
inline std::int64_t wrap_add(std::int64_t a, std::int64_t b) {
  return std::int64_t(std::uint64_t(a) + std::uint64_t(b));
}
inline std::int64_t wrap_negate(std::int64_t a) { return std::int64_t(0 - std::uint64_t(a)); }
inline std::int64_t wrap_multiply(std::int64_t a, std::int64_t b) {
  return std::int64_t(std::uint64_t(a) * std::uint64_t(b));
}
inline std::int64_t magnitude(std::int64_t a) { return a < 0 ? wrap_negate(a) : a; }
inline std::int64_t wrap_divide(std::int64_t a, std::int64_t b) { return b == -1 ? wrap_negate(a) : a / b; }
// Cut towards zero; the least number for what does not fit, as the processor's instruction gives it.
inline std::int64_t whole(double value) {
  return value >= -9223372036854775808.0 && value < 9223372036854775808.0 ? std::int64_t(value) : INT64_MIN;
}

}  // namespace memsnap
