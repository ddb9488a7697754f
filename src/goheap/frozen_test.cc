#include "goheap/frozen.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

// Mapped from `from` on; every byte is the low byte of its address plus a generation that the test moves on.
class FakeTarget final : public AddressSpace {
 public:
  FakeTarget(std::uint64_t from, std::uint64_t to) : from_(from), to_(to) {}
  std::size_t read(std::uint64_t addr, std::span<std::byte> out) const override {
    ++reads;
    if (addr < from_ || addr >= to_) return 0;
    std::size_t size = std::size_t(std::min<std::uint64_t>(out.size(), to_ - addr));
    for (std::size_t i = 0; i < size; ++i) out[i] = at(addr + i);
    return size;
  }
  std::byte at(std::uint64_t addr) const { return std::byte(addr * 7 + generation); }
  mutable int reads = 0;
  int generation = 0;

 private:
  std::uint64_t from_, to_;
};

std::vector<std::byte> read(const FrozenMemory& memory, std::uint64_t addr, std::size_t size) {
  std::vector<std::byte> out(size);
  out.resize(memory.read(addr, out));
  return out;
}

TEST(FrozenMemory, KeepsWhatWasCopied) {
  FakeTarget target(0x10000, 0x90000);
  FrozenMemory memory(target, 2);
  ASSERT_TRUE(memory.prepare(0x4000));
  Range ranges[] = {{0x20000, 0x21000}, {0x30000, 0x31000}, {0x21000, 0x22000}};
  ASSERT_TRUE(memory.copy(ranges));
  EXPECT_EQ(memory.copied_bytes(), 0x3000u);
  target.generation = 1;
  memory.thaw();
  // Adjacent ranges are one stretch.
  const std::byte* copy = memory.look(0x20ff8, 16);
  ASSERT_NE(copy, nullptr);
  EXPECT_EQ(copy[0], std::byte(0x20ff8 * 7 & 0xff));
  EXPECT_EQ(memory.look(0x21ff8, 16), nullptr);
  // Reading across the end takes the rest from the process as it is now.
  auto bytes = read(memory, 0x21ffe, 4);
  ASSERT_EQ(bytes.size(), 4u);
  EXPECT_EQ(bytes[1], std::byte(0x21fff * 7 & 0xff));
  EXPECT_EQ(bytes[2], target.at(0x22000));
}

TEST(FrozenMemory, HoldsTheWindowsAroundSmallRecords) {
  FakeTarget target(0x10000, 0x90000);
  FrozenMemory memory(target);
  EXPECT_EQ(memory.fetch<std::uint8_t>(0x40010), std::to_integer<std::uint8_t>(target.at(0x40010)));
  int reads = target.reads;
  memory.fetch<std::uint64_t>(0x40800);
  EXPECT_EQ(target.reads, reads) << "the window was there already";
  // Over the border of two windows.
  std::uint64_t across = memory.fetch<std::uint64_t>(0x4fffc);
  EXPECT_EQ(std::uint8_t(across), std::to_integer<std::uint8_t>(target.at(0x4fffc)));
  EXPECT_EQ(std::uint8_t(across >> 56), std::to_integer<std::uint8_t>(target.at(0x50003)));
  std::byte before = target.at(0x48000);
  target.generation = 9;
  memory.thaw();
  EXPECT_EQ(memory.fetch<std::uint8_t>(0x48000), std::to_integer<std::uint8_t>(before));
  EXPECT_EQ(memory.fetch<std::uint8_t>(0x68000), std::to_integer<std::uint8_t>(target.at(0x68000)))
      << "not held";
}

TEST(FrozenMemory, ReadsPageByPageWhereAWindowIsNotMappedWhole) {
  FakeTarget target(0x43000, 0x45000);
  FrozenMemory memory(target);
  EXPECT_EQ(memory.fetch<std::uint8_t>(0x44fff), std::to_integer<std::uint8_t>(target.at(0x44fff)));
  EXPECT_EQ(memory.fetch<std::uint64_t>(0x44ffc), 0u) << "half of it is not mapped";
  EXPECT_EQ(memory.look(0x42000, 8), nullptr);
  EXPECT_TRUE(read(memory, 0x42ff8, 16).empty());
  EXPECT_EQ(read(memory, 0x44ff8, 16).size(), 8u);
}

TEST(FrozenMemory, CopiesBesideAWindowThatWasHeld) {
  FakeTarget target(0x10000, 0x90000);
  FrozenMemory memory(target);
  memory.fetch<std::uint64_t>(0x40000);
  target.generation = 3;
  Range range[] = {{0x42000, 0x43000}};
  ASSERT_TRUE(memory.copy(range));
  memory.thaw();
  EXPECT_EQ(*memory.look(0x42000, 1), target.at(0x42000)) << "the copy goes before the window";
  auto bytes = read(memory, 0x41fff, 2);
  ASSERT_EQ(bytes.size(), 2u);
  EXPECT_EQ(bytes[0], std::byte(0x41fff * 7 & 0xff));
  EXPECT_EQ(bytes[1], target.at(0x42000));
}

TEST(FrozenMemory, RefusesWhatOverlapsOrCannotBeRead) {
  FakeTarget target(0x10000, 0x90000);
  FrozenMemory memory(target);
  Range overlap[] = {{0x20000, 0x21000}, {0x20800, 0x22000}};
  EXPECT_FALSE(memory.copy(overlap));
  Range outside[] = {{0x8f000, 0x91000}};
  EXPECT_FALSE(memory.copy(outside));
  EXPECT_EQ(memory.look(~std::uint64_t(0) - 3, 8), nullptr);
  std::vector<std::byte> out(8);
  EXPECT_FALSE(memory.fetch(~std::uint64_t(0) - 3, out));
}

}  // namespace
}  // namespace memsnap
