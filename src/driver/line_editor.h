// Editing of one line on a terminal: the bytes that keys send go in, what the terminal is to show comes out.
// Knows no descriptors, so that a test can type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

class LineEditor {
 public:
  enum class Event : std::uint8_t { kGoesOn, kLine, kEnd };  // kEnd: ^D or ^C on an empty line

  std::function<std::string(const std::string&)> complete;  // what Tab makes of the line

  // Gives what to show first.
  std::string begin(std::string_view prompt, std::size_t columns);
  // What the byte changes on the terminal is added to `shown`.
  Event type(unsigned char byte, std::string& shown);
  const std::string& line() const { return line_; }  // after kLine

 private:
  Event control(unsigned char byte, std::string& shown);
  void escape(unsigned char byte, std::string& shown);
  void sequence(unsigned char last, std::string& shown);
  void insert(std::string& shown);
  void erase(std::size_t from, std::size_t to);
  void recall(bool older);
  std::string redraw() const;
  std::size_t before(std::size_t at) const;
  std::size_t after(std::size_t at) const;
  std::size_t word_before(std::size_t at) const;
  std::size_t word_after(std::size_t at) const;

  std::string prompt_, line_, kept_, pending_;  // pending_: of an escape sequence or a character
  std::size_t at_ = 0, columns_ = 80;
  bool pasting_ = false;
  std::vector<std::string> history_;
  std::size_t recalled_ = 0;  // row of history_; its size while the line is new
  std::string fresh_;         // the new line, while an old one is shown
};

}  // namespace memsnap
