// One page without script or network; a Content-Security-Policy allows its own style sheet alone.
#include "base/text.h"
#include "lint/print.h"
#include "render/sha256.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#5b6570;--line:#d8dee4;--card:#f6f8fa;--high:#b3261e;--medium:#8a5300;--low:#0b5cad}
@media(prefers-color-scheme:dark){:root{--bg:#0f1317;--fg:#e3e8ee;--soft:#98a4b0;--line:#2c343d;--card:#171d23;--high:#ff8a80;--medium:#f5b94d;--low:#7ab7ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:.5rem 0}
h2{font-size:1.1rem;margin:1.4rem 0 .4rem}
p{margin:.3rem 0}
code,pre{font:.88rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.5rem;overflow-x:auto;margin:.4rem 0;tab-size:4}
mark{background:none;color:inherit;border-bottom:2px solid var(--high)}
article{border-top:1px solid var(--line);padding:.6rem 0}
.soft{color:var(--soft)}
.tag{font-weight:700;text-transform:uppercase;font-size:.8rem;margin-right:.3rem}
.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}
.fix{border-left:4px solid #2e9e5b;padding:.3rem .8rem;background:var(--card)}
)css";

// A tab is no danger here, and its width is the page's.
std::string escape_code(std::string_view code) {
  std::string text;
  for (std::size_t from = 0; from <= code.size();) {
    std::size_t tab = std::min(code.find('\t', from), code.size());
    text += escape_html(code.substr(from, tab - from));
    if (tab < code.size()) text += '\t';
    from = tab + 1;
  }
  return text;
}

void put_line(const Span& at, std::string_view line, bool mark, Out& out) {
  if (line.empty()) return;
  auto column = [&](int number) { return std::min(std::size_t(std::max(number, 1) - 1), line.size()); };
  std::size_t code = std::min(line.find_first_not_of(" \t"), line.size());
  std::size_t from = std::max(column(at.column), code);
  std::size_t to = std::max(at.end_line > at.line ? line.size() : column(at.end_column), from);
  if (!mark) from = to = line.size();
  out.print("<pre>{:>5}  {}", at.line, escape_code(line.substr(code, from - code)));
  if (from < to) out.print("<mark>{}</mark>", escape_code(line.substr(from, to - from)));
  out.print("{}</pre>\n", escape_code(line.substr(to)));
}

void put_one(const Diagnostic& one, const LineSource& lines, Out& out) {
  out.print("<article><p><span class=\"tag {}\">{}</span> <code>{}</code> {}</p>\n<p class=\"soft\">{}",
            word(one.severity), level_word(one.severity), escape_html(one.rule), escape_html(one.message),
            escape_html(place_text(one.at)));
  if (!one.function.empty()) out.print(" in <code>{}</code>", escape_html(one.function));
  out.put("</p>\n");
  put_line(one.at, lines(one.at.file, one.at.line), true, out);
  for (const Related& other : one.related) {
    out.print("<p class=\"soft\">{}: {}</p>\n", escape_html(place_text(other.at)), escape_html(other.words));
    put_line(other.at, lines(other.at.file, other.at.line), false, out);
  }
  if (one.live) out.print("<p>live: {}</p>\n", live_text(*one.live));
  if (std::string fix = fix_text(one); !fix.empty()) out.print("<p class=\"fix\">{}</p>\n", escape_html(fix));
  out.put("</article>\n");
}

}  // namespace

void print_html(const LintReport& report, const LineSource& lines, Out& out) {
  out.put("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n");
  out.print(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'\">\n",
      sha256_base64(kStyle));
  out.print(
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>memsnap "
      "check</title>\n"
      "<style>{}</style></head>\n<body><main>\n<h1>memsnap check</h1>\n<p>{}</p>\n",
      kStyle, escape_html(summary_text(report)));
  for (const std::string& sentence : report.missing)
    out.print("<p class=\"soft\">{}</p>\n", escape_html(sentence));
  std::string_view file;
  for (const Diagnostic& one : report.diagnostics) {
    if (one.at.file != file) out.print("<h2>{}</h2>\n", escape_html(one.at.file));
    file = one.at.file;
    put_one(one, lines, out);
  }
  out.put("</main></body></html>\n");
}

}  // namespace memsnap
