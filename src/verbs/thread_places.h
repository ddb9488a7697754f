// Where the threads of a process stand.
#pragma once

#include "symbols/process_code.h"
#include "verbs/flags.h"
#include "verbs/io.h"

#include <chrono>
#include <string>
#include <vector>

namespace memsnap {

struct ThreadPlace {
  pid_t tid = 0;
  std::string name;
  std::uint64_t address = 0;
  std::vector<CodeFrame> frames;
  std::vector<ScopeVariable> variables;  // when they were asked for
};

struct ThreadPlaces {
  std::vector<ThreadPlace> threads;
  std::chrono::nanoseconds pause{};
  std::string no_variables;  // why there are none; "" when none were asked for or there are
};

// Pauses the process, announced and for --max-pause at most, and reads the registers of its threads; with
// `values` also the memory of the variables in scope.
Result<ThreadPlaces> read_thread_places(pid_t pid, ProcessCode& code, const Flags& flags, bool variables,
                                        bool values, Io& io);

}  // namespace memsnap
