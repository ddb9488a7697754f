// One report of a profile, as go tool pprof prints it.
#pragma once

#include "base/result.h"
#include "profile/config.h"
#include "render/out.h"
#include "tables/profile.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memsnap {

enum class ReportKind : std::uint8_t {
  kTop,  // text and top
  kTree,
  kPeek,
  kTraces,
  kTags,
  kRaw,
  kComments,
  kList,
  kWebList,
  kDisasm,
  kProto,
  kTopProto,
  kDot,
  kSvg,
  kCallgrind,
  kFolded,  // a line per stack: root;child;leaf value
  kChurn,   // what is allocated beside what of it stays, of heap profiles
  kFlameHtml,
  kFlameSvg,
};

// A function of an executable, and its instructions. Filled by who can read executables.
struct MachineInstruction {
  std::uint64_t address = 0;
  std::string text;
  std::string function, file;  // of the innermost inlined call; "" when not known
  std::int64_t line = 0;
};
struct BinarySymbol {
  std::vector<std::string> names;
  std::uint64_t start = 0, end = 0;  // addresses of the file, both inside the function
};
struct CodePlace {
  std::string function, file;
  std::int64_t line = 0;
};
class BinaryTool {
 public:
  virtual ~BinaryTool() = default;
  // Whether the file is an executable. The error is that of go tool pprof: "open FILE: no such file or
  // directory".
  virtual Result<void> open(const std::string& file) = 0;
  // The function that holds an address of the file, with the innermost line there; nothing when not known.
  virtual std::optional<CodePlace> place_of(const std::string& file, std::uint64_t address) = 0;
  // Functions of the executable whose name fits the expression (re2 syntax) or that hold the address.
  virtual Result<std::vector<BinarySymbol>> symbols(const std::string& file, const std::string& expression,
                                                    std::uint64_t address) = 0;
  virtual Result<std::vector<MachineInstruction>> disassemble(const std::string& file, std::uint64_t start,
                                                              std::uint64_t end, bool intel_syntax) = 0;
  // What to take from an address of the mapping to get an address of the file.
  virtual Result<std::uint64_t> load_bias(const std::string& file, const ProfileMapping& mapping) = 0;
};

struct ReportRequest {
  ReportKind kind = ReportKind::kTop;
  PprofConfig config;
  std::string symbol;       // of peek, list, weblist, disasm: a regular expression
  bool has_symbol = false;  // tree may have one
  bool json = false;        // the same facts as JSON: docs/pprof-json.md
  bool go_compat = false;   // where we are better on purpose, be as go tool pprof
  bool precision = false;  // limits of what was sampled; only where shows_precision() holds, not in go_compat
};

// Reports that have columns for limits. A caller that merges a base for one of these with precision gives its
// samples the label pprof::base (profile/sampling.h), with -base too, so that they stay apart.
bool shows_precision(ReportKind kind);
// Reports that want a base kept apart in the same way, to show what was beside what is.
bool shows_both_sides(ReportKind kind);

// Prints to `out`; remarks that are no part of the report ("Focus expression matched no samples") to `err`,
// a line each. Consumes the profile. `binaries` may be null: then disasm and weblist say that they have none.
Result<void> generate_report(Profile profile, const ReportRequest& request, BinaryTool* binaries, Out& out,
                             Out& err);

}  // namespace memsnap
