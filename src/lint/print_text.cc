// For people: the sentence, the line with carets under the piece that is meant, the other places, the fix.
#include "base/text.h"
#include "lint/print.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::size_t kWidest = 110;  // columns of a source line that are shown

Ink ink_of(Severity severity) {
  switch (severity) {
    case Severity::kHigh: return Ink::kHigh;
    case Severity::kMedium: return Ink::kMedium;
    default: return Ink::kLow;
  }
}

// Tabs become four blanks, so that carets stand below what they mean.
std::string spread(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\t')
      out += "    ";
    else
      out += c;
  }
  return out;
}

void put_source(const Span& at, std::string_view line, Severity severity, bool carets, const Style& style,
                Out& out) {
  std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  if (indent == line.size()) return;
  std::size_t end = at.end_line > at.line ? line.size() : std::size_t(std::max(at.end_column, 1) - 1);
  std::size_t from = std::clamp(std::size_t(std::max(at.column, 1) - 1), indent, line.size());
  std::size_t to = std::clamp(end, from, line.size());
  std::string before = style.safe(spread(line.substr(indent, from - indent)));
  std::string meant = style.safe(spread(line.substr(from, to - from)));
  std::string after = style.safe(spread(line.substr(to)));
  out.print("{:>7} | {}\n", at.line, fit(before + meant + after, kWidest));
  std::size_t start = columns(before), wide = std::max<std::size_t>(columns(meant), 1);
  if (!carets || start >= kWidest) return;
  wide = std::min(wide, kWidest - start);
  out.print("        | {}{}\n", std::string(start, ' '), style.ink(ink_of(severity), std::string(wide, '^')));
}

void put_one(const Diagnostic& one, const LineSource& lines, const Style& style, Out& out) {
  out.print("{}: {}: {} [{}]\n", style.safe(place_text(one.at)),
            style.ink(ink_of(one.severity), level_word(one.severity)),
            style.ink(Ink::kStrong, style.safe(one.message)), one.rule);
  put_source(one.at, lines(one.at.file, one.at.line), one.severity, true, style, out);
  for (std::size_t i = 0; i < one.related.size(); ++i) {
    const Related& other = one.related[i];
    std::string number = one.related_is_path && one.related.size() > 1 ? fmt::format("{}. ", i + 1) : "";
    out.print("    {}{}: {}\n", number, style.safe(place_text(other.at)), style.safe(other.words));
    put_source(other.at, lines(other.at.file, other.at.line), one.severity, false, style, out);
  }
  if (one.live) out.print("    live: {}\n", live_text(*one.live));
  if (std::string fix = fix_text(one); !fix.empty())
    for (const std::string& line : wrap("fix: " + style.safe(fix), style.width - 4))
      out.put("    " + line + "\n");
  out.put("\n");
}

}  // namespace

std::string place_text(const Span& at) { return fmt::format("{}:{}:{}", at.file, at.line, at.column); }

std::string fix_text(const Diagnostic& one) {
  if (!one.fix.empty()) return one.fix;
  const RuleText* words = rule_text(one.rule);
  return words ? words->fix : std::string();
}

std::string live_text(const LiveBytes& live) {
  std::string text =
      fmt::format("{} in {} objects that this function allocated", human_bytes(std::uint64_t(live.bytes)),
                  human_count(std::uint64_t(live.objects + 0.5)));
  if (live.samples > 0)
    text += fmt::format(" ({} to {}, {} sample{})", human_bytes(std::uint64_t(live.low)),
                        human_bytes(std::uint64_t(live.high)), human_count(live.samples),
                        live.samples == 1 ? "" : "s");
  return text;
}

std::string title_of(const std::string& rule) {
  const RuleText* words = rule_text(rule);
  return words ? words->title : rule;
}

std::string summary_text(const LintReport& report) {
  std::size_t counts[3] = {};
  for (const Diagnostic& one : report.diagnostics)
    ++counts[one.severity == Severity::kHigh ? 0 : one.severity == Severity::kMedium ? 1 : 2];
  auto counted = [](std::size_t n, std::string_view word) {
    return fmt::format("{} {}{}", human_count(n), word, n == 1 ? "" : "s");
  };
  std::string text = fmt::format("{}, {}", counted(counts[0], "error"), counted(counts[1], "warning"));
  if (counts[2] > 0) text += ", " + counted(counts[2], "note");
  text += fmt::format(" in {} ({})", counted(report.packages, "package"), counted(report.files, "file"));
  if (report.known > 0) text += fmt::format("; {} known before", report.known);
  if (report.silenced > 0) text += fmt::format("; {} silenced by comments", report.silenced);
  if (report.notes > 0) text += fmt::format("; {} not shown (--notes)", counted(report.notes, "note"));
  return text;
}

void print_text(const LintReport& report, const LineSource& lines, const Style& style, Out& out) {
  for (const Diagnostic& one : report.diagnostics) put_one(one, lines, style, out);
  out.put(summary_text(report) + "\n");
  for (const std::string& sentence : report.missing) out.put(style.safe(sentence) + "\n");
}

}  // namespace memsnap
