// Types, package variables and functions of a Go program from its DWARF 4 or 5, in one pass over .debug_info.
// Units of other languages (cgo) are skipped. Facts: DWARF 5 standard; cmd/internal/dwarf for Go's own
// attributes (DW_AT_go_kind 0x2900, go_key 0x2901, go_elem 0x2902, go_embedded_field 0x2903,
// go_runtime_type 0x2904, go_closure_offset 0x2907).
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "elf/elf.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace memsnap {

// A type's row number in DwarfIndex::types; 0 is "none" (also void). Go gives every named type a second
// entry, a typedef without go_kind; no row number below leads to one of those, always to the type itself.
using DwarfType = std::uint32_t;

struct DwarfField {
  std::string_view name;
  std::uint64_t offset = 0;
  DwarfType type = 0;
  bool embedded = false;
};

struct DwarfTypeInfo {
  std::string_view name;     // as in DWARF: *main.T, map[string]int, chan int, []uint8 …
  std::uint16_t tag = 0;     // DW_TAG_*
  std::uint8_t go_kind = 0;  // internal/abi.Kind; 0 for helper types of the runtime such as map<K,V>
  std::uint64_t size = 0;
  DwarfType elem = 0;              // pointed to, element (of maps the value); else the same as underlying
  DwarfType underlying = 0;        // DW_AT_type: of a map the pointer to its header struct, of a channel
                                   // that to hchan<T>, of an interface runtime.iface or runtime.eface
  DwarfType key = 0;               // of maps (go_key)
  std::uint64_t count = 0;         // elements of an array
  std::uint64_t runtime_type = 0;  // go_runtime_type: offset from moduledata.types, 0 when absent
  std::uint32_t first_field = 0, fields = 0;  // rows of DwarfIndex::fields
};

// Go writes neither file nor line for package variables; gosym/global_lines.h finds them.
struct DwarfGlobal {
  std::string_view name;   // pkg.var
  std::uint64_t addr = 0;  // unrelocated
  DwarfType type = 0;
};

// A variable of a function at a pc: where it lies, relative to the frame's CFA.
struct DwarfLocal {
  std::string_view name;
  DwarfType type = 0;
  std::int64_t cfa_offset = 0;    // address = CFA + offset, where CFA is the caller's sp after return
  std::uint64_t type_offset = 0;  // first byte of the variable that lies there (pieces)
  std::uint64_t size = 0;         // bytes of the piece
  bool is_parameter = false;
  std::uint32_t line = 0;
};

struct DwarfClosure {       // of a function literal: its captured variables
  std::uint64_t entry = 0;  // pc of the function
  std::uint32_t first_field = 0, fields = 0;
};

class DwarfIndex {
 public:
  // Reads everything at once; the result borrows from the file's inflated sections.
  // An executable without .debug_info is Cause::refused ("stripped").
  static Result<DwarfIndex> read(ElfFile& file);
  DwarfIndex(DwarfIndex&&) noexcept;
  DwarfIndex& operator=(DwarfIndex&&) noexcept;
  ~DwarfIndex();

  std::span<const DwarfTypeInfo> types() const;
  std::span<const DwarfField> fields() const;
  std::span<const DwarfGlobal> globals() const;    // sorted by address
  std::span<const DwarfClosure> closures() const;  // sorted by entry

  // First type of that name (0 when there is none); for structs the real one, not a forward declaration.
  DwarfType type_named(std::string_view name) const;
  // Byte offset of a field, nested ones with dots (sched.sp); nullopt when the struct or field is not there.
  std::optional<std::uint64_t> offset_of(std::string_view struct_name, std::string_view field) const;
  std::optional<std::uint64_t> size_of(std::string_view struct_name) const;

  // Variables that have a location in memory at this (unrelocated) pc, in the function that contains it
  // and in the scopes and inlined calls around the pc. Parsed on demand, location lists included.
  Result<std::vector<DwarfLocal>> locals_at(std::uint64_t pc) const;

 private:
  struct Impl;
  explicit DwarfIndex(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace memsnap
