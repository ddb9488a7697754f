// The instructions of functions whose symbol fits, with what each costs: what -disasm prints, as text and as
// JSON.
#pragma once

#include "reports/program_symbols.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace memsnap {

struct RoutineRow {
  const MachineInstruction* instruction = nullptr;
  std::string function, file;  // of the innermost inlined call
  std::int64_t line = 0;
  GraphNode sums;  // of the nodes between this instruction and the next
};
struct Routine {
  const ProgramSymbol* symbol = nullptr;
  std::int64_t flat = 0, cum = 0;
  std::vector<RoutineRow> rows;
};

// By name, for the request's symbol; a routine is there while it is visited. Fails when none fits. Why a
// program cannot be read is a line in `remarks`.
Result<void> each_routine(ProfileReport& report, BinaryTool* binaries, Out& remarks,
                          const std::function<void(const Routine&)>& visit);

}  // namespace memsnap
