// Which words of a value of some rtype are pointers.
// Facts: internal/abi/type.go, runtime/type.go (getGCMask, buildGCMask).
#pragma once

#include "goheap/program.h"
#include "goheap/raw_heap.h"
#include "image/address_space.h"

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace memsnap {

class TypeMasks {
 public:
  TypeMasks(const Program& program, const AddressSpace& memory);

  // The mask of the rtype at this address; its size is 0 when there is no sane type there, or one whose
  // values are larger than `most` bytes.
  TypeMask read(std::uint64_t rtype, std::uint64_t most);

 private:
  struct Header {
    std::uint64_t size = 0, pointer_bytes = 0, gc_data = 0;
    std::uint8_t kind = 0;
    bool on_demand = false;
  };
  struct Part {  // of a struct or array: a type at a word offset, `count` times
    std::uint64_t rtype = 0, word = 0, count = 1, stride = 0;
  };

  bool header_of(std::uint64_t rtype, Header& header);
  bool parts_of(std::uint64_t rtype, const Header& header, std::vector<Part>& parts);
  // Fills in made_[rtype], or puts the types that are needed first on the stack.
  void make(std::uint64_t rtype, const Header& header, std::vector<std::uint64_t>& stack);

  std::uint64_t size_, pointer_bytes_, flags_, kind_, gc_data_, header_size_;  // offsets in internal/abi.Type
  WindowCache cache_;
  std::unordered_map<std::uint64_t, TypeMask> made_;
};

}  // namespace memsnap
