// What the bodies of one file say of locks to the other files of its package, and all that they say: which of
// its functions take or release a lock for their callers, which functions of other files it calls and what is
// held there, which methods it asks interfaces for. As long as the declarations of a package and these facts
// of a file are the same, the locks that are held in all other files are the same, whatever else its bodies
// do. So an unchanged file need not be looked at again, and of a file that was read without its bodies these
// facts stand in for them:
//
//   FileLocks kept = file_locks(module, file);                    // of a file with its bodies
//   Module part(program, package, {&kept of a file without, nullptr for one with its bodies, ...});
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace memsnap::flow {

// A path that means the same in another run: from a parameter or a package variable, field by field.
struct NamedPath {
  std::uint32_t parameter = 0;     // of the function, counted from 1, the receiver first; 0: none
  std::string package, variable;   // without a parameter
  std::vector<std::string> steps;  // ".field", "*", "[constant"
  auto operator<=>(const NamedPath&) const = default;
};

struct NamedLock {
  NamedPath path;
  bool write = false;
  auto operator<=>(const NamedLock&) const = default;
};

// The declaration of a function: which file of the package, and which of its functions.
struct DeclaredFunction {
  std::uint32_t file = 0, row = 0;
  auto operator<=>(const DeclaredFunction&) const = default;
};

// All calls of a function by another file.
struct OutsideCalls {
  DeclaredFunction callee;
  bool opens = false;                   // it is a value, a handler, or called through an interface
  bool apart = false;                   // it runs on a goroutine of its own
  bool whole = true;                    // false: some lock there has no such name, and is left out
  std::vector<NamedLock> held, deeper;  // at each of them, in the callee's words: as level 0 and 1 see it
  bool operator==(const OutsideCalls&) const = default;
};

struct LockHelper {
  std::uint32_t row = 0;  // of the functions of the file
  bool locks = false;     // else it unlocks
  bool whole = true;
  std::vector<NamedLock> left;  // held at its end, or released
  bool operator==(const LockHelper&) const = default;
};

struct FileLocks {
  std::vector<OutsideCalls> calls;  // by callee
  std::vector<LockHelper> helpers;  // by row
  std::vector<std::string> asked;   // names, sorted
  bool whole() const;               // all of them are
  bool operator==(const FileLocks&) const = default;
};

}  // namespace memsnap::flow
