// The sections of a program stand one behind the other in the input, each behind its size as a u16. Whatever
// they hold, the index answers: every row number it gives is one, every name lies in the input, and the
// variables of any function can be asked for.
#include "dwarf/dwarf.h"
#include "dwarf/tiny_dwarf.h"

namespace {

constexpr const char* kNames[] = {".debug_abbrev",   ".debug_info",       ".debug_addr", ".debug_rnglists",
                                  ".debug_loclists", ".debug_ranges",     ".debug_loc",  ".debug_str",
                                  ".debug_line_str", ".debug_str_offsets"};

void check(bool promise) {
  if (!promise) __builtin_trap();
}

void check_rows(const memsnap::DwarfIndex& index) {
  std::size_t types = index.types().size(), fields = index.fields().size(), sum = 0;
  for (const memsnap::DwarfTypeInfo& t : index.types()) {
    check(t.elem < types && t.key < types && t.underlying < types);
    check(std::uint64_t(t.first_field) + t.fields <= fields);
    for (char c : t.name) sum += std::size_t(c);
    check(t.name.empty() || index.type_named(t.name) < types);
  }
  for (const memsnap::DwarfField& f : index.fields()) check(f.type < types);
  for (const memsnap::DwarfGlobal& g : index.globals()) check(g.type < types);
  for (const memsnap::DwarfClosure& c : index.closures())
    check(std::uint64_t(c.first_field) + c.fields <= fields);
  asm volatile("" : : "r"(sum));  // so that the bytes are read
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
  auto index = memsnap::DwarfIndex::read(*elf);
  if (!index) {
    check(!index.error().what.empty());
    return 0;
  }
  check_rows(*index);
  for (std::uint64_t pc = 0x401100; pc < 0x401200; pc += 0x10) {
    auto locals = index->locals_at(pc);
    if (!locals) continue;
    for (const memsnap::DwarfLocal& l : *locals) check(l.type < index->types().size());
  }
  return 0;
}
