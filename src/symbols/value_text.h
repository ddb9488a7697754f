// The value of a variable as text, from its bytes.
#pragma once

#include "dwarf/expression.h"
#include "dwarf/type_texts.h"

#include <string>

namespace memsnap {

// Of numbers, pointers, text, the first elements and fields of what is made of those; one line, at most some
// hundred letters, not escaped. read_memory is asked for what strings and slices point to.
std::string value_text(dw::TypeTexts& types, std::uint64_t type, Bytes value,
                       const dw::ReadMemory& read_memory);

}  // namespace memsnap
