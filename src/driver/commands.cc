// The texts of this file are those of google/pprof (Apache-2.0), since they are part of its interface.
#include "driver/commands.h"

#include "driver/config_fields.h"

#include <fmt/format.h>

#include <algorithm>

namespace memsnap {
namespace {

using K = ReportKind;
using N = CommandNeeds;
using U = PprofCommand::Usage;

constexpr PprofCommand kCommands[] = {
    {"callgrind", K::kCallgrind, false, N::kNothing, "callgraph.out", "Outputs a graph in callgrind format",
     U::kReport},
    {"comments", K::kComments, false, N::kNothing, "", "Output all profile comments", U::kNone},
    {"disasm", K::kDisasm, true, N::kNothing, "", "Output assembly listings annotated with samples",
     U::kListFile},
    {"dot", K::kDot, false, N::kNothing, "", "Outputs a graph in DOT format", U::kReport},
    {"eog", K::kSvg, false, N::kViewer, "svg", "Visualize graph through eog", U::kReportNoFile},
    {"evince", K::kDot, false, N::kViewer, "pdf", "Visualize graph through evince", U::kReportNoFile},
    {"gif", K::kDot, false, N::kGraphviz, "gif", "Outputs a graph image in GIF format", U::kReport},
    {"gv", K::kDot, false, N::kViewer, "ps", "Visualize graph through gv", U::kReportNoFile},
    {"kcachegrind", K::kCallgrind, false, N::kViewer, "grind", "Visualize report in KCachegrind",
     U::kReportNoFile},
    {"list", K::kList, true, N::kNothing, "", "Output annotated source for functions matching regexp",
     U::kList},
    {"pdf", K::kDot, false, N::kGraphviz, "pdf", "Outputs a graph in PDF format", U::kReport},
    {"peek", K::kPeek, true, N::kNothing, "", "Output callers/callees of functions matching regexp",
     U::kPeek},
    {"png", K::kDot, false, N::kGraphviz, "png", "Outputs a graph image in PNG format", U::kReport},
    {"proto", K::kProto, false, N::kNothing, "pb.gz", "Outputs the profile in compressed protobuf format",
     U::kNone},
    {"ps", K::kDot, false, N::kGraphviz, "ps", "Outputs a graph in PS format", U::kReport},
    {"raw", K::kRaw, false, N::kNothing, "", "Outputs a text representation of the raw profile", U::kNone},
    {"svg", K::kSvg, false, N::kNothing, "svg", "Outputs a graph in SVG format", U::kReport},
    {"tags", K::kTags, false, N::kNothing, "", "Outputs all tags in the profile", U::kTags},
    {"text", K::kTop, false, N::kNothing, "", "Outputs top entries in text form", U::kReportCum},
    {"top", K::kTop, false, N::kNothing, "", "Outputs top entries in text form", U::kReportCum},
    {"topproto", K::kTopProto, false, N::kNothing, "pb.gz",
     "Outputs top entries in compressed protobuf format", U::kNone},
    {"traces", K::kTraces, false, N::kNothing, "", "Outputs all profile samples in text form", U::kNone},
    {"tree", K::kTree, false, N::kNothing, "", "Outputs a text rendering of call graph", U::kReportCum},
    {"web", K::kSvg, false, N::kViewer, "svg", "Visualize graph through web browser", U::kReportNoFile},
    {"weblist", K::kWebList, true, N::kNothing, "html", "Display annotated source in a web browser",
     U::kList},
};

constexpr PprofCommand kOwnCommands[] = {
    {"churn", K::kChurn, false, N::kNothing, "", "What is allocated beside what of it stays", U::kNone},
    {"flame", K::kFlameHtml, false, N::kNothing, "html", "Outputs a flame graph as an HTML page of its own",
     U::kReport},
    {"flamesvg", K::kFlameSvg, false, N::kNothing, "svg", "Outputs a flame graph in SVG format", U::kReport},
    {"folded", K::kFolded, false, N::kNothing, "", "Outputs folded stacks: root;child;leaf value",
     U::kReport},
};

struct Help {
  const char* name;
  const char* text;
};
constexpr Help kHelp[] = {
    {"output", "Output filename for file-based outputs\n"},
    {"drop_negative", "Ignore negative differences\nDo not show any locations with values <0.\n"},
    {"call_tree",
     "Create a context-sensitive call tree\nTreat locations reached through different paths as separate.\n"},
    {"relative_percentages",
     "Show percentages relative to focused subgraph\n"
     "If unset, percentages are relative to full graph before focusing\n"
     "to facilitate comparison with original graph.\n"},
    {"unit",
     "Measurement units to display\nScale the sample values to this unit.\n"
     "For time-based profiles, use seconds, milliseconds, nanoseconds, etc.\n"
     "For memory profiles, use megabytes, kilobytes, bytes, etc.\n"
     "Using auto will scale each value independently to the most natural unit.\n"},
    {"compact_labels", "Show minimal headers"},
    {"source_path", "Search path for source files"},
    {"trim_path", "Path to trim from source paths before search"},
    {"intel_syntax", "Show assembly in Intel syntax\nOnly applicable to commands `disasm` and `weblist`\n"},
    {"nodecount",
     "Max number of nodes to show\nUses heuristics to limit the number of locations to be displayed.\n"
     "On graphs, dotted edges represent paths through nodes that have been removed.\n"},
    {"nodefraction", "Hide nodes below <f>*total"},
    {"edgefraction", "Hide edges below <f>*total"},
    {"trim",
     "Honor nodefraction/edgefraction/nodecount defaults\n"
     "Set to false to get the full profile, without any trimming.\n"},
    {"focus",
     "Restricts to samples going through a node matching regexp\n"
     "Discard samples that do not include a node matching this regexp.\n"
     "Matching includes the function name, filename or object name.\n"},
    {"ignore",
     "Skips paths going through any nodes matching regexp\n"
     "If set, discard samples that include a node matching this regexp.\n"
     "Matching includes the function name, filename or object name.\n"},
    {"prune_from",
     "Drops any functions below the matched frame.\n"
     "If set, any frames matching the specified regexp and any frames\n"
     "below it will be dropped from each sample.\n"},
    {"hide",
     "Skips nodes matching regexp\nDiscard nodes that match this location.\n"
     "Other nodes from samples that include this location will be shown.\n"
     "Matching includes the function name, filename or object name.\n"},
    {"show",
     "Only show nodes matching regexp\nIf set, only show nodes that match this location.\n"
     "Matching includes the function name, filename or object name.\n"},
    {"show_from",
     "Drops functions above the highest matched frame.\n"
     "If set, all frames above the highest match are dropped from every sample.\n"
     "Matching includes the function name, filename or object name.\n"},
    {"tagroot",
     "Adds pseudo stack frames for labels key/value pairs at the callstack root.\n"
     "A comma-separated list of label keys.\nThe first key creates frames at the new root.\n"},
    {"tagleaf",
     "Adds pseudo stack frames for labels key/value pairs at the callstack leaf.\n"
     "A comma-separated list of label keys.\nThe last key creates frames at the new leaf.\n"},
    {"tagfocus",
     "Restricts to samples with tags in range or matched by regexp\n"
     "Use name=value syntax to limit the matching to a specific tag.\n"
     "Numeric tag filter examples: 1kb, 1kb:10kb, memory=32mb:\n"
     "String tag filter examples: foo, foo.*bar, mytag=foo.*bar\n"},
    {"tagignore",
     "Discard samples with tags in range or matched by regexp\n"
     "Use name=value syntax to limit the matching to a specific tag.\n"
     "Numeric tag filter examples: 1kb, 1kb:10kb, memory=32mb:\n"
     "String tag filter examples: foo, foo.*bar, mytag=foo.*bar\n"},
    {"tagshow", "Only consider tags matching this regexp\nDiscard tags that do not match this regexp\n"},
    {"taghide", "Skip tags matching this regexp\nDiscard tags that match this regexp\n"},
    {"divide_by",
     "Ratio to divide all samples before visualization\n"
     "Divide all samples values by a constant, eg the number of processors or jobs.\n"},
    {"mean",
     "Average sample value over first value (count)\n"
     "For memory profiles, report average memory per allocation.\n"
     "For time-based profiles, report average time per event.\n"},
    {"sample_index",
     "Sample value to report (0-based index or name)\nProfiles contain multiple values per sample.\n"
     "Use sample_index=i to select the ith value (starting at 0).\n"},
    {"normalize", "Scales profile based on the base profile.\n"},
    {"flat", "Sort entries based on own weight\n"},
    {"cum", "Sort entries based on cumulative weight\n"},
    {"functions", "Aggregate at the function level.\nIgnores the filename where the function was defined.\n"},
    {"filefunctions",
     "Aggregate at the function level.\nTakes into account the filename where the function was defined.\n"},
    {"files", "Aggregate at the file level."},
    {"lines", "Aggregate at the source code line level."},
    {"addresses", "Aggregate at the address level.\nIncludes functions' addresses in the output.\n"},
    {"noinlines", "Ignore inlines.\nAttributes inlined functions to their first out-of-line caller.\n"},
    {"showcolumns", "Show column numbers at the source code line level.\n"},
};

constexpr std::string_view kUsageHead = R"(usage:

Produce output in the specified format.

   pprof <format> [options] [binary] <source> ...

Omit the format to get an interactive shell whose commands can be used
to generate various views of a profile

   pprof [options] [binary] <source> ...

Omit the format and provide the "-http" flag to get an interactive web
interface at the specified host:port that can be used to navigate through
various views of a profile.

   pprof -http [host]:[port] [options] [binary] <source> ...

Details:
)";

constexpr std::string_view kUsageTail = R"(

  Source options:
    -seconds              Duration for time-based profile collection
    -timeout              Timeout in seconds for profile collection
    -buildid              Override build id for main binary
    -add_comment          Free-form annotation to add to the profile
                          Displayed on some reports or with pprof -comments
    -diff_base source     Source of base profile for comparison
    -base source          Source of base profile for profile subtraction
    profile.pb.gz         Profile in compressed protobuf format
    legacy_profile        Profile in legacy pprof format
    http://host/profile   URL for profile handler to retrieve
    -symbolize=           Controls source of symbol information
      none                  Do not attempt symbolization
      local                 Examine only local binaries
      fastlocal             Only get function names from local binaries
      remote                Do not examine local binaries
      force                 Force re-symbolization
    Binary                  Local path or build id of binary for symbolization
    -tls_cert             TLS client certificate file for fetching profile and symbols
    -tls_key              TLS private key file for fetching profile and symbols
    -tls_ca               TLS CA certs file for fetching profile and symbols

  Misc options:
   -http              Provide web interface at host:port.
                      Host is optional and 'localhost' by default.
                      Port is optional and a randomly available port by default.
   -no_browser        Skip opening a browser for the interactive web UI.
   -tools             Search path for object tools
   -all_frames        Ignore drop_frames and keep_frames regexps in the profile
                      Rarely needed, mainly used for debugging pprof itself

  Legacy convenience options:
   -inuse_space           Same as -sample_index=inuse_space
   -inuse_objects         Same as -sample_index=inuse_objects
   -alloc_space           Same as -sample_index=alloc_space
   -alloc_objects         Same as -sample_index=alloc_objects
   -total_delay           Same as -sample_index=delay
   -contentions           Same as -sample_index=contentions
   -mean_delay            Same as -mean -sample_index=delay

  Environment Variables:
   PPROF_TMPDIR       Location for saved profiles (default $HOME/pprof)
   PPROF_TOOLS        Search path for object-level tools
   PPROF_BINARY_PATH  Search path for local binary files
                      default: $HOME/pprof/binaries
                      searches $buildid/$name, $buildid/*, $path/$buildid,
                      ${buildid:0:2}/${buildid:2}.debug, $name, $path,
                      ${name}.debug, $dir/.debug/${name}.debug,
                      usr/lib/debug/$dir/${name}.debug
   * On Windows, %USERPROFILE% is used instead of $HOME)";

std::string report_usage(std::string_view name, bool cum, bool file) {
  std::string text = fmt::format("{} [n] [focus_regex]* [-ignore_regex]*{}{}", name, cum ? " [-cum]" : "",
                                 file ? " >f" : "");
  text += "\nInclude up to n samples\nInclude samples matching focus_regex, and exclude ignore_regex.";
  if (cum) text += "\n-cum sorts the output by cumulative weight";
  if (file) text += "\nOptionally save the report on the file f";
  return text;
}

std::string list_usage(std::string_view name, bool file) {
  return fmt::format(
      "{}<func_regex|address> [-focus_regex]* [-ignore_regex]*{}\n"
      "Include functions matching func_regex, or including the address specified.\n"
      "Include samples matching focus_regex, and exclude ignore_regex.{}",
      name, file ? " >f" : "", file ? "\nOptionally save the report on the file f" : "");
}

std::string usage_of(const PprofCommand& command) {
  switch (command.usage) {
    case U::kNone: return "";
    case U::kReport: return report_usage(command.name, false, true);
    case U::kReportCum: return report_usage(command.name, true, true);
    case U::kReportNoFile: return report_usage(command.name, false, false);
    case U::kList: return list_usage(command.name, false);
    case U::kListFile: return list_usage(command.name, true);
    case U::kPeek: return "peek func_regex\nDisplay callers and callees of functions matching func_regex.";
    case U::kTags:
      return "tags [tag_regex]* [-ignore_regex]* [>file]\n"
             "List tags with key:value matching tag_regex and exclude ignore_regex.";
  }
  return "";
}

std::string usage_line(std::string_view name, std::string_view text) {
  return fmt::format("    {:<16} {}", name, text.substr(0, text.find('\n')));
}

std::string sorted_lines(std::vector<std::string> lines) {
  std::ranges::sort(lines);
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

std::span<const PprofCommand> pprof_commands() { return kCommands; }

std::span<const PprofCommand> own_commands() { return kOwnCommands; }

const PprofCommand* find_command(std::string_view name, bool own) {
  for (const PprofCommand& command : kCommands)
    if (name == command.name) return &command;
  if (own)
    for (const PprofCommand& command : kOwnCommands)
      if (name == command.name) return &command;
  return nullptr;
}

std::string command_advice(const PprofCommand& command) {
  std::string_view name = command.name;
  if (command.needs == N::kGraphviz)
    return fmt::format("{0} is drawn by graphviz: dot >graph.dot and then dot -T{0} graph.dot, or svg", name);
  if (name == "kcachegrind")
    return "kcachegrind is another program: callgrind >profile.grind writes its file";
  return fmt::format("{} would start another program: svg >graph.svg writes the graph to a file", name);
}

std::string command_help(const PprofCommand& command) {
  std::string text = fmt::format("{}\n", command.about), usage = usage_of(command);
  if (!usage.empty()) text += "  Usage:\n";
  for (std::string_view left = usage; !left.empty();) {
    std::size_t end = left.find('\n');
    text += fmt::format("    {}\n", left.substr(0, end));
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
  }
  return text + "\n";
}

const char* config_help(std::string_view name) {
  for (const Help& help : kHelp)
    if (name == help.name) return help.text;
  return nullptr;
}

std::string pprof_usage(bool command_line, bool own) {
  std::string dash = command_line ? "-" : "";
  std::vector<std::string> commands, variables, groups;
  for (const PprofCommand& command : kCommands)
    commands.push_back(usage_line(dash + command.name, command.about));
  if (own)
    for (const PprofCommand& command : kOwnCommands)
      commands.push_back(usage_line(dash + command.name, command.about));
  std::ranges::sort(commands);
  if (!command_line) {
    commands.push_back(usage_line("o/options", "List options and their current values"));
    commands.push_back(usage_line("q/quit/exit/^D", "Exit pprof"));
  }
  for (const ConfigField& field : config_fields()) {
    if (field.choices.empty()) {
      variables.push_back(usage_line(dash + field.name, config_help(field.name)));
      continue;
    }
    std::string group = usage_line(field.name, "");
    for (const char* choice : field.choices) group += "\n  " + usage_line(dash + choice, config_help(choice));
    groups.push_back(group);
  }
  return fmt::format("{}{}\n\n  Options:\n{}\n\n  Option groups (only set one per group):\n{}",
                     command_line ? "  Output formats (select at most one):\n" : "  Commands:\n",
                     fmt::join(commands, "\n"), sorted_lines(variables), sorted_lines(groups));
}

std::string pprof_command_line_usage() {
  return std::string(kUsageHead) + pprof_usage(true) + std::string(kUsageTail);
}

}  // namespace memsnap
