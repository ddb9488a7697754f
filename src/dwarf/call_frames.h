// Where the frame of a function lies, from .eh_frame (DWARF 5 section 6.4, LSB 5.0 section 10.6): for code
// that is not Go's, whose own table says it.
#pragma once

#include "dwarf/die_reader.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace memsnap::dw {

// The canonical frame address is what a register holds plus an offset.
struct FrameRule {
  int base = 0;  // register by DWARF's number
  std::int64_t offset = 0;
};

class CallFrames {
 public:
  CallFrames() = default;
  // The section lies at this address. What is damaged is left out.
  CallFrames(Bytes section, std::uint64_t address);

  // Nothing when no entry holds the pc or its rule is an expression.
  std::optional<FrameRule> rule_at(std::uint64_t pc) const;
  std::size_t entries() const { return entries_.size(); }

 private:
  struct Common {  // of the functions of one compilation
    std::uint64_t code_unit = 1;
    std::int64_t data_unit = 1;
    std::uint8_t encoding = 0;
    bool augmented = false;
    Bytes program;
  };
  struct Entry {  // of one function
    std::uint64_t from = 0, to = 0;
    std::uint64_t common = 0;  // offset of it
    Bytes program;
  };
  struct State;

  std::optional<Common> common_at(std::uint64_t offset) const;
  void read_entry(DieReader& in, std::uint64_t common);
  std::optional<std::uint64_t> pointer(DieReader& in, std::uint8_t encoding) const;
  static bool run(Bytes program, const Common& common, std::uint64_t from, std::uint64_t pc, State& state);

  Bytes section_;
  std::uint64_t address_ = 0;
  std::vector<Entry> entries_;  // by their code
};

}  // namespace memsnap::dw
