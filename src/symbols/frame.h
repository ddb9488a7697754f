// One line of the answer for an address: a function that was inlined there, or the one that holds it.
#pragma once

#include <cstdint>
#include <string_view>

namespace memsnap {

struct CodeFrame {
  std::string_view function;  // as the linker knows it: _ZN3foo3barEv, main.Map[go.shape.int]; "" not known
  std::string_view file;      // "" and 0 when not known
  std::uint32_t line = 0, column = 0;
  std::uint32_t discriminator = 0;  // tells apart the blocks of one line (DWARF)
};

}  // namespace memsnap
