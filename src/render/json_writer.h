// Writes JSON as it goes, so that a table of millions of rows costs no memory. Members come out in the order
// they are written. The first levels stand on lines of their own, what is deeper in one line.
#pragma once

#include "render/out.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace memsnap {

class JsonWriter {
 public:
  explicit JsonWriter(Out& out, std::size_t broken_levels = 2) : out_(out), broken_levels_(broken_levels) {}

  // A key comes before each value inside an object, and nowhere else.
  JsonWriter& key(std::string_view name);
  void open_object() { open('{'); }
  void close_object() { close('}'); }
  void open_array() { open('['); }
  void close_array() { close(']'); }
  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::uint64_t number);
  void value(std::int64_t number);
  void value(std::uint32_t number) { value(std::uint64_t(number)); }
  void value(int number) { value(std::int64_t(number)); }
  void value(double number);  // the shortest form that reads back equal; null when not finite
  void value(bool yes);
  template <class T>
  void member(std::string_view name, const T& what) {
    key(name).value(what);
  }
  void end();  // the newline after the last value

 private:
  void open(char mark);
  void close(char mark);
  void before_value();
  void put_digits(const fmt::format_int& digits);
  void break_line();

  Out& out_;
  std::size_t broken_levels_;
  std::vector<bool> empty_;  // one per open level: nothing written into it yet
  bool after_key_ = false;
};

}  // namespace memsnap
