// The code of a running process: which file each address of it comes from.
#pragma once

#include "os/process.h"
#include "symbols/symbolizer.h"

#include <map>

namespace memsnap {

class ProcessCode {
 public:
  // Reads the mappings only; files are opened when an address of theirs is asked for. Nothing is stopped.
  static Result<ProcessCode> open(pid_t pid);

  struct Place {
    Symbolizer* file = nullptr;  // null: the address belongs to no file that can be read
    std::uint64_t address = 0;   // of the file
    std::uint64_t bias = 0;      // address of the process minus that of the file
    std::string_view name;       // of the mapping: its path, [vdso]; "" when there is none
  };
  Place find(std::uint64_t address);

  // Frames of an address of the process. Where only the mapping is known, its name stands for the function.
  void frames_at(std::uint64_t address, std::vector<CodeFrame>& frames);

  // Reads what variables of the executable need, which takes a while: before the process is stopped.
  Result<void> prepare_variables();

  // Why files could not be read, a sentence each.
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  Symbolizer* symbolizer_of(const Mapping& mapping);

  pid_t pid_ = 0;
  std::string executable_;
  std::vector<Mapping> mappings_;
  std::map<std::string, std::optional<Symbolizer>, std::less<>> files_;
  std::vector<std::string> missing_;
};

}  // namespace memsnap
