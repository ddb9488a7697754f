// Whatever the bytes of a section, every pc is answered.
#include "dwarf/call_frames.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  constexpr std::uint64_t kAddress = 0x402000;
  memsnap::dw::CallFrames frames(std::as_bytes(std::span(data, size)), kAddress);
  if (frames.entries() > size / 8) __builtin_trap();
  for (std::uint64_t pc = 0x401000; pc < 0x401100; ++pc) {
    auto rule = frames.rule_at(pc);
    if (rule && (rule->base < 0 || rule->base > 0xffff)) __builtin_trap();
  }
  return 0;
}
