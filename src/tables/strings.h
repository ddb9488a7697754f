// Fills a StringTable: the same text gets the same id.
#pragma once

#include "tables/heap.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace memsnap {

class StringPool {
 public:
  StringPool();
  StringId add(std::string_view text);
  std::string_view operator[](StringId id) const;
  StringTable take();  // ends the life of the pool

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, StringId, Hash, std::equal_to<>> ids_;
  StringTable table_;
};

}  // namespace memsnap
