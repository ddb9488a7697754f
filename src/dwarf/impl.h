// What DwarfIndex keeps.
#pragma once

#include "dwarf/type_rows.h"

namespace memsnap {

struct DwarfIndex::Impl {
  explicit Impl(const dw::Sections& sections) : units(sections) {}

  dw::Units units;
  dw::Rows rows;
  dw::TypeNumbers numbers;
  std::vector<std::uint64_t>
      by_name;  // hash of a type's name in the upper half, its row in the lower; sorted
};

}  // namespace memsnap
