// -weblist: a page without scripts; lines that became instructions open to show them.
#include "base/text.h"
#include "profile/paths.h"
#include "profile/units.h"
#include "reports/web_listing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{}</title>
<style>
:root{{color-scheme:light dark}}
body{{font-family:system-ui,sans-serif;margin:1rem}}
pre{{overflow-x:auto}}
h2{{font-size:1.1rem;margin:1.2rem 0 0}}
.filename,.nop,.unimportant{{opacity:.6}}
.filename{{margin:0}}
details{{display:inline}}
summary{{display:inline;cursor:pointer;list-style:none}}
.asm{{color:#2a7a2a}}
.inlinesrc{{color:#2a5db0}}
</style>
</head>
<body>
)";

std::int64_t indentation(std::string_view line) {
  std::int64_t column = 0;
  for (char c : line) {
    if (c == ' ')
      ++column;
    else if (c == '\t')
      column = column / 8 * 8 + 8;
    else
      break;
  }
  return column;
}

// Tabs stay what they are.
std::string escape_source(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at <= line.size();) {
    std::size_t tab = std::min(line.find('\t', at), line.size());
    out += escape_html(line.substr(at, tab - at));
    if (tab < line.size()) out += '\t';
    at = tab + 1;
  }
  return out;
}

class Page {
 public:
  Page(const ProfileReport& report, SourceFiles& sources, Out& out)
      : report_(report), sources_(sources), out_(out) {}

  void print(const std::vector<WebFunction>& functions) {
    out_.print(fmt::runtime(kHead), escape_html(report_.title));
    std::vector<std::string> legend;
    for (const std::string& label : profile_labels(report_)) legend.push_back(escape_html(label));
    legend.push_back("Total: " + report_.format(report_.total));
    out_.print("<p class=\"legend\">{}</p>\n", fmt::join(legend, "<br>\n"));
    for (const WebFunction& function : functions) print_function(function);
    out_.put("</body>\n</html>\n");
  }

 private:
  void print_function(const WebFunction& function) {
    out_.print("<h2>{}</h2>\n<p class=\"filename\">{}</p>\n<pre>\n  Total:  {} {} (flat, cum) {}\n",
               escape_html(function.name), escape_html(function.file),
               pad_to(report_.format(function.flat), 10), pad_to(report_.format(function.cum), 10),
               percentage(function.cum, report_.total));
    for (const WebLine& line : function.lines) print_line(line);
    out_.put("</pre>\n");
  }

  void print_line(const WebLine& line) {
    bool nested = std::ranges::any_of(
        line.instructions, [](const WebInstruction& i) { return !i.text.empty() || !i.calls.empty(); });
    std::string text =
        fmt::format(" {:6}   {} {} {:8}  {}", line.number, pad_to(report_.format_or_dot(line.flat), 10),
                    pad_to(report_.format_or_dot(line.cum), 10), "", escape_source(line.source));
    if (!nested) {
      out_.print("<span class=\"{}\">{}</span>\n", line.instructions.empty() ? "nop" : "deadsrc", text);
      return;
    }
    out_.print("<details><summary>{}</summary>\n<span class=\"asm\">", text);
    std::int64_t indent = indentation(line.source) + 4;
    const std::vector<WebCall>* before = nullptr;
    for (std::size_t i = 0; i < line.instructions.size(); ++i) {
      const WebInstruction& instruction = line.instructions[i];
      if (instruction.starts_block && i > 0) out_.print(" {:8} {:>28}\n", "", "⋮");
      print_calls(instruction, before, indent);
      before = &instruction.calls;
      if (!instruction.text.empty()) print_instruction(instruction, indent);
    }
    out_.put("</span></details>");
    out_.put("\n");
  }

  // Calls that the instruction before has not shown already.
  void print_calls(const WebInstruction& instruction, const std::vector<WebCall>* before,
                   std::int64_t indent) {
    for (std::size_t i = 0; i < instruction.calls.size(); ++i) {
      const WebCall& call = instruction.calls[i];
      if (before && i < before->size() && (*before)[i] == call) continue;
      before = nullptr;
      const std::string* source = sources_.line(call.file, call.line);
      std::string_view text = source ? trim(*source) : std::string_view();
      out_.print(
          " {:8} {:10} {:10} {:8}  <span class=\"inlinesrc\">{:{}}{}</span> <span "
          "class=\"unimportant\">{}:{}</span>\n",
          "", "", "", "", "", indent + 4 * std::int64_t(i), escape_source(text),
          escape_html(base_name(call.file)), call.line);
    }
  }

  void print_instruction(const WebInstruction& i, std::int64_t indent) {
    std::string place = i.file.empty() ? "" : fmt::format("{}:{}", base_name(i.file), i.line);
    std::string text(std::size_t(indent) + 4 * i.calls.size(), ' ');
    text += i.text;
    out_.print(" {:8} {} {} {:8x}: {:<80} <span class=\"unimportant\">{}</span>\n", "",
               pad_to(report_.format_or_dot(i.flat), 10), pad_to(report_.format_or_dot(i.cum), 10), i.address,
               escape_html(text), escape_html(place));
  }

  static std::string_view trim(std::string_view text) {
    std::size_t from = text.find_first_not_of(" \t\r\n"), to = text.find_last_not_of(" \t\r\n");
    return from == text.npos ? std::string_view() : text.substr(from, to - from + 1);
  }

  const ProfileReport& report_;
  SourceFiles& sources_;
  Out& out_;
};

}  // namespace

Result<void> print_weblist(ProfileReport& report, BinaryTool* binaries, Out& out) {
  SourceFiles sources(report.config.source_path, report.config.trim_path, report.request.go_compat);
  std::vector<WebFunction> functions = TRY(list_with_instructions(report, binaries, sources));
  Page(report, sources, out).print(functions);
  return {};
}

}  // namespace memsnap
