// What a user may set of a report, by the names that go tool pprof uses on its command line, in its shell, in
// its settings file and in URLs. Facts: internal/driver/config.go of google/pprof.
#pragma once

#include <cstdint>
#include <string>

namespace memsnap {

struct PprofConfig {
  std::string output;  // a file instead of standard output

  // What is printed.
  bool call_tree = false;
  bool relative_percentages = false;  // percentages of what the filters left
  std::string unit = "minimum";
  bool compact_labels = false;
  std::string source_path, trim_path;  // folders, separated by ':'
  bool intel_syntax = false;
  bool mean = false;
  std::string sample_index;
  double divide_by = 1;
  bool normalize = false;
  std::string sort = "flat";  // or cum
  std::string tagroot, tagleaf;

  // What is left out.
  bool drop_negative = false;
  std::int64_t nodecount = -1;  // -1: as the report likes, 0: no limit
  double nodefraction = 0.005, edgefraction = 0.001;
  bool trim = true;
  std::string focus, ignore, prune_from, hide, show, show_from;
  std::string tagfocus, tagignore, tagshow, taghide;
  bool noinlines = false;
  bool showcolumns = false;
  std::string granularity;  // "", functions, filefunctions, files, lines, addresses
};

}  // namespace memsnap
