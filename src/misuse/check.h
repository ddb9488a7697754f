// Runs rules over the packages that a program was asked for, in two steps: what each folder says by itself,
// as bytes that may be kept, and what they say together.
#pragma once

#include "misuse/package_record.h"
#include "misuse/rule.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace memsnap::misuse {

// The name of a file as diagnostics show it; "" leaves the file out.
using Shown = std::function<std::string(const std::string& path)>;

// Takes the folder of packages that were asked for, and its FolderRecord as encode() writes it.
using FolderSink = std::function<void(const std::string& folder, std::string bytes)>;
struct FolderOptions {
  // Bytes of source from which on the files of a folder are kept apart, so that it can be in `kept` later.
  std::size_t parts_from = ~std::size_t(0);
  // By folder: the FolderRecord of a run in which its packages had the same declarations, and the files that
  // the program has without bodies the same bytes. Of these nothing is found anew.
  std::map<std::string, Bytes> kept;
};
// Gives each such folder once. Files that `shown` leaves out are not looked at. What a record says depends on
// its own packages and on what they import, unless program.new_problems() has something to say afterwards.
// No bytes: what was kept of the folder does not do, it has to be read and looked at as a whole.
void check_folders(types::Program& program, const Shown& shown, const FolderOptions& options,
                   const FolderSink& sink);

struct CheckResult {
  std::vector<Diagnostic> diagnostics;  // finished, what comments silence taken out
  std::vector<Diagnostic> silenced;
  std::size_t packages = 0, files = 0, lines = 0;
  std::size_t unknown = 0;                                // index and range operands whose type is not known
  std::vector<std::string> missing;                       // one line each, by the alphabet
  std::map<std::string, std::string, std::less<>> paths;  // of the files that are named, by their shown names
};

// What these rules find. Records are put in the order of import paths.
CheckResult check_together(std::vector<PackageRecord> records, const std::vector<std::string>& rules,
                           const Shown& shown);

}  // namespace memsnap::misuse
