// Lines of the program's source, found in a folder by the paths that the compiler wrote.
#pragma once

#include "findings/finding.h"

#include <map>
#include <span>
#include <string>
#include <utility>

namespace memsnap {

// The lines of the findings' sites, by (file, line). A file is looked for below `folder` under the longest
// end of its path that is there; nothing outside the folder is read.
std::map<std::pair<std::string, int>, std::string> source_lines(const std::string& folder,
                                                                std::span<const Finding> findings);

}  // namespace memsnap
