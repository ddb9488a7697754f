// An address space to read from, whatever its bytes come from: a live process, a core, a copy in our memory.
#pragma once

#include "base/bytes.h"
#include "tables/ids.h"

#include <cstdint>
#include <span>
#include <vector>

namespace memsnap {

struct Range {  // of addresses, the end not included
  std::uint64_t from = 0, to = 0;
};

class AddressSpace {
 public:
  virtual ~AddressSpace() = default;
  // Copies what is mapped of [addr, addr + out.size()) and gives the number of bytes copied from the front;
  // less than asked means that the next byte cannot be read.
  virtual std::size_t read(std::uint64_t addr, std::span<std::byte> out) const = 0;
  // Many ranges at once into one buffer, one behind the other; true when all of them were read whole.
  virtual bool read_ranges(std::span<const Range> ranges, std::span<std::byte> out) const;
};

// Reads small things through 64 KiB windows kept in memory: metadata of the runtime lies close together.
// What cannot be read is zero, and counted. Windows are dropped beyond the budget, least recently used first.
class WindowCache {
 public:
  explicit WindowCache(const AddressSpace& space, std::size_t budget_bytes = std::size_t(256) << 20);
  ~WindowCache();
  WindowCache(const WindowCache&) = delete;
  WindowCache& operator=(const WindowCache&) = delete;

  bool get(std::uint64_t addr, void* out,
           std::size_t size);  // false when a part was not readable (then zero)
  template <class T>
  T get(std::uint64_t addr) {
    T value{};
    get(addr, &value, sizeof value);
    return value;
  }
  std::uint64_t word(std::uint64_t addr) { return get<std::uint64_t>(addr); }
  std::uint64_t failures() const;  // reads that met unmapped memory
  void clear();

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace memsnap
