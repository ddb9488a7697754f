// memsnap doctor: what is wrong with the memory of a process, ranked, with proof, line, holder and fix.
#include "analysis/case.h"
#include "base/text.h"
#include "os/files.h"
#include "render/report.h"
#include "snap/snapshot.h"
#include "verbs/all.h"
#include "verbs/examine.h"
#include "verbs/heap_words.h"
#include "verbs/processes.h"
#include "verbs/source_lines.h"
#include "verbs/target.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr std::size_t kLargestHolders = 5;
constexpr std::size_t kVerdictCaptures = 4;  // fewer give hints about growth, and no more

constexpr Flag kFlags[] = {
    {.name = "captures",
     .kind = FlagKind::kNumber,
     .value = "N",
     .help = "how often the process is captured; when not given 6, or fewer so that the pauses stay below "
             "300 ms in all",
     .least = 1},
    {.name = "interval",
     .kind = FlagKind::kDuration,
     .value = "DURATION",
     .help = "from one capture to the next; 0 takes one capture; when not given, all of them take 5 s"},
    {.name = "o",
     .kind = FlagKind::kFile,
     .value = "FILE",
     .help = "write the last capture to a snapshot file"},
    {.name = "force", .kind = FlagKind::kSwitch, .value = "", .help = "replace an existing file"},
    {.name = "source",
     .kind = FlagKind::kFolder,
     .value = "DIR",
     .help = "show the source lines found below this folder"},
    {.name = "fail-on",
     .kind = FlagKind::kChoice,
     .value = "SEVERITY",
     .help = "end with status 1 when a finding is at least this severe",
     .choices = "high|medium|low|info"},
    {.name = "format",
     .kind = FlagKind::kChoice,
     .value = "FORMAT",
     .help = "form of the report",
     .standard = "text",
     .choices = "text|json|markdown|html"},
    {.name = "json", .kind = FlagKind::kSwitch, .value = "", .help = "short for --format=json"},
    {.name = "n",
     .kind = FlagKind::kNumber,
     .value = "FINDINGS",
     .help = "show at most so many findings as text",
     .standard = "5",
     .least = 1},
    {.name = "all",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "show all findings with all details as text"},
};
constexpr Example kExamples[] = {
    {"doctor", "the Go processes here, and whether they can be read"},
    {"doctor 4127", "what is wrong with the memory of process 4127"},
    {"doctor 4127 --source . --format=html >report.html", "the same as a page, with source lines"},
    {"doctor before.snap after.snap", "from snapshots, oldest first"},
    {"doctor 4127 --fail-on medium", "for scripts: status 1 when something is wrong"},
};

Result<int> list_processes(const Flags& flags, Io& io) {
  std::vector<GoProcess> processes = go_processes();
  Table table = process_table(processes);
  if (flags.on("json") || flags.text("format") == "json") {
    render_table_json(table, table.rows.size(), io.out);
    return 0;
  }
  if (flags.given("format") && flags.text("format") != "text")
    return fail(Cause::usage, "the list of processes is text or json; give a PID for {}",
                flags.text("format"));
  if (processes.empty()) {
    io.out.put("no Go process here that we may look at; memsnap doctor PID says why one cannot be read\n");
    return 0;
  }
  render_table(table, io.style, table.rows.size(), io.out);
  return 0;
}

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

Result<void> put_report(const Report& report, const Flags& flags, Io& io) {
  std::string format = flags.on("json") ? "json" : flags.text("format");
  if (format == "json") {
    render_json(report, io.out);
  } else if (format == "markdown") {
    io.out.put(render_markdown(report));
  } else if (format == "html") {
    io.out.put(render_html(report));
  } else {
    TextLimits limits;
    constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
    if (flags.given("n")) limits = {.findings = std::size_t(flags.number("n")), .lines = kAll};
    if (flags.on("all")) limits = {.findings = kAll, .lines = kAll};
    io.out.put(render_text(report, io.style, limits));
  }
  return {};
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

Result<int> run(const Flags& flags, Io& io) {
  std::vector<Target> targets = TRY(targets_of(flags));
  if (targets.empty()) return list_processes(flags, io);
  bool live = targets[0].pid != 0;
  if (live && targets.size() > 1)
    return fail(Cause::usage, "got {} targets, want one PID, or .snap files", targets.size());
  if (std::ranges::any_of(targets, [&](const Target& target) { return (target.pid != 0) != live; }))
    return fail(Cause::usage, "a PID and a file cannot be compared; capture the process to a file first");
  if (!live && flags.given("o"))
    return fail(Cause::usage, "-o writes the capture of a process, and the targets are files");
  for (std::string_view name : {"captures", "interval"})
    if (!live && flags.given(name))
      return fail(Cause::usage, "{} is about captures of a process, and the targets are files", dashed(name));
  if (flags.given("source") && !is_folder(flags.text("source")))
    return fail(Cause::usage, "--source: there is no folder {}", flags.text("source"));
  Examined examined = live ? TRY(examine_process(targets[0].pid, flags, io)) : TRY(examine_files(targets));
  const Heap& heap = *examined.heap;
  Case what(heap, examined.series);
  Report report = make_report(heap, examined.series, diagnose(what));
  report.pause_ns = examined.pause_ns;
  std::string name = target_words_of(heap);
  if (flags.given("o")) {
    TRY_VOID(write_snapshot(heap, flags.text("o"), flags.on("force")));
    report.saved = flags.text("o");
  }
  if (const SeriesRow* rss = examined.series.of(SeriesKind::kResident, "");
      rss && report.captures >= kVerdictCaptures) {
    Growth growth = growth_of(examined.series, *rss, 0);
    if (growth.trend == Trend::kGrowing) report.rss_per_s = growth.per_second;
  }
  if (report.captures < kVerdictCaptures) report.largest = largest_holders(what);
  report.growth_note = growth_note(examined.series, name, live);
  report.next = next_steps(report, name, report.saved);
  if (flags.given("source")) report.source = source_lines(flags.text("source"), report.findings);
  if (!examined.fewer.empty()) report.notes.push_back(examined.fewer);
  add_notes(heap, report);
  for (const std::string& what_is_lost : examined.dropped) report.missing.push_back(what_is_lost);
  TRY_VOID(put_report(report, flags, io));
  if (!flags.given("fail-on")) return 0;
  Severity least = severity_of(flags.text("fail-on")).value_or(Severity::kHigh);
  return std::ranges::any_of(report.findings,
                             [&](const Finding& finding) { return finding.severity >= least; })
             ? 1
             : 0;
}

}  // namespace

constinit const Verb kDoctor = {
    .name = "doctor",
    .summary = "what is wrong with the memory of a process, ranked, with proof, line, holder and fix",
    .operands = "[PID | FILE.snap...]",
    .targets = Targets::kAny,
    .about =
        "Without a target it lists the Go processes here. A process is captured several times within five "
        "seconds, in\n"
        "memory; each capture stops it for some milliseconds, which are announced first. Growth needs at "
        "least four\n"
        "captures; with two or three it is a hint, and one shows only what is wrong at any instant. "
        "Snapshots of one\n"
        "process, oldest first, give the same report. memsnap needs memory of its own: about 48 MiB, what "
        "the process\n"
        "holds in objects with pointers once more, and 56 bytes per object; the estimate is announced with "
        "the pause.\n"
        "Captures that pause more than 50 ms are fewer, so that all pauses together stay near 300 ms; "
        "--captures takes as\n"
        "many as it says.",
    .flags = {kFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
