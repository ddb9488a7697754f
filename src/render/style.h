// How text may look on what it is written to.
#pragma once

#include "base/text.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

enum class Ink { kHigh, kMedium, kLow, kStrong, kFaint };

struct Style {
  bool ascii = true;  // nothing beyond ASCII
  bool colour = false;
  std::size_t width = 100;  // columns of a report
  std::size_t table = 0;    // columns of a table; 0: as wide as it needs

  // Hostile text, made safe to print.
  std::string safe(std::string_view text) const { return ascii ? escape_ascii(text) : escape_terminal(text); }
  std::string ink(Ink ink, std::string_view text) const;
  std::string_view pick(std::string_view fancy, std::string_view plain) const {
    return ascii ? plain : fancy;
  }
  std::string rule(std::size_t width_of_it) const;
};

// Lines of at most `width` columns, broken between words; a longer word is cut.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace memsnap
