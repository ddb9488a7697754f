// The part of a URL behind the question mark: hostile text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memsnap {

// %41 and + undone; a % that two hexadecimal digits do not follow stays.
std::string decode_url(std::string_view text);
// The other way, for a value: everything but letters, digits and -._~ as %XX.
std::string encode_url(std::string_view text);

class Query {
 public:
  static constexpr std::size_t kMost = 100;  // what comes behind so many is not looked at
  explicit Query(std::string_view query);

  bool has(std::string_view name) const;
  const std::string& text(std::string_view name) const;  // the first of that name; "" without
  std::uint64_t number(std::string_view name, std::uint64_t otherwise, std::uint64_t most) const;
  const std::vector<std::pair<std::string, std::string>>& all() const { return all_; }
  // Written again without `name`, with the question mark when something is left.
  std::string without(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

}  // namespace memsnap
