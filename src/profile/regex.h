// Regular expressions of a user, matched in linear time. Hides RE2, whose syntax is that of Go's regexp.
#pragma once

#include "base/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

class Regex {
 public:
  // The error says what Go's compiler says: error parsing regexp: missing closing ): `(`
  static Result<Regex> compile(const std::string& text);
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  bool matches(std::string_view text) const;  // anywhere in it
  // What its groups matched, the first match in the text; nothing when there is none.
  std::vector<std::string_view> groups(std::string_view text) const;
  const std::string& text() const;

 private:
  struct Compiled;
  explicit Regex(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace memsnap
