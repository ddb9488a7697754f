// Whatever the bytes, the rows go up from the first address and stay inside.
#include "disasm/decode.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  auto rows = memsnap::decode_instructions(
      std::as_bytes(std::span(data, size)), 0x1000, size % 2 == 0,
      size % 3 == 0 ? memsnap::CodeMachine::kArm64 : memsnap::CodeMachine::kX8664);
  if (!rows) return 0;
  std::uint64_t before = 0xfff;
  for (const memsnap::Instruction& row : *rows) {
    if (row.address <= before || row.address >= 0x1000 + size) __builtin_trap();
    before = row.address;
  }
  return 0;
}
