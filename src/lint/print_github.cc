// Workflow commands of GitHub Actions, which show a diagnostic in the diff of a pull request.
#include "base/text.h"
#include "lint/print.h"

namespace memsnap {
namespace {

// The escapes of actions/toolkit (command.ts): those of data, and of properties besides.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (char c : escape_terminal(text)) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      case ':': out += property ? "%3A" : ":"; break;
      case ',': out += property ? "%2C" : ","; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace

void print_github(const LintReport& report, Out& out) {
  for (const Diagnostic& one : report.diagnostics) {
    const char* level = one.severity == Severity::kHigh     ? "error"
                        : one.severity == Severity::kMedium ? "warning"
                                                            : "notice";
    std::string text = one.message;
    for (const Related& other : one.related)
      text += fmt::format("; {}: {}", place_text(other.at), other.words);
    if (std::string fix = fix_text(one); !fix.empty()) text += ". Fix: " + fix;
    out.print("::{} file={},line={},col={},endLine={},endColumn={},title={}::{}\n", level,
              escaped(one.at.file, true), one.at.line, one.at.column, one.at.end_line, one.at.end_column,
              escaped(one.rule, true), escaped(text, false));
  }
}

}  // namespace memsnap
