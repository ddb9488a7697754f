// The stacks of a profile, root first, in the order of their frames' names: stacks that begin alike stand
// together, so that a prefix is a span of rows. What -folded and flame graphs are made of.
#pragma once

#include "reports/report.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// A name with its signs that separate frames and lines made harmless: ';' is \x3b, a backslash two.
std::string folded_name(std::string_view name);

struct StackRows {
  // Values of one stack. In a difference the base's count for `base`, as they were before they were taken
  // away; so do negative values, of which nothing else is known.
  struct Row {
    std::uint64_t first = 0;  // of `frames`
    std::uint32_t count = 0;
    std::int64_t value = 0, base = 0, divisor = 0;
  };
  std::vector<std::string> names;     // printable, in order of folded_name(name) + ";"
  std::vector<std::uint32_t> frames;  // rows of names
  std::vector<Row> rows;              // each stack once; none without frames
  bool is_difference = false;

  std::span<const std::uint32_t> of(const Row& row) const {
    return std::span(frames).subspan(row.first, row.count);
  }
};

// Trims the names of files, and takes the labels that mark a base from the profile.
StackRows make_stack_rows(ProfileReport& report);

}  // namespace memsnap
