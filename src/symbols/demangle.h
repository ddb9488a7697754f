#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

namespace memsnap {

// Names of C++ as they are written in source, each worked out once. What is no such name (of Go, of C) or is
// damaged stays as it is. The text lives as long as this.
class Demangler {
 public:
  std::string_view operator()(std::string_view name);

 private:
  std::unordered_map<std::string_view, std::string> known_;  // keys live as long as the names that are asked
};

}  // namespace memsnap
