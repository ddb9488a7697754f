// Completion scripts for bash, zsh and fish, printed from the registry.
#include "findings/finding.h"
#include "verbs/all.h"
#include "verbs/verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace memsnap {
namespace {

std::string spaced_choices(const Flag& flag) {
  std::string list = flag.choices;
  std::ranges::replace(list, '|', ' ');
  return list;
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) {
    if (c == '\'')
      out += "'\\''";
    else
      out.push_back(c);
  }
  return out + "'";
}

std::string flag_names(const Verb& verb) {
  std::string names;
  for (const Flag& flag : flags_of(verb)) names += (names.empty() ? "" : " ") + dashed(flag.name);
  return names;
}

constexpr std::string_view words_of(Targets targets) {
  switch (targets) {
    case Targets::kProcesses: return "processes";
    case Targets::kAny: return "any";
    case Targets::kSnapshots: return "snapshots";
    case Targets::kRules: return "rules";
    case Targets::kVerbs: return "verbs";
    case Targets::kShells: return "shells";
    case Targets::kNone: break;
  }
  return "none";
}

std::string rule_names() {
  std::string names;
  for (const RuleText& rule : rule_texts()) names += (names.empty() ? "" : " ") + rule.rule;
  return names;
}

std::string verb_names() {
  std::string names;
  for (const Verb* verb : verbs()) names += fmt::format("{}{}", names.empty() ? "" : " ", verb->name);
  return names;
}

std::string bash_completion() {
  std::string flags, choices, kinds;
  for (const Verb* verb : verbs()) {
    flags += fmt::format("    {}) flags={} takes={} ;;\n", verb->name, single_quoted(flag_names(*verb)),
                         words_of(verb->targets));
    for (const Flag& flag : flags_of(*verb)) {
      if (*flag.choices) {
        choices += fmt::format("    {}:{}) words={} ;;\n", verb->name, flag.name,
                               single_quoted(spaced_choices(flag)));
      } else if (flag.kind == FlagKind::kFile) {
        choices += fmt::format(
            "    {}:{}) compopt -o default 2>/dev/null; COMPREPLY=($(compgen -f -- \"$now\")); return ;;\n",
            verb->name, flag.name);
      } else if (flag.kind == FlagKind::kFolder) {
        choices += fmt::format("    {}:{}) COMPREPLY=($(compgen -d -- \"$now\")); return ;;\n", verb->name,
                               flag.name);
      } else if (flag.kind == FlagKind::kPid) {
        choices += fmt::format("    {}:{}) words=$(_memsnap_pids) ;;\n", verb->name, flag.name);
      } else if (flag.kind != FlagKind::kSwitch) {
        choices += fmt::format("    {}:{}) return ;;\n", verb->name, flag.name);
      }
    }
  }
  return fmt::format(R"bash(# bash completion for memsnap: source <(memsnap completion bash)
_memsnap_pids() {{
  local pid rest
  "${{COMP_WORDS[0]:-memsnap}}" doctor 2>/dev/null | while read -r pid rest; do
    case $pid in [0-9]*) echo "$pid" ;; esac
  done
}}
_memsnap() {{
  local now=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} verb=${{COMP_WORDS[1]}} words= flags= takes=
  COMPREPLY=()
  if [ "$COMP_CWORD" = 1 ]; then
    COMPREPLY=($(compgen -W '{} --help --version' -- "$now"))
    return
  fi
  before=${{before#-}}
  case $verb:${{before#-}} in
{}  esac
  if [ -n "$words" ]; then
    COMPREPLY=($(compgen -W "$words" -- "$now"))
    return
  fi
  case $verb in
{}  esac
  case $now in
    -*) COMPREPLY=($(compgen -W "$flags --help" -- "$now")); return ;;
  esac
  case $takes in
    processes) COMPREPLY=($(compgen -W "$(_memsnap_pids)" -- "$now")) ;;
    any) COMPREPLY=($(compgen -W "$(_memsnap_pids)" -- "$now") $(compgen -f -X '!*.snap' -- "$now") $(compgen -d -- "$now")) ;;
    snapshots) COMPREPLY=($(compgen -f -X '!*.snap' -- "$now") $(compgen -d -- "$now")) ;;
    rules) COMPREPLY=($(compgen -W {} -- "$now")) ;;
    verbs) COMPREPLY=($(compgen -W {} -- "$now")) ;;
    shells) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$now")) ;;
  esac
}}
complete -F _memsnap memsnap
)bash",
                     verb_names(), choices, flags, single_quoted(rule_names()), single_quoted(verb_names()));
}

// Inside _arguments a colon and brackets end a description.
std::string zsh_words(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

std::string zsh_action(const Flag& flag) {
  if (*flag.choices) return "(" + spaced_choices(flag) + ")";
  switch (flag.kind) {
    case FlagKind::kFile: return "_files";
    case FlagKind::kFolder: return "_files -/";
    case FlagKind::kPid: return "_pids";
    default: return " ";
  }
}

std::string zsh_targets(Targets targets) {
  switch (targets) {
    case Targets::kProcesses: return "'*:process:_pids'";
    case Targets::kAny: return "'*:target:{ _pids; _files -g \"*.snap(-.)\" }'";
    case Targets::kSnapshots: return "'*:snapshot:_files -g \"*.snap(-.)\"'";
    case Targets::kRules: return fmt::format("'*:rule:({})'", rule_names());
    case Targets::kVerbs: return fmt::format("'*:verb:({})'", verb_names());
    case Targets::kShells: return "'*:shell:(bash zsh fish)'";
    case Targets::kNone: break;
  }
  return "'*: :'";
}

std::string zsh_completion() {
  std::string list, cases;
  for (const Verb* verb : verbs()) {
    list += fmt::format("    {}\n", single_quoted(fmt::format("{}:{}", verb->name, verb->summary)));
    cases += fmt::format("    {})\n      _arguments", verb->name);
    for (const Flag& flag : flags_of(*verb)) {
      std::string spec = fmt::format("{}[{}]", dashed(flag.name), zsh_words(flag.help));
      if (flag.kind != FlagKind::kSwitch)
        spec += fmt::format(":{}:{}", zsh_words(flag.value), zsh_action(flag));
      cases += " \\\n        " + single_quoted(spec);
    }
    cases += " \\\n        " + zsh_targets(verb->targets) + " ;;\n";
  }
  return fmt::format(R"zsh(#compdef memsnap
# zsh completion for memsnap: memsnap completion zsh >"${{fpath[1]}}/_memsnap"
_memsnap() {{
  local -a list
  list=(
{}  )
  if (( CURRENT == 2 )); then
    _describe verb list
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
{}  esac
}}
if [ "$funcstack[1]" = _memsnap ]; then _memsnap "$@"; else compdef _memsnap memsnap; fi
)zsh",
                     list, cases);
}

std::string fish_completion() {
  std::string out =
      "# fish completion for memsnap: memsnap completion fish | source\ncomplete -c memsnap -f\n"
      "function __memsnap_pids\n  memsnap doctor 2>/dev/null | string match -r '^ *[0-9]+' | string "
      "trim\nend\n";
  auto quoted = [](std::string_view text) {
    std::string inner;
    for (char c : text) {
      if (c == '\'' || c == '\\') inner.push_back('\\');
      inner.push_back(c);
    }
    return "'" + inner + "'";
  };
  for (const Verb* verb : verbs())
    out += fmt::format("complete -c memsnap -n __fish_use_subcommand -a {} -d {}\n", verb->name,
                       quoted(verb->summary));
  for (const Verb* verb : verbs()) {
    std::string when = fmt::format("-n '__fish_seen_subcommand_from {}'", verb->name);
    for (const Flag& flag : flags_of(*verb)) {
      bool brief = std::string(flag.name).size() == 1;
      out += fmt::format("complete -c memsnap {} {} {} -d {}", when, brief ? "-s" : "-l", flag.name,
                         quoted(flag.help));
      if (*flag.choices) {
        out += fmt::format(" -x -a {}", quoted(spaced_choices(flag)));
      } else if (flag.kind == FlagKind::kPid) {
        out += " -x -a '(__memsnap_pids)'";
      } else if (flag.kind == FlagKind::kFile || flag.kind == FlagKind::kFolder) {
        out += " -r -F";
      } else if (flag.kind != FlagKind::kSwitch) {
        out += " -x";
      }
      out += "\n";
    }
    if (verb->targets == Targets::kProcesses || verb->targets == Targets::kAny)
      out += fmt::format("complete -c memsnap {} -a '(__memsnap_pids)'\n", when);
    if (verb->targets == Targets::kSnapshots || verb->targets == Targets::kAny)
      out += fmt::format("complete -c memsnap {} -a '(__fish_complete_suffix .snap)'\n", when);
    if (verb->targets == Targets::kRules)
      out += fmt::format("complete -c memsnap {} -a {}\n", when, quoted(rule_names()));
    if (verb->targets == Targets::kVerbs)
      out += fmt::format("complete -c memsnap {} -a {}\n", when, quoted(verb_names()));
    if (verb->targets == Targets::kShells)
      out += fmt::format("complete -c memsnap {} -a 'bash zsh fish'\n", when);
  }
  return out;
}

constexpr Example kCompletionExamples[] = {
    {"completion bash >/etc/bash_completion.d/memsnap", "for everyone on this machine"},
};

Result<int> run_completion(const Flags& flags, Io& io) {
  if (flags.targets().size() != 1) return fail(Cause::usage, "want the name of one shell: bash, zsh or fish");
  io.out.put(TRY(completion(flags.targets()[0])));
  return 0;
}

}  // namespace

constinit const Verb kCompletion = {
    .name = "completion",
    .summary = "a script that completes memsnap's words in bash, zsh or fish",
    .operands = "bash|zsh|fish",
    .targets = Targets::kShells,
    .about = "The script knows verbs, flags, their choices, processes, snapshots and rules.",
    .flags = {},
    .examples = kCompletionExamples,
    .run = run_completion,
};

Result<std::string> completion(std::string_view shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "zsh") return zsh_completion();
  if (shell == "fish") return fish_completion();
  return fail(Cause::usage, "no completion for '{}', want bash, zsh or fish", shell);
}

}  // namespace memsnap
