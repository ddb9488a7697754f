// Which types of map the code of a program deletes from. The compiler passes the map's type descriptor to the
// runtime as the first argument, a lea to rax before the call (cmd/compile/internal/walk, ABIInternal), so
// the calls of runtime.mapdelete* and their types can be read from the machine code.
#pragma once

#include "base/bytes.h"
#include "elf/elf.h"
#include "gosym/pclntab.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace memsnap {

struct MapUse {
  std::uint64_t type = 0;     // unrelocated address of the map type's descriptor
  std::uint32_t deletes = 0;  // calls that delete from or clear such a map
  std::uint32_t evicts =
      0;  // those that clear, or in a function that also ranges over or inserts into such a map
  bool generic = false;  // generic code may delete from it as well; how often is not known
};

// Sorted by type. A type that is not here is never deleted from, except through reflect.
class MapCode {
 public:
  // Empty and not known() when the code could not be read.
  static MapCode read(ElfFile& elf, const Pclntab& functions);

  bool known() const { return known_; }
  // kNoRow (~0) when it is not known.
  std::uint32_t deletes(std::uint64_t type) const;
  std::uint32_t evicts(std::uint64_t type) const;
  std::span<const MapUse> uses() const { return uses_; }

 private:
  const MapUse* use(std::uint64_t type) const;
  std::vector<MapUse> uses_;
  bool known_ = false;
};

// What the runtime does with the map at a call.
enum class MapCall : std::uint8_t { kNone, kDelete, kClear, kInsert, kRange };
MapCall map_call(std::string_view function);

// The calls of one function's code: `target` says what a called address does.
struct MapCallSite {
  MapCall call = MapCall::kNone;
  std::uint64_t type = 0;  // 0: the type is not a constant there
};
struct MapCallTarget {
  std::uint64_t address = 0;
  MapCall call = MapCall::kNone;
};
// targets: sorted by address.
std::vector<MapCallSite> map_calls(Bytes code, std::uint64_t address, std::span<const MapCallTarget> targets);

}  // namespace memsnap
