// memsnap serve: the pages in a browser.
#include "serve/serve.h"

#include "analysis/case.h"
#include "os/console.h"
#include "os/files.h"
#include "snap/snapshot.h"
#include "verbs/all.h"
#include "verbs/doctor_report.h"
#include "verbs/examine.h"
#include "verbs/heap_site.h"
#include "verbs/source_lines.h"
#include "verbs/target.h"

#include <algorithm>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "http",
     .kind = FlagKind::kText,
     .value = "HOST:PORT",
     .help = "where to listen; without a host only this machine can connect, port 0 takes a free one",
     .standard = "localhost:0"},
    {.name = "allow-host",
     .kind = FlagKind::kText,
     .value = "NAME",
     .help = "a name by which browsers may call this server, beside localhost and its address"},
    {.name = "source",
     .kind = FlagKind::kFolder,
     .value = "DIR",
     .help = "show the source lines found below this folder"},
};
constexpr Example kExamples[] = {
    {"serve shop.snap", "the report, who holds what, maps and goroutines, as pages"},
    {"serve before.pb.gz after.pb.gz", "flame graph, table and source of what changed"},
    {"serve 4127 --http :8080", "of process 4127, captured first, at http://localhost:8080"},
};

Result<int> serve_heap(const std::vector<Target>& targets, const ServeOptions& options, const Flags& flags,
                       Io& io) {
  bool live = targets[0].pid != 0;
  if (live && targets.size() > 1)
    return fail(Cause::usage, "got {} targets, want one PID, or .snap files", targets.size());
  Examined examined = live ? TRY(examine_process(targets[0].pid, flags, io)) : TRY(examine_files(targets));
  Case what(*examined.heap, examined.series);
  Report report = doctor_report(what, examined, live, "");
  if (flags.given("source")) report.source = source_lines(flags.text("source"), report.findings);
  end_after(std::chrono::nanoseconds(0));  // --timeout is about the captures
  return serve_site(heap_site(*examined.heap, report), options, io.out, io.err);
}

// A snapshot says so in its first bytes; whatever else is a file is a profile for `pprof`.
bool is_snapshot(const std::string& path) {
  auto file = MappedFile::open(path);
  return !file || is_snapshot_file(file->bytes()) || path.ends_with(".snap");
}

// By the words that pprof would be called with: of two the first is what the second is compared with.
Result<int> serve_profiles(const std::vector<Target>& targets, const Flags& flags, Io& io) {
  if (targets.size() > 2)
    return fail(Cause::usage, "got {} profiles, want one, or two to compare; memsnap pprof -http merges them",
                targets.size());
  std::vector<std::string> words = {"-http=" + flags.text("http")};
  if (targets.size() == 2) words.push_back("-diff_base=" + targets[0].path);
  if (flags.given("allow-host")) words.push_back("-allow-host=" + flags.text("allow-host"));
  if (flags.given("source")) words.push_back("-source_path=" + flags.text("source"));
  words.insert(words.end(), {"--", targets.back().path});
  return kPprof.run(TRY(Flags::parse(words, flags_of(kPprof))), io);
}

Result<int> run(const Flags& flags, Io& io) {
  std::vector<Target> targets = TRY(targets_of(flags));
  if (targets.empty()) return fail(Cause::usage, "want a target: a PID, a .snap file or a profile");
  ServeOptions options = TRY(parse_listen_address(flags.text("http")));
  if (flags.given("allow-host")) options.allowed.push_back(flags.text("allow-host"));
  if (flags.given("source") && !is_folder(flags.text("source")))
    return fail(Cause::usage, "--source: there is no folder {}", flags.text("source"));
  bool profiles = std::ranges::none_of(
      targets, [](const Target& target) { return target.pid != 0 || is_snapshot(target.path); });
  return profiles ? serve_profiles(targets, flags, io) : serve_heap(targets, options, flags, io);
}

}  // namespace

constinit const Verb kServe = {
    .name = "serve",
    .summary = "a report, who holds what, maps and goroutines, or a profile, as pages in a browser",
    .operands = "PID | FILE.snap... | [BASE] PROFILE",
    .targets = Targets::kAny,
    .about =
        "The address that is printed holds a token, without which nothing is answered; the browser gets it "
        "as a cookie.\n"
        "Only this machine can connect unless --http names another address; what is sent is not encrypted. "
        "Requests\n"
        "from pages of other sites, and under names of other machines, are refused. Pages load nothing from "
        "elsewhere.\n"
        "Ctrl-C ends it.",
    .flags = {kFlags, kCaptureFlags, kTargetFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
