// The reports as commands of the command line and of the shell, and the words of their help.
// Facts: internal/driver/commands.go of google/pprof.
#pragma once

#include "reports/generate.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// Why a command cannot be run here.
enum class CommandNeeds : std::uint8_t {
  kNothing,
  kGraphviz,  // gif, pdf, png, ps: graphviz would draw them
  kViewer,    // eog, evince, gv, kcachegrind, web: another program would show it
};

struct PprofCommand {
  const char* name;
  ReportKind kind;
  bool has_symbol;  // its first word says which functions
  CommandNeeds needs;
  const char* suffix;  // of the file that a terminal is spared from: pb.gz; "" when it is text
  const char* about;   // a sentence of go tool pprof
  enum class Usage : std::uint8_t {
    kNone,
    kReport,
    kReportCum,
    kReportNoFile,
    kList,
    kListFile,
    kPeek,
    kTags
  } usage;
};

std::span<const PprofCommand> pprof_commands();  // by name
// Reports that go tool pprof does not have.
std::span<const PprofCommand> own_commands();
const PprofCommand* find_command(std::string_view name, bool own = true);
// What to do instead of a command that needs another program: one line.
std::string command_advice(const PprofCommand& command);

// What `help NAME` prints, of a command.
std::string command_help(const PprofCommand& command);
// The same of a field or a choice of one; null when nothing is known about that name.
const char* config_help(std::string_view name);
// What `help` prints; on the command line names have a dash. `own`: with the commands that are ours.
std::string pprof_usage(bool command_line, bool own = false);
// What go tool pprof -h prints.
std::string pprof_command_line_usage();

}  // namespace memsnap
