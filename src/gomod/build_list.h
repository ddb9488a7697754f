// Minimal version selection (https://go.dev/ref/mod#minimal-version-selection) over go.mod files that are
// there.
#pragma once

#include "gomod/mod_file.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace memsnap {

struct RootModule {
  ModFile file;
  std::string folder;
};

// Reads the go.mod of a module at a version (after replacement); nullptr when it is not there.
using ReadModFile = std::function<const ModFile*(const ModuleVersion&)>;

// The version of each module that the roots need, with the graph pruned as since go 1.17. Terminates whatever
// the files say: each (module, version) is read once, and at most kMostModFiles of them.
constexpr std::size_t kMostModFiles = 50'000;
std::map<std::string, std::string> select_versions(const std::vector<RootModule>& roots,
                                                   const std::vector<ModuleVersion>& excluded,
                                                   const ReadModFile& read);

}  // namespace memsnap
