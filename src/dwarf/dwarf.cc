#include "dwarf/dwarf.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace memsnap {

namespace {

enum : std::uint64_t {
  kTagArray = 0x01, kTagFormal = 0x05, kTagLexical = 0x0b, kTagMember = 0x0d, kTagPointer = 0x0f,
  kTagCompileUnit = 0x11, kTagStruct = 0x13, kTagSubroutineType = 0x15, kTagTypedef = 0x16, kTagInlined = 0x1d,
  kTagSubrange = 0x21, kTagBase = 0x24, kTagConst = 0x26, kTagVariable = 0x34, kTagSubprogram = 0x2e,
  kTagUnspecified = 0x3b,
};
enum : std::uint64_t {
  kAtSibling = 0x01, kAtLocation = 0x02, kAtName = 0x03, kAtByteSize = 0x0b, kAtStmtList = 0x10, kAtLowPc = 0x11,
  kAtHighPc = 0x12, kAtLanguage = 0x13, kAtCount = 0x37, kAtUpperBound = 0x2f, kAtMemberLocation = 0x38,
  kAtDeclFile = 0x3a, kAtDeclLine = 0x3b, kAtType = 0x49, kAtRanges = 0x55, kAtAbstractOrigin = 0x31,
  kAtAddrBase = 0x73, kAtLoclistsBase = 0x8c, kAtRnglistsBase = 0x74, kAtStrOffsetsBase = 0x72,
  kAtGoKind = 0x2900, kAtGoKey = 0x2901, kAtGoElem = 0x2902, kAtGoEmbedded = 0x2903, kAtGoRuntimeType = 0x2904,
  kAtGoClosureOffset = 0x2907,
};
constexpr std::uint64_t kLanguageGo = 0x16;

struct AbbrevAttr {
  std::uint32_t name = 0, form = 0;
  std::int64_t constant = 0;
};
struct Abbrev {
  std::uint32_t tag = 0;
  bool children = false;
  std::uint32_t first = 0, count = 0;
};
struct AbbrevTable {
  std::vector<Abbrev> rows;          // by code; tag 0 is none
  std::vector<AbbrevAttr> attrs;
};

struct Unit {
  std::uint64_t offset = 0, end = 0;   // of the unit in .debug_info, header included
  std::uint64_t dies = 0;              // offset of its first DIE
  std::uint32_t abbrevs = 0;           // row of Impl::abbrev_tables
  std::uint16_t version = 0;
  std::uint8_t address_size = 8;
  std::uint8_t offset_size = 4;
  bool go = false;
  std::uint64_t low_pc = 0, addr_base = 0, loclists_base = 0, rnglists_base = 0, str_offsets_base = 0;
};

struct Value {
  std::uint64_t number = 0;
  std::string_view text;
  Bytes block;
  std::uint32_t form = 0;
};

}  // namespace

struct DwarfIndex::Impl {
  Bytes info, abbrev, str, line_str, addr, str_offsets, loc, loclists, ranges, rnglists, line;
  std::vector<AbbrevTable> abbrev_tables;
  std::vector<Unit> units;
  std::vector<DwarfTypeInfo> types{1};
  std::vector<DwarfField> fields;
  std::vector<DwarfGlobal> globals;
  std::vector<DwarfClosure> closures;
  struct Function {
    std::uint64_t low = 0, high = 0, die = 0;
    std::uint32_t unit = 0;
  };
  std::vector<Function> functions;                       // sorted by low
  std::vector<std::pair<std::uint64_t, DwarfType>> rows;  // DIE offset -> row, ascending
  std::unordered_map<std::string_view, DwarfType> by_name;
  // Until resolve(): offsets of the DIEs that types, fields and globals refer to.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pending;
  std::vector<std::uint64_t> field_types, global_types;

  Result<std::uint32_t> abbrevs_at(std::uint64_t offset, std::unordered_map<std::uint64_t, std::uint32_t>& known);
  Value read_form(Cursor& in, const Unit& unit, std::uint32_t form, std::int64_t constant) const;
  const Abbrev* next_abbrev(Cursor& in, const Unit& unit) const;
  Result<void> read_unit_head(Cursor& in, Unit& unit, std::unordered_map<std::uint64_t, std::uint32_t>& known);
  void read_unit_die(Cursor& in, Unit& unit) const;
  void read_dies(std::uint32_t unit_row);
  void resolve();
  DwarfType row_of(std::uint64_t offset) const;
  std::uint64_t address(const Unit& unit, std::uint64_t index) const;
  Bytes location_at(const Unit& unit, const Value& location, std::uint64_t pc) const;
  bool covers(const Unit& unit, const Value* ranges, std::uint64_t low, const Value* high, std::uint64_t pc) const;
};

Result<std::uint32_t> DwarfIndex::Impl::abbrevs_at(std::uint64_t offset,
                                                   std::unordered_map<std::uint64_t, std::uint32_t>& known) {
  if (auto it = known.find(offset); it != known.end()) return it->second;
  Cursor in(abbrev);
  in.seek(offset);
  AbbrevTable table;
  table.rows.resize(1);
  while (true) {
    std::uint64_t code = in.varint();
    if (!in.ok()) return fail(Cause::bad_input, "dwarf: abbreviations at {} are cut short", offset);
    if (code == 0) break;
    if (code > abbrev.size()) return fail(Cause::bad_input, "dwarf: abbreviation {} at {} is out of range", code, offset);
    if (code >= table.rows.size()) table.rows.resize(code + 1);
    Abbrev& row = table.rows[code];
    row.tag = std::uint32_t(in.varint());
    row.children = in.fixed<std::uint8_t>() != 0;
    row.first = std::uint32_t(table.attrs.size());
    while (in.ok()) {
      AbbrevAttr a;
      a.name = std::uint32_t(in.varint());
      a.form = std::uint32_t(in.varint());
      if (a.form == 0x21) a.constant = in.signed_varint();  // DW_FORM_implicit_const
      if (a.name == 0 && a.form == 0) break;
      table.attrs.push_back(a);
    }
    row.count = std::uint32_t(table.attrs.size()) - row.first;
  }
  abbrev_tables.push_back(std::move(table));
  return known[offset] = std::uint32_t(abbrev_tables.size() - 1);
}

namespace {

std::string_view string_at(Bytes section, std::uint64_t offset) {
  Cursor in(section);
  in.seek(offset);
  return in.c_string();
}

std::uint64_t sized(Cursor& in, unsigned size) {
  switch (size) {
    case 1: return in.fixed<std::uint8_t>();
    case 2: return in.fixed<std::uint16_t>();
    case 3: { std::uint64_t v = in.fixed<std::uint16_t>(); return v | std::uint64_t(in.fixed<std::uint8_t>()) << 16; }
    case 4: return in.fixed<std::uint32_t>();
    case 8: return in.fixed<std::uint64_t>();
  }
  in.fail();
  return 0;
}

std::uint64_t word_at(Bytes section, std::uint64_t offset, unsigned size) {
  Cursor in(section);
  in.seek(offset);
  std::uint64_t value = sized(in, size);
  return in.ok() ? value : 0;
}

}  // namespace

std::uint64_t DwarfIndex::Impl::address(const Unit& unit, std::uint64_t index) const {
  if (index > addr.size() / 8) return 0;
  return word_at(addr, unit.addr_base + index * 8, 8);
}

Value DwarfIndex::Impl::read_form(Cursor& in, const Unit& unit, std::uint32_t form, std::int64_t constant) const {
  Value v{.number = 0, .text = {}, .block = {}, .form = form};
  switch (form) {
    case 0x01: v.number = sized(in, unit.address_size); break;                    // addr
    case 0x03: v.block = in.take(in.fixed<std::uint16_t>()); break;               // block2
    case 0x04: v.block = in.take(in.fixed<std::uint32_t>()); break;               // block4
    case 0x09: case 0x18: v.block = in.take(in.varint()); break;                  // block, exprloc
    case 0x0a: v.block = in.take(in.fixed<std::uint8_t>()); break;                // block1
    case 0x05: v.number = in.fixed<std::uint16_t>(); break;                       // data2
    case 0x06: v.number = in.fixed<std::uint32_t>(); break;                       // data4
    case 0x07: v.number = in.fixed<std::uint64_t>(); break;                       // data8
    case 0x0b: v.number = in.fixed<std::uint8_t>(); break;                        // data1
    case 0x0c: v.number = in.fixed<std::uint8_t>(); break;                        // flag
    case 0x0d: v.number = std::uint64_t(in.signed_varint()); break;               // sdata
    case 0x0f: v.number = in.varint(); break;                                     // udata
    case 0x1e: v.block = in.take(16); break;                                      // data16
    case 0x08: v.text = in.c_string(); break;                                     // string
    case 0x0e: v.text = string_at(str, sized(in, unit.offset_size)); break;       // strp
    case 0x1f: v.text = string_at(line_str, sized(in, unit.offset_size)); break;  // line_strp
    case 0x1a: v.number = in.varint(); break;                                     // strx
    case 0x25: case 0x26: case 0x27: case 0x28: v.number = sized(in, form - 0x24); break;  // strx1..4
    case 0x10: v.number = sized(in, unit.version <= 2 ? unit.address_size : unit.offset_size); break;  // ref_addr
    case 0x11: v.number = unit.offset + in.fixed<std::uint8_t>(); break;          // ref1
    case 0x12: v.number = unit.offset + in.fixed<std::uint16_t>(); break;         // ref2
    case 0x13: v.number = unit.offset + in.fixed<std::uint32_t>(); break;         // ref4
    case 0x14: v.number = unit.offset + in.fixed<std::uint64_t>(); break;         // ref8
    case 0x15: v.number = unit.offset + in.varint(); break;                       // ref_udata
    case 0x17: case 0x1d: v.number = sized(in, unit.offset_size); break;          // sec_offset, strp_sup
    case 0x19: v.number = 1; break;                                               // flag_present
    case 0x1b: v.number = address(unit, in.varint()); break;                      // addrx
    case 0x29: case 0x2a: case 0x2b: case 0x2c: v.number = address(unit, sized(in, form - 0x28)); break;  // addrx1..4
    case 0x1c: v.number = in.fixed<std::uint32_t>(); break;                       // ref_sup4
    case 0x20: case 0x24: v.number = in.fixed<std::uint64_t>(); break;            // ref_sig8, ref_sup8
    case 0x21: v.number = std::uint64_t(constant); break;                         // implicit_const
    case 0x22: case 0x23: v.number = in.varint(); break;                          // loclistx, rnglistx
    case 0x16: {                                                                  // indirect
      auto real = std::uint32_t(in.varint());
      if (real == 0x16) in.fail(); else v = read_form(in, unit, real, 0);
      break;
    }
    default: in.fail();
  }
  if (form == 0x1a || (form >= 0x25 && form <= 0x28))
    v.text = string_at(str, word_at(str_offsets, unit.str_offsets_base + v.number * unit.offset_size, unit.offset_size));
  return v;
}

const Abbrev* DwarfIndex::Impl::next_abbrev(Cursor& in, const Unit& unit) const {
  std::uint64_t code = in.varint();
  const AbbrevTable& table = abbrev_tables[unit.abbrevs];
  if (!in.ok() || code >= table.rows.size()) {
    in.fail();
    return nullptr;
  }
  return code == 0 ? nullptr : &table.rows[code];
}

Result<void> DwarfIndex::Impl::read_unit_head(Cursor& in, Unit& unit,
                                              std::unordered_map<std::uint64_t, std::uint32_t>& known) {
  unit.offset = in.at();
  std::uint64_t length = in.fixed<std::uint32_t>();
  if (length == 0xffffffff) {
    length = in.fixed<std::uint64_t>();
    unit.offset_size = 8;
  }
  if (!in.ok() || length > in.left())
    return fail(Cause::bad_input, "dwarf: the unit at {} says {} bytes, {} are left", unit.offset, length, in.left());
  unit.end = in.at() + length;
  unit.version = in.fixed<std::uint16_t>();
  std::uint64_t abbrev_offset = 0;
  if (unit.version == 5) {
    auto type = in.fixed<std::uint8_t>();
    unit.address_size = in.fixed<std::uint8_t>();
    abbrev_offset = sized(in, unit.offset_size);
    if (type != 1 && type != 3) unit.version = 0;  // neither a compile nor a partial unit: passed over
  } else if (unit.version >= 2 && unit.version <= 4) {
    abbrev_offset = sized(in, unit.offset_size);
    unit.address_size = in.fixed<std::uint8_t>();
  } else {
    unit.version = 0;
  }
  if (unit.version == 0 || unit.address_size != 8) return {};
  if (!in.ok() || abbrev_offset > abbrev.size())
    return fail(Cause::bad_input, "dwarf: the unit at {} has its abbreviations at {}, the section has {} bytes",
                unit.offset, abbrev_offset, abbrev.size());
  unit.dies = in.at();
  unit.abbrevs = TRY(abbrevs_at(abbrev_offset, known));
  read_unit_die(in, unit);
  return {};
}

// Bases come behind the values that need them, so the unit's own DIE is read twice.
void DwarfIndex::Impl::read_unit_die(Cursor& in, Unit& unit) const {
  for (int round = 0; round < 2; ++round) {
    in.seek(unit.dies);
    const Abbrev* a = next_abbrev(in, unit);
    if (!a || (a->tag != kTagCompileUnit && a->tag != 0x3c)) return;
    const AbbrevTable& table = abbrev_tables[unit.abbrevs];
    for (std::uint32_t i = 0; i < a->count && in.ok(); ++i) {
      const AbbrevAttr& attr = table.attrs[a->first + i];
      Value v = read_form(in, unit, attr.form, attr.constant);
      switch (attr.name) {
        case kAtLanguage: unit.go = v.number == kLanguageGo; break;
        case kAtLowPc: unit.low_pc = v.number; break;
        case kAtAddrBase: unit.addr_base = v.number; break;
        case kAtLoclistsBase: unit.loclists_base = v.number; break;
        case kAtRnglistsBase: unit.rnglists_base = v.number; break;
        case kAtStrOffsetsBase: unit.str_offsets_base = v.number; break;
      }
    }
  }
}

namespace {

// What the walk takes from one DIE; the attributes that no row needs are read and dropped.
struct Die {
  std::string_view name;
  Value location, high_pc, ranges;
  bool has_location = false, has_high = false, has_ranges = false, has_offset = false, declaration = false;
  std::uint64_t type = 0, key = 0, elem = 0, size = 0, low_pc = 0, count = 0, offset = 0, runtime_type = 0,
                closure_offset = 0, origin = 0, line = 0;
  bool closure = false, embedded = false;
  std::uint8_t kind = 0;
};

std::uint64_t member_offset(const Value& v) {
  if (v.block.empty()) return v.number;
  Cursor in(v.block);  // DW_OP_plus_uconst n, or DW_OP_consts n DW_OP_plus
  switch (in.fixed<std::uint8_t>()) {
    case 0x23: return in.varint();
    case 0x11: return std::uint64_t(in.signed_varint());
    case 0x10: return in.varint();
  }
  return 0;
}

void keep(Die& die, std::uint32_t name, const Value& v) {
  switch (name) {
    case kAtName: die.name = v.text; break;
    case kAtByteSize: die.size = v.number; break;
    case kAtType: die.type = v.number; break;
    case kAtGoKey: die.key = v.number; break;
    case kAtGoElem: die.elem = v.number; break;
    case kAtGoKind: die.kind = std::uint8_t(v.number); break;
    case kAtGoRuntimeType: die.runtime_type = v.number; break;
    case kAtGoEmbedded: die.embedded = v.number != 0; break;
    case kAtGoClosureOffset: die.closure = true; die.closure_offset = v.number; break;
    case kAtLowPc: die.low_pc = v.number; break;
    case kAtHighPc: die.high_pc = v; die.has_high = true; break;
    case kAtRanges: die.ranges = v; die.has_ranges = true; break;
    case kAtLocation: die.location = v; die.has_location = true; break;
    case kAtMemberLocation: die.offset = member_offset(v); break;
    case kAtCount: die.count = v.number; break;
    case kAtUpperBound: die.count = v.number + 1; break;
    case kAtAbstractOrigin: die.origin = v.number; break;
    case kAtDeclLine: die.line = v.number; break;
    case 0x3c: die.declaration = true; break;
  }
}

}  // namespace

void DwarfIndex::Impl::read_dies(std::uint32_t unit_row) {
  const Unit& unit = units[unit_row];
  const AbbrevTable& table = abbrev_tables[unit.abbrevs];
  Cursor in(info.first(unit.end));
  in.seek(unit.dies);
  std::size_t depth = 0;
  std::uint32_t open_struct = 0;       // row of the type at depth 1 whose members come, 0 for none
  std::uint64_t open_function = 0;     // entry of the subprogram at depth 1
  while (!in.done()) {
    std::uint64_t at = in.at();
    const Abbrev* a = next_abbrev(in, unit);
    if (!in.ok()) return;
    if (!a) {
      if (depth <= 1) return;
      --depth;
      continue;
    }
    Die die;
    for (std::uint32_t i = 0; i < a->count && in.ok(); ++i) {
      const AbbrevAttr& attr = table.attrs[a->first + i];
      keep(die, attr.name, read_form(in, unit, attr.form, attr.constant));
    }
    if (!in.ok()) return;
    if (depth == 1) {
      open_struct = 0;
      open_function = 0;
      switch (a->tag) {
        case kTagArray: case kTagPointer: case kTagStruct: case kTagSubroutineType: case kTagTypedef: case kTagBase:
        case kTagUnspecified: case kTagConst:
          rows.emplace_back(at, DwarfType(types.size()));
          types.push_back({.name = die.name, .tag = std::uint16_t(a->tag), .go_kind = die.kind, .size = die.size,
                           .elem = 0, .key = 0, .count = die.count, .runtime_type = die.runtime_type,
                           .first_field = std::uint32_t(fields.size()), .fields = 0});
          pending.push_back({die.elem != 0 ? die.elem : die.type, die.key});
          open_struct = std::uint32_t(types.size() - 1);
          break;
        case kTagVariable:
          if (die.has_location) {
            Cursor op(die.location.block);
            auto code = op.fixed<std::uint8_t>();
            std::uint64_t where = code == 0x03 ? op.fixed<std::uint64_t>() : code == 0xa1 ? address(unit, op.varint()) : 0;
            if (op.ok() && op.done() && where != 0) {
              globals.push_back({die.name, where, 0, {}, std::uint32_t(die.line)});
              global_types.push_back(die.type);
            }
          }
          break;
        case kTagSubprogram:
          if (die.low_pc != 0 && die.has_high) {
            std::uint64_t high = die.high_pc.form == 0x01 ? die.high_pc.number : die.low_pc + die.high_pc.number;
            functions.push_back({die.low_pc, high, at, unit_row});
            open_function = die.low_pc;
          }
          break;
      }
    } else if (depth == 2 && open_struct != 0) {
      if (a->tag == kTagMember) {
        fields.push_back({die.name, die.offset, 0, die.embedded});
        field_types.push_back(die.type);
        ++types[open_struct].fields;
      } else if (a->tag == kTagSubrange) {
        types[open_struct].count = die.count;
      }
    } else if (depth == 2 && open_function != 0 && die.closure) {
      if (closures.empty() || closures.back().entry != open_function)
        closures.push_back({open_function, std::uint32_t(fields.size()), 0});
      fields.push_back({die.name, die.closure_offset, 0, false});
      field_types.push_back(die.type);
      ++closures.back().fields;
    }
    if (a->children) ++depth;
    else if (depth == 0) return;
  }
}

DwarfType DwarfIndex::Impl::row_of(std::uint64_t offset) const {
  if (offset == 0) return 0;
  auto it = std::ranges::lower_bound(rows, offset, {}, &std::pair<std::uint64_t, DwarfType>::first);
  return it != rows.end() && it->first == offset ? it->second : 0;
}

void DwarfIndex::Impl::resolve() {
  for (std::size_t i = 0; i < pending.size(); ++i) {
    types[i + 1].elem = row_of(pending[i].first);
    types[i + 1].key = row_of(pending[i].second);
  }
  for (std::size_t i = 0; i < fields.size(); ++i) fields[i].type = row_of(field_types[i]);
  for (std::size_t i = 0; i < globals.size(); ++i) globals[i].type = row_of(global_types[i]);
  pending = {};
  field_types = {};
  global_types = {};
  std::ranges::stable_sort(globals, {}, &DwarfGlobal::addr);
  std::ranges::stable_sort(closures, {}, &DwarfClosure::entry);
  std::ranges::stable_sort(functions, {}, &Function::low);
  by_name.reserve(types.size());
  for (std::size_t i = 1; i < types.size(); ++i) {
    if (types[i].name.empty()) continue;
    auto [it, fresh] = by_name.try_emplace(types[i].name, DwarfType(i));
    if (!fresh && types[it->second].size == 0 && types[i].size != 0) it->second = DwarfType(i);
  }
}

Result<DwarfIndex> DwarfIndex::read(ElfFile& file) {
  auto impl = std::make_unique<Impl>();
  impl->info = TRY(file.data(".debug_info"));
  if (impl->info.empty())
    return fail(Cause::refused, "executable: no .debug_info (stripped with -s or -w); memsnap needs DWARF to read it");
  impl->abbrev = TRY(file.data(".debug_abbrev"));
  impl->str = TRY(file.data(".debug_str"));
  impl->line_str = TRY(file.data(".debug_line_str"));
  impl->addr = TRY(file.data(".debug_addr"));
  impl->str_offsets = TRY(file.data(".debug_str_offsets"));
  impl->loc = TRY(file.data(".debug_loc"));
  impl->loclists = TRY(file.data(".debug_loclists"));
  impl->ranges = TRY(file.data(".debug_ranges"));
  impl->rnglists = TRY(file.data(".debug_rnglists"));
  std::unordered_map<std::uint64_t, std::uint32_t> known;
  for (Cursor in(impl->info); !in.done();) {
    Unit unit;
    TRY_VOID(impl->read_unit_head(in, unit, known));
    if (unit.end <= unit.offset) return fail(Cause::bad_input, "dwarf: the unit at {} is empty", unit.offset);
    in = Cursor(impl->info);
    in.seek(unit.end);
    if (!unit.go) continue;
    impl->units.push_back(unit);
    impl->read_dies(std::uint32_t(impl->units.size() - 1));
  }
  impl->resolve();
  return DwarfIndex(std::move(impl));
}

DwarfIndex::DwarfIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DwarfIndex::DwarfIndex(DwarfIndex&&) noexcept = default;
DwarfIndex& DwarfIndex::operator=(DwarfIndex&&) noexcept = default;
DwarfIndex::~DwarfIndex() = default;

std::span<const DwarfTypeInfo> DwarfIndex::types() const { return impl_->types; }
std::span<const DwarfField> DwarfIndex::fields() const { return impl_->fields; }
std::span<const DwarfGlobal> DwarfIndex::globals() const { return impl_->globals; }
std::span<const DwarfClosure> DwarfIndex::closures() const { return impl_->closures; }

DwarfType DwarfIndex::type_named(std::string_view name) const {
  auto it = impl_->by_name.find(name);
  return it == impl_->by_name.end() ? 0 : it->second;
}

std::optional<std::uint64_t> DwarfIndex::offset_of(std::string_view struct_name, std::string_view field) const {
  DwarfType type = type_named(struct_name);
  std::uint64_t offset = 0;
  for (int depth = 0; type != 0 && depth < 16; ++depth) {
    for (int hops = 0; hops < 8 && impl_->types[type].tag == kTagTypedef; ++hops) type = impl_->types[type].elem;
    std::size_t dot = field.find('.');
    std::string_view head = field.substr(0, dot);
    const DwarfTypeInfo& t = impl_->types[type];
    const DwarfField* found = nullptr;
    for (std::uint32_t f = t.first_field; f < t.first_field + t.fields; ++f)
      if (impl_->fields[f].name == head) found = &impl_->fields[f];
    if (!found) return std::nullopt;
    offset += found->offset;
    if (dot == std::string_view::npos) return offset;
    field.remove_prefix(dot + 1);
    type = found->type;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> DwarfIndex::size_of(std::string_view struct_name) const {
  DwarfType type = type_named(struct_name);
  if (type == 0) return std::nullopt;
  return impl_->types[type].size;
}

namespace {


// Go's frame base is the CFA, so DW_OP_fbreg n and DW_OP_call_frame_cfa [DW_OP_consts n DW_OP_plus] mean
// the same; pieces in registers are skipped, for at a call no register is live.
void read_pieces(Bytes expression, const DwarfLocal& like, std::uint64_t whole, std::vector<DwarfLocal>& out) {
  Cursor in(expression);
  std::int64_t offset = 0;
  std::uint64_t done = 0;
  bool in_memory = false;
  auto finish = [&](std::uint64_t size) {
    if (in_memory) {
      DwarfLocal local = like;
      local.cfa_offset = offset;
      local.type_offset = done;
      local.size = size;
      out.push_back(local);
    }
    done += size;
    in_memory = false;
    offset = 0;
  };
  while (!in.done()) {
    auto op = in.fixed<std::uint8_t>();
    if (op == 0x91) { offset = in.signed_varint(); in_memory = true; }              // fbreg
    else if (op == 0x9c) { offset = 0; in_memory = true; }                          // call_frame_cfa
    else if (op == 0x11) offset += in.signed_varint();                              // consts
    else if (op == 0x23) offset += std::int64_t(in.varint());                       // plus_uconst
    else if (op == 0x22) continue;                                                  // plus
    else if (op >= 0x50 && op <= 0x6f) in_memory = false;                           // reg0 .. reg31
    else if (op == 0x90) in.varint();                                               // regx
    else if (op == 0x93) {                                                          // piece
      std::uint64_t size = in.varint();
      if (!in.ok() || size > whole) return;
      finish(size);
      if (done >= whole) return;
    } else return;
  }
  if (in.ok() && done == 0) finish(whole);
}

}  // namespace

// The expression that holds at pc: the attribute's own block, or the entry of its list.
Bytes DwarfIndex::Impl::location_at(const Unit& unit, const Value& location, std::uint64_t pc) const {
  if (!location.block.empty()) return location.block;
  std::uint64_t base = unit.low_pc;
  if (unit.version < 5) {
    Cursor in(loc);
    in.seek(location.number);
    while (in.ok()) {
      auto from = in.fixed<std::uint64_t>(), to = in.fixed<std::uint64_t>();
      if (from == 0 && to == 0) return {};
      if (from == ~std::uint64_t(0)) { base = to; continue; }
      Bytes block = in.take(in.fixed<std::uint16_t>());
      if (pc >= base + from && pc < base + to) return block;
    }
    return {};
  }
  std::uint64_t at = location.number;
  if (location.form == 0x22) {
    if (at > loclists.size()) return {};
    at = unit.loclists_base + word_at(loclists, unit.loclists_base + at * unit.offset_size, unit.offset_size);
  }
  Cursor in(loclists);
  in.seek(at);
  while (in.ok()) {
    std::uint64_t from = 0, to = 0;
    switch (in.fixed<std::uint8_t>()) {
      case 0: return {};
      case 1: base = address(unit, in.varint()); continue;                                          // base_addressx
      case 2: from = address(unit, in.varint()); to = address(unit, in.varint()); break;            // startx_endx
      case 3: from = address(unit, in.varint()); to = from + in.varint(); break;                    // startx_length
      case 4: from = base + in.varint(); to = base + in.varint(); break;                            // offset_pair
      case 5: from = 0; to = ~std::uint64_t(0); break;                                              // default_location
      case 6: base = in.fixed<std::uint64_t>(); continue;                                           // base_address
      case 7: from = in.fixed<std::uint64_t>(); to = in.fixed<std::uint64_t>(); break;              // start_end
      case 8: from = in.fixed<std::uint64_t>(); to = from + in.varint(); break;                     // start_length
      default: return {};
    }
    Bytes block = in.take(in.varint());
    if (in.ok() && pc >= from && pc < to) return block;
  }
  return {};
}

// Whether a scope's DW_AT_low_pc/high_pc or DW_AT_ranges contain pc; a scope with neither covers all of its parent.
bool DwarfIndex::Impl::covers(const Unit& unit, const Value* list, std::uint64_t low, const Value* high,
                              std::uint64_t pc) const {
  if (high) return pc >= low && pc < (high->form == 0x01 ? high->number : low + high->number);
  if (!list) return true;
  std::uint64_t base = unit.low_pc;
  if (unit.version < 5) {
    Cursor in(ranges);
    in.seek(list->number);
    while (in.ok()) {
      auto from = in.fixed<std::uint64_t>(), to = in.fixed<std::uint64_t>();
      if (from == 0 && to == 0) return false;
      if (from == ~std::uint64_t(0)) { base = to; continue; }
      if (pc >= base + from && pc < base + to) return true;
    }
    return false;
  }
  std::uint64_t at = list->number;
  if (list->form == 0x23) {
    if (at > rnglists.size()) return false;
    at = unit.rnglists_base + word_at(rnglists, unit.rnglists_base + at * unit.offset_size, unit.offset_size);
  }
  Cursor in(rnglists);
  in.seek(at);
  while (in.ok()) {
    std::uint64_t from = 0, to = 0;
    switch (in.fixed<std::uint8_t>()) {
      case 0: return false;
      case 1: base = address(unit, in.varint()); continue;
      case 2: from = address(unit, in.varint()); to = address(unit, in.varint()); break;
      case 3: from = address(unit, in.varint()); to = from + in.varint(); break;
      case 4: from = base + in.varint(); to = base + in.varint(); break;
      case 5: base = in.fixed<std::uint64_t>(); continue;
      case 6: from = in.fixed<std::uint64_t>(); to = in.fixed<std::uint64_t>(); break;
      case 7: from = in.fixed<std::uint64_t>(); to = from + in.varint(); break;
      default: return false;
    }
    if (in.ok() && pc >= from && pc < to) return true;
  }
  return false;
}

Result<std::vector<DwarfLocal>> DwarfIndex::locals_at(std::uint64_t pc) const {
  const Impl& d = *impl_;
  std::vector<DwarfLocal> out;
  auto it = std::ranges::upper_bound(d.functions, pc, {}, &Impl::Function::low);
  if (it == d.functions.begin()) return out;
  --it;
  if (pc >= it->high) return out;
  const Unit& unit = d.units[it->unit];
  const AbbrevTable& table = d.abbrev_tables[unit.abbrevs];
  auto read_die = [&](Cursor& in, const Abbrev& a) {
    Die die;
    for (std::uint32_t i = 0; i < a.count && in.ok(); ++i) {
      const AbbrevAttr& attr = table.attrs[a.first + i];
      keep(die, attr.name, d.read_form(in, unit, attr.form, attr.constant));
    }
    return die;
  };
  Cursor in(d.info.first(unit.end));
  in.seek(it->die);
  std::size_t depth = 0, dead_below = ~std::size_t(0);  // scopes deeper than this do not contain pc
  while (!in.done()) {
    const Abbrev* a = d.next_abbrev(in, unit);
    if (!in.ok()) break;
    if (!a) {
      if (depth <= 1) break;
      --depth;
      if (depth <= dead_below) dead_below = ~std::size_t(0);
      continue;
    }
    Die die = read_die(in, *a);
    if (!in.ok()) return fail(Cause::bad_input, "dwarf: the function at {:#x} is cut short", it->low);
    bool alive = depth <= dead_below;
    if (alive && depth > 0 && (a->tag == kTagVariable || a->tag == kTagFormal) && die.has_location) {
      if (die.name.empty() && die.origin != 0 && die.origin < d.info.size()) {
        const Unit* other = nullptr;   // the abstract function may be in another unit
        auto u = std::ranges::upper_bound(d.units, die.origin, {}, &Unit::offset);
        if (u != d.units.begin()) other = &*std::prev(u);
        if (other && die.origin < other->end) {
          Cursor origin(d.info.first(other->end));
          origin.seek(die.origin);
          const AbbrevTable& its = d.abbrev_tables[other->abbrevs];
          if (const Abbrev* oa = d.next_abbrev(origin, *other))
            for (std::uint32_t i = 0; i < oa->count && origin.ok(); ++i) {
              const AbbrevAttr& attr = its.attrs[oa->first + i];
              Value v = d.read_form(origin, *other, attr.form, attr.constant);
              if (attr.name == kAtName) die.name = v.text;
              if (attr.name == kAtType) die.type = v.number;
              if (attr.name == kAtDeclLine) die.line = v.number;
            }
        }
      }
      DwarfType type = d.row_of(die.type);
      DwarfLocal like{.name = die.name, .type = type, .is_parameter = a->tag == kTagFormal, .line = std::uint32_t(die.line)};
      read_pieces(d.location_at(unit, die.location, pc), like, d.types[type].size, out);
    }
    if (a->children) {
      bool scope = a->tag == kTagLexical || a->tag == kTagInlined;
      if (alive && scope && depth > 0 &&
          !d.covers(unit, die.has_ranges ? &die.ranges : nullptr, die.low_pc, die.has_high ? &die.high_pc : nullptr, pc))
        dead_below = depth;
      ++depth;
    } else if (depth == 0) {
      break;
    }
  }
  return out;
}

}  // namespace memsnap
