// The runtime's tables in a Go executable, stripped or not: where its function table is and what the pcs in
// it are relative to. Nothing of DWARF is read.
#pragma once

#include "elf/elf.h"
#include "gosym/pclntab.h"

#include <optional>

namespace memsnap {

struct GoCode {
  Pclntab table;
  Bytes gofunc;                          // bytes from moduledata.gofunc on; empty when not found
  std::uint64_t text = 0, text_end = 0;  // addresses of the file; C code of cgo lies outside
  std::uint64_t types = 0;  // moduledata.types, which names of types count from; 0 when not found
};

// Nothing when the file has no function table; an error when the table cannot be read.
Result<std::optional<GoCode>> find_go_code(ElfFile& elf);

}  // namespace memsnap
