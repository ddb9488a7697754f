// The function symbols of an executable by address.
#pragma once

#include "elf/elf.h"

#include <optional>
#include <vector>

namespace memsnap {

class ElfFunctions {
 public:
  static Result<ElfFunctions> read(ElfFile& elf);
  struct Function {
    ElfSymbol symbol;
    std::string_view file;  // of a local symbol: the source file without its folder; "" not known
  };
  // What holds this address; nullptr when nothing does.
  const Function* at(std::uint64_t address) const;

 private:
  std::vector<Function> by_address_;
};

}  // namespace memsnap
