// Help, man pages and docs/verbs.md: all printed from the registry.
#include "base/text.h"
#include "verbs/all.h"
#include "verbs/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace memsnap {
namespace {

constexpr std::string_view kWhat =
    "memsnap says what holds the memory of a running Go program: the line, the holder and the fix.\n"
    "The program needs no change and no restart.";

struct ExitStatus {
  int status;
  const char* means;
};
constexpr ExitStatus kStatuses[] = {
    {0, "done"},
    {1, "findings at or above --fail-on"},
    {2, "wrong usage"},
    {3, "the target cannot be read: no such process, not Go, corrupt, gone meanwhile"},
    {4, "not permitted, not supported, or over the pause or memory budget; says what to add"},
    {5, "the output could not be written"},
    {124, "timed out (--timeout)"},
    {130, "interrupted"},
};

std::string flag_words(const Flag& flag) {
  return *flag.value ? fmt::format("{} {}", dashed(flag.name), flag.value) : dashed(flag.name);
}

std::string flag_help(const Flag& flag) {
  std::string text = flag.help;
  if (*flag.choices) text += fmt::format(" ({})", flag.choices);
  if (*flag.standard) text += fmt::format(" (standard: {})", flag.standard);
  return text;
}

std::string usage_of(const Verb& verb) {
  return fmt::format("memsnap {}{}{} [flags]", verb.name, *verb.operands ? " " : "", verb.operands);
}

// Two columns: names on the left, words wrapped on the right.
void put_pairs(std::string& out, const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::size_t left = 0;
  for (const auto& [name, text] : pairs) left = std::max(left, name.size());
  for (const auto& [name, text] : pairs) {
    std::vector<std::string> lines = wrap(text, 96 - std::min<std::size_t>(left, 60));
    for (std::size_t i = 0; i < lines.size(); ++i)
      out += fmt::format("  {}  {}\n", pad(i == 0 ? name : "", left), lines[i]);
  }
}

// In roff a dot or an apostrophe that begins a line is a request, a backslash begins an escape, and - is a
// hyphen unless escaped.
std::string roff(std::string_view text) {
  std::string out;
  bool begins = true;
  for (char c : text) {
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out.push_back(c);
    begins = c == '\n';
  }
  return out;
}

std::string man_head(std::string_view name) {
  return fmt::format(".TH {} 1 \"\" \"memsnap {}\" \"User Commands\"\n", roff(name), roff(MEMSNAP_VERSION));
}

std::string man_paragraphs(std::string_view text) {
  std::string out;
  for (std::size_t at; (at = text.find("\n\n")) != std::string_view::npos; text.remove_prefix(at + 2))
    out += roff(text.substr(0, at)) + "\n.PP\n";
  return out + roff(text) + "\n";
}

std::string man_statuses() {
  std::string out = ".SH EXIT STATUS\n";
  for (const ExitStatus& one : kStatuses) out += fmt::format(".TP\n.B {}\n{}\n", one.status, roff(one.means));
  return out;
}

constexpr Flag kHelpFlags[] = {
    {.name = "man",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "write man pages (roff): of one verb, or of all"},
    {.name = "markdown", .kind = FlagKind::kSwitch, .value = "", .help = "write docs/verbs.md"},
};
constexpr Example kHelpExamples[] = {
    {"help doctor", "the flags of doctor"},
    {"help --man doctor >memsnap-doctor.1", "its man page"},
};

Result<int> run_help(const Flags& flags, Io& io) {
  if (flags.targets().size() > 1)
    return fail(Cause::usage, "got {} words, want the name of one verb", flags.targets().size());
  const Verb* verb = nullptr;
  if (!flags.targets().empty()) {
    const std::string& name = flags.targets()[0];
    verb = find_verb(name);
    if (!verb) return fail(Cause::usage, "no verb '{}'; memsnap --help lists them", name);
  }
  if (flags.on("markdown")) {
    io.out.put(verbs_markdown());
  } else if (flags.on("man")) {
    if (verb) {
      io.out.put(man_page(*verb));
    } else {
      io.out.put(man_page());
      for (const Verb* one : verbs()) io.out.put(man_page(*one));
    }
  } else {
    io.out.put(verb ? help_text(*verb) : help_text());
  }
  return 0;
}

}  // namespace

constinit const Verb kHelp = {
    .name = "help",
    .summary = "the flags of a verb; man pages",
    .operands = "[VERB]",
    .targets = Targets::kVerbs,
    .about = "Prints what memsnap --help or memsnap VERB --help print.",
    .flags = {kHelpFlags},
    .examples = kHelpExamples,
    .run = run_help,
};

std::string help_text() {
  std::string out = fmt::format("{}\n\nusage: memsnap VERB [TARGET...] [flags]\n\n", kWhat);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Verb* verb : verbs()) pairs.emplace_back(verb->name, verb->summary);
  put_pairs(out, pairs);
  out += "\nmemsnap VERB --help has the flags of a verb, memsnap --version the version.\n";
  return out;
}

std::string help_text(const Verb& verb) {
  std::string out = fmt::format("memsnap {}: {}\n\nusage: {}\n\n{}\n\nflags:\n", verb.name, verb.summary,
                                usage_of(verb), verb.about);
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Flag& flag : flags_of(verb)) pairs.emplace_back(flag_words(flag), flag_help(flag));
  put_pairs(out, pairs);
  if (verb.examples.empty()) return out;
  out += "\nexamples:\n";
  pairs.clear();
  for (const Example& example : verb.examples)
    pairs.emplace_back(fmt::format("memsnap {}", example.command), example.what);
  put_pairs(out, pairs);
  return out;
}

std::string verbs_markdown() {
  std::string out =
      "# Verbs\n\n<!-- Printed by `memsnap help --markdown`; a test compares. -->\n\n"
      "Flags take one dash or two, `-x=v` or `-x v`, before or after the targets. Results go to standard "
      "output, "
      "progress and warnings to standard error.\n\n| verb | answers |\n| --- | --- |\n";
  for (const Verb* verb : verbs()) out += fmt::format("| [{0}](#{0}) | {1} |\n", verb->name, verb->summary);
  out += "\n## Exit status\n\n| status | means |\n| ---: | --- |\n";
  for (const ExitStatus& one : kStatuses) out += fmt::format("| {} | {} |\n", one.status, one.means);
  for (const Verb* verb : verbs()) {
    out += fmt::format("\n## {}\n\n    {}\n\n{}\n\n", verb->name, usage_of(*verb), verb->about);
    out += "| flag | means |\n| --- | --- |\n";
    for (const Flag& flag : flags_of(*verb))
      out += fmt::format("| {} | {} |\n", markdown_code(flag_words(flag), true), [&] {
        std::string text = flag_help(flag), cell;
        for (char c : text) cell += c == '|' ? std::string("\\|") : std::string(1, c);
        return cell;
      }());
    for (const Example& example : verb->examples)
      out += fmt::format("{}- `memsnap {}`: {}\n", &example == verb->examples.data() ? "\n" : "",
                         example.command, example.what);
  }
  return out;
}

std::string man_page() {
  std::string out = man_head("MEMSNAP") +
                    ".SH NAME\nmemsnap \\- what holds the memory of a Go program\n.SH SYNOPSIS\n.B "
                    "memsnap\n.I VERB\n[\\fITARGET\\fR...] [\\fIflags\\fR]\n.SH DESCRIPTION\n";
  out += man_paragraphs(kWhat) + ".SH VERBS\n";
  for (const Verb* verb : verbs())
    out += fmt::format(".TP\n.BR memsnap\\-{} (1)\n{}\n", roff(verb->name), roff(verb->summary));
  return out + man_statuses();
}

std::string man_page(const Verb& verb) {
  std::string upper = verb.name;
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  std::string out = man_head("MEMSNAP-" + upper);
  out += fmt::format(".SH NAME\nmemsnap\\-{} \\- {}\n.SH SYNOPSIS\n.B {}\n.SH DESCRIPTION\n", roff(verb.name),
                     roff(verb.summary), roff(usage_of(verb)));
  out += man_paragraphs(verb.about) + ".SH OPTIONS\n";
  for (const Flag& flag : flags_of(verb)) {
    out += fmt::format(".TP\n.B {}", roff(dashed(flag.name)));
    if (*flag.value) out += fmt::format(" \\fI{}\\fR", roff(flag.value));
    out += fmt::format("\n{}\n", roff(flag_help(flag)));
  }
  if (!verb.examples.empty()) out += ".SH EXAMPLES\n";
  for (const Example& example : verb.examples)
    out += fmt::format(".TP\n.B memsnap {}\n{}\n", roff(example.command), roff(example.what));
  return out + man_statuses() + ".SH SEE ALSO\n.BR memsnap (1)\n";
}

}  // namespace memsnap
