// memsnap pprof: profiles as go tool pprof reads, filters and prints them.
#include "driver/driver.h"
#include "driver/go_text.h"
#include "driver/line_editor.h"
#include "os/console.h"
#include "os/files.h"
#include "os/terminal.h"
#include "profile/paths.h"
#include "verbs/all.h"
#include "verbs/heap_profile.h"
#include "verbs/pprof_flags.h"
#include "verbs/program_code.h"
#include "verbs/target.h"
#ifdef MEMSNAP_WEB
#  include "serve/profile_site.h"
#endif

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace memsnap {
namespace {

constexpr Example kExamples[] = {
    {"pprof --top cpu.pb.gz", "the functions that used most"},
    {"pprof --peek=Unmarshal --sample_index=alloc_space heap.pb.gz", "who calls them, by bytes allocated"},
    {"pprof heap.pb.gz", "a shell: top5, peek, list, focus=, o, help"},
    {"pprof --precision --top heap.pb.gz", "and how far each number may be from the truth"},
    {"pprof --churn heap.pb.gz", "which lines allocate what does not stay, and what capacity hints save"},
    {"pprof --diff_base=before.pb.gz --top after.pb.gz", "what grew, in shares of the first"},
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Lines that come through a pipe. The prompt is part of what go tool pprof prints then.
struct PipedLines : LineReader {
  explicit PipedLines(Io& outside) : io(outside) {}
  std::optional<std::string> read(std::string_view prompt) override {
    io.out.put(prompt);
    io.out.flush();
    auto line = io.in ? io.in->line() : std::nullopt;
    return line ? std::optional<std::string>(*line) : std::nullopt;
  }
  Io& io;
};

struct TypedLines : LineReader {
  explicit TypedLines(Io& outside) : io(outside) {}
  std::optional<std::string> read(std::string_view prompt) override {
    RawTerminal terminal;
    show(editor.begin(prompt, terminal_columns(2)));
    while (auto key = terminal.key()) {
      std::string shown;
      LineEditor::Event event = editor.type(*key, shown);
      show(shown);
      if (event == LineEditor::Event::kLine) return editor.line();
      if (event == LineEditor::Event::kEnd) break;
    }
    return std::nullopt;
  }
  void complete_with(std::function<std::string(const std::string&)> complete) override {
    editor.complete = std::move(complete);
  }
  void show(const std::string& text) {
    io.err.put(text);
    io.err.flush();
  }
  Io& io;
  LineEditor editor;
};

GivenFlags given_flags(const Flags& flags) {
  GivenFlags given;
  given.words = flags.targets();
  for (const Flag& flag : flags_of(kPprof))
    if (flags.given(flag.name)) given.values[flag.name] = flags.text(flag.name);
  return given;
}

// A number that is no file is a process.
bool is_target(const std::string& source) {
  if (is_there(source)) return source.ends_with(".snap");
  return !source.empty() && source.find_first_not_of("0123456789") == std::string::npos;
}

Result<Profile> open_target(const std::string& source, const Flags& flags, Io& io) {
  std::vector<std::string> words = {"--max-pause=" + flags.text("max-pause")};
  if (auto limit = go_parse_int(flags.text("timeout")); limit && *limit > 0)
    words.push_back(fmt::format("--timeout={}s", *limit));
  Flags of_target = TRY(Flags::parse(words, kTargetFlags));
  Target target = TRY(target_of(source));
  OpenHeap heap = TRY(open_heap(target, of_target, io));
  end_after(std::chrono::nanoseconds(0));  // the shell may take longer
  auto profile = profile_of_heap(*heap, flags.text("profile"));
  if (!profile) return fail(profile.error().cause, "{}: {}", source, profile.error().what);
  return profile;
}

#ifdef MEMSNAP_WEB
std::string title_of(const Profile& profile, const PprofJob& job) {
  std::string file;
  if (!profile.mappings.empty()) file = base_name(profile.text(profile.mappings[0].file));
  std::string source = job.from.sources.empty() ? "" : base_name(job.from.sources[0]);
  return file.empty() || file == "." ? source : fmt::format("{}  {}", file, source);
}

Result<int> serve_pages(const Profile& profile, const PprofJob& job, const Flags& flags, BinaryTool& programs,
                        Io& io) {
  ServeOptions options = TRY(parse_listen_address(job.http));
  if (flags.given("allow-host")) options.allowed.push_back(flags.text("allow-host"));
  return serve_site(profile_site(profile, job.config, &programs, title_of(profile, job)), options, io.out,
                    io.err);
}
#endif

Result<int> run_flags(const Flags& flags, bool go_compat, Io& io) {
  PipedLines piped(io);
  TypedLines typed(io);
  ProgramCode programs(go_compat);
  PprofWorld world{.out = io.out,
                   .err = io.err,
                   .environment = environment,
                   .go_compat = go_compat,
                   .spare_terminal = io.out_terminal,
                   .binaries = &programs};
  world.is_target = is_target;
  world.open_target = [&](const std::string& source) { return open_target(source, flags, io); };
#ifdef MEMSNAP_WEB
  world.serve = [&](Profile profile, const PprofJob& job) {
    return serve_pages(profile, job, flags, programs, io);
  };
#endif
  world.lines = io.typed ? static_cast<LineReader*>(&typed) : &piped;
  PprofJob job = TRY(read_command_line(
      given_flags(flags), [&](const std::string& word) { return looks_executable(word, go_compat); }));
  if (go_compat) job.precision = job.from.keep_base_apart = false;
  // The shell prints all kinds of reports of one profile, in most of which a base is not kept apart.
  bool merges_base = !job.command && !job.from.base.empty() && !job.from.diff_base;
  if (job.precision && merges_base) job.remarks.emplace_back("--precision in the shell wants --diff_base");
  world.json = !go_compat && flags.on("json");
  world.precision = job.precision && !merges_base;
  return run_pprof(job, world);
}

Result<int> run(const Flags& flags, Io& io) { return run_flags(flags, false, io); }

bool asks_for_compat(const std::string& word) {
  return word == "-go-compat" || word == "--go-compat" || word == "-go-compat=true" ||
         word == "--go-compat=true";
}

// The way of go tool pprof: errors are its words alone, and each ends with status 2.
std::optional<int> run_as_go(std::span<const std::string> words, Io& io) {
  if (std::ranges::none_of(words, asks_for_compat)) return std::nullopt;
  constexpr int kFailed = 2;
  auto flags = Flags::parse_as_go(words, flags_of(kPprof));
  if (!flags) io.err.print("{}\n", flags.error().what);
  if (!flags || !*flags) {
    io.err.print("{}\n", pprof_command_line_usage());
    return flags ? 0 : kFailed;
  }
  if ((*flags)->targets().empty()) io.err.print("{}\n", pprof_command_line_usage());
  auto status = run_flags(**flags, true, io);
  if (!status) io.err.print("{}\n", status.error().what);
  return status ? *status : kFailed;
}

}  // namespace

constinit const Verb kPprof = {
    .name = "pprof",
    .summary = "profiles, with the reports, flags and numbers of go tool pprof",
    .operands = "[PROGRAM] SOURCE...",
    .targets = Targets::kAny,
    .about =
        "A source is a profile: a file in any format that go tool pprof reads, - for standard input, the "
        "URL\n"
        "of a server, or a process or snapshot whose profiles memsnap reads from memory (--profile).\n"
        "Several are merged; --base and --diff_base take others off. Without a report on the line the shell "
        "starts.",
#ifdef MEMSNAP_WEB
    .flags = {kPprofReports, kPprofFields, kPprofSources, kPprofOurs, kPprofPages},
#else
    .flags = {kPprofReports, kPprofFields, kPprofSources, kPprofOurs},
#endif
    .examples = kExamples,
    .run = run,
    .instead = run_as_go,
};

}  // namespace memsnap
