// What each folder of packages depends on, as a digest, so that what an earlier run found out about it can be
// taken. Files that have not changed since are not read: the index knows their digests by path, size, inode
// and time.
//
//   SourceIndex index;
//   index.read(bytes of an earlier run);                   // or nothing
//   for (const FolderDigest& f : index.digests(modules, found, options))
//     if (!results.has(f.folder, f.own)) ask_for.push_back(f.folder);   // LoadOptions::patterns of the
//     Program
//   keep(index.bytes());
#pragma once

#include "base/bytes.h"
#include "gotypes/digest.h"
#include "gotypes/types.h"
#include "os/files.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace memsnap::types {

struct FolderDigest {
  std::string folder;
  // Of its files, and of the declarations (not the bodies) in all packages of the module that it reaches; of
  // the versions of all other modules, of the release of Go and of what is built. Packages there have the
  // same types at the same places as long as this is the same.
  Digest own;
  // The same without the bodies of its own functions.
  Digest declared;
  struct File {
    std::string name;
    Digest content;
  };
  std::vector<File> files;  // tests left out
  // False: a file cannot be read, or imports go in circles, so that the digest says too little.
  bool known = true;
};

class SourceIndex {
 public:
  // What bytes() gave. False when the bytes are not of that form; then the index is empty.
  bool read(Bytes bytes);
  // Of what the patterns named, in that order. Reads files that the index does not know.
  std::vector<FolderDigest> digests(Modules& modules, const std::vector<Modules::Found>& found,
                                    const LoadOptions& options);
  // What digests() has seen, and for some runs what earlier ones have. Files that changed within the last two
  // seconds are left out: they may change again without a change of their time.
  std::string bytes() const;
  // Whether those of the files that digests() has seen are still as they were.
  bool are_unchanged(const std::vector<std::string>& paths) const;

  std::size_t files_read() const { return files_read_; }
  bool changed() const { return changed_; }  // since read()

 private:
  friend class Digests;
  struct Row {
    FileStamp stamp;
    Digest content, declarations;      // the latter without function bodies
    std::vector<std::string> imports;  // of a file that is built
    std::uint32_t unseen = 0;          // runs since somebody asked for it
    bool readable = false;
  };
  static Row make_row(const std::string& path, FileStamp stamp, const BuildContext& context,
                      NameTable& names);

  Digest context_;                             // what decides which files are built
  std::unordered_map<std::string, Row> rows_;  // by path
  std::size_t files_read_ = 0;
  bool changed_ = false;
};

// The packages that the patterns name: each folder once, in order of import paths.
Result<std::vector<Modules::Found>> find_packages(Modules& modules, const LoadOptions& options);

}  // namespace memsnap::types
