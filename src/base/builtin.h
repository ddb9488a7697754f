// A text file of data/ that cmake/embed.cmake wrote into the program.
#pragma once

#include <string_view>

namespace memsnap {

struct BuiltinText {
  std::string_view name;  // without folder: go1.26.toml
  std::string_view text;
};

}  // namespace memsnap
