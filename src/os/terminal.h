// Standard input as a terminal that sends every key at once.
#pragma once

#include <optional>

namespace memsnap {

// While it lives keys are neither shown nor collected into lines, and ^C is a key. The terminal is put back
// at its end, and when the process ends by a signal.
class RawTerminal {
 public:
  RawTerminal();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
  std::optional<unsigned char> key();  // waits; nothing when the terminal is gone
};

void restore_terminal();  // for the end of the process

}  // namespace memsnap
