// Everything about a Go executable that does not change while it runs, read once per target.
#pragma once

#include "dwarf/dwarf.h"
#include "elf/elf.h"
#include "golayout/layout.h"
#include "gosym/pclntab.h"
#include "os/files.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace memsnap {

struct Program {
  MappedFile file;
  ElfFile elf;
  BuildInfo build;
  DwarfIndex dwarf;
  Layout layout;
  Bytes pclntab_bytes;     // .gopclntab, from the file
  bool green_tea = false;  // spans of small objects end in inline mark bits

  // Refused: not Go (names gccgo, TinyGo), older than go1.24, stripped, an unknown release that DWARF cannot
  // describe.
  static Result<std::unique_ptr<Program>> open(const std::string& path);

  // Unrelocated address of a variable of the runtime, as runtime.mheap_.
  Result<std::uint64_t> symbol(std::string_view name) const;
  // The same for variables that only some releases have.
  std::optional<std::uint64_t> symbol_if(std::string_view name) const;
  bool experiment(std::string_view name) const;  // is it in the GOEXPERIMENT of the build

  std::map<std::string, std::uint64_t, std::less<>> variables;  // of the runtime and internal packages
};

}  // namespace memsnap
