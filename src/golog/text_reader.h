// Reads what go build -gcflags=-m or -m=2 prints, piece by piece: what is held back between two pieces is at
// most one explanation.
#pragma once

#include "golog/escape_log.h"
#include "golog/line_set.h"

#include <string>
#include <string_view>

namespace memsnap {

class TextLogReader {
 public:
  static constexpr std::size_t kLongestLine = 16 << 20;  // bytes; longer ones are skipped and counted
  static constexpr std::size_t kLongestBlock =
      1 << 20;  // bytes of one explanation; the compiler's stay far below
  static constexpr std::size_t kMostComplaints = 20;

  explicit TextLogReader(EscapeLog& log) : log_(log) {}
  void feed(std::string_view piece);
  void finish();  // once, after the last piece

 private:
  std::size_t take_lines(std::string_view text);  // gives how much of it is done with
  void take_line(std::string_view line);
  void take_block(std::string_view block);
  void take_escape(std::string_view line, std::string_view place, std::string_view name, bool is_moved);
  bool take_head(std::string_view line, FlowChain& chain);
  void take_flow(std::string_view text, FlowChain& chain);
  void take_step(std::string_view text, FlowChain& chain);
  bool is_new(std::string_view text);  // false when it was there before, or when there is too much
  void complain(std::string_view line);
  LogPlace place_of(std::string_view text);
  StringId add(std::string_view text) { return log_.strings.add(text); }

  EscapeLog& log_;
  LineSet seen_;
  std::string pending_;    // of earlier pieces, not done with
  bool skipping_ = false;  // inside a line that is too long
  StringId package_{};
  std::string_view last_file_;  // of log_.strings
  StringId last_file_id_{};
};

}  // namespace memsnap
