// The folders that a pattern with ... names.
#pragma once

#include "gomod/constraint.h"

#include <string>
#include <vector>

namespace memsnap {

struct SourceFolder {
  std::string folder;
  std::vector<std::string> files;  // names of .go files that the build context takes by their names
};

// `top` and the folders below it that hold Go files: without vendor, testdata, _x, .x and other modules.
// Links to folders are not followed, as the go command does not, so loops do no harm. Unreadable ones are
// named in `problems`.
std::vector<SourceFolder> walk_folders(const std::string& top, const BuildContext& context,
                                       std::vector<std::string>& problems);

// The .go files of one folder.
std::vector<std::string> go_files_in(const std::string& folder, const BuildContext& context,
                                     std::vector<std::string>& problems);

}  // namespace memsnap
