#include "symbols/elf_symbols.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr unsigned kNoType = 0, kObject = 1, kFunction = 2, kFile = 4, kIndirectFunction = 10;

bool has_a_place(const ElfSymbol& symbol) {
  unsigned type = symbol.info & 15u;
  return symbol.addr != 0 && !symbol.name.empty() &&
         (type == kNoType || type == kObject || type == kFunction || type == kIndirectFunction);
}

}  // namespace

Result<ElfFunctions> ElfFunctions::read(ElfFile& elf) {
  ElfFunctions functions;
  std::string_view file;  // local symbols stand behind the name of theirs
  for (const ElfSymbol& symbol : *TRY(elf.symbols())) {
    bool local = symbol.info >> 4 == 0;
    if (local && (symbol.info & 15u) == kFile) file = symbol.name;
    if (has_a_place(symbol)) functions.by_address_.push_back({symbol, local ? file : std::string_view()});
  }
  // Of several in one place the longest is found, and of equally long ones the last.
  std::ranges::stable_sort(functions.by_address_, [](const Function& a, const Function& b) {
    return a.symbol.addr != b.symbol.addr ? a.symbol.addr < b.symbol.addr : a.symbol.size < b.symbol.size;
  });
  return functions;
}

const ElfFunctions::Function* ElfFunctions::at(std::uint64_t address) const {
  auto next =
      std::ranges::upper_bound(by_address_, address, {}, [](const Function& f) { return f.symbol.addr; });
  if (next == by_address_.begin()) return nullptr;
  const ElfSymbol& symbol = (next - 1)->symbol;
  // Assembly often gives no size: such a function goes on to the next symbol.
  bool inside = symbol.size == 0 || address - symbol.addr < symbol.size;
  return inside ? &*(next - 1) : nullptr;
}

}  // namespace memsnap
