// memsnap escape: why values escape to the heap, and what each escape costs in live bytes.
#include "analysis/case.h"
#include "base/text.h"
#include "escape/view.h"
#include "os/files.h"
#include "verbs/all.h"
#include "verbs/diff_files.h"
#include "verbs/escape_calls.h"
#include "verbs/escape_log.h"
#include "verbs/rows.h"
#include "verbs/runtime_file.h"
#include "verbs/target.h"

#include <memory>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "runtime",
     .kind = FlagKind::kFile,
     .value = "FILE",
     .help = "a heap profile or a snapshot whose bytes are laid on the escapes; a second one, after the log, "
             "makes it "
             "the difference"},
    {.name = "by",
     .kind = FlagKind::kChoice,
     .value = "WHAT",
     .help = "with --runtime: order by bytes alive, by what they grew between two files, or by bytes "
             "allocated; when "
             "not given live, of two files grown",
     .choices = "live|grown|churned"},
    {.name = "zero",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "with --runtime: list escapes that no byte is known of too"},
    {.name = "against",
     .kind = FlagKind::kFile,
     .value = "OLD",
     .help = "what started and stopped to escape since this log"},
    {.name = "fail-on",
     .kind = FlagKind::kChoice,
     .value = "SEVERITY",
     .help = "end with status 1 when a row is at least this severe: a new escape is medium; by bytes a tenth "
             "of all "
             "is high, a hundredth medium",
     .choices = "high|medium|low|info"},
    focus_flag("only escapes whose place, value or function fits, as store.go:*"),
    {.name = "calls",
     .kind = FlagKind::kFile,
     .value = "BINARY",
     .help =
         "instead: calls of runtime.makemap, makeslice and growslice in the machine code of a Go program"},
    {.name = "format",
     .kind = FlagKind::kChoice,
     .value = "FORM",
     .help = "form of the output",
     .standard = "text",
     .choices = "text|json|dot"},
};
constexpr Example kExamples[] = {
    {"escape ./...", "what escapes in the module here, and the first thing to change for each"},
    {"escape ./store --focus store.go:41:*", "one line"},
    {"escape m2.log --runtime heap.pb.gz", "which escapes hold the memory"},
    {"escape m2.log --runtime before.snap after.snap", "which escapes grew"},
    {"escape ./... --against main.log --fail-on medium", "for CI: status 1 when a value started to escape"},
    {"escape m2.log --format=dot --focus 'store.go:*' | dot -Tsvg > escape.svg", "the flows as a picture"},
    {"escape --calls ./shop", "where the program makes maps and slices, with size hints"},
};

// The files of --runtime: one, or the older and the newer.
struct Runtime {
  std::vector<std::string> files;
  AllocSites sites;
  std::string shown;
};

Result<void> open_runtime(Runtime& runtime, Io& io) {
  AllocReader reader(runtime.sites);
  for (std::size_t i = 0; i < runtime.files.size(); ++i) {
    bool is_last = i + 1 == runtime.files.size();
    auto added = add_runtime_file(reader, runtime.files[i],
                                  is_last ? AllocReader::Side::kNow : AllocReader::Side::kBefore, io);
    if (!added) return added;
    runtime.shown += (i > 0 ? " to " : "") + shown_source(runtime.files[i]);
  }
  return {};
}

Result<CostOrder> order_of(const Flags& flags, const Runtime& runtime) {
  bool two = runtime.files.size() == 2;
  if (!flags.given("by")) return two ? CostOrder::kGrown : CostOrder::kLive;
  if (runtime.files.empty()) return fail(Cause::usage, "--by orders by bytes: want --runtime too");
  const std::string& by = flags.text("by");
  if (by == "grown" && !two) return fail(Cause::usage, "--by=grown wants two files: --runtime A.snap B.snap");
  return by == "live" ? CostOrder::kLive : by == "grown" ? CostOrder::kGrown : CostOrder::kChurned;
}

// Which words are what: the log, and the second file of --runtime.
struct Words {
  std::string log;
  Runtime runtime;
};
Result<Words> words_of(const Flags& flags) {
  Words words;
  std::vector<std::string> targets = flags.targets();
  bool has_runtime = flags.given("runtime");
  if (targets.empty() || targets.size() > (has_runtime ? 2u : 1u))
    return fail(Cause::usage, "want one log, folder or package pattern: memsnap escape ./...");
  if (has_runtime) words.runtime.files.push_back(flags.text("runtime"));
  if (targets.size() == 2) {
    // The log may stand before --runtime A B or behind it.
    bool first_is_file = !names_packages(targets[0]) && diff_kind(targets[0]) == DiffKind::kSnapshot &&
                         is_there(targets[0]) && names_packages(targets[1]);
    words.runtime.files.push_back(targets[first_is_file ? 0 : 1]);
    words.log = targets[first_is_file ? 1 : 0];
  } else {
    words.log = targets[0];
  }
  return words;
}

std::vector<std::string> notes_of(const EscapeLog& log, const Runtime& runtime, CostOrder order) {
  std::vector<std::string> notes;
  if (log.chains.empty() && !log.escapes.empty())
    notes.push_back("The log has no explanations: -gcflags=-m=2 and -json write them, -m does not.");
  if (log.unreadable > 0)
    notes.push_back(
        fmt::format("{} lines or records are damaged and left out.", human_count(log.unreadable)));
  if (log.left_out > 0)
    notes.push_back(fmt::format("Partial: the log has so many different lines that {} are left out.",
                                human_count(log.left_out)));
  if (!log.go_version.empty())
    notes.push_back(
        "Files of one package with equal names overwrite one another in the folder of -json, and values in "
        "the code of other packages with them: a log of -m=2 loses nothing.");
  if (runtime.files.empty()) return notes;
  if (runtime.sites.rate > 1)
    notes.push_back(
        fmt::format("The bytes are estimates from samples, one in {} allocated; 95 of 100 times the truth "
                    "lies within the limits given.",
                    human_bytes(std::uint64_t(runtime.sites.rate))));
  if (order == CostOrder::kChurned && runtime.files.size() == 1)
    notes.push_back("Allocated means since the program started.");
  return notes;
}

int put_view(const EscapeView& view, const Flags& flags, Io& io) {
  std::string format = flags.on("json") ? "json" : flags.text("format");
  if (format == "json")
    print_escapes_json(view, row_limit(flags), io.out);
  else if (format == "dot")
    print_escapes_dot(view, row_limit(flags), io.out);
  else
    print_escapes(view, row_limit(flags), io.style, io.out);
  if (!flags.given("fail-on")) return 0;
  std::optional<Severity> most = worst(view);
  return most && *most >= *severity_of(flags.text("fail-on")) ? 1 : 0;
}

Result<int> run(const Flags& flags, Io& io) {
  if (flags.given("calls")) return list_alloc_calls(flags, io);
  Words words = TRY(words_of(flags));
  CostOrder order = TRY(order_of(flags, words.runtime));
  if (!words.runtime.files.empty())
    if (auto opened = open_runtime(words.runtime, io); !opened) return std::unexpected(opened.error());
  std::unique_ptr<EscapeLog> log = TRY(open_escape_log(words.log, io)), old_log;
  EscapeGraph graph(*log);
  EscapeView view{.source = words.log, .runtime = words.runtime.shown, .graph = &graph, .order = order};
  EscapeCosts costs;
  if (!words.runtime.files.empty()) {
    costs = escape_costs(graph, words.runtime.sites, order);
    view.costs = &costs;
    view.sites = &words.runtime.sites;
  }
  std::optional<EscapeGraph> old_graph;
  EscapeChanges changes;
  if (flags.given("against")) {
    old_log = TRY(open_escape_log(flags.text("against"), io));
    old_graph.emplace(*old_log);
    changes = escape_changes(*old_graph, graph);
    view.against = flags.text("against");
    view.old_graph = &*old_graph;
    view.changes = &changes;
  }
  view.notes = notes_of(*log, words.runtime, order);
  RowChoice choice{.with_zero = flags.on("zero")};
  if (flags.given("focus")) choice.in_focus = [&](std::string_view name) { return in_focus(flags, name); };
  choose_rows(view, choice);
  return put_view(view, flags, io);
}

}  // namespace

constinit const Verb kEscape = {
    .name = "escape",
    .summary = "why values escape to the heap, and what each escape costs in live bytes",
    .operands = "LOG | FOLDER | PACKAGES",
    .targets = Targets::kAny,
    .about =
        "LOG is what go build -gcflags=-m=2 (or -m) printed, - is standard input, FOLDER what "
        "-gcflags=-json=0,FOLDER\n"
        "wrote. For packages (./pkg, ./...) the compiler itself is run, with GOTOOLCHAIN=local; what is "
        "built already is\n"
        "not built again. Each value is explained by at most six hops from where it is made to what outlives "
        "it, with\n"
        "the first one that can be avoided and how. docs/escape.md says how bytes find their line.\n"
        "With --runtime the rows are what holds memory: of a heap profile or a snapshot, or of the "
        "difference of two.",
    .flags = {kFlags, kRowFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
