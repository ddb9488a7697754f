// From a case to the report of `doctor`: what the findings are set among.
#include "verbs/doctor_report.h"

#include "base/text.h"
#include "os/files.h"
#include "verbs/heap_words.h"

#include <algorithm>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr std::size_t kLargestHolders = 5;
constexpr std::size_t kVerdictCaptures = 4;  // fewer give hints about growth, and no more

std::string target_words_of(const Heap& heap) {
  if (std::string_view file = heap.fact("snapshot.file"); !file.empty()) return shell_word(file);
  return fmt::format("{}", heap.counter("target.pid"));
}

// Children of the virtual root with the most below them: labels, and objects that several labels share.
std::vector<LargestHolder> largest_holders(const Case& what) {
  const Heap& heap = what.heap();
  std::vector<LargestHolder> all;
  for (NodeId node : what.children(heap.virtual_root(), kLargestHolders)) {
    if (what.retained(node) * 100 < what.reached_bytes()) break;
    Holder holder = what.holder(node);
    NodeId heart = what.accumulation(node);
    LargestHolder one{.name = holder_words(holder), .type = {}, .bytes = what.retained(node)};
    if (heap.is_root(node)) {
      static constexpr std::string_view kKinds[] = {"global", "goroutine", "finalizer", "cleanup",
                                                    "timer",  "register",  "runtime"};
      auto row = std::size_t(heap.root_of(node));
      auto kind = std::size_t(heap.roots.kind[row]);
      std::string_view name = heap.text(heap.roots.name[row]);
      if (name == "runtime.main") name = "main.main";  // which it calls
      one.name = fmt::format("{} {}", kind < std::size(kKinds) ? kKinds[kind] : "root", name);
    } else if (one.name.empty()) {
      one.name = what.type_name(node);
    } else {
      one.name += ", shared";
    }
    if (heart != node) one.type = what.type_name(heart);
    all.push_back(std::move(one));
  }
  return all;
}

std::string growth_note(const Series& series, const std::string& target, bool live) {
  if (series.captures() >= kVerdictCaptures) return {};
  std::string again = live ? fmt::format("memsnap capture -p {} -o later.snap", target) : "";
  if (series.captures() < 2) {
    std::string note = "One capture does not show growth";
    return live ? fmt::format("{}: memsnap doctor {} --captures 6 --interval 1s takes several.", note, target)
                : fmt::format("{}: memsnap doctor {} LATER.snap compares with a later one.", note, target);
  }
  const SeriesRow* heap = series.of(SeriesKind::kHeap, "");
  std::string note = fmt::format("{} captures in {:.1f} s show growth as a hint only", series.captures(),
                                 series.seconds.back());
  if (heap) {
    Growth growth = growth_of(series, *heap, 0);
    if (growth.resolution > 0)
      note += fmt::format(", and no less than {} of the whole heap", human_rate(growth.resolution));
  }
  return live ? fmt::format("{}; to compare later: {}, then memsnap doctor EARLIER.snap later.snap.", note,
                            again)
              : note + ".";
}

// PID.snap, or PID-2.snap and so on when that is there.
std::string free_name(const std::string& target) {
  std::string name = target + ".snap";
  for (int i = 2; i < 1000 && is_there(name); ++i) name = fmt::format("{}-{}.snap", target, i);
  return name;
}

// Commands that print the numbers of this report again, or go on from here.
std::vector<NextStep> next_steps(const Report& report, const std::string& target, const std::string& saved) {
  std::vector<NextStep> steps;
  std::string from = saved.empty() ? target : shell_word(saved);
  for (std::size_t number = 1; const Finding& finding : report.findings) {
    if (steps.size() == 2) break;
    std::string why = fmt::format("the numbers behind finding {}, {}", number++, finding.pattern);
    for (const Evidence& evidence : finding.evidence) {
      bool known =
          std::ranges::any_of(steps, [&](const NextStep& step) { return step.command == evidence.verb; });
      // This report is what memsnap doctor prints.
      if (evidence.verb.empty() || known || evidence.verb.starts_with("memsnap doctor")) continue;
      steps.push_back({evidence.verb, why});
      break;
    }
  }
  if (!report.findings.empty() && report.findings[0].rule == report.findings[0].pattern)
    steps.push_back({fmt::format("memsnap explain {}", report.findings[0].rule),
                     "why it holds memory, and the program mended"});
  steps.push_back({fmt::format("memsnap top {}", from), "types by own and held bytes"});
  if (report.kind == "process" && saved.empty())
    steps.push_back(
        {fmt::format("memsnap capture -p {} -o {}", target, free_name(target)), "keep this state in a file"});
  return steps;
}

// What the program is, when that explains what is in the report or not in it.
void add_notes(const Heap& heap, Report& report) {
  bool asked = std::ranges::any_of(heap.counters.name.view(),
                                   [&](StringId name) { return heap.text(name) == "profile.rate"; });
  if (asked && heap.counter("profile.rate") == 0 && heap.fact("profile.error").empty())
    report.notes.push_back(
        "allocation lines: not kept by this program (it does not link runtime/pprof or net/http/pprof, or "
        "sets runtime.MemProfileRate to 0)");
  std::uint64_t race = 0;
  for (std::size_t row = 0; row < heap.memory.rows(); ++row)
    if (heap.text(heap.memory.owner[row]) == "race detector") race += heap.memory.resident[row];
  if (race > 0)
    report.notes.push_back(fmt::format(
        "built with -race: {} of the runtime's memory belong to the race detector", human_bytes(race)));
}

}  // namespace

Report doctor_report(const Case& what, const Examined& examined, bool live, const std::string& saved) {
  const Heap& heap = what.heap();
  Report report = make_report(heap, examined.series, diagnose(what));
  report.pause_ns = examined.pause_ns;
  report.saved = saved;
  std::string name = target_words_of(heap);
  if (const SeriesRow* rss = examined.series.of(SeriesKind::kResident, "");
      rss && report.captures >= kVerdictCaptures) {
    Growth growth = growth_of(examined.series, *rss, 0);
    if (growth.trend == Trend::kGrowing) report.rss_per_s = growth.per_second;
  }
  if (report.captures < kVerdictCaptures) report.largest = largest_holders(what);
  report.growth_note = growth_note(examined.series, name, live);
  report.next = next_steps(report, name, saved);
  if (!examined.fewer.empty()) report.notes.push_back(examined.fewer);
  add_notes(heap, report);
  for (const std::string& what_is_lost : examined.dropped) report.missing.push_back(what_is_lost);
  return report;
}

}  // namespace memsnap
