// The memory of a process that runs, or that os/stop.h holds.
#pragma once

#include "image/address_space.h"
#include "os/remote_memory.h"

#include <sys/types.h>

namespace memsnap {

// May be read by several threads at once.
class LiveMemory final : public AddressSpace {
 public:
  explicit LiveMemory(pid_t pid) : memory_(pid) {}
  std::size_t read(std::uint64_t addr, std::span<std::byte> out) const override {
    return memory_.read(addr, out);
  }
  bool read_ranges(std::span<const Range> ranges, std::span<std::byte> out) const override;
  int last_error() const { return memory_.last_error(); }  // errno of the last read that came short

 private:
  RemoteMemory memory_;
};

}  // namespace memsnap
