// Diagnostics for people and for programs. What stands in files and names is escaped for each form.
#pragma once

#include "lint/diagnostic.h"
#include "render/out.h"
#include "render/style.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

// A line of a file by its shown name; "" when there is none. Without the newline, valid until the next call.
using LineSource = std::function<std::string_view(const std::string& file, int line)>;

// A run of check, as it is printed.
struct LintReport {
  std::vector<Diagnostic> diagnostics;  // finished
  std::size_t known = 0;                // taken out: in the baseline, or in the tree compared with
  std::size_t silenced = 0;             // by comments
  std::size_t notes = 0;                // not shown, as nobody asked for notes
  std::size_t packages = 0, files = 0, lines = 0;
  std::string go;                    // of the module: go1.26
  std::vector<std::string> missing;  // what could not be known, one sentence each
  std::vector<std::string> rules;    // that ran
};

void print_text(const LintReport& report, const LineSource& lines, const Style& style, Out& out);
void print_json(const LintReport& report, Out& out);                            // memsnap.check/1
void print_sarif(const LintReport& report, const LineSource& lines, Out& out);  // 2.1.0
void print_github(const LintReport& report, Out& out);                          // workflow commands
void print_html(const LintReport& report, const LineSource& lines, Out& out);   // one page, no script

// "file:line:column"
std::string place_text(const Span& at);
std::string fix_text(const Diagnostic& one);
// "31.9 MiB in 10,566 objects that this function allocated (28.1 MiB to 36.2 MiB, 66 samples)"
std::string live_text(const LiveBytes& live);
std::string title_of(const std::string& rule);
// "3 errors, 1 warning in 41 packages"
std::string summary_text(const LintReport& report);

}  // namespace memsnap
