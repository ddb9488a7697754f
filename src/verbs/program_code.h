// The executables of a profile, for the driver and the reports: functions, lines and instructions at
// addresses.
#pragma once

#include "reports/generate.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace memsnap {

// Each file is opened once. Not for several threads.
class ProgramCode : public BinaryTool {
 public:
  // With `go_compat`, what Go takes for an executable is one, though nothing is known of it.
  explicit ProgramCode(bool go_compat);
  ~ProgramCode() override;
  Result<void> open(const std::string& file) override;
  std::optional<CodePlace> place_of(const std::string& file, std::uint64_t address) override;
  Result<std::vector<BinarySymbol>> symbols(const std::string& file, const std::string& expression,
                                            std::uint64_t address) override;
  Result<std::vector<MachineInstruction>> disassemble(const std::string& file, std::uint64_t start,
                                                      std::uint64_t end, bool intel_syntax) override;
  Result<std::uint64_t> load_bias(const std::string& file, const ProfileMapping& mapping) override;

 private:
  struct Program;
  Result<Program*> program(const std::string& file);  // null: nothing is known
  bool go_compat_;
  std::map<std::string, Result<std::unique_ptr<Program>>> programs_;
};

}  // namespace memsnap
