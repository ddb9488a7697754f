// The report for an issue or a pull request on GitHub. Text of the target stands in code spans, where
// GitHub makes no links, mentions or markup of it.
#include "base/text.h"
#include "render/report.h"

namespace memsnap {
namespace {

void put_memory(Out& out, const Report& report) {
  if (report.rss == 0) return;
  out.print("## Memory\n\n{}; {} of it has a named owner.\n\n", memory_words(report),
            human_share(report.explained_ratio));
  out.put("| part | resident | of RSS | mostly |\n| --- | ---: | ---: | --- |\n");
  for (const MemoryPart& part : report.parts)
    out.print("| {} | {} | {} | {} |\n", markdown_prose(part.cause, true), human_bytes(part.bytes),
              human_share(double(part.bytes) / double(report.rss)), markdown_code(part.owner, true));
  out.put("\n");
}

void put_path(Out& out, const Holder& holder) {
  if (holder.kind == HolderKind::kNone) return;
  out.print("Held by {} {}", word(holder.kind), markdown_code(holder.root));
  if (!holder.file.empty()) out.print(", {}", markdown_code(place(holder.file, holder.line)));
  out.put("\n\n");
  for (std::size_t i = 0; i < holder.path.size(); ++i) {
    const PathStep& step = holder.path[i];
    out.print("{}. ", i + 1);
    if (i > 0 && !holder.path[i - 1].ref.empty()) out.print("{} ", markdown_code(holder.path[i - 1].ref));
    out.put(markdown_code(step.type));
    if (step.count > 1) out.print(" \u00d7 {}", human_count(step.count));
    if (step.retained > 0) out.print(", {}", human_bytes(step.retained));
    out.put("\n");
  }
  if (!holder.path.empty()) out.put("\n");
  if (!holder.also.empty()) out.print("{}\n\n", markdown_prose(also_words(holder)));
}

void put_sites(Out& out, const Report& report, const Finding& finding) {
  for (const Site& site : finding.sites) {
    out.print("- {} {}", site_words(site), markdown_code(site.function));
    if (!site.file.empty()) out.print(" at {}", markdown_code(place(site.file, site.line)));
    if (site.share > 0) out.print(" ({})", human_share(site.share));
    if (auto line = report.source.find({site.file, site.line}); line != report.source.end())
      out.print(": {}", markdown_code(line->second));
    out.put("\n");
  }
}

void put_finding(Out& out, const Report& report, const Finding& finding, std::size_t number) {
  out.print("### {}. {}: {}\n\n", number, word(finding.severity), markdown_prose(finding.title));
  out.print("{}", markdown_code(finding.pattern));
  if (std::string cost = cost_words(report, finding); !cost.empty()) out.print(", {}", cost);
  if (finding.objects > 0) out.print(", {}", counted(finding.objects, "object"));
  if (finding.growth_bytes_per_s) out.print(", {}", human_rate(*finding.growth_bytes_per_s));
  out.print(", {}", word(finding.confidence));
  if (!finding.fingerprint.empty()) out.print(", {}", markdown_code(finding.fingerprint));
  out.put("\n\n");
  put_path(out, finding.holder);
  put_sites(out, report, finding);
  for (const Evidence& evidence : finding.evidence) {
    out.print("- {}", markdown_prose(evidence.text));
    if (!evidence.verb.empty()) out.print(" ({})", markdown_code(evidence.verb));
    out.put("\n");
  }
  if (!finding.sites.empty() || !finding.evidence.empty()) out.put("\n");
  if (!finding.fix.text.empty()) out.print("**Fix:** {}\n\n", markdown_prose(finding.fix.text));
}

}  // namespace

std::string render_markdown(const Report& report) {
  Out out;
  out.print("# memsnap doctor: {}\n\n", markdown_code(report.exe.empty() ? "a Go program" : report.exe));
  std::string facts;
  auto fact = [&](std::string text) {
    if (!facts.empty()) facts += ", ";
    facts += text;
  };
  if (report.pid > 0) fact(fmt::format("pid {}", report.pid));
  if (!report.go.empty()) fact(markdown_code(report.go));
  if (report.up_ns > 0) fact("up " + human_duration(report.up_ns));
  if (!report.time.empty()) fact(markdown_code(report.time));
  if (!facts.empty()) out.print("{}\n\n", facts);
  out.print("{}\n\n", capture_words(report));
  for (const std::string& what : report.notes) out.print("> note: {}\n\n", markdown_prose(what));
  for (const std::string& what : report.missing) out.print("> partial: {}\n\n", markdown_prose(what));
  put_memory(out, report);
  out.print("## {}\n\n", verdict_words(report));
  for (std::size_t i = 0; i < report.findings.size(); ++i)
    put_finding(out, report, report.findings[i], i + 1);
  if (!report.largest.empty()) {
    out.put(
        "## Largest holders\n\nInformation: being large is no fault.\n\n| held | by | mostly |\n| ---: | --- "
        "| --- |\n");
    for (const LargestHolder& one : report.largest)
      out.print("| {} | {} | {} |\n", human_bytes(one.bytes), markdown_code(one.name, true),
                markdown_code(one.type, true));
    out.put("\n");
  }
  if (!report.growth_note.empty()) out.print("{}\n\n", markdown_prose(report.growth_note));
  if (!report.next.empty()) {
    out.put("## Next\n\n");
    for (const NextStep& step : report.next)
      out.print("- {}: {}\n", markdown_code(step.command), markdown_prose(step.why));
  }
  return out.text();
}

}  // namespace memsnap
