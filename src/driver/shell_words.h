// One line of the shell: an assignment or a command with its words.
// Facts: internal/driver/interactive.go of google/pprof.
#pragma once

#include "base/result.h"
#include "driver/commands.h"
#include "profile/config.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct Assignment {
  std::string name, value;
  bool has_value = false;
};
// What stands before the first = sign and behind it, without a comment (//:); the whole line is the name when
// there is none.
Assignment split_assignment(std::string_view line);

struct ShellCommand {
  const PprofCommand* command = nullptr;
  std::string symbol;
  PprofConfig config;  // the current one, as the words change it for this command alone
};
// top5 main -runtime -cum >file. Errors are Cause::usage with the texts of go tool pprof.
// `own`: commands that go tool pprof does not have, too.
Result<ShellCommand> parse_shell_command(std::span<const std::string_view> words, const PprofConfig& current,
                                         bool own = true);

// The line with its last word completed: a command, a field, or a function of the profile.
std::string complete_line(const std::string& line, std::span<const std::string_view> functions);

}  // namespace memsnap
