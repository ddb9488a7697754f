// What verbs that list rows of one heap have in common.
#pragma once

#include "analysis/case.h"
#include "render/table.h"
#include "verbs/flags.h"
#include "verbs/io.h"

#include <algorithm>
#include <cstddef>
#include <functional>
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

// As JSON with --json. At most `most` rows.
void put_table(const Table& table, std::size_t most, const Flags& flags, Io& io);

// All of a verb that answers with one table: opens its only target and prints what `make` says of it.
Result<int> list_rows(const Flags& flags, Io& io, Table (*make)(const Case& what, const Flags& flags));

}  // namespace memsnap
