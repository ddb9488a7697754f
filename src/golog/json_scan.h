// Walks over the members of JSON objects without building a tree. What does not have the expected form makes
// the scan fail and everything after it empty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap {

class JsonScan {
 public:
  static constexpr int kDeepest = 64;  // levels that skip_value() goes down

  explicit JsonScan(std::string_view text) : text_(text) {}
  bool ok() const { return ok_; }

  // In an object or array: enters it, then true for each further member or element. The key of a member is
  // left in `key`, as it stands between the quotes.
  bool enter(char bracket);
  bool next_member(std::string_view& key);
  bool next_element();

  // A string; `own` keeps the text when it has escapes, else it is a view of the input.
  std::string_view string(std::string& own);
  std::uint32_t number();  // a whole number of at most 2^32 - 1; others fail
  void skip_value();

 private:
  bool fail() { return ok_ = false; }
  void skip_blanks();
  bool take(char c);
  std::string_view raw_string(bool& escaped);
  bool next(char end);

  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
  bool first_ = false;  // nothing of the object or array was read yet
};

}  // namespace memsnap
