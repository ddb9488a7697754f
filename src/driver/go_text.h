// Numbers, switches and quoted text as Go's strconv, flag and fmt packages read and write them, since users
// and scripts know those spellings and their error texts from go tool pprof.
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Errors are Cause::usage with the text of strconv: strconv.Atoi: parsing "x": invalid syntax.
Result<std::int64_t> go_atoi(std::string_view text);          // decimal
Result<std::int64_t> go_parse_int(std::string_view text);     // 0x10, 0b1, 0o7, 1_000 too, as flags take it
Result<double> go_parse_float(std::string_view text);         // 0.5, 1e-3, 0x1p-2, inf, nan
std::optional<bool> go_parse_bool(std::string_view text);     // 1 t T TRUE true True and their opposites
std::optional<bool> pprof_parse_bool(std::string_view text);  // and yes, no, y, n in any case; "" is true
std::string go_float(double value);                           // %v: 0.005, 1e+06, +Inf
std::string go_quote(std::string_view text);                  // %q
std::string go_duration(std::chrono::nanoseconds value);      // 30s, 1m30s, 1.5ms
std::string_view go_trim_space(std::string_view text);        // of Unicode's white space too
std::vector<std::string_view> go_fields(std::string_view text);

}  // namespace memsnap
