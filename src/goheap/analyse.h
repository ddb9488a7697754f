// From what was copied to the tables of a capture. The target runs again meanwhile.
#pragma once

#include "goheap/capture.h"
#include "goheap/freeze.h"
#include "goheap/go_names.h"
#include "goheap/map_code.h"
#include "goheap/memory.h"
#include "goheap/type_model.h"
#include "goheap/type_programs.h"
#include "tables/heap.h"
#include "tables/strings.h"

#include <cstdint>

namespace memsnap {

// What captures of one process share.
struct Knowledge {
  explicit Knowledge(Program& program) : model(program.dwarf), programs(model) {}
  TypeModel model;
  TypePrograms programs;
  PackageNames names;
  MapCode map_code;
  bool map_code_read = false;
};

struct AnalyseInputs {
  Program& program;
  std::uint64_t bias = 0;
  Freeze frozen;
  std::uint64_t now = 0;  // monotonic clock when the target was stopped
  pid_t pid = 0;
  ResidentMemory resident{};  // right after it was resumed
  std::vector<ThreadRegisters> threads{};
};

// Fails when a self-check does, and names it.
Result<Heap> analyse(AnalyseInputs in, Knowledge& knowledge, const CaptureOptions& options,
                     StringPool& strings, const Progress& progress);

}  // namespace memsnap
