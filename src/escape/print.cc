// The report for people: what the log has, what it costs, then one paragraph per value.
#include "base/text.h"
#include "escape/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace memsnap {
namespace {

constexpr std::size_t kShownCandidates = 4;
constexpr std::size_t kShownCallees = 5;
constexpr std::size_t kShownOthers = 5;

std::string_view base_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string bytes_words(double bytes) { return human_bytes(std::uint64_t(std::max(0.0, bytes))); }

std::string plural(std::size_t count, std::string_view one) {
  return fmt::format("{} {}{}", human_count(count), one, count == 1 ? "" : "s");
}

// 10.2 MiB live (9.1 MiB to 11.4 MiB, 41 samples), 2,100 objects
std::string cost_words(const EscapeView& view, const EscapeCost& cost) {
  double value = value_of(cost, view.order);
  const char* what = view.order == CostOrder::kLive       ? "live"
                     : view.order == CostOrder::kGrown    ? "more live"
                     : view.costs->before.all_objects > 0 ? "allocated in between"
                                                          : "allocated since the start";
  std::string text = fmt::format("{} {}", bytes_words(value), what);
  bool all = view.order == CostOrder::kChurned;
  const SampledSum& now = all ? cost.now.all : cost.now.live;
  if (view.sites->rate > 1) {
    Interval limits = limits_of(cost, view.order);
    text += fmt::format(" ({} to {}, {})", limits.low < 0 ? "less" : bytes_words(limits.low),
                        bytes_words(limits.high), plural(std::size_t(std::llround(now.samples())), "sample"));
  }
  double objects =
      all ? cost.now.all_objects - cost.before.all_objects
          : cost.now.live_objects - (view.order == CostOrder::kGrown ? cost.before.live_objects : 0);
  if (objects >= 1) text += ", " + plural(std::size_t(std::llround(objects)), "object");
  if (!all && cost.churned() > 0) text += fmt::format("; {} allocated", bytes_words(cost.churned()));
  return text;
}

void put_wrapped(Out& out, const Style& style, std::string_view text) {
  constexpr std::size_t kIndent = 4;
  for (const std::string& line : wrap(style.safe(text), style.width - kIndent)) out.print("    {}\n", line);
}

std::string capital(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = char(text[0] - 32);
  return text;
}

void put_explanation(const EscapeView& view, const EscapeRow& row, const Style& style, Out& out) {
  const EscapeLog& log = view.log();
  const LoggedEscape& one = view.escape(row);
  Explanation why = explain(*view.graph, row.escape);
  if (!why.is_known || why.hops.empty()) {
    put_wrapped(
        out, style,
        capital(std::string(log.chains.empty() ? advice(FixClass::kNone) : "the log does not explain it")) +
            ".");
    return;
  }
  std::string text = sentence(log, why, one.at);
  put_wrapped(out, style, capital(text.starts_with("its ") ? text : "it is " + text) + ".");
  if (why.avoidable >= why.hops.size()) return;
  const Hop& hop = why.hops[why.avoidable];
  put_wrapped(out, style,
              fmt::format("To avoid at {} ({}): {}.", place_words(log, hop.at, one.at), phrase(why.fix),
                          advice(why.fix)));
}

void put_candidates(const EscapeView& view, const EscapeRow& row, const Style& style, Out& out) {
  if (!row.cost || row.cost->escapes.size() < 2) return;
  const EscapeLog& log = view.log();
  std::string text = fmt::format("Shared by {} candidates on the line, which the profile cannot tell apart:",
                                 row.cost->escapes.size());
  std::size_t shown = 0;
  for (std::uint32_t other : row.cost->escapes) {
    if (other == row.escape) continue;
    if (++shown > kShownCandidates) break;
    text += fmt::format("{} {} at {}", shown > 1 ? "," : " also", shown_name(*view.graph, other),
                        place_words(log, log.escapes[other].at, view.escape(row).at));
  }
  if (shown > kShownCandidates) text += ", …";
  put_wrapped(out, style, text + ".");
}

void put_row(const EscapeView& view, const EscapeRow& row, std::size_t number, const Style& style, Out& out) {
  const EscapeLog& log = view.log();
  const LoggedEscape& one = view.escape(row);
  std::string_view function = log.text(view.graph->function_of(row.escape));
  std::string where = place_words(log, one.at);
  out.print("{:>2}  {}  {}{}\n", number, style.ink(Ink::kStrong, style.safe(where)),
            style.safe(shown_name(*view.graph, row.escape)),
            function.empty() ? std::string() : " in " + style.safe(function));
  if (row.cost) out.print("    {}\n", style.safe(cost_words(view, *row.cost)));
  if (row.instances > 1) out.print("    In {} instances of generic code.\n", row.instances);
  put_explanation(view, row, style, out);
  put_candidates(view, row, style, out);
}

// Without bytes: what kinds of change there are, and how many values each would keep off the heap.
void put_classes(const EscapeView& view, const Style& style, Out& out) {
  std::array<std::size_t, kFixClasses> count{};
  std::map<std::string, std::size_t> callees;
  for (const EscapeRow& row : view.rows) {
    Explanation why = explain(*view.graph, row.escape);
    ++count[std::size_t(why.fix)];
    bool is_call = why.fix == FixClass::kFormatting || why.fix == FixClass::kKeptByCallee;
    if (is_call && !why.callee.empty()) ++callees[why.callee];
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < kFixClasses; ++i)
    if (count[i] > 0) order.push_back(i);
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return count[i]; });
  out.put("The first hop that can be avoided:\n");
  for (std::size_t i : order) out.print("{:>10}  {}\n", human_count(count[i]), phrase(FixClass(i)));
  std::vector<std::pair<std::size_t, std::string>> most;
  for (const auto& [name, times] : callees) most.push_back({times, name});
  std::ranges::stable_sort(most, std::greater{}, [](const auto& one) { return one.first; });
  std::string text;
  for (std::size_t i = 0; i < std::min(kShownCallees, most.size()); ++i)
    text += fmt::format("{}{} ({})", i > 0 ? ", " : "Passed most often to ", most[i].second,
                        human_count(most[i].first));
  if (!text.empty())
    for (const std::string& line : wrap(style.safe(text + "."), style.width)) out.put(line + "\n");
  out.put("\n");
}

void put_head(const EscapeView& view, const Style& style, Out& out) {
  const EscapeLog& log = view.log();
  out.print("{}: {}", style.safe(view.source),
            log.escapes.size() == 1 ? "1 value escapes" : human_count(log.escapes.size()) + " values escape");
  if (!log.packages.empty()) out.print(" in {}", plural(log.packages.size(), "package"));
  out.print("; {} with repeats, {} explanations\n", human_count(log.raw_escapes),
            human_count(log.chains.size()));
  if (view.changes)
    out.print("against {}: {} started to escape, {} stopped, {} stayed\n", style.safe(view.against),
              human_count(view.changes->started.size()), human_count(view.changes->stopped.size()),
              human_count(view.changes->stayed));
  if (view.costs) {
    double all = view.costs->here + view.costs->elsewhere;
    double share = all > 0 ? view.costs->here / all : 0;
    out.print("{}: {} {}, {} of them on lines of these escapes\n", style.safe(view.runtime),
              all < 0 ? human_signed_bytes(all) : bytes_words(all), word(view.order), human_share(share));
  }
  for (const std::string& note : view.notes)
    for (const std::string& line : wrap(style.safe(note), style.width)) out.put(line + "\n");
  out.put("\n");
}

// The largest lines without an escape. On some the log has a make whose memory did not fit the stack.
void put_other_lines(const EscapeView& view, const Style& style, Out& out) {
  if (!view.costs) return;
  std::size_t shown = 0;
  for (const OtherLine& one : view.costs->other_lines) {
    if (shown == kShownOthers || one.bytes <= 0) break;
    if (shown++ == 0) out.put("On lines without an escape in the log:\n");
    std::string_view function = view.sites->text(one.function), local = view.log().text(one.local);
    std::string text =
        fmt::format("{:>10}  {}  {}:{}", bytes_words(one.bytes), function.substr(function.rfind('/') + 1),
                    base_of(view.sites->text(one.file)), one.line);
    if (!local.empty()) text += fmt::format("  ({} does not escape, but outgrew the stack)", local);
    out.print("{}\n", style.safe(text));
  }
}

void put_stopped(const EscapeView& view, std::size_t most, const Style& style, Out& out) {
  if (!view.changes || view.changes->stopped.empty()) return;
  const EscapeLog& log = view.old_graph->log();
  out.put("Stopped to escape:\n");
  for (std::size_t i = 0; i < std::min(most, view.changes->stopped.size()); ++i) {
    std::uint32_t row = view.changes->stopped[i];
    std::string_view function = log.text(view.old_graph->function_of(row));
    out.print("    {}  {}{}\n", style.safe(place_words(log, log.escapes[row].at)),
              style.safe(log.text(log.escapes[row].name)),
              function.empty() ? std::string() : " in " + style.safe(function));
  }
  if (view.changes->stopped.size() > most)
    out.print("    and {} more\n", human_count(view.changes->stopped.size() - most));
}

}  // namespace

void print_escapes(const EscapeView& view, std::size_t most, const Style& style, Out& out) {
  put_head(view, style, out);
  if (!view.costs && view.rows.size() > most) put_classes(view, style, out);
  for (std::size_t i = 0; i < std::min(most, view.rows.size()); ++i) {
    put_row(view, view.rows[i], i + 1, style, out);
    out.put("\n");
  }
  if (view.rows.size() > most)
    out.print("{} of {}; --all shows all, --focus PATTERN some\n", human_count(most),
              plural(view.rows.size(), "row"));
  if (view.hidden > 0)
    out.print("{} of 0 bytes {} not shown; --zero shows them\n", plural(view.hidden, "escape"),
              view.hidden == 1 ? "is" : "are");
  put_other_lines(view, style, out);
  put_stopped(view, most, style, out);
}

}  // namespace memsnap
