// memsnap check: misuse of maps, slices, pools and locks in Go source.
#include "gomod/modules.h"
#include "lint/baseline.h"
#include "lint/config.h"
#include "os/files.h"
#include "os/folders.h"
#include "os/pages.h"
#include "render/table.h"
#include "verbs/all.h"
#include "verbs/check_cache.h"
#include "verbs/check_fix.h"
#include "verbs/check_runtime.h"
#include "verbs/check_since.h"
#include "verbs/check_tree.h"
#include "verbs/runtime_file.h"

#include <fmt/ranges.h>

#include <algorithm>

namespace memsnap {
namespace {

constexpr Flag kFlags[] = {
    {.name = "rules",
     .kind = FlagKind::kText,
     .value = "NAMES",
     .help = "rules to run, by commas; -NAME leaves one out, all are all"},
    {.name = "notes", .kind = FlagKind::kSwitch, .value = "", .help = "show notes too: advice about speed"},
    {.name = "tests", .kind = FlagKind::kSwitch, .value = "", .help = "look at _test.go files too"},
    {.name = "fail-on",
     .kind = FlagKind::kChoice,
     .value = "SEVERITY",
     .help =
         "end with status 1 when a finding is at least this severe: high are errors, medium warnings, low "
         "notes; when not given medium",
     .choices = "high|medium|low|none"},
    {.name = "baseline",
     .kind = FlagKind::kFile,
     .value = "FILE",
     .help = "what is in this JSON of an earlier check is known: neither shown nor a failure"},
    {.name = "new-from",
     .kind = FlagKind::kText,
     .value = "REF",
     .help = "only what the tree of this commit of git does not have"},
    {.name = "runtime",
     .kind = FlagKind::kFile,
     .value = "FILE",
     .help = "a heap profile or a snapshot of the program: findings say how much of what their function "
             "allocated is alive"},
    {.name = "diff", .kind = FlagKind::kSwitch, .value = "", .help = "show fixes as a diff"},
    {.name = "fix", .kind = FlagKind::kSwitch, .value = "", .help = "write fixes into the files"},
    {.name = "config",
     .kind = FlagKind::kFile,
     .value = "FILE",
     .help = "settings; when not given memsnap.toml, if there is one here"},
    {.name = "no-cache",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "neither take nor keep what runs have found, in the user's cache folder"},
    {.name = "cache-use",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "say on standard error how much of the run came from the cache"},
    {.name = "list-rules",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "list the rules and look at nothing"},
    {.name = "format",
     .kind = FlagKind::kChoice,
     .value = "FORMAT",
     .help = "form of the output",
     .standard = "text",
     .choices = "text|json|sarif|github|html"},
    {.name = "json", .kind = FlagKind::kSwitch, .value = "", .help = "write JSON"},
};
constexpr Example kExamples[] = {
    {"check ./...", "the module here"},
    {"check ./store --notes", "one package, with advice about speed"},
    {"check ./... --new-from origin/main", "for pull requests: what this branch adds"},
    {"check ./... --json > known.json", "a baseline; later: check ./... --baseline known.json"},
    {"check ./... --format=sarif > check.sarif", "for code scanning"},
    {"check ./... --runtime heap.pb.gz", "which findings hold memory"},
    {"check ./... --diff", "what --fix would write"},
};

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t from = 0; from < list.size();) {
    std::size_t comma = std::min(list.find(',', from), list.size());
    if (comma > from) words.push_back(list.substr(from, comma - from));
    from = comma + 1;
  }
  return words;
}

void list_rules(Io& io) {
  Table table{.name = "rules", .columns = {{"rule", "rule"}, {"level", "level"}, {"title", "finds"}}};
  for (const misuse::Rule* rule : misuse::rules())
    table.add(std::string(rule->name), level_word(rule->severity), title_of(rule->name));
  render_table(table, io.style, table.rows.size(), io.out);
}

Result<LintConfig> config_of(const Flags& flags) {
  std::string path = flags.given("config") ? flags.text("config") : "memsnap.toml";
  if (!flags.given("config") && !is_there(path)) return LintConfig();
  std::string text = TRY(read_small_file(path));
  return read_lint_config(text, path);
}

// What is settled by flags, else by memsnap.toml, else by us.
struct Settings {
  TreeOptions tree;
  bool notes = false;
  std::optional<Severity> least;  // of a failure
  std::string baseline;           // "" for none
};

// From outside of a module, ./shop/... is looked at as the module in shop sees it.
void enter_module(TreeOptions& tree) {
  std::string here = real_path(".");
  bool outside = find_above(here, "go.mod").empty() && find_above(here, "go.work").empty();
  if (!outside || tree.patterns.empty()) return;
  std::vector<std::string> inside;
  std::string root;
  for (const std::string& pattern : tree.patterns) {
    bool all_below = pattern.ends_with("/...");
    std::string path = real_path(all_below ? pattern.substr(0, pattern.size() - 4) : pattern);
    std::string mod = find_above(path, "go.mod");
    if (mod.empty()) return;
    std::string of = mod.substr(0, mod.rfind('/'));
    if (!root.empty() && of != root) return;
    root = of;
    inside.push_back("." + path.substr(root.size()) + (all_below ? "/..." : ""));
  }
  tree.folder = root;
  tree.patterns = inside;
}

Result<Settings> settings_of(const Flags& flags) {
  LintConfig config = TRY(config_of(flags));
  Settings settings;
  std::vector<std::string> all;
  for (const misuse::Rule* rule : misuse::rules()) all.push_back(rule->name);
  std::vector<std::string> words = flags.given("rules") ? split(flags.text("rules")) : config.rules;
  settings.tree.rules = TRY(pick_rules(words, all));
  settings.tree.patterns = flags.targets();
  enter_module(settings.tree);
  settings.tree.exclude = config.exclude;
  settings.tree.tests = flags.on("tests");
  if (!flags.on("no-cache")) settings.tree.cache = check_cache_folder();
  settings.notes = flags.on("notes") || config.notes.value_or(false);
  std::string least = flags.given("fail-on") ? flags.text("fail-on") : config.fail_on.value_or("medium");
  settings.least = least == "none" ? std::nullopt : severity_of(least);
  // A rule that is asked for by its name is shown whatever its level.
  bool named = std::ranges::any_of(
      words, [](const std::string& word) { return !word.starts_with('-') && word != "all"; });
  settings.notes = settings.notes || settings.least == Severity::kLow || named;
  settings.baseline = flags.given("baseline") ? flags.text("baseline") : config.baseline.value_or("");
  return settings;
}

void print(const LintReport& report, const CheckedTree& tree, const std::string& format, Io& io) {
  if (format == "json")
    print_json(report, io.out);
  else if (format == "sarif")
    print_sarif(report, tree.lines(), io.out);
  else if (format == "github")
    print_github(report, io.out);
  else if (format == "html")
    print_html(report, tree.lines(), io.out);
  else
    print_text(report, tree.lines(), io.style, io.out);
}

Result<void> lay_runtime(LintReport& report, const std::string& path, Io& io) {
  AllocSites sites;
  AllocReader reader(sites);
  TRY_VOID(add_runtime_file(reader, path, AllocReader::Side::kNow, io));
  if (lay_live_bytes(report.diagnostics, sites) == 0 && !report.diagnostics.empty())
    report.missing.push_back("no function with a finding has allocated anything that is alive in " + path);
  return {};
}

void say_cache(const CacheUse& use, bool all, Io& io) {
  if (!use.problem.empty())
    io.err.print("memsnap check: what was found is not kept for the next run: {}\n",
                 io.style.safe(use.problem));
  if (!all) return;
  if (use.path.empty()) {
    io.err.put("memsnap check: no cache\n");
    return;
  }
  io.err.print(
      "memsnap check: {} of {} folders from the cache, and {} files of others; {} damaged; {} files read; {} "
      "has {} bytes\n",
      use.taken, use.folders, use.files_taken, use.damaged, use.files_read, io.style.safe(use.path),
      use.bytes);
}

Result<int> run(const Flags& flags, Io& io) {
  if (flags.on("list-rules")) {
    list_rules(io);
    return 0;
  }
  if (flags.on("diff") && flags.on("fix"))
    return fail(Cause::usage, "--diff shows what --fix writes: want one of them");
  allocate_in_bulk();
  Settings settings = TRY(settings_of(flags));
  std::set<std::string> known;
  if (!settings.baseline.empty()) {
    std::string text = TRY(read_small_file(settings.baseline, 256 << 20));
    known = TRY(read_known(text, settings.baseline));
  }
  if (flags.given("new-from")) known.merge(TRY(findings_of_ref(flags.text("new-from"), settings.tree)));
  CheckedTree tree = TRY(CheckedTree::open(settings.tree));
  say_cache(tree.cache_use(), flags.on("cache-use"), io);
  std::size_t dropped = drop_known(tree.result().diagnostics, known);
  LintReport report = tree.report(settings.notes);
  report.known = dropped;
  if (report.packages == 0)  // a gate that looks at nothing would let everything through
    return fail(Cause::bad_input, "no Go package here matches {}",
                flags.targets().empty() ? "./..." : fmt::format("{}", fmt::join(flags.targets(), " ")));
  if (flags.given("runtime")) TRY_VOID(lay_runtime(report, flags.text("runtime"), io));
  if (flags.on("diff")) {
    TRY_VOID(show_fixes(report, tree, io));
    return 0;
  }
  if (flags.on("fix")) TRY_VOID(write_fixes(report, tree, io));
  print(report, tree, flags.on("json") ? "json" : flags.text("format"), io);
  bool fails = settings.least && std::ranges::any_of(report.diagnostics, [&](const Diagnostic& one) {
                 return one.severity >= *settings.least;
               });
  return fails ? 1 : 0;
}

}  // namespace

constinit const Verb kCheck = {
    .name = "check",
    .summary = "misuse in Go source: rule, line, fix",
    .operands = "[PACKAGES]",
    .targets = Targets::kAny,
    .about =
        "Packages are named as for the go command: ./..., ./store, a folder; ./... when none is.\n"
        "Nothing is compiled: types come from the source of the module and of what it imports. Where a type\n"
        "cannot be known, the rules are silent, and the last lines say what is missing.\n"
        "A comment //memsnap:ignore RULE REASON silences a rule on its line, or on the statement or\n"
        "declaration below it; //nolint works too. docs/check.md shows pre-commit, CI and go vet -vettool.",
    .flags = {kFlags},
    .examples = kExamples,
    .run = run,
};

}  // namespace memsnap
