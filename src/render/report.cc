#include "render/report.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace memsnap {
namespace {

std::string name_of(std::string_view path) {
  constexpr std::string_view kGone = " (deleted)";
  if (path.ends_with(kGone)) path.remove_suffix(kGone.size());
  std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

void sum_memory(const Heap& heap, Report& report) {
  std::map<std::string, std::pair<MemoryPart, std::uint64_t>, std::less<>>
      causes;  // and bytes of its main owner
  std::uint64_t all = 0, unknown = 0;
  for (std::size_t i = 0; i < heap.memory.rows(); ++i) {
    std::string_view cause = heap.text(heap.memory.cause[i]);
    auto& [part, most] = causes[std::string(cause)];
    std::uint64_t bytes = heap.memory.resident[i];
    if (part.cause.empty() || bytes > most) part.owner = heap.text(heap.memory.owner[i]), most = bytes;
    part.cause = cause;
    part.bytes += bytes;
    all += bytes;
    if (cause == "unknown") unknown += bytes;
  }
  for (auto& [cause, sum] : causes)
    if (sum.first.bytes > 0) report.parts.push_back(std::move(sum.first));
  std::ranges::stable_sort(report.parts, std::ranges::greater{}, &MemoryPart::bytes);
  report.rss = std::uint64_t(heap.counter("process.rss"));
  if (report.rss == 0) report.rss = all;
  std::uint64_t named = all - unknown;
  // Pages come and go between reading the sum and reading the parts: more than all is all.
  report.explained_ratio = report.rss == 0 ? 0 : std::min(1.0, double(named) / double(report.rss));
}

}  // namespace

std::vector<std::string> missing_of(const Heap& heap) {
  struct Gap {
    std::string_view fact, what;
  };
  static constexpr Gap kGaps[] = {{"profile.error", "allocating lines"},
                                  {"keys.partial", "map keys"},
                                  {"strings.partial", "equal strings"}};
  std::vector<std::string> missing;
  for (auto [fact, what] : kGaps)
    if (std::string_view why = heap.fact(fact); !why.empty())
      missing.push_back(fmt::format("{}: {}", what, why));
  return missing;
}

Report make_report(const Heap& heap, const Series& series, std::vector<Finding> findings) {
  Report report;
  report.kind = heap.fact("snapshot.file").empty() ? "process" : "snapshot";
  report.pid = heap.counter("target.pid");
  report.exe = name_of(heap.fact("target.exe"));
  report.build_id = heap.fact("target.build_id");
  report.go = heap.fact("target.go");
  report.time = heap.fact("capture.time");
  report.up_ns = std::uint64_t(std::max<std::int64_t>(0, heap.counter("target.uptime_ns")));
  report.captures = std::max<std::uint64_t>(1, series.captures());
  if (series.captures() > 1) report.seconds = series.seconds.back() - series.seconds.front();
  report.pause_ns = std::uint64_t(std::max<std::int64_t>(0, heap.counter("capture.pause_ns")));
  report.threads = std::uint64_t(std::max<std::int64_t>(0, heap.counter("capture.threads")));
  report.mode = heap.fact("capture.mode");
  report.missing = missing_of(heap);
  report.gc = collector_words(heap);
  report.limit = std::uint64_t(std::max<std::int64_t>(0, heap.counter("cgroup.memory_limit")));
  std::uint64_t typed = 0;
  for (std::size_t i = 0; i < heap.objects.rows(); ++i) {
    ObjectId id{std::uint32_t(i)};
    std::uint64_t bytes = heap.objects.bytes(id);
    report.bytes += bytes;
    if (!heap.objects.reached(id)) continue;
    report.reached_bytes += bytes;
    if (heap.objects.type[i] != TypeId{}) typed += bytes;
  }
  report.objects = heap.objects.rows();
  report.typed_ratio = report.reached_bytes == 0 ? 0 : double(typed) / double(report.reached_bytes);
  sum_memory(heap, report);
  report.findings = std::move(findings);
  return report;
}

std::string counted(std::uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", human_count(count), one, count == 1 ? "" : "s");
}

std::string place(const std::string& file, int line) {
  if (file.empty()) return {};
  return line > 0 ? fmt::format("{}:{}", file, line) : file;
}

std::string step_words(const PathStep& step, std::string_view times) {
  if (step.count <= 1) return step.type;
  return fmt::format("{} {}{}", step.type, times, human_count(step.count));
}

std::string collector_words(const Heap& heap) {
  constexpr std::int64_t kStandard = 100, kNoLimit = std::numeric_limits<std::int64_t>::max();
  std::int64_t percent = heap.counter("gc.percent"), limit = heap.counter("gc.memory_limit");
  std::string words;
  if (percent < 0) words = "GOGC off";
  if (percent > 0 && percent != kStandard) words = fmt::format("GOGC {}", percent);
  if (limit > 0 && limit != kNoLimit)
    words += fmt::format("{}GOMEMLIMIT {}", words.empty() ? "" : ", ", human_bytes(std::uint64_t(limit)));
  return words;
}

std::string target_words(const Report& report) {
  std::string words = report.exe.empty() ? "a Go program" : report.exe;
  if (report.pid > 0) words += fmt::format("  pid {}", report.pid);
  if (!report.go.empty()) words += "  " + report.go;
  if (report.up_ns > 0) words += "  up " + human_duration(report.up_ns);
  if (report.limit > 0) words += "  limit " + human_bytes(report.limit);
  return words;
}

std::string capture_words(const Report& report) {
  if (!report.summary.empty()) return report.summary;
  std::string words = report.captures == 1 ? "one capture"
                                           : fmt::format("{} in {:.1f} s",
                                                         counted(report.captures, "capture"), report.seconds);
  if (report.pause_ns > 0) {
    words +=
        fmt::format(", paused {}{}", report.captures == 1 ? "" : "at most ", human_duration(report.pause_ns));
    if (report.threads > 0) words += fmt::format(" ({})", counted(report.threads, "thread"));
  }
  words += fmt::format("; {} in {}, {} reached from roots, {} of that typed", human_bytes(report.bytes),
                       counted(report.objects, "object"), human_bytes(report.reached_bytes),
                       human_share(report.typed_ratio));
  return words;
}

std::string verdict_words(const Report& report) {
  if (report.findings.empty()) return "no findings";
  std::array<std::uint64_t, 4> of{};
  for (const Finding& finding : report.findings) ++of[std::size_t(finding.severity)];
  std::string words = counted(report.findings.size(), "finding");
  std::string_view before = ": ";
  for (Severity severity : {Severity::kHigh, Severity::kMedium, Severity::kLow, Severity::kInfo}) {
    if (of[std::size_t(severity)] == 0) continue;
    words += fmt::format("{}{} {}", before, of[std::size_t(severity)], word(severity));
    before = ", ";
  }
  return words;
}

namespace {

std::string rise_words(const Report& report) {
  if (!report.rss_per_s || *report.rss_per_s <= 0) return {};
  std::string words = ", " + human_rate(*report.rss_per_s);
  if (report.limit <= report.rss) return words;
  double seconds = double(report.limit - report.rss) / *report.rss_per_s;
  if (seconds < 30.0 * 86400)
    words += ", limit reached in about " + human_duration(std::uint64_t(seconds * 1e9));
  return words;
}

}  // namespace

std::string memory_words(const Report& report) {
  std::string words = "RSS " + human_bytes(report.rss);
  if (report.limit > 0)
    words += fmt::format(" = {} of its limit", human_share(double(report.rss) / double(report.limit)));
  words += rise_words(report);
  return report.gc.empty() ? words : words + ", " + report.gc;
}

std::string holder_words(const Holder& holder) {
  if (holder.kind == HolderKind::kNone) return {};
  return fmt::format("{} {}", word(holder.kind), holder.root);
}

std::string also_words(const Holder& holder) {
  std::string words;
  for (const std::string& other : holder.also) words += (words.empty() ? "also held by " : ", ") + other;
  return words;
}

std::string site_words(const Site& site) {
  if (site.source == "goroutine-creator") return "created by";
  if (site.source == "stack") return "on stack of";
  if (site.source == "declaration") return "declared";
  return "allocated";
}

std::string cost_words(const Report& report, const Finding& finding) {
  if (finding.retained_bytes == 0) return {};
  std::string words = human_bytes(finding.retained_bytes);
  if (finding.share <= 0) return words;
  // Rules about memory outside the heap or its free parts give their share of another whole.
  auto is_of = [&](std::uint64_t whole) {
    return whole > 0 && std::abs(double(finding.retained_bytes) / double(whole) - finding.share) < 0.005;
  };
  std::string_view of = is_of(report.reached_bytes) ? " of live" : is_of(report.rss) ? " of RSS" : "";
  if (of.empty()) return words;
  return words + fmt::format(" ({}{})", human_share(finding.share), of);
}

}  // namespace memsnap
