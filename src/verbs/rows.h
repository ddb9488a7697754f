// What verbs that list rows of one heap have in common.
#pragma once

#include "analysis/case.h"
#include "render/table.h"
#include "verbs/flags.h"
#include "verbs/io.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// --by
constexpr Flag by_flag(const char* standard, const char* choices) {
  return {.name = "by",
          .kind = FlagKind::kChoice,
          .value = "WHAT",
          .help = "what a row is",
          .standard = standard,
          .choices = choices};
}

// --focus, and whether a row of this name is to be shown.
constexpr Flag focus_flag(const char* help) {
  return {.name = "focus", .kind = FlagKind::kText, .value = "PATTERN", .help = help};
}
bool in_focus(const Flags& flags, std::string_view name);

// Numbers below `count` that `wanted` takes, by size, the largest first; equal ones stay in their order.
template <class Wanted, class Size>
std::vector<std::size_t> largest_first(std::size_t count, Wanted&& wanted, Size&& size) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < count; ++row)
    if (wanted(row)) rows.push_back(row);
  std::ranges::stable_sort(rows, std::greater{}, size);
  return rows;
}

// --each: rows that are alike are one row without it.
constexpr Flag each_flag(const char* help) {
  return {.name = "each", .kind = FlagKind::kSwitch, .value = "", .help = help};
}
// The rows in groups of those with one key, each group in the order of its rows, the largest sum of sizes
// first. With --each every row is a group. Of very many rows only the first are looked at.
inline constexpr std::size_t kMostGrouped = 20'000;
std::vector<std::vector<std::size_t>> alike(const std::vector<std::size_t>& rows, const Flags& flags,
                                            const std::function<std::string(std::size_t)>& key,
                                            const std::function<std::uint64_t(std::size_t)>& size);
// "20,000 of 81,000 maps are listed", or nothing.
std::string grouped_words(std::size_t rows, const Flags& flags, std::string_view what);
template <class Of>
std::uint64_t sum_of(const std::vector<std::size_t>& rows, Of&& of) {
  std::uint64_t sum = 0;
  for (std::size_t row : rows) sum += of(row);
  return sum;
}

// As JSON with --json. At most `most` rows.
void put_table(const Table& table, std::size_t most, const Flags& flags, Io& io);

// All of a verb that answers with one table: opens its only target and prints what `make` says of it.
Result<int> list_rows(const Flags& flags, Io& io, Table (*make)(const Case& what, const Flags& flags));

}  // namespace memsnap
