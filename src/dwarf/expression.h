// Where a variable lies, from its location expression (DWARF 5 section 2.5): said without a process, and
// found in one.
#pragma once

#include "dwarf/sections.h"

#include <array>
#include <functional>
#include <optional>
#include <string>

namespace memsnap::dw {

// What the registers hold in one frame, by the numbers that DWARF gives them on this machine. The canonical
// frame address is the caller's stack pointer once the call has returned.
struct FrameRegisters {
  std::array<std::optional<std::uint64_t>, 32> general{};
  std::optional<std::uint64_t> cfa;
  std::uint64_t bias = 0;  // added to addresses of the file
};

struct LocationPiece {
  enum class Kind : std::uint8_t {
    kMemory,    // at base + offset
    kRegister,  // in the register `base`
    kValue,     // base + offset itself
    kBytes,     // these bytes
    kGone,      // not kept
    kComputed,  // in another way; with a base, what that register held when the function was entered
  };
  static constexpr int kNoBase = -1, kCfa = -2;
  Kind kind = Kind::kGone;
  int base = kNoBase;  // a register's number, kNoBase or kCfa
  std::int64_t offset = 0;
  Bytes bytes;
  std::uint64_t size = 0;  // bytes of the variable in this piece; 0: all of it
};

// The pieces of a variable, front to back. frame_base is the DW_AT_frame_base of the function. An empty
// expression gives one piece that is gone.
std::vector<LocationPiece> location_pieces(const Units& units, const Unit& unit, Bytes expression,
                                           Bytes frame_base);

// rax, [cfa-72], =7, (rax, rbx, gone).
std::string location_text(std::span<const LocationPiece> pieces, ElfMachine machine = ElfMachine::kX8664);

// Copies what the pieces hold, at most `size` bytes; nothing when a part of it is gone or cannot be read.
// read_memory fills the whole span, or answers false.
using ReadMemory = std::function<bool(std::uint64_t, std::span<std::byte>)>;
std::optional<std::vector<std::byte>> read_location(std::span<const LocationPiece> pieces, std::uint64_t size,
                                                    const FrameRegisters& registers,
                                                    const ReadMemory& read_memory);

}  // namespace memsnap::dw
