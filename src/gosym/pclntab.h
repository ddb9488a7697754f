// The runtime's own function table (runtime/symtab.go, cmd/link/internal/ld/pcln.go; magic 0xfffffff1,
// Go 1.20 and newer): function, file, line, inlined calls, stack depth and pointer maps for any pc.
// Works on stripped programs. Addresses are unrelocated unless text_start says otherwise.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace memsnap {

struct GoFunction {
  std::uint64_t entry = 0, end = 0;
  std::string_view name;
  std::uint32_t func_offset = 0;   // of its _func record in funcdata part of the table
  std::uint8_t func_id = 0;        // internal/abi.FuncID
  std::uint8_t flags = 0;          // internal/abi.FuncFlag: 1 top frame, 2 sp write, 4 assembly
  std::int32_t args = 0;           // bytes of arguments and results on the stack; INT32_MIN when not known
  std::uint32_t defer_return = 0;  // of the call of deferreturn, from the entry; 0 when there is none
};

struct GoFrame {                   // one line of a traceback
  std::string_view function;
  std::string_view file;
  std::uint32_t line = 0;
};

inline constexpr int kPcDataUnsafePoint = 0, kPcDataStackMap = 1, kPcDataInlTree = 2, kPcDataArgLive = 3;
inline constexpr int kFuncDataArgs = 0, kFuncDataLocals = 1, kFuncDataStackObjects = 2, kFuncDataInlTree = 3;

// Borrows the bytes of the table.
class Pclntab {
 public:
  // table: from the pcHeader on. text_start: moduledata.text, which pcs are relative to.
  static Result<Pclntab> open(Bytes table, std::uint64_t text_start);

  std::size_t functions() const;
  std::optional<GoFunction> function_at(std::uint64_t pc) const;
  std::optional<GoFunction> function_named(std::string_view name) const;   // linear; remember the answer
  std::optional<GoFunction> function_number(std::size_t index) const;

  // Bytes between sp and the return address at this pc (pcsp); nullopt when the table has no answer.
  std::optional<std::int32_t> sp_delta(const GoFunction& function, std::uint64_t pc) const;
  // Value of a PCDATA table at this pc; -1 when the function has no such table.
  std::int32_t pcdata(const GoFunction& function, int table, std::uint64_t pc) const;
  // FUNCDATA as offset from moduledata.gofunc; nullopt when the function has none of that number.
  std::optional<std::uint32_t> funcdata(const GoFunction& function, int table) const;

  // File and line of this pc, calls inlined there expanded, innermost first. inl_tree: bytes from
  // moduledata.gofunc on (may be empty: then only the outer function is given).
  std::vector<GoFrame> frames(const GoFunction& function, std::uint64_t pc, Bytes gofunc) const;
  GoFrame entry_line(const GoFunction& function) const;   // of its func statement

 private:
  Bytes table_, funcname_, cutab_, filetab_, pctab_, functab_;
  std::uint64_t text_ = 0;
  std::size_t functions_ = 0;
};

}  // namespace memsnap
