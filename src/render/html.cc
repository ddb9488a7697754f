// The report as one HTML file: no script, no network, nothing to load; opens from disk and reads on a phone.
// A Content-Security-Policy in the page allows our own style sheet, by its hash, and nothing else.
#include "base/text.h"
#include "render/report.h"
#include "render/sha256.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#5b6570;--line:#d8dee4;--card:#f6f8fa;--high:#b3261e;--medium:#8a5300;--low:#0b5cad;--info:#5b6570}
@media(prefers-color-scheme:dark){:root{--bg:#0f1317;--fg:#e3e8ee;--soft:#98a4b0;--line:#2c343d;--card:#171d23;--high:#ff8a80;--medium:#f5b94d;--low:#7ab7ff;--info:#98a4b0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--bg);color:var(--fg);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:.5rem 0}
h2{font-size:1.15rem;margin:1.5rem 0 .5rem}
p{margin:.4rem 0}
code,pre{font:.88rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem;overflow-x:auto;margin:.5rem 0}
.soft{color:var(--soft)}
.bar{width:100%;height:1.4rem;display:block;border-radius:6px}
table{border-collapse:collapse;width:100%;margin:.6rem 0}
th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
th.n,td.n{text-align:right;white-space:nowrap}
.key{width:.9rem;height:.9rem;display:inline-block;vertical-align:middle;margin-right:.4rem}
details{border:1px solid var(--line);border-radius:8px;margin:.6rem 0;padding:0 .8rem}
summary{cursor:pointer;padding:.6rem 0}
summary:focus-visible{outline:2px solid var(--low);outline-offset:2px}
.tag{font-weight:700;text-transform:uppercase;font-size:.8rem;margin-right:.3rem}
.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.info{color:var(--info)}
.title{font-weight:600}
.path{list-style:none;padding-left:0;margin:.4rem 0}
.path li{padding-left:1rem;border-left:2px solid var(--line)}
.fix{border-left:4px solid #2e9e5b;padding:.3rem .8rem;background:var(--card)}
.c0{fill:#3b7dd8}.c1{fill:#e0902f}.c2{fill:#4ea862}.c3{fill:#c3579c}.c4{fill:#8268c9}.c5{fill:#2fa3a3}.c6{fill:#b8a12f}.c7{fill:#8a949e}
)css";
constexpr std::size_t kColours = 8;

std::string code(std::string_view text) { return "<code>" + escape_html(text) + "</code>"; }

void put_bar(Out& out, const Report& report) {
  std::uint64_t all = 0;
  for (const MemoryPart& part : report.parts) all += part.bytes;
  if (all == 0) return;
  out.put(
      "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" role=\"img\" "
      "aria-label=\"parts of resident memory, as in the table below\">");
  double at = 0;
  for (std::size_t i = 0; i < report.parts.size(); ++i) {
    double wide = double(report.parts[i].bytes) / double(all) * 1000;
    out.print("<rect class=\"c{}\" x=\"{:.2f}\" y=\"0\" width=\"{:.2f}\" height=\"10\"></rect>",
              std::min(i, kColours - 1), at, wide);
    at += wide;
  }
  out.put("</svg>\n");
}

void put_memory(Out& out, const Report& report) {
  if (report.rss == 0) return;
  out.print("<h2>Memory</h2>\n<p>{}; {} of it has a named owner.</p>\n", escape_html(memory_words(report)),
            escape_html(human_share(report.explained_ratio)));
  put_bar(out, report);
  out.put(
      "<table><thead><tr><th>part</th><th class=\"n\">resident</th><th class=\"n\">of RSS</th>"
      "<th>mostly</th></tr></thead><tbody>\n");
  for (std::size_t i = 0; i < report.parts.size(); ++i) {
    const MemoryPart& part = report.parts[i];
    out.print(
        "<tr><td><svg class=\"key\" viewBox=\"0 0 1 1\" aria-hidden=\"true\"><rect class=\"c{}\" width=\"1\" "
        "height=\"1\"></rect></svg>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
        std::min(i, kColours - 1), escape_html(part.cause), human_bytes(part.bytes),
        escape_html(human_share(double(part.bytes) / double(report.rss))), escape_html(part.owner));
  }
  out.put("</tbody></table>\n");
}

void put_path(Out& out, const Holder& holder) {
  if (holder.kind == HolderKind::kNone) return;
  out.print("<p>Held by {} {}", word(holder.kind), code(holder.root));
  if (!holder.file.empty())
    out.print(" <span class=\"soft\">{}</span>", code(place(holder.file, holder.line)));
  out.put("</p>\n");
  if (!holder.also.empty()) out.print("<p class=\"soft\">{}</p>\n", escape_html(also_words(holder)));
  if (holder.path.empty()) return;
  out.put("<ol class=\"path\">\n");
  for (std::size_t i = 0; i < holder.path.size(); ++i) {
    const PathStep& step = holder.path[i];
    out.put("<li>");
    if (i > 0 && !holder.path[i - 1].ref.empty()) out.print("{} ", code(holder.path[i - 1].ref));
    out.put(code(step.type));
    if (step.count > 1) out.print(" \u00d7 {}", human_count(step.count));
    if (step.retained > 0) out.print(" <span class=\"soft\">{}</span>", human_bytes(step.retained));
    out.put("</li>\n");
  }
  out.put("</ol>\n");
}

void put_sites(Out& out, const Report& report, const Finding& finding) {
  for (const Site& site : finding.sites) {
    out.print("<p>{} in {}", site_words(site), code(site.function));
    if (!site.file.empty()) out.print(" at {}", code(place(site.file, site.line)));
    if (site.share > 0) out.print(" <span class=\"soft\">({})</span>", escape_html(human_share(site.share)));
    out.put("</p>\n");
    if (auto line = report.source.find({site.file, site.line}); line != report.source.end())
      out.print("<pre>{:>5}  {}</pre>\n", site.line, escape_html(line->second));
  }
}

void put_finding(Out& out, const Report& report, const Finding& finding, bool open) {
  const char* severity = word(finding.severity);
  out.print("<details{}><summary><span class=\"tag {}\">{}</span> {}", open ? " open" : "", severity,
            severity, code(finding.pattern));
  if (std::string cost = cost_words(report, finding); !cost.empty()) out.print(" {}", escape_html(cost));
  if (finding.growth_bytes_per_s) out.print(" {}", escape_html(human_rate(*finding.growth_bytes_per_s)));
  out.print("<br><span class=\"title\">{}</span></summary>\n", escape_html(finding.title));
  out.print("<p class=\"soft\">{}", word(finding.confidence));
  if (finding.objects > 0) out.print(", {}", counted(finding.objects, "object"));
  if (!finding.type.empty()) out.print(" of {}", code(finding.type));
  if (!finding.fingerprint.empty()) out.print(", fingerprint {}", code(finding.fingerprint));
  out.put("</p>\n");
  put_path(out, finding.holder);
  put_sites(out, report, finding);
  if (!finding.evidence.empty()) {
    out.put("<ul>\n");
    for (const Evidence& evidence : finding.evidence) {
      out.print("<li>{}", escape_html(evidence.text));
      if (!evidence.verb.empty()) out.print("<br>{}", code(evidence.verb));
      out.put("</li>\n");
    }
    out.put("</ul>\n");
  }
  if (!finding.fix.text.empty()) out.print("<p class=\"fix\">{}</p>\n", escape_html(finding.fix.text));
  out.put("</details>\n");
}

}  // namespace

std::string render_html(const Report& report) {
  Out out;
  std::string name = escape_html(report.exe.empty() ? "a Go program" : report.exe);
  out.print(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<title>memsnap doctor: {}</title>\n<style>{}</style></head>\n<body>\n<main>\n",
      sha256_base64(kStyle), name, kStyle);
  out.print("<h1>memsnap doctor: {}</h1>\n<p>{}</p>\n", name, escape_html(target_words(report)));
  out.print("<p class=\"soft\">{}{}{}</p>\n", escape_html(report.time), report.time.empty() ? "" : ": ",
            escape_html(capture_words(report)));
  for (const std::string& what : report.notes)
    out.print("<p class=\"soft\">note: {}</p>\n", escape_html(what));
  for (const std::string& what : report.missing)
    out.print("<p class=\"medium\">partial: {}</p>\n", escape_html(what));
  put_memory(out, report);
  out.print("<h2>{}</h2>\n", escape_html(verdict_words(report)));
  for (std::size_t i = 0; i < report.findings.size(); ++i)
    put_finding(out, report, report.findings[i], i == 0);
  if (!report.largest.empty()) {
    out.put(
        "<h2>Largest holders</h2>\n<p class=\"soft\">Information: being large is no "
        "fault.</p>\n<table><thead><tr>"
        "<th class=\"n\">held</th><th>by</th><th>mostly</th></tr></thead><tbody>\n");
    for (const LargestHolder& one : report.largest)
      out.print("<tr><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>\n", human_bytes(one.bytes),
                code(one.name), code(one.type));
    out.put("</tbody></table>\n");
  }
  if (!report.growth_note.empty()) out.print("<p class=\"soft\">{}</p>\n", escape_html(report.growth_note));
  if (!report.next.empty()) {
    out.put("<h2>Next</h2>\n<ul>\n");
    for (const NextStep& step : report.next)
      out.print("<li>{}: {}</li>\n", code(step.command), escape_html(step.why));
    out.put("</ul>\n");
  }
  out.put("</main>\n</body></html>\n");
  return out.text();
}

}  // namespace memsnap
