#include "symbols/go_code.h"

#include "base/value_at.h"
#include "golayout/layout.h"

#include <algorithm>

namespace memsnap {
namespace {

constexpr std::uint32_t kExecute = 1;

struct Offsets {  // in runtime.moduledata
  std::uint64_t header = 0, minpc = 0, text = 0, etext = 0, gofunc = 0, types = 0;
};

// Releases before the oldest known one have these fields where it has them; of newer ones nothing is known,
// and what is read is checked.
Offsets module_offsets(ElfFile& elf) {
  auto build = read_build_info(elf);
  int minor = build && build->minor != 0 ? build->minor : kNewestMinor;
  const LayoutTable* table = layout_table(std::clamp(minor, kOldestMinor, kNewestMinor));
  CHECK(table);
  auto found = table->structs.find("runtime.moduledata");
  CHECK(found != table->structs.end());
  auto at = [&](std::string_view field) {
    auto row = found->second.find(field);
    CHECK(row != found->second.end());
    return row->second;
  };
  return {at("pcHeader"), at("minpc"), at("text"), at("etext"), at("gofunc"), at("types")};
}

struct Places {
  std::uint64_t text = 0, etext = 0, gofunc = 0, types = 0;
};

bool is_code(const ElfFile& elf, std::uint64_t from, std::uint64_t to) {
  return from < to && std::ranges::any_of(
                          elf.segments(),
                          [&](const ElfSegment& s) {
                            return (s.flags & kExecute) != 0 && s.addr <= from &&
                                   from - s.addr < s.mem_size && to - s.addr <= s.mem_size;
                          });
}

// What a moduledata at the front of these bytes says, when it is one.
std::optional<Places> places_of(const ElfFile& elf, Bytes module, const Offsets& offsets, Bytes table,
                                std::uint64_t table_addr) {
  if (value_at<std::uint64_t>(module, offsets.header) != table_addr) return std::nullopt;
  Places p{value_at<std::uint64_t>(module, offsets.text), value_at<std::uint64_t>(module, offsets.etext),
           value_at<std::uint64_t>(module, offsets.gofunc), value_at<std::uint64_t>(module, offsets.types)};
  auto functab = value_at<std::uint64_t>(table, 64);
  auto minpc = value_at<std::uint64_t>(module, offsets.minpc);
  bool fits = is_code(elf, p.text, p.etext) && minpc == p.text + value_at<std::uint32_t>(table, functab);
  return fits ? std::optional(p) : std::nullopt;
}

// A word of moduledata that points to the function table, in what the program may write (or may until it is
// relocated).
std::optional<Places> scan_for_module(ElfFile& elf, const Offsets& offsets, Bytes table,
                                      std::uint64_t table_addr) {
  for (std::string_view name : {".go.module", ".noptrdata", ".data.rel.ro", ".data"}) {
    const ElfSection* section = elf.section(name);
    if (!section) continue;
    Bytes bytes = elf.at(section->addr, section->size);
    for (std::uint64_t at = 0; at + 8 <= bytes.size(); at += 8) {
      if (value_at<std::uint64_t>(bytes, at) != table_addr || at < offsets.header) continue;
      auto places =
          places_of(elf, bytes.subspan(std::size_t(at - offsets.header)), offsets, table, table_addr);
      if (places) return places;
    }
  }
  return std::nullopt;
}

std::optional<Places> from_symbols(ElfFile& elf) {
  auto text = elf.symbol("runtime.text"), etext = elf.symbol("runtime.etext");
  if (!text || !etext) return std::nullopt;
  Places p{.text = text->addr, .etext = etext->addr};
  if (auto gofunc = elf.symbol("go:func.*")) p.gofunc = gofunc->addr;
  if (auto types = elf.symbol("runtime.types")) p.types = types->addr;
  return is_code(elf, p.text, p.etext) ? std::optional(p) : std::nullopt;
}

}  // namespace

Result<std::optional<GoCode>> find_go_code(ElfFile& elf) {
  const ElfSection* section = elf.section(".gopclntab");
  if (!section) section = elf.section(".data.rel.ro.gopclntab");
  if (!section) return std::nullopt;
  Bytes table = TRY(elf.data(section->name));
  auto places = scan_for_module(elf, module_offsets(elf), table, section->addr);
  if (!places) places = from_symbols(elf);
  if (!places)
    return fail(Cause::bad_input,
                "executable: it has a Go function table ({} bytes), but neither moduledata nor the symbols "
                "say where its code begins",
                table.size());
  Pclntab open = TRY(Pclntab::open(table, places->text, false));
  return GoCode{open, elf.from(places->gofunc), places->text, places->etext, places->types};
}

}  // namespace memsnap
