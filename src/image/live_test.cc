#include "image/live.h"

#include "os/process.h"

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <map>
#include <vector>

namespace memsnap {
namespace {

// Pages by number, each filled with its number; counts the reads.
class Pieces final : public AddressSpace {
 public:
  std::size_t read(std::uint64_t addr, std::span<std::byte> out) const override {
    ++reads;
    std::size_t done = 0;
    for (; done < out.size() && !missing.contains((addr + done) / 4096); ++done)
      out[done] = std::byte((addr + done) / 4096);
    return done;
  }
  std::map<std::uint64_t, bool> missing;
  mutable int reads = 0;
};

TEST(WindowCache, ReadsEachWindowOnce) {
  Pieces pieces;
  WindowCache cache(pieces);
  EXPECT_EQ(cache.get<std::uint8_t>(5 * 4096), 5);
  EXPECT_EQ(cache.get<std::uint8_t>(15 * 4096 + 4095), 15);
  EXPECT_EQ(pieces.reads, 1);
  EXPECT_EQ(cache.get<std::uint16_t>(16 * 4096 - 1), 0x100f);
  EXPECT_EQ(pieces.reads, 2);
  EXPECT_EQ(cache.failures(), 0u);
}

TEST(WindowCache, HolesAreZeroAndCounted) {
  Pieces pieces;
  for (std::uint64_t page : {2, 3, 7}) pieces.missing[page] = true;
  WindowCache cache(pieces);
  EXPECT_EQ(cache.word(2 * 4096), 0u);
  EXPECT_EQ(cache.failures(), 1u);
  EXPECT_EQ(cache.get<std::uint8_t>(4 * 4096), 4);
  EXPECT_EQ(cache.get<std::uint8_t>(8 * 4096), 8);
  EXPECT_EQ(cache.failures(), 1u);
  std::uint8_t across[8192];
  EXPECT_FALSE(cache.get(6 * 4096, across, sizeof across));
  EXPECT_EQ(across[0], 6);
  EXPECT_EQ(across[4096], 0);
  EXPECT_EQ(cache.failures(), 2u);
  EXPECT_EQ(cache.get<std::uint64_t>(~0ull - 3) & 0xff, 0xff);
}

TEST(WindowCache, DropsTheLeastRecentlyUsed) {
  Pieces pieces;
  WindowCache cache(pieces, 3 << 16);
  for (std::uint64_t window : {0, 1, 2, 0, 3, 0}) cache.get<char>(window << 16);
  EXPECT_EQ(pieces.reads, 4);
  cache.get<char>(2 << 16);
  EXPECT_EQ(pieces.reads, 4);
  cache.get<char>(1 << 16);
  EXPECT_EQ(pieces.reads, 5);
  cache.clear();
  cache.get<char>(1 << 16);
  EXPECT_EQ(pieces.reads, 6);
}

TEST(LiveMemory, RangesWithAHole) {
  long page = sysconf(_SC_PAGESIZE);
  void* map =
      mmap(nullptr, std::size_t(page) * 3, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(map, MAP_FAILED);
  std::memset(map, 'z', std::size_t(page) * 3);
  munmap(static_cast<char*>(map) + page, std::size_t(page));
  auto at = reinterpret_cast<std::uint64_t>(map), size = std::uint64_t(page);
  LiveMemory memory(own_pid());
  std::vector<std::byte> out(size * 3);
  EXPECT_EQ(memory.read(at, out), size);
  std::vector<Range> ranges{{at, at + size}, {at + size, at + 2 * size}, {at + 2 * size, at + 3 * size}};
  EXPECT_FALSE(memory.read_ranges(ranges, out));
  EXPECT_EQ(out[size - 1], std::byte{'z'});
  EXPECT_EQ(out[size], std::byte{0});
  EXPECT_EQ(out[2 * size], std::byte{'z'});
  ranges.erase(ranges.begin() + 1);
  EXPECT_TRUE(memory.read_ranges(ranges, out));
  WindowCache cache(memory);
  EXPECT_EQ(cache.get<char>(at + 2 * size), 'z');
  munmap(map, size);
  munmap(static_cast<char*>(map) + 2 * page, size);
}

}  // namespace
}  // namespace memsnap
