// What the rules of memsnap check find in a tree of Go source, and how much of it earlier runs had found.
#pragma once

#include "base/result.h"
#include "gomod/modules.h"
#include "misuse/check.h"

#include <string>
#include <vector>

namespace memsnap {

struct TreeOptions {
  std::string folder = ".";           // where the patterns are meant
  std::string shown_from;             // names are relative to this folder; the working folder when empty
  std::vector<std::string> patterns;  // ./... when empty
  std::vector<std::string> rules;
  std::vector<std::string> exclude;  // folders and files, as they are shown
  bool tests = false;
  std::string cache;  // folder of what earlier runs have found; "" for none
  // Bytes of source from which on it keeps what each file of a folder says by itself; smaller folders are
  // looked at as a whole in no time.
  std::size_t parts_from = 32 << 10;
};

// How much of a run came from the cache.
struct CacheUse {
  std::string path;     // of its file; "" when there is none
  std::string problem;  // why it could not be written
  std::size_t folders = 0, taken = 0, damaged = 0, files_read = 0, bytes = 0;
  std::size_t files_taken = 0;  // of folders that were not taken as a whole
};

struct Look {
  misuse::CheckResult result;
  std::vector<std::string> missing;  // what could not be known, one line each
  std::string go;                    // of the module: go1.26
  CacheUse use;
};
// The same with a cache and without, in every way of printing it.
Result<Look> look_at_tree(const TreeOptions& options);

// The environment's, as the go command reads it.
GoEnvironment go_environment();

}  // namespace memsnap
