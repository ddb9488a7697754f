// All that is found in the packages of one folder by themselves, as bytes: what a later run takes when
// nothing that they depend on has changed. The form is that of this very build of memsnap and of no other.
#pragma once

#include "base/bytes.h"
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

std::string encode(const std::vector<PackageRecord>& records);
// Adds to `records`. The texts of the facts lie in the bytes. False: not what encode gave, and nothing is
// added. Whatever the bytes, every row, symbol and file in the result is one of it.
bool decode(Bytes bytes, std::vector<PackageRecord>& records);

}  // namespace memsnap::misuse
