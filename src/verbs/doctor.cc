// memsnap doctor: what is wrong with the memory of a process, ranked, with proof, line, holder and fix.
#include "analysis/case.h"
#include "base/text.h"
#include "os/files.h"
#include "render/report.h"
#include "snap/snapshot.h"
#include "verbs/all.h"
#include "verbs/doctor_profiles.h"
#include "verbs/doctor_report.h"
#include "verbs/doctor_source.h"
#include "verbs/examine.h"
#include "verbs/processes.h"
#include "verbs/source_lines.h"
#include "verbs/target.h"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "o",
     .kind = FlagKind::kFile,
     .value = "FILE",
     .help = "write the last capture to a snapshot file"},
    {.name = "force", .kind = FlagKind::kSwitch, .value = "", .help = "replace an existing file"},
    {.name = "source",
     .kind = FlagKind::kFolder,
     .value = "DIR",
     .help = "show the source lines found below this folder, and what memsnap check finds there"},
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
    {"doctor http://localhost:6060", "what its heap and goroutine profiles show, without the process"},
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

// With --source: the lines of the program, and the static findings that say the same of them.
void add_source(Report& report, const Flags& flags) {
  if (!flags.given("source")) return;
  std::string folder = flags.text("source");
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  report.source = source_lines(folder, report.findings);
  cite_source(report, folder);
}

// 1 when something is as severe as --fail-on says.
int status_of(const Report& report, const Flags& flags) {
  if (!flags.given("fail-on")) return 0;
  Severity least = severity_of(flags.text("fail-on")).value_or(Severity::kHigh);
  auto fails = [&](const Finding& finding) { return finding.severity >= least; };
  return std::ranges::any_of(report.findings, fails) ? 1 : 0;
}

Result<int> run_profiles(const Flags& flags, Io& io) {
  for (std::string_view name : {"captures", "interval", "o", "p"})
    if (flags.given(name))
      return fail(Cause::usage, "{} is about a process, and the targets are profiles", dashed(name));
  Report report = TRY(doctor_profiles(flags.targets(), io));
  add_source(report, flags);
  TRY_VOID(put_report(report, flags, io));
  return status_of(report, flags);
}

Result<int> run(const Flags& flags, Io& io) {
  if (flags.given("source") && !is_folder(flags.text("source")))
    return fail(Cause::usage, "--source: there is no folder {}", flags.text("source"));
  if (are_profiles(flags.targets())) return run_profiles(flags, io);
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
  Examined examined = live ? TRY(examine_process(targets[0].pid, flags, io)) : TRY(examine_files(targets));
  Case what(*examined.heap, examined.series);
  if (flags.given("o")) TRY_VOID(write_snapshot(*examined.heap, flags.text("o"), flags.on("force")));
  Report report = doctor_report(what, examined, live, flags.text("o"));
  add_source(report, flags);
  TRY_VOID(put_report(report, flags, io));
  return status_of(report, flags);
}

}  // namespace

constinit const Verb kDoctor = {
    .name = "doctor",
    .summary = "what is wrong with the memory of a process, ranked, with proof, line, holder and fix",
    .operands = "[PID | FILE.snap... | PROFILE...]",
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
        "many as it says.\n"
        "Of profiles (files and URLs; the older first) it finds hot allocators, growth of slices and maps, "
        "many "
        "small\n"
        "objects, groups of goroutines, and what grew between two; who holds it only a process or snapshot "
        "can "
        "tell.",
    .flags = {kCaptureFlags, kFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
