// Where a program's machine code asks the runtime for maps and slices, and with which type and size.
//
// The compiler passes arguments in registers (cmd/compile/abi-internal.md): on amd64 rax, rbx, rcx, rdi, rsi.
// What a register holds at a call is read backwards from it, through moves, up to the last instruction that
// sets it; where another path may lead to the call in between, or another call lies there, nothing is said.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "disasm/decode.h"
#include "elf/elf.h"
#include "symbols/go_code.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct AllocCall {
  std::uint64_t address = 0;  // of the call instruction
  std::string_view callee;    // makemap_small, growslice …; of the function table
  std::uint64_t type =
      0;                  // unrelocated address of the map's or element's descriptor; 0: not a constant there
  std::string type_name;  // map[string]int, []byte; "" when not known
  std::optional<std::int64_t> size;      // of makemap the hint, of makeslice the len, when constant
  std::optional<std::int64_t> capacity;  // of makeslice
};

// In the order of the code; calls inside the runtime are left out. Refused for machines other than amd64.
Result<std::vector<AllocCall>> find_alloc_calls(ElfFile& elf, const GoCode& code);

// ---- Parts, for tests.
bool is_alloc_function(std::string_view name);  // runtime.makemap_small
// What a register holds before instruction `at`.
struct RegisterValue {
  enum class Kind : std::uint8_t { kUnknown, kConstant, kAddress };
  Kind kind = Kind::kUnknown;
  std::int64_t value = 0;
};
RegisterValue register_before(std::span<const Instruction> code, std::size_t at, std::string_view name);

}  // namespace memsnap
