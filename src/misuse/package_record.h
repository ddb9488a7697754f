// All that is found in the packages of one folder by themselves, as bytes: what a later run takes when
// nothing that they depend on has changed. The form is that of this very build of memsnap and of no other.
#pragma once

#include "base/bytes.h"
#include "flow/file_locks.h"
#include "gotypes/digest.h"
#include "lint/suppress.h"
#include "misuse/package_facts.h"

#include <string>
#include <vector>

namespace memsnap::misuse {

struct PackageRecord {
  std::string path;  // import path; "" when the folder has no package that can be read
  PackageFacts facts;
  std::vector<Diagnostic> diagnostics;  // of all rules about a file, those that comments silence as well
  std::vector<Suppression> suppressions;
  std::vector<Diagnostic> bad_suppressions;
  std::vector<std::string> missing;  // what could not be known: one line each, see types::Program::problems
  std::size_t files = 0, lines = 0;
  std::size_t unknown = 0;  // index and range operands whose type is not known
};

// What one file says by itself, of a folder so large that its files are kept apart.
struct FilePart {
  std::string_view name;
  types::Digest content;
  std::string_view locks, record;  // as encode() writes FileLocks and PackageRecords
};
struct FolderRecord {
  std::string_view rest;        // PackageRecords
  std::vector<FilePart> parts;  // in the order of the package
};

std::string encode(const std::vector<PackageRecord>& records);
std::string encode(const flow::FileLocks& locks);
std::string encode(const FolderRecord& folder);
// Adds to `records` all of an encoded FolderRecord. The texts of the facts lie in the bytes. False: not what
// encode gave, and nothing is added. Whatever the bytes, every row, symbol and file in the result is one of
// it.
bool decode(Bytes bytes, std::vector<PackageRecord>& records);
bool decode(Bytes bytes, FolderRecord& folder);
bool decode(Bytes bytes, flow::FileLocks& locks);
// Of PackageRecords alone: the rest of a folder, or the record of a part.
bool decode_packages(Bytes bytes, std::vector<PackageRecord>& records);

}  // namespace memsnap::misuse
