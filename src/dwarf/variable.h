// The entry of a variable, and what the abstract entry it comes from adds.
#pragma once

#include "dwarf/sections.h"

namespace memsnap::dw {

struct Variable {
  std::string_view name;
  std::uint64_t type = 0;  // offset in .debug_info; 0: none
  std::uint64_t file = 0;  // number in the unit's line table, as far as it is given
  std::uint32_t line = 0;
  Value location, constant;  // form 0 when there is none
  std::uint64_t origin = 0;
  bool artificial = false;  // made by the compiler
};

// Reads the attributes of an entry; what is already known stays.
void read_variable(DieReader& in, const Units& units, const Unit& unit, const Abbreviation& a, Variable& v);
// Adds what the entries say that this one comes from.
void read_origin(const Units& units, Variable& v);

}  // namespace memsnap::dw
