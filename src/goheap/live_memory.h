// The memory of a live process as an address space. The process need not be stopped.
#pragma once

#include "image/address_space.h"
#include "os/remote_memory.h"

#include <vector>

namespace memsnap {

class LiveMemory final : public AddressSpace {
 public:
  explicit LiveMemory(pid_t pid) : remote_(pid) {}
  std::size_t read(std::uint64_t addr, std::span<std::byte> out) const override { return remote_.read(addr, out); }
  bool read_ranges(std::span<const Range> ranges, std::span<std::byte> out) const override {
    std::vector<RemotePiece> pieces;
    pieces.reserve(ranges.size());
    for (const Range& range : ranges) pieces.push_back({range.from, std::size_t(range.to - range.from)});
    return remote_.read(pieces, out);
  }

 private:
  RemoteMemory remote_;
};

}  // namespace memsnap
