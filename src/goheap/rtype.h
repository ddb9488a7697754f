// Reads the runtime's own type descriptors (internal/abi/type.go, map.go), for types that DWARF does not
// have: those made by reflection and those that only an allocation's header names. Descriptors are memory of
// the target: a candidate that does not look like one is none.
#pragma once

#include "image/address_space.h"
#include "tables/heap.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace memsnap {

struct RtypeField {
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t type = 0;  // address of its descriptor
};

struct Rtype {
  std::uint64_t addr = 0;
  std::uint64_t size = 0;
  std::uint64_t pointer_bytes = 0;  // prefix that may hold pointers
  std::uint32_t hash = 0;
  Kind kind = Kind::kInvalid;
  bool named = false;
  bool direct = false;        // its value is the interface's data word
  std::string name;           // as Go prints it; "" when the runtime made the name at run time
  std::uint64_t elem = 0;     // pointer, slice, array, channel, map
  std::uint64_t key = 0;      // map
  std::uint64_t group = 0;    // map: struct of a group (or of a bucket)
  std::uint64_t count = 0;    // array
  std::uint64_t methods = 0;  // interface: number of methods
};

class RtypeReader {
 public:
  // types .. etypes: moduledata's range of descriptors, which names are relative to. Several modules may be
  // given.
  struct Module {
    std::uint64_t types = 0, etypes = 0;
  };
  RtypeReader(WindowCache& memory, std::vector<Module> modules)
      : memory_(memory), modules_(std::move(modules)) {}

  std::optional<Rtype> read(std::uint64_t addr) const;
  // Fields of a struct; nothing when a part of the list is unreadable or senseless.
  std::vector<RtypeField> fields(const Rtype& type) const;
  // Descriptor of the dynamic type in an interface table (internal/abi.ITab); 0 when it is none.
  std::uint64_t type_of_itab(std::uint64_t itab) const;
  const std::vector<Module>& modules() const { return modules_; }

 private:
  std::string name_at(std::uint64_t addr) const;  // abi.Name: flags, length as varint, bytes
  std::string string_of(std::uint64_t type, std::uint8_t flags) const;

  WindowCache& memory_;
  std::vector<Module> modules_;
};

}  // namespace memsnap
