// Words of a hand-written heap (heap_text.h): lines, numbers, key=value.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// One thing, with the lines that continue it. A comma behind a word is a word of its own.
struct Statement {
  int line = 0;
  std::vector<std::string> words;
};
Result<std::vector<Statement>> split_statements(std::string_view text);

// 12, 4K, 1.5M, -3
Result<double> to_number(std::string_view word);
Result<std::uint64_t> to_count(std::string_view word);
Result<std::uint64_t> to_nanoseconds(std::string_view word);  // 600s, 10m, 5ms
// file.go:12
struct SourcePlace {
  std::string file;
  std::uint32_t line = 0;
};
Result<SourcePlace> to_place(std::string_view word);

// The words key=value and the bare words of a statement. What nobody asked for is an error.
class Attributes {
 public:
  static Result<Attributes> of(std::vector<std::string>::const_iterator from,
                               std::vector<std::string>::const_iterator to);
  bool flag(const std::string& word);
  std::string text(const std::string& key);
  Result<std::uint64_t> number(const std::string& key, std::uint64_t otherwise = 0);
  Result<void> all_used() const;

 private:
  struct Value {
    std::string text;
    bool bare = false, used = false;
  };
  std::map<std::string, Value> values_;
};

}  // namespace memsnap
