// The source of functions whose name fits, with the instructions that each line became: what -weblist shows.
// Facts: internal/report/source.go of google/pprof.
#pragma once

#include "reports/report.h"
#include "reports/source_files.h"

#include <cstdint>
#include <string>
#include <vector>

namespace memsnap {

struct WebCall {
  std::string file;
  std::int64_t line = 0;
  bool operator==(const WebCall&) const = default;
};
struct WebInstruction {
  std::uint64_t address = 0;  // of the file
  std::string text;           // "" when the executable is not at hand
  std::string file;           // of the innermost call
  std::int64_t line = 0, flat = 0, cum = 0;
  bool starts_block = false;   // does not follow the one before
  std::vector<WebCall> calls;  // that were inlined here, the outermost first
};
struct WebLine {
  std::int64_t number = 0, flat = 0, cum = 0;
  std::string source;
  std::vector<WebInstruction> instructions;
};
struct WebFunction {
  std::string name, file;
  std::int64_t flat = 0, cum = 0;
  std::vector<WebLine> lines;
};

// By file and line. Fails when no function fits.
Result<std::vector<WebFunction>> list_with_instructions(const ProfileReport& report, BinaryTool* binaries,
                                                        SourceFiles& sources);

}  // namespace memsnap
