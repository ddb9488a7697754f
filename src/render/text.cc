// The report on a terminal. Every line fits the width; details of the last findings are left out first
// when the whole would be longer than its limit.
#include "base/text.h"
#include "render/report.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace memsnap {
namespace {

using Lines = std::vector<std::string>;

// How much of a finding is shown; level 0 is its head and title.
struct Detail {
  std::size_t steps, sites, evidence, fix_lines;
};
constexpr std::array<Detail, 4> kDetails = {{{0, 0, 0, 0}, {1, 1, 1, 1}, {3, 1, 2, 2}, {6, 2, 3, 2}}};
constexpr std::size_t kLabel = 13;  // columns of "  allocated  "

class Page {
 public:
  Page(const Report& report, const Style& style) : report_(report), style_(style) {}

  Lines head() const;
  Lines memory() const;
  Lines finding(const Finding& finding, std::size_t number, std::size_t level) const;
  Lines largest() const;
  Lines foot(std::size_t hidden) const;

 private:
  std::string safe(std::string_view text) const { return style_.safe(text); }
  // Left text, and right text flush with the width when both fit.
  std::string sides(const std::string& left, const std::string& right) const;
  std::string bar(double share, std::size_t width) const;
  void labelled(Lines& lines, std::string_view label, std::string_view text, std::size_t most) const;
  void path(Lines& lines, const Finding& finding, std::size_t most) const;
  void site(Lines& lines, const Site& site) const;

  const Report& report_;
  const Style& style_;
};

std::string Page::sides(const std::string& left, const std::string& right) const {
  if (right.empty()) return fit(left, style_.width);
  std::size_t room = style_.width, l = columns(left), r = columns(right);
  if (l + 2 + r <= room) return left + std::string(room - l - r, ' ') + right;
  std::string cut = fit_end(right, std::max<std::size_t>(room / 2, room > l + 2 ? room - l - 2 : 0));
  std::string kept = fit(left, room - 2 - columns(cut));
  return kept + std::string(room - columns(kept) - columns(cut), ' ') + cut;
}

std::string Page::bar(double share, std::size_t width) const {
  double eighths = std::clamp(share, 0.0, 1.0) * double(width) * 8;
  auto whole = std::size_t(std::lround(eighths));
  if (whole == 0 && share > 0) whole = 1;
  if (style_.ascii) return std::string((whole + 7) / 8, '#');
  static constexpr std::array<std::string_view, 8> kEnds = {"",       "\u258f", "\u258e", "\u258d",
                                                            "\u258c", "\u258b", "\u258a", "\u2589"};
  std::string out;
  for (std::size_t i = 0; i < whole / 8; ++i) out += "\u2588";
  return out.append(kEnds[whole % 8]);
}

Lines Page::head() const {
  Lines lines;
  lines.push_back(sides("memsnap doctor  " + safe(target_words(report_)), safe(report_.time)));
  for (std::string& line : wrap(safe(capture_words(report_)), style_.width)) lines.push_back(std::move(line));
  for (const std::string& what : report_.notes)
    for (std::string& line : wrap(safe("note: " + what), style_.width)) lines.push_back(std::move(line));
  for (const std::string& what : report_.missing)
    for (std::string& line : wrap(safe("partial: " + what), style_.width)) lines.push_back(std::move(line));
  lines.emplace_back();
  return lines;
}

Lines Page::memory() const {
  constexpr std::size_t kMost = 8;
  Lines lines;
  if (report_.rss == 0) return lines;
  lines.push_back(
      sides("MEMORY  " + memory_words(report_), "explained " + human_share(report_.explained_ratio)));
  std::vector<MemoryPart> parts = report_.parts;
  if (parts.size() > kMost) {
    MemoryPart rest{.cause = "other", .owner = {}, .bytes = 0};
    for (std::size_t i = kMost - 1; i < parts.size(); ++i) rest.bytes += parts[i].bytes;
    parts.resize(kMost - 1);
    parts.push_back(std::move(rest));
  }
  bool two = style_.width >= 80;
  std::size_t half = two ? (parts.size() + 1) / 2 : parts.size(),
              width = two ? style_.width / 2 : style_.width;
  std::size_t bars = width - std::min<std::size_t>(width, 36);
  double largest = parts.empty() ? 1 : std::max(1.0, double(parts.front().bytes));
  auto cell = [&](const MemoryPart& part) {
    return fmt::format("  {} {} {} {}", pad(fit(safe(part.cause), 14), 14),
                       pad_left(human_bytes(part.bytes), 9),
                       pad_left(human_share(double(part.bytes) / double(report_.rss)), 6),
                       bar(double(part.bytes) / largest, bars));
  };
  for (std::size_t i = 0; i < half; ++i) {
    std::string line = cell(parts[i]);
    if (half + i < parts.size()) line = pad(line, width) + cell(parts[half + i]);
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  lines.emplace_back();
  return lines;
}

void Page::labelled(Lines& lines, std::string_view label, std::string_view text, std::size_t most) const {
  Lines parts = wrap(safe(text), style_.width - kLabel);
  for (std::size_t i = 0; i < std::min(most, parts.size()); ++i) {
    bool cut = i + 1 == most && parts.size() > most;
    std::string shown = cut ? fit(parts[i] + " " + parts[i + 1], style_.width - kLabel) : parts[i];
    lines.push_back(pad(i == 0 ? fmt::format("  {}", label) : "", kLabel) + shown);
  }
}

void Page::path(Lines& lines, const Finding& finding, std::size_t most) const {
  const Holder& holder = finding.holder;
  std::string root = holder_words(holder);
  if (root.empty()) return;
  lines.push_back(sides("  " + safe(root), safe(place(holder.file, holder.line))));
  const std::vector<PathStep>& steps = holder.path;
  std::size_t depth = 0;
  auto put = [&](const std::string& text, const std::string& right) {
    std::string indent(2 + 2 * depth++, ' ');
    lines.push_back(sides(indent + std::string(style_.pick("\u2514 ", "`-")) + text, right));
  };
  // The first step and the last ones say most; the middle is counted.
  std::size_t kept = std::min(most, steps.size());
  std::size_t head = kept >= 3 ? 1 : 0, skipped = steps.size() - kept;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i >= head && i < head + skipped) {
      if (i == head) put(fmt::format("... {}", counted(skipped, "step")), "");
      continue;
    }
    std::string text = i > 0 && !steps[i - 1].ref.empty() ? steps[i - 1].ref + "  " : "";
    text += step_words(steps[i], style_.pick("\u00d7", "x "));
    put(safe(text), steps[i].retained > 0 ? human_bytes(steps[i].retained) : "");
  }
  if (!holder.also.empty()) lines.push_back(fit("  " + safe(also_words(holder)), style_.width));
}

void Page::site(Lines& lines, const Site& site) const {
  std::string label = pad(fmt::format("  {} ", site_words(site)), kLabel);
  std::string share = site.share > 0 && site.share < 0.995 ? "  " + human_share(site.share) : "";
  std::string where = safe(place(site.file, site.line));
  lines.push_back(sides(label + safe(site.function) + share, where));
  auto text = report_.source.find({site.file, site.line});
  if (text == report_.source.end()) return;
  std::string line = fmt::format("{}{} | {}", std::string(kLabel, ' '), site.line, safe(text->second));
  lines.push_back(fit(line, style_.width));
}

Lines Page::finding(const Finding& finding, std::size_t number, std::size_t level) const {
  const Detail& detail = kDetails[level];
  Lines lines;
  static constexpr std::array<std::string_view, 4> kWords = {"INFO", "LOW", "MEDIUM", "HIGH"};
  static constexpr std::array<Ink, 4> kInks = {Ink::kFaint, Ink::kLow, Ink::kMedium, Ink::kHigh};
  auto severity = std::size_t(finding.severity);
  std::string head = fmt::format("{} {}  {}", number, kWords[severity], safe(finding.pattern));
  for (const std::string& word_of_it :
       {cost_words(report_, finding),
        finding.growth_bytes_per_s ? human_rate(*finding.growth_bytes_per_s) : "",
        std::string(word(finding.confidence)), finding.fingerprint})
    if (!word_of_it.empty()) head += "  " + safe(word_of_it);
  head = fit(head, style_.width);
  if (std::size_t at = head.find(kWords[severity]); at != std::string::npos)
    head.replace(at, kWords[severity].size(), style_.ink(kInks[severity], kWords[severity]));
  lines.push_back(std::move(head));
  for (std::string& line : wrap(safe(finding.title), style_.width - 2)) lines.push_back("  " + line);
  if (level == 0) return lines;
  path(lines, finding, detail.steps);
  for (std::size_t i = 0; i < std::min(detail.sites, finding.sites.size()); ++i)
    site(lines, finding.sites[i]);
  for (std::size_t i = 0; i < std::min(detail.evidence, finding.evidence.size()); ++i)
    labelled(lines, i == 0 ? "evidence" : "", finding.evidence[i].text, 2);
  if (!finding.fix.text.empty()) labelled(lines, "fix", finding.fix.text, detail.fix_lines);
  return lines;
}

Lines Page::largest() const {
  Lines lines;
  if (report_.largest.empty()) return lines;
  lines.push_back("largest holders (information: being large is no fault)");
  for (const LargestHolder& one : report_.largest) {
    double share = report_.reached_bytes == 0 ? 0 : double(one.bytes) / double(report_.reached_bytes);
    std::string type = one.type.empty() ? "" : "  " + safe(one.type);
    lines.push_back(fit(fmt::format("  {} {}  {}{}", pad_left(human_bytes(one.bytes), 9),
                                    pad_left(human_share(share), 6), safe(one.name), type),
                        style_.width));
  }
  lines.emplace_back();
  return lines;
}

Lines Page::foot(std::size_t hidden) const {
  Lines lines;
  for (std::string& line : wrap(safe(report_.growth_note), style_.width)) lines.push_back(std::move(line));
  if (hidden > 0)
    lines.push_back(fmt::format("not shown: {} (--all shows them)", counted(hidden, "finding")));
  if (!report_.saved.empty()) lines.push_back(fit("saved  " + safe(report_.saved), style_.width));
  std::size_t widest = 0;
  for (const NextStep& step : report_.next) widest = std::max(widest, columns(safe(step.command)));
  widest = std::min(widest, style_.width * 3 / 5);
  for (std::size_t i = 0; i < report_.next.size(); ++i) {
    std::string line = pad(i == 0 ? "next" : "", 7) + pad(safe(report_.next[i].command), widest) + "  " +
                       safe(report_.next[i].why);
    lines.push_back(fit(line, style_.width));
  }
  return lines;
}

}  // namespace

std::string render_text(const Report& report, const Style& style, const TextLimits& limits) {
  Page page(report, style);
  Lines head = page.head(), memory = page.memory(), largest = page.largest();
  std::size_t shown = std::min(limits.findings, report.findings.size());
  Lines foot = page.foot(report.findings.size() - shown);
  std::vector<Lines> blocks;
  std::vector<std::size_t> level(shown, kDetails.size() - 1);
  for (std::size_t i = 0; i < shown; ++i) blocks.push_back(page.finding(report.findings[i], i + 1, level[i]));
  auto total = [&] {
    std::size_t sum = head.size() + memory.size() + largest.size() + foot.size() + 2;
    for (const Lines& block : blocks) sum += block.size() + 1;
    return sum;
  };
  auto shorten = [&](std::size_t i, std::size_t floor) {
    if (level[i] <= floor || total() <= limits.lines) return;
    level[i] = floor;
    blocks[i] = page.finding(report.findings[i], i + 1, floor);
  };
  // The first finding is the one to work on: the others give way before it does.
  for (std::size_t floor = kDetails.size() - 1; floor-- > 0;)
    for (std::size_t i = shown; i-- > 1;) shorten(i, floor);
  for (std::size_t floor = kDetails.size() - 1; floor-- > 0 && shown > 0;) shorten(0, floor);
  std::string text;
  auto put = [&](const Lines& lines) {
    for (const std::string& line : lines) text.append(line).append("\n");
  };
  put(head);
  put(memory);
  text += style.ink(Ink::kStrong, verdict_words(report)) + "\n" + style.rule(style.width) + "\n";
  for (const Lines& block : blocks) {
    put(block);
    text += "\n";
  }
  put(largest);
  put(foot);
  return text;
}

}  // namespace memsnap
