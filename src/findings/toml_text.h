// TOML of users as a flat list: the only file that sees the library is this room's.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct TomlEntry {
  std::string key;                  // table.key
  std::vector<std::string> values;  // texts, numbers and switches as text
  bool is_list = false;
  int line = 0;
};

// In the order of the keys. Wrong TOML is a usage error with its line. `name` is for errors.
Result<std::vector<TomlEntry>> read_toml(std::string_view text, std::string_view name);

}  // namespace memsnap
