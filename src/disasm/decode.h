// Machine code of x86-64 and arm64 as text. Hides capstone.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memsnap {

struct Instruction {
  std::uint64_t address = 0;
  std::string text;                     // "?" for a byte (a word on arm64) that begins no instruction
  std::optional<std::uint64_t> target;  // of a jump or call that names its place
};

enum class CodeMachine : std::uint8_t { kX8664, kArm64 };

// The instructions of `code`, which lies at `address`; of x86-64 in AT&T syntax unless Intel's is wanted.
Result<std::vector<Instruction>> decode_instructions(Bytes code, std::uint64_t address, bool intel_syntax,
                                                     CodeMachine machine = CodeMachine::kX8664);

}  // namespace memsnap
