// The sections of a program stand one behind the other in the input, each behind its size as a u16. Whatever
// they hold, every pc is answered: names and files can be read, chains of inlined calls end, and variables
// have a type and a place.
#include "dwarf/code_index.h"
#include "dwarf/type_texts.h"
#include "elf/tiny_elf.h"

namespace {

constexpr const char* kNames[] = {".debug_abbrev", ".debug_info", ".debug_addr",     ".debug_rnglists",
                                  ".debug_ranges", ".debug_str",  ".debug_line_str", ".debug_str_offsets",
                                  ".debug_line",   ".debug_loc",  ".debug_loclists"};

void check(bool promise) {
  if (!promise) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  memsnap::Cursor in(std::as_bytes(std::span(data, size)));
  memsnap::TinyElf tiny;
  for (const char* name : kNames) {
    std::uint64_t length = std::min<std::uint64_t>(in.fixed<std::uint16_t>(), in.left());
    tiny.sections.push_back({.name = name, .bytes = std::string(memsnap::text_of(in.take(length)))});
  }
  std::string file = tiny.bytes();
  auto elf = memsnap::ElfFile::open(std::as_bytes(std::span(file)));
  check(elf.has_value());
  auto index = memsnap::dw::CodeIndex::read(*elf);
  if (!index) {
    check(!index.error().what.empty());
    return 0;
  }
  check(index->add_locations(*elf).has_value());
  memsnap::dw::TypeTexts types(index->units());
  std::vector<memsnap::dw::DwarfFrame> frames;
  std::size_t sum = 0;
  for (std::uint64_t pc = 0x401000; pc < 0x401100; ++pc) {
    index->frames_at(pc, frames);
    check(frames.size() <= file.size());
    for (const auto& f : frames) {
      for (char c : f.function) sum += std::size_t(c);
      for (char c : f.place.file) sum += std::size_t(c);
      check(f.entry < file.size());
    }
    if (pc % 8 != 0) continue;
    auto variables = index->variables_at(pc);
    if (!variables) continue;
    for (const memsnap::dw::CodeVariable& v : *variables) {
      for (char c : v.name) sum += std::size_t(c);
      sum += types.name(v.type).size() + types.shape(v.type).fields.size();
      check(!memsnap::dw::location_text(v.pieces).empty());
      check(v.scope.holds(pc));
      auto value = memsnap::dw::read_location(v.pieces, 64, {},
                                              [](std::uint64_t, std::span<std::byte>) { return true; });
      check(!value || value->size() == 64);
    }
  }
  asm volatile("" : : "r"(sum));  // so that the bytes are read
  return 0;
}
