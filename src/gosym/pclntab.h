// The runtime's own function table (runtime/symtab.go, cmd/link/internal/ld/pcln.go; magic 0xfffffff1,
// Go 1.20 and newer): function, file, line, inlined calls, stack depth and pointer maps for any pc.
// Works on stripped programs. Addresses are unrelocated unless text_start says otherwise.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct GoFunction {
  std::uint64_t entry = 0, end = 0;
  std::string_view name;           // of the symbol: type parameters as go.shape.int, see printed_name
  std::uint32_t func_offset = 0;   // of its _func record in funcdata part of the table
  std::uint8_t func_id = 0;        // internal/abi.FuncID; the numbers change between releases
  std::uint8_t flags = 0;          // internal/abi.FuncFlag: 1 top frame, 2 sp write, 4 assembly
  std::int32_t args = 0;           // bytes of arguments and results on the stack; INT32_MIN when not known
  std::uint32_t defer_return = 0;  // of the call of deferreturn, from the entry; 0 when there is none
};

struct GoFrame {          // one line of a traceback
  std::string function;   // as the runtime prints it
  std::string_view file;  // "" and 0 when the table does not say
  std::uint32_t line = 0;
};

inline constexpr int kPcDataUnsafePoint = 0, kPcDataStackMap = 1, kPcDataInlTree = 2, kPcDataArgLive = 3;
inline constexpr int kFuncDataArgs = 0, kFuncDataLocals = 1, kFuncDataStackObjects = 2, kFuncDataInlTree = 3;

// The name as tracebacks and profiles show it: main.Map[...] for main.Map[go.shape.int,go.shape.string]
// (runtime/traceback.go, funcNameForPrint).
std::string printed_name(std::string_view symbol);

// Borrows the bytes of the table.
class Pclntab {
 public:
  // A table whose functions are not in the order of their addresses is refused, as the runtime refuses it.
  // table: from the pcHeader on. text_start: moduledata.text, which pcs are relative to. What is_wrapper and
  // frames() need is found by reading all of the table; who asks for neither can do without.
  static Result<Pclntab> open(Bytes table, std::uint64_t text_start, bool know_wrappers = true);

  std::size_t functions() const { return functions_; }
  std::optional<GoFunction> function_at(std::uint64_t pc) const;
  std::optional<GoFunction> function_named(std::string_view name) const;  // linear; remember the answer
  std::optional<GoFunction> function_number(std::size_t index) const;

  // Made by the compiler around a function: tracebacks leave it out unless it called into a panic.
  bool is_wrapper(const GoFunction& function) const { return function.func_id == wrapper_id_; }
  // Whether a wrapper is left out when it called a function with this id.
  bool hides_wrapper(std::uint8_t callee_id) const;

  // Bytes between sp and the return address at this pc (pcsp); nullopt when the table has no answer.
  std::optional<std::int32_t> sp_delta(const GoFunction& function, std::uint64_t pc) const;
  // Value of a PCDATA table at this pc; -1 when the function has no such table.
  std::int32_t pcdata(const GoFunction& function, int table, std::uint64_t pc) const;
  // FUNCDATA as offset from moduledata.gofunc; nullopt when the function has none of that number.
  std::optional<std::uint32_t> funcdata(const GoFunction& function, int table) const;

  // File and line of this pc (of a call: the return address minus 1), calls inlined there expanded, innermost
  // first, as runtime.CallersFrames gives them. gofunc: bytes from moduledata.gofunc on; when it is empty,
  // only the outer function is given, with the line of the innermost call.
  std::vector<GoFrame> frames(const GoFunction& function, std::uint64_t pc, Bytes gofunc) const;
  GoFrame entry_line(const GoFunction& function) const;  // of its func statement

 private:
  friend class GoCodeLines;
  struct Place {
    std::string_view file;
    std::uint32_t line = 0;
  };
  struct InlinedCall;
  Place place(const GoFunction& function, std::uint64_t pc) const;
  std::optional<std::int32_t> value(std::uint32_t table, const GoFunction& function, std::uint64_t pc) const;
  std::uint32_t pcdata_table(const GoFunction& function, int table) const;
  std::optional<InlinedCall> inlined_call(const GoFunction& function, std::uint64_t pc, Bytes gofunc) const;
  Result<void> want_order() const;
  void find_special_ids();

  Bytes funcname_, cutab_, filetab_, pctab_, functab_;
  std::uint64_t text_ = 0;
  unsigned quantum_ = 1;  // bytes that lengths of code are counted in
  std::size_t functions_ = 0;
  std::uint8_t wrapper_id_ = 0xff, gopanic_id_ = 0xff, sigpanic_id_ = 0xff, panicwrap_id_ = 0xff;
};

}  // namespace memsnap
