// The debug sections of one program, its units, and the values of their entries (DIEs).
#pragma once

#include "base/result.h"
#include "dwarf/die_reader.h"
#include "dwarf/dwarf_numbers.h"
#include "elf/elf.h"

#include <map>
#include <memory>
#include <span>
#include <vector>

namespace memsnap::dw {

struct Sections {
  Bytes info, abbrev, str, line_str, addr, str_offsets, loc, loclists, ranges, rnglists, line;
  static Result<Sections> read(ElfFile& file);           // all but the lines
  static Result<Sections> read_for_code(ElfFile& file);  // all but where variables lie
  Result<void> add_locations(ElfFile& file);

 private:
  static Result<Sections> read_entries(ElfFile& file);
};

struct AttributeSpec {
  std::uint16_t name = 0, form = 0;
  std::int64_t constant = 0;  // of DW_FORM_implicit_const
};

// How to pass over the attributes of an entry: a run of bytes of known size, then one value of unknown size.
struct SkipStep {
  std::uint32_t bytes = 0;
  std::uint16_t form = 0;  // 0: none, the run was the end
};

struct Abbreviation {
  std::uint64_t code = 0;
  std::uint16_t tag = 0;
  bool children = false;
  bool has_code = false;                    // DW_AT_low_pc or DW_AT_ranges is among its attributes
  std::uint32_t first = 0, count = 0;       // rows of AbbreviationTable::attributes
  std::uint32_t first_step = 0, steps = 0;  // rows of AbbreviationTable::skips
};

struct AbbreviationTable {
  std::vector<Abbreviation> by_code;  // sorted
  std::vector<AttributeSpec> attributes;
  std::vector<SkipStep> skips;

  // nullptr when the table has no such code.
  const Abbreviation* find(std::uint64_t code) const {
    std::uint64_t row = code - 1;  // producers number from 1 without gaps
    if (row < by_code.size() && by_code[std::size_t(row)].code == code) return &by_code[std::size_t(row)];
    auto found = std::ranges::lower_bound(by_code, code, {}, &Abbreviation::code);
    return found != by_code.end() && found->code == code ? &*found : nullptr;
  }
  std::span<const AttributeSpec> attributes_of(const Abbreviation& a) const {
    return std::span(attributes).subspan(a.first, a.count);
  }
};

struct Unit {
  static constexpr std::uint64_t kNone = ~std::uint64_t(0);
  std::uint64_t offset = 0;  // of its header in .debug_info
  std::uint64_t root = 0;    // of its first entry
  std::uint64_t end = 0;
  std::uint16_t version = 0;
  std::uint8_t address_size = 8, offset_size = 4;
  std::uint16_t language = 0;
  bool compile = true;  // not a type unit or one of a split file
  std::uint64_t low_pc = 0;
  std::uint64_t line_program = kNone;  // offset in .debug_line
  std::string_view folder;             // that relative paths of the unit begin at
  std::uint64_t addr_base = 0, str_offsets_base = 0, loclists_base = 0, rnglists_base = 0;
  const AbbreviationTable* abbreviations = nullptr;
};

// Code from `from` up to, but not including, `to`.
struct CodeRange {
  std::uint64_t from = 0, to = 0;
  bool holds(std::uint64_t pc) const { return from <= pc && pc < to; }
};

// Every form folded to one of: a number (also an address, a flag, an offset), a text, a block.
struct Value {
  std::uint16_t form = 0;
  std::uint64_t number = 0;
  std::string_view text;
  Bytes block;
};

class Units {
 public:
  explicit Units(const Sections& sections) : sections_(sections) {}
  Result<void> read();  // all headers, and what the first entry of each says
  const std::vector<Unit>& all() const { return units_; }
  const Unit* containing(std::uint64_t info_offset) const;

  // Reads one attribute; an unknown form fails the reader.
  Value value(DieReader& in, const AttributeSpec& spec, const Unit& unit) const;
  // The text of a value, looked up again: bases of the unit may have been learnt since it was read.
  std::string_view text(const Value& value, const Unit& unit) const;
  static void skip(DieReader& in, std::uint16_t form, const Unit& unit);
  static void skip(DieReader& in, const Abbreviation& abbreviation, const Unit& unit);

  // Offset in .debug_info of the entry that a reference leads to; 0 when it is none.
  static std::uint64_t target(const Value& value, const Unit& unit);
  std::uint64_t address(const Value& value, const Unit& unit) const;  // of DW_FORM_addr and addrx
  std::uint64_t address_number(std::uint64_t index, const Unit& unit) const;
  const Sections& sections() const { return sections_; }
  Result<void> add_locations(ElfFile& file) { return sections_.add_locations(file); }

 private:
  Result<const AbbreviationTable*> abbreviations(std::uint64_t offset, const Unit& unit);
  Result<void> read_header(DieReader& in, Unit& unit);
  Result<void> read_root(Unit& unit);
  std::string_view indexed_text(std::uint64_t index, const Unit& unit) const;

  Sections sections_;
  std::vector<Unit> units_;
  std::map<std::pair<std::uint64_t, unsigned>, std::unique_ptr<AbbreviationTable>> tables_;
  std::uint64_t table_bytes_ = 0;  // parsed so far, all tables together
};

}  // namespace memsnap::dw
