// The input is an executable. Whatever it says of Go, code is found inside of it or not at all, and addresses
// are answered with names that lie in the file.
#include "symbols/go_code.h"

#include "gosym/code_lines.h"
#include "symbols/elf_symbols.h"

namespace {

void check(bool promise) {
  if (!promise) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  auto elf = memsnap::ElfFile::open(std::as_bytes(std::span(data, size)), true);
  if (!elf) return 0;
  if (auto functions = memsnap::ElfFunctions::read(*elf)) (void)functions->at(0x401000);
  auto go = memsnap::find_go_code(*elf);
  if (!go || !*go) return 0;
  check((*go)->text < (*go)->text_end);
  memsnap::GoCodeLines lines((*go)->table, (*go)->gofunc);
  std::vector<memsnap::GoCodeFrame> frames;
  for (std::uint64_t pc = (*go)->text; pc < (*go)->text + 64; pc += 4) {
    lines.frames_at(pc, frames);
    for (const auto& f : frames) {
      const auto* start = reinterpret_cast<const char*>(data);
      check(f.function.empty() || (f.function.data() >= start && f.function.data() < start + size));
    }
  }
  return 0;
}
