// go.mod and go.work as they are written (golang.org/x/mod/modfile, lax as for a dependency): what is not
// understood is named in `problems` and left out, and the rest counts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

struct ModuleVersion {
  std::string path, version;
  bool operator==(const ModuleVersion&) const = default;
};

struct Replacement {
  ModuleVersion from;  // version "": every version
  ModuleVersion to;    // version "": path is a folder, relative to the file that says so
};

struct ModProblem {
  int line = 0;
  std::string text;
};

struct ModFile {
  std::string module;     // empty for go.work
  std::string go;         // "1.26.0"; empty when there is no such line
  std::string toolchain;  // "go1.27.0", "default"
  std::vector<ModuleVersion> require, exclude;
  std::vector<Replacement> replace;
  std::vector<std::string> use;  // folders of a go.work
  std::vector<ModProblem> problems;
};

ModFile parse_mod_file(std::string_view text);

// vendor/modules.txt: which module each vendored package is of.
struct VendoredModule {
  ModuleVersion module;
  std::string go;                     // of "## explicit; go 1.21"
  std::vector<std::string> packages;  // import paths
};
std::vector<VendoredModule> parse_vendor_modules(std::string_view text);

}  // namespace memsnap
