// Unit headers of .debug_info (DWARF 5 section 7.5.1) and what the first entry of each unit says.
#include "dwarf/sections.h"

namespace memsnap::dw {
namespace {

// Most bytes of .debug_abbrev that are parsed, as a multiple of its size: each unit may name its own
// table, and in a damaged file all of them may be one long tail.
constexpr std::uint64_t kMostReparsed = 4;

// Bytes of a value whose form alone gives its size; -1 for the others.
int fixed_size(std::uint16_t form, const Unit& unit) {
  switch (form) {
    case kFormFlagPresent:
    case kFormImplicitConst: return 0;
    case kFormData1:
    case kFormFlag:
    case kFormRef1:
    case kFormStrx1:
    case kFormAddrx1: return 1;
    case kFormData2:
    case kFormRef2:
    case kFormStrx2:
    case kFormAddrx2: return 2;
    case kFormStrx3:
    case kFormAddrx3: return 3;
    case kFormData4:
    case kFormRef4:
    case kFormStrx4:
    case kFormAddrx4:
    case kFormRefSup4: return 4;
    case kFormData8:
    case kFormRef8:
    case kFormRefSig8:
    case kFormRefSup8: return 8;
    case kFormData16: return 16;
    case kFormAddr: return unit.address_size;
    case kFormStrp:
    case kFormLineStrp:
    case kFormStrpSup:
    case kFormRefAddr:
    case kFormSecOffset: return unit.offset_size;
    default: return -1;
  }
}

bool is_varint(std::uint16_t form) {
  return form == kFormUdata || form == kFormRefUdata || form == kFormStrx || form == kFormAddrx ||
         form == kFormLoclistx || form == kFormRnglistx;
}

Bytes read_block(DieReader& in, std::uint16_t form) {
  switch (form) {
    case kFormBlock1: return in.take(in.fixed<std::uint8_t>());
    case kFormBlock2: return in.take(in.fixed<std::uint16_t>());
    case kFormBlock4: return in.take(in.fixed<std::uint32_t>());
    case kFormBlock:
    case kFormExprloc: return in.take(in.varint());
    default: in.fail(); return {};
  }
}

std::string_view text_at(Bytes section, std::uint64_t offset) {
  return DieReader(section, offset).c_string();
}

Result<void> read_declaration(DieReader& in, const Unit& unit, std::uint64_t code, AbbreviationTable& table) {
  Abbreviation a;
  a.code = code;
  a.tag = std::uint16_t(in.varint());
  a.children = in.fixed<std::uint8_t>() != 0;
  a.first = std::uint32_t(table.attributes.size());
  a.first_step = std::uint32_t(table.skips.size());
  std::uint32_t run = 0;
  while (in.ok()) {
    AttributeSpec spec;
    spec.name = std::uint16_t(in.varint());
    spec.form = std::uint16_t(in.varint());
    if (spec.form == kFormImplicitConst) spec.constant = in.signed_varint();
    if (spec.name == 0 && spec.form == 0) break;
    table.attributes.push_back(spec);
    a.has_code = a.has_code || spec.name == kAtLowPc || spec.name == kAtRanges;
    int size = fixed_size(spec.form, unit);
    if (size >= 0) {
      run += std::uint32_t(size);
      continue;
    }
    table.skips.push_back({run, spec.form});
    run = 0;
  }
  if (run != 0) table.skips.push_back({run, 0});
  a.count = std::uint32_t(table.attributes.size()) - a.first;
  a.steps = std::uint32_t(table.skips.size()) - a.first_step;
  if (!in.ok()) return fail(Cause::bad_input, "DWARF: the declaration of abbreviation {} is cut short", code);
  table.by_code.push_back(a);
  return {};
}

}  // namespace

Result<Sections> Sections::read(ElfFile& file) {
  Sections s = TRY(read_entries(file));
  TRY_VOID(s.add_locations(file));
  return s;
}

Result<Sections> Sections::read_for_code(ElfFile& file) {
  Sections s = TRY(read_entries(file));
  s.line = TRY(file.data(".debug_line"));
  return s;
}

Result<void> Sections::add_locations(ElfFile& file) {
  loc = TRY(file.data(".debug_loc"));
  loclists = TRY(file.data(".debug_loclists"));
  return {};
}

Result<Sections> Sections::read_entries(ElfFile& file) {
  Sections s;
  s.info = TRY(file.data(".debug_info"));
  s.abbrev = TRY(file.data(".debug_abbrev"));
  s.str = TRY(file.data(".debug_str"));
  s.line_str = TRY(file.data(".debug_line_str"));
  s.addr = TRY(file.data(".debug_addr"));
  s.str_offsets = TRY(file.data(".debug_str_offsets"));
  s.ranges = TRY(file.data(".debug_ranges"));
  s.rnglists = TRY(file.data(".debug_rnglists"));
  return s;
}

Result<const AbbreviationTable*> Units::abbreviations(std::uint64_t offset, const Unit& unit) {
  unsigned sizes = unit.address_size * 16u + unit.offset_size;
  auto& slot = tables_[{offset, sizes}];
  if (slot) return slot.get();
  auto table = std::make_unique<AbbreviationTable>();
  DieReader in(sections_.abbrev, offset);
  while (std::uint64_t code = in.varint()) TRY_VOID(read_declaration(in, unit, code, *table));
  std::ranges::stable_sort(table->by_code, {}, &Abbreviation::code);
  table_bytes_ += in.at() - std::min(offset, in.at());
  if (!in.ok() || table_bytes_ > sections_.abbrev.size() * kMostReparsed)
    return fail(Cause::bad_input, "DWARF: the abbreviations at offset {} of {} bytes are damaged", offset,
                sections_.abbrev.size());
  slot = std::move(table);
  return slot.get();
}

Result<void> Units::read() {
  const Bytes info = sections_.info;
  for (DieReader in(info, 0); !in.done();) {
    Unit unit;
    unit.offset = in.at();
    TRY_VOID(read_header(in, unit));
    // Go has written version 4 or 5 in every release that this reader supports.
    if (unit.compile && unit.version >= 4) TRY_VOID(read_root(unit));
    in = DieReader(info, unit.end);
    units_.push_back(unit);
  }
  return {};
}

Result<void> Units::read_header(DieReader& in, Unit& unit) {
  constexpr std::uint32_t kWide = 0xffffffff;
  std::uint64_t length = in.fixed<std::uint32_t>();
  if (length == kWide) {
    unit.offset_size = 8;
    length = in.fixed<std::uint64_t>();
  }
  if (!in.ok() || length > in.left() || length < 7)
    return fail(Cause::bad_input, "DWARF: the unit at offset {} says {} bytes, {} are left", unit.offset,
                length, in.left());
  unit.end = in.at() + length;
  unit.version = in.fixed<std::uint16_t>();
  std::uint64_t table = 0;
  if (unit.version >= 5) {
    auto type = in.fixed<std::uint8_t>();
    unit.compile = type == kUnitCompile || type == kUnitPartial;
    unit.address_size = in.fixed<std::uint8_t>();
    table = in.number(unit.offset_size);
  } else {
    table = in.number(unit.offset_size);
    unit.address_size = in.fixed<std::uint8_t>();
  }
  unit.root = in.at();
  if (!in.ok() || unit.root > unit.end || unit.version < 2 || unit.version > 5)
    return fail(Cause::bad_input, "DWARF: the unit at offset {} is of version {}, expected 2 to 5",
                unit.offset, unit.version);
  if (unit.address_size != 8 && unit.address_size != 4)
    return fail(Cause::bad_input, "DWARF: the unit at offset {} has addresses of {} bytes, expected 8",
                unit.offset, unit.address_size);
  if (unit.compile && unit.version >= 4) unit.abbreviations = TRY(abbreviations(table, unit));
  return {};
}

Result<void> Units::read_root(Unit& unit) {
  // Where the tables begin when the unit names no base: right behind the header of the section.
  std::uint64_t behind_header = unit.offset_size == 8 ? 16 : 8;
  unit.addr_base = unit.str_offsets_base = behind_header;
  unit.loclists_base = unit.rnglists_base = behind_header + 4;
  DieReader in(sections_.info, unit.root, unit.end);
  const Abbreviation* root = unit.abbreviations->find(in.varint());
  if (!root) {
    if (in.at() == unit.end) return {};  // padding
    return fail(Cause::bad_input, "DWARF: the unit at offset {} begins with an entry of no known kind",
                unit.offset);
  }
  Value low_pc, folder;
  for (const AttributeSpec& spec : unit.abbreviations->attributes_of(*root)) {
    Value v = value(in, spec, unit);
    switch (spec.name) {
      case kAtLanguage: unit.language = std::uint16_t(v.number); break;
      case kAtLowPc: low_pc = v; break;
      case kAtAddrBase: unit.addr_base = v.number; break;
      case kAtStrOffsetsBase: unit.str_offsets_base = v.number; break;
      case kAtLoclistsBase: unit.loclists_base = v.number; break;
      case kAtRnglistsBase: unit.rnglists_base = v.number; break;
      case kAtStmtList: unit.line_program = v.number; break;
      case kAtCompDir: folder = v; break;
      default: break;
    }
  }
  if (!in.ok())
    return fail(Cause::bad_input, "DWARF: the first entry of the unit at offset {} is cut short",
                unit.offset);
  unit.low_pc = address(low_pc, unit);  // only now are the bases known
  unit.folder = text(folder, unit);
  return {};
}

const Unit* Units::containing(std::uint64_t info_offset) const {
  auto next = std::ranges::upper_bound(units_, info_offset, {}, &Unit::offset);
  if (next == units_.begin()) return nullptr;
  const Unit& unit = *(next - 1);
  return info_offset >= unit.root && info_offset < unit.end ? &unit : nullptr;
}

std::string_view Units::indexed_text(std::uint64_t index, const Unit& unit) const {
  if (index > sections_.str_offsets.size()) return {};
  DieReader in(sections_.str_offsets, unit.str_offsets_base + index * unit.offset_size);
  std::uint64_t offset = in.number(unit.offset_size);
  return in.ok() ? text_at(sections_.str, offset) : std::string_view{};
}

Value Units::value(DieReader& in, const AttributeSpec& spec, const Unit& unit) const {
  Value v{.form = spec.form};
  switch (spec.form) {
    case kFormString: v.text = in.c_string(); return v;
    case kFormFlagPresent: v.number = 1; return v;
    case kFormImplicitConst: v.number = std::uint64_t(spec.constant); return v;
    case kFormSdata: v.number = std::uint64_t(in.signed_varint()); return v;
    case kFormData16: in.skip(16); return v;
    case kFormBlock1:
    case kFormBlock2:
    case kFormBlock4:
    case kFormBlock:
    case kFormExprloc: v.block = read_block(in, spec.form); return v;
    default: break;
  }
  int size = fixed_size(spec.form, unit);
  if (size < 0 && !is_varint(spec.form)) return in.fail(), v;
  v.number = size < 0 ? in.varint() : in.number(unsigned(size));
  v.text = text(v, unit);
  return v;
}

std::string_view Units::text(const Value& v, const Unit& unit) const {
  switch (v.form) {
    case kFormStrp: return text_at(sections_.str, v.number);
    case kFormLineStrp: return text_at(sections_.line_str, v.number);
    case kFormStrx:
    case kFormStrx1:
    case kFormStrx2:
    case kFormStrx3:
    case kFormStrx4: return indexed_text(v.number, unit);
    default: return v.text;
  }
}

void Units::skip(DieReader& in, std::uint16_t form, const Unit& unit) {
  int size = fixed_size(form, unit);
  if (size >= 0)
    in.skip(std::uint64_t(size));
  else if (form == kFormString)
    in.c_string();
  else if (is_varint(form))
    in.varint();
  else if (form == kFormSdata)
    in.signed_varint();
  else
    read_block(in, form);
}

void Units::skip(DieReader& in, const Abbreviation& abbreviation, const Unit& unit) {
  for (std::uint32_t i = 0; i < abbreviation.steps; ++i) {
    const SkipStep& step = unit.abbreviations->skips[abbreviation.first_step + i];
    in.skip(step.bytes);
    if (step.form != 0) skip(in, step.form, unit);
  }
}

std::uint64_t Units::target(const Value& value, const Unit& unit) {
  switch (value.form) {
    case kFormRefAddr: return value.number;
    case kFormRef1:
    case kFormRef2:
    case kFormRef4:
    case kFormRef8:
    case kFormRefUdata: return unit.offset + value.number;
    default: return 0;
  }
}

std::uint64_t Units::address_number(std::uint64_t index, const Unit& unit) const {
  if (index > sections_.addr.size()) return 0;
  return DieReader(sections_.addr, unit.addr_base + index * unit.address_size).number(unit.address_size);
}

std::uint64_t Units::address(const Value& value, const Unit& unit) const {
  switch (value.form) {
    case kFormAddr: return value.number;
    case kFormAddrx:
    case kFormAddrx1:
    case kFormAddrx2:
    case kFormAddrx3:
    case kFormAddrx4: return address_number(value.number, unit);
    default: return 0;
  }
}

}  // namespace memsnap::dw
