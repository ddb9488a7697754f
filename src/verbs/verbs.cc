#include "verbs/verbs.h"

#include "base/text.h"
#include "verbs/all.h"
#include "verbs/vet_tool.h"

#include <algorithm>
#include <limits>

namespace memsnap {

const std::array<Flag, 1> kEveryFlags = {{
    {.name = "ascii", .kind = FlagKind::kSwitch, .value = "", .help = "write nothing beyond ASCII"},
}};

const std::array<Flag, 3> kRowFlags = {{
    {.name = "n",
     .kind = FlagKind::kNumber,
     .value = "ROWS",
     .help = "show at most so many rows",
     .standard = "20",
     .least = 1},
    {.name = "all", .kind = FlagKind::kSwitch, .value = "", .help = "show all rows"},
    {.name = "json", .kind = FlagKind::kSwitch, .value = "", .help = "write JSON"},
}};

const std::array<Flag, 3> kTargetFlags = {{
    {.name = "p", .kind = FlagKind::kPid, .value = "PID", .help = "look at this process"},
    {.name = "max-pause",
     .kind = FlagKind::kDuration,
     .value = "DURATION",
     .help = "refuse when the process would be stopped for longer",
     .standard = "1s"},
    {.name = "timeout",
     .kind = FlagKind::kDuration,
     .value = "DURATION",
     .help = "give up after this time, with status 124; 0 is never",
     .standard = "0"},
}};

const std::array<Flag, 2> kCaptureFlags = {{
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
}};

std::span<const Verb* const> verbs() {
  static constexpr std::array kAll = {
      &kDoctor, &kExplain,    &kCapture, &kDiff,  &kTop,       &kTree,   &kWhy,   &kMaps,
      &kSlices, &kGoroutines, &kRss,     &kPprof, &kSymbolize, &kEscape, &kCheck,
#ifdef MEMSNAP_WEB
      &kServe,
#endif
      &kHelp,   &kCompletion,
  };
  return kAll;
}

const Verb* find_verb(std::string_view name) {
  auto found = std::ranges::find_if(verbs(), [&](const Verb* verb) { return name == verb->name; });
  return found == verbs().end() ? nullptr : *found;
}

std::vector<Flag> flags_of(const Verb& verb) {
  std::vector<Flag> all;
  for (std::span<const Flag> group : verb.flags) all.insert(all.end(), group.begin(), group.end());
  all.insert(all.end(), kEveryFlags.begin(), kEveryFlags.end());
  return all;
}

std::size_t row_limit(const Flags& flags) {
  return flags.on("all") ? std::numeric_limits<std::size_t>::max() : std::size_t(flags.number("n"));
}

namespace {

int say_error(const Error& error, std::string_view where, Io& io) {
  std::string text = io.err_ascii ? escape_ascii(error.what) : escape_terminal(error.what);
  io.err.print("memsnap{}{}: {}\n", where.empty() ? "" : " ", where, text);
  return exit_status(error.cause);
}

bool asks_for_help(const std::string& word) {
  return word == "-h" || word == "--help" || word == "-help" || word == "--h";
}

int unknown_verb(const std::string& word, Io& io) {
  std::vector<std::string> names;
  for (const Verb* verb : verbs()) names.emplace_back(verb->name);
  std::string near = nearest(word, names);
  std::string shown = io.err_ascii ? escape_ascii(word) : escape_terminal(word);
  if (near.empty())
    io.err.print("memsnap: no verb '{}'; memsnap --help lists them\n", shown);
  else
    io.err.print("memsnap: no verb '{}'; did you mean {}?\n", shown, near);
  return exit_status(Cause::usage);
}

}  // namespace

int run_command(std::span<const std::string> words, Io& io) {
  if (words.empty()) {
    io.err.put(help_text());
    return exit_status(Cause::usage);
  }
  if (asks_for_help(words[0])) {
    io.out.put(help_text());
    return 0;
  }
  if (words[0] == "--version" || words[0] == "-version" || words[0] == "version") {
    io.out.put("memsnap " MEMSNAP_VERSION " linux/amd64\n");
    return 0;
  }
  if (std::optional<int> status = vet_tool(words, io)) return *status;
  const Verb* verb = find_verb(words[0]);
  if (!verb) return unknown_verb(words[0], io);
  std::span<const std::string> rest = words.subspan(1);
  if (verb->instead)
    if (std::optional<int> status = verb->instead(rest, io)) return *status;
  for (const std::string& word : rest) {
    if (word == "--") break;
    if (!asks_for_help(word)) continue;
    io.out.put(help_text(*verb));
    return 0;
  }
  std::vector<Flag> known = flags_of(*verb);
  std::vector<std::string> spelt;
  if (verb->spell) rest = spelt = verb->spell(rest);
  Result<Flags> flags = Flags::parse(rest, known);
  if (!flags) {
    int status = say_error(flags.error(), verb->name, io);
    io.err.print("usage: memsnap {} {}  (memsnap help {})\n", verb->name, verb->operands, verb->name);
    return status;
  }
  if (flags->on("ascii")) io.style.ascii = true, io.err_ascii = true;
  Result<int> status = verb->run(*flags, io);
  return status ? *status : say_error(status.error(), verb->name, io);
}

}  // namespace memsnap
