#include "verbs/pprof_flags.h"

namespace memsnap {
namespace {

constexpr Flag on(const char* name, const char* help) {
  return {.name = name, .kind = FlagKind::kSwitch, .value = "", .help = help};
}
constexpr Flag text(const char* name, const char* value, const char* help, const char* standard = "") {
  return {.name = name, .kind = FlagKind::kAnyText, .value = value, .help = help, .standard = standard};
}
constexpr Flag real(const char* name, const char* value, const char* help, const char* standard) {
  return {.name = name, .kind = FlagKind::kReal, .value = value, .help = help, .standard = standard};
}
constexpr Flag integer(const char* name, const char* value, const char* help, const char* standard = "") {
  return {.name = name, .kind = FlagKind::kInteger, .value = value, .help = help, .standard = standard};
}
constexpr Flag file(const char* name, const char* help) {
  return {.name = name, .kind = FlagKind::kAnyText, .value = "SOURCE", .help = help};
}

}  // namespace

const std::array<Flag, 25> kPprofReports = {{
    on("top", "the functions with the largest values"),
    on("text", "the same as --top"),
    on("tree", "each function with its callers and callees"),
    text("peek", "REGEX", "callers and callees of the functions that fit"),
    text("list", "REGEX", "source of the functions that fit, with values per line"),
    on("traces", "each sample with its stack"),
    on("tags", "the labels and what they add up to"),
    on("raw", "the profile itself as text"),
    on("comments", "the comments of the profile"),
    on("proto", "the profile in profile.proto format, compressed"),
    on("topproto", "the rows of --top in that format"),
    on("dot", "the call graph for graphviz"),
    on("svg", "the call graph as a picture"),
    on("callgrind", "the call graph for KCachegrind"),
    text("disasm", "REGEX", "instructions of the functions that fit, with values"),
    text("weblist", "REGEX", "source and instructions of the functions that fit, as HTML"),
    on("gif", "says how graphviz makes that of --dot"),
    on("pdf", "says how graphviz makes that of --dot"),
    on("png", "says how graphviz makes that of --dot"),
    on("ps", "says how graphviz makes that of --dot"),
    on("web", "says what to use instead of another program"),
    on("eog", "says what to use instead of another program"),
    on("evince", "says what to use instead of another program"),
    on("gv", "says what to use instead of another program"),
    on("kcachegrind", "says what to use instead of another program"),
}};

const std::array<Flag, 45> kPprofFields = {{
    text("output", "FILE", "write the report to this file"),
    on("cum", "order by what functions and their callees have (cum)"),
    on("flat", "order by what functions have themselves (flat), the standard"),
    integer("nodecount", "N", "show at most so many rows or nodes; -1: as many as the report likes", "-1"),
    real("nodefraction", "F", "leave out nodes below this share of the total", "0.005"),
    real("edgefraction", "F", "leave out edges below this share of the total", "0.001"),
    {.name = "trim",
     .kind = FlagKind::kSwitch,
     .value = "",
     .help = "keep to nodecount, nodefraction and edgefraction; --trim=false shows all",
     .standard = "true"},
    text("focus", "REGEX", "only samples with a frame that fits"),
    text("ignore", "REGEX", "no samples with a frame that fits"),
    text("show", "REGEX", "only frames that fit"),
    text("hide", "REGEX", "no frames that fit"),
    text("show_from", "REGEX", "no frames above the outermost one that fits"),
    text("prune_from", "REGEX", "no frames below the one that fits"),
    text("tagfocus", "EXPRESSION", "only samples with such a label: bytes=1kb:64kb, key=regex, regex"),
    text("tagignore", "EXPRESSION", "no samples with such a label"),
    text("tagshow", "REGEX", "only labels whose key fits"),
    text("taghide", "REGEX", "no labels whose key fits"),
    text("tagroot", "KEYS", "frames of these labels' values at the root of stacks, separated by commas"),
    text("tagleaf", "KEYS", "frames of these labels' values at the leaf of stacks"),
    on("functions", "a row for each function, the standard"),
    on("filefunctions", "a row for each function and file"),
    on("files", "a row for each file"),
    on("lines", "a row for each line"),
    on("addresses", "a row for each address"),
    on("noinlines", "count inlined calls for the function that they were inlined into"),
    on("showcolumns", "tell columns of a line apart"),
    on("call_tree", "tell calls by their whole path (dot, svg, callgrind)"),
    on("relative_percentages", "percentages of what the filters left"),
    text("unit", "UNIT", "of values: minimum, auto, ms, kb, mb", "minimum"),
    on("compact_labels", "only the main lines above the report"),
    text("source_path", "FOLDERS", "where source files are looked for, separated by colons"),
    text("trim_path", "FOLDERS", "taken off the front of file names before"),
    on("intel_syntax", "instructions as Intel writes them"),
    on("mean", "values divided by the first of the sample's values"),
    text("sample_index", "NAME", "which of the sample's values: its name, or its number from 0"),
    real("divide_by", "F", "divide all values by this", "1"),
    on("normalize", "scale the profile to the base before it is taken off"),
    on("drop_negative", "leave out what became less than the base"),
    on("inuse_space", "the same as --sample_index=inuse_space"),
    on("inuse_objects", "the same as --sample_index=inuse_objects"),
    on("alloc_space", "the same as --sample_index=alloc_space"),
    on("alloc_objects", "the same as --sample_index=alloc_objects"),
    on("total_delay", "the same as --sample_index=delay"),
    on("contentions", "the same as --sample_index=contentions"),
    on("mean_delay", "the same as --mean --sample_index=delay"),
}};

const std::array<Flag, 12> kPprofSources = {{
    file("base", "take this profile off"),
    file("diff_base", "take this profile off, percentages are of it"),
    integer("seconds", "N", "how long the server that is asked profiles"),
    integer("timeout", "N",
            "seconds to wait for a server; standard: 60, or half as long again as it profiles"),
    text("symbolize", "HOW", "where names come from: local, fastlocal, remote, none; :force, :demangle=MODE"),
    text("buildid", "ID", "of the first mapping, when it has none"),
    text("add_comment", "TEXT", "a comment for the profile"),
    on("all_frames", "do not leave out the frames that the profile says to drop"),
    text("tls_cert", "FILE", "certificate to show to servers, PEM"),
    text("tls_key", "FILE", "its key, PEM"),
    text("tls_ca", "FILE", "certificates that vouch for servers, PEM; standard: those of this machine"),
    text("tools", "FOLDERS", "taken for the sake of scripts, not used: no tools are started"),
}};

const std::array<Flag, 9> kPprofOurs = {{
    on("go-compat", "flags, texts, exit statuses and details exactly as go tool pprof"),
    on("json", "the report as JSON: docs/pprof-json.md"),
    on("flame", "a flame graph as one HTML page: zoom, search, differences, no network"),
    on("flamesvg", "a flame graph as a picture"),
    on("folded", "folded stacks: root;child;leaf value"),
    on("churn", "what is allocated beside what of it stays, with the growth of slices and maps"),
    on("precision",
       "how far sampled values may be from the truth, in 95 of 100 cases (top, tree, peek, list)"),
    {.name = "profile",
     .kind = FlagKind::kChoice,
     .value = "KIND",
     .help = "which profile of a process or snapshot",
     .standard = "heap",
     .choices = "heap|block|mutex|goroutine"},
    {.name = "max-pause",
     .kind = FlagKind::kDuration,
     .value = "DURATION",
     .help = "refuse when the process would be stopped for longer",
     .standard = "1s"},
}};

#ifdef MEMSNAP_WEB
const std::array<Flag, 3> kPprofPages = {{
    text("http", "HOST:PORT", "show pages in a browser; without a host only this machine can connect"),
    on("no_browser", "taken for the sake of scripts: no browser is started, the address is printed"),
    text("allow-host", "NAME",
         "a name by which browsers may call this server, beside localhost and its address"),
}};
#endif

}  // namespace memsnap
