// Whatever the bytes, an ELF file is opened or refused with a sentence, and every section, symbol and piece
// of build information it gives lies inside of the file or of what was inflated.
#include "elf/elf.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  memsnap::Bytes input = std::as_bytes(std::span(data, size));
  auto elf = memsnap::ElfFile::open(input);
  if (!elf) return elf.error().what.empty() ? __builtin_trap(), 0 : 0;
  std::size_t sum = 0;
  auto touch = [&](memsnap::Bytes bytes) {
    for (std::byte b : bytes) sum += unsigned(b);
  };
  for (const memsnap::ElfSection& s : elf->sections()) {
    sum += s.name.size();
    if (s.size > (1 << 20)) continue;  // inflating a large one again and again finds nothing new
    if (auto bytes = elf->data(s.name)) touch(*bytes);
    touch(elf->at(s.addr, s.size));
  }
  if (auto symbols = elf->symbols())
    for (const memsnap::ElfSymbol& s : **symbols) touch(std::as_bytes(std::span(s.name)));
  sum += elf->go_build_id().size() + elf->gnu_build_id().size();
  if (auto info = memsnap::read_build_info(*elf)) sum += info->settings.size();
  asm volatile("" : : "r"(sum));  // so that the bytes are read
  return 0;
}
