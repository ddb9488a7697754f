// Where package variables get their first value. Go writes no line for them into DWARF, but the initialiser
// of a package (pkg.init, pkg.map.init.0) has one for every store: that of the declaration. Variables that
// the linker lays out ready-made, and those declared without a value, have no store and so no line.
#pragma once

#include "base/bytes.h"
#include "gosym/pclntab.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace memsnap {

struct PackageVariable {
  std::string_view name;             // path/of/package.variable
  std::uint64_t addr = 0, size = 0;  // unrelocated
};

struct DeclaredAt {
  std::string_view file;  // "" when not known
  std::uint32_t line = 0;
};

// One answer per variable, which are sorted by address. text: the code from text_addr on (unrelocated);
// gofunc as for Pclntab::frames. x86-64 only.
std::vector<DeclaredAt> declared_at(std::span<const PackageVariable> variables, const Pclntab& table,
                                    Bytes text, std::uint64_t text_addr, Bytes gofunc);

}  // namespace memsnap
