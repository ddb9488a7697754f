// Memory of the target as it was at one instant: copies by address range, made while it is stopped. What was
// not copied is read from `behind` (the live process), which is right only for memory that does not change
// (rodata, rtypes) or whose change does no harm (contents of strings, read after the resume).
#pragma once

#include "base/result.h"
#include "image/address_space.h"
#include "os/pages.h"

#include <bitset>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace memsnap {

class FrozenMemory final : public AddressSpace {
 public:
  // The process must outlive it; it is told apart from other memory only by its address.
  explicit FrozenMemory(const AddressSpace& behind, int threads = 1) : behind_(behind), threads_(threads) {}

  // Takes memory for copies of so many bytes and touches it, so that copying does not wait for page faults.
  // False when there is no memory.
  bool prepare(std::uint64_t bytes);
  // Ranges may come in any order and must not overlap one another or earlier ones; adjacent ranges become
  // one stretch of memory.
  Result<void> copy(std::span<const Range> ranges);
  // Copies [addr, addr + out.size()) with the 64 KiB windows around it, for small records that lie close
  // together, and gives the bytes; false when a part cannot be read (then zero). After thaw() nothing new is
  // copied: what is not there is read from the process.
  bool fetch(std::uint64_t addr, std::span<std::byte> out);
  template <class T>
  T fetch(std::uint64_t addr) {
    T value{};
    if (!fetch(addr, std::as_writable_bytes(std::span(&value, 1)))) value = T{};
    return value;
  }
  void thaw();  // also gives back what was prepared and not needed
  // Gives all copies back; everything is read from the process then.
  void drop_copies();

  std::size_t read(std::uint64_t addr, std::span<std::byte> out) const override;
  // The copy of [addr, addr + size), or nullptr when it was not copied whole or lies in two pieces.
  const std::byte* look(std::uint64_t addr, std::uint64_t size) const;
  std::uint64_t copied_bytes() const { return copied_; }

 private:
  static constexpr std::uint64_t kWindow = 64 << 10, kPage = 4 << 10;
  struct Piece {
    std::uint64_t from, to;
    std::byte* memory;
  };
  struct Window {
    std::unique_ptr<std::byte[]> memory;
    std::bitset<kWindow / kPage> readable;
  };
  struct Stretch {  // of memory that copies are made into
    Pages memory;
    std::uint64_t used = 0;
  };

  std::byte* take_memory(std::uint64_t bytes);
  bool read_parts(std::span<const Range> ranges, std::byte* out) const;
  void add_pieces(std::vector<Range> ranges, std::byte* memory);
  void load(std::uint64_t window);
  const Piece* piece_of(std::uint64_t addr) const;
  std::size_t known(std::uint64_t addr, std::span<std::byte> out) const;

  const AddressSpace& behind_;
  int threads_;
  std::vector<Stretch> stretches_;
  std::vector<Piece> pieces_;  // sorted by address
  std::unordered_map<std::uint64_t, Window> windows_;
  std::uint64_t copied_ = 0;
  bool thawed_ = false;
};

}  // namespace memsnap
