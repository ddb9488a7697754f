#include "os/process.h"

#include "os/clock.h"
#include "os/pages.h"
#include "os/remote_memory.h"
#include "os/stop_targets_test.h"

#include <gtest/gtest.h>

#include <elf.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>

namespace memsnap {
namespace {

TEST(Process, OfOurselves) {
  auto status = read_status(getpid());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->tgid, getpid());
  EXPECT_EQ(status->uid, getuid());
  EXPECT_EQ(status->ns_pid.front(), getpid());
  EXPECT_GT(status->rss, 1u << 20);
  EXPECT_EQ(own_pid(), getpid());
  EXPECT_EQ(aux_value(getpid(), AT_ENTRY).value(), getauxval(AT_ENTRY));
  EXPECT_EQ(aux_value(getpid(), 0xdead).error().cause, Cause::bad_input);
  EXPECT_EQ(identify(getpid()).value(), identify(getpid()).value());
  EXPECT_EQ(identify_program(getpid())->entry, getauxval(AT_ENTRY));
  EXPECT_NE(executable_path(getpid())->find("os_test"), std::string::npos);
  EXPECT_GT(uptime_ns(getpid()), 0u);
  EXPECT_LT(uptime_ns(getpid()), 3600'000'000'000u);
  auto all = all_processes();
  EXPECT_NE(std::ranges::find(all, getpid()), all.end());
  EXPECT_GT(memory_headroom().bytes, 1u << 20);
  EXPECT_NE(memory_headroom().limit, "");
  EXPECT_EQ(read_status(1 << 29).error().cause, Cause::bad_input);
}

TEST(Process, HeadroomOfACgroup) {
  char name[] = "/tmp/memsnap_cgroup_XXXXXX";
  ASSERT_NE(mkdtemp(name), nullptr);
  std::string folder = name;
  auto put = [&](const char* file, const char* text) { std::ofstream(folder + "/" + file) << text; };
  EXPECT_EQ(cgroup_headroom(folder, true), std::nullopt);
  put("memory.max", "max\n");
  EXPECT_EQ(cgroup_headroom(folder, true), std::nullopt);
  put("memory.max", "104857600\n");
  put("memory.current", "94371840\n");
  EXPECT_EQ(cgroup_headroom(folder, true), 10u << 20);
  put("memory.stat", "anon 1\ninactive_file 1048576\nactive_file 5\n");
  EXPECT_EQ(cgroup_headroom(folder, true), 11u << 20);
  put("memory.current", "204857600\n");
  EXPECT_EQ(cgroup_headroom(folder, true), 0u);
  put("memory.limit_in_bytes", "104857600\n");
  put("memory.usage_in_bytes", "94371840\n");
  put("memory.stat", "inactive_file 9\ntotal_inactive_file 2097152\n");
  EXPECT_EQ(cgroup_headroom(folder, false), 12u << 20);
  std::filesystem::remove_all(folder);
}

TEST(Process, AUlimitIsALimitToo) {
  EXPECT_EXIT(
      {
        rlimit most{};
        getrlimit(RLIMIT_AS, &most);
        most.rlim_cur = read_status(getpid())->vm_size + (64 << 20);
        setrlimit(RLIMIT_AS, &most);
        Headroom room = memory_headroom();
        _exit(room.limit == "ulimit -v" && room.bytes <= 64 << 20 && room.bytes > 32 << 20 ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

TEST(Process, MappingsWithSizes) {
  auto pages = Pages::reserve(8 << 20);
  ASSERT_TRUE(pages);
  std::memset(pages->data(), 1, 2 << 20);
  auto mappings = read_mappings(getpid(), true);
  ASSERT_TRUE(mappings);
  auto ours = std::ranges::find_if(*mappings, [&](const Mapping& m) {
    auto at = reinterpret_cast<std::uint64_t>(pages->data());
    return m.from <= at && at + pages->size() <= m.to;
  });
  ASSERT_NE(ours, mappings->end());
  EXPECT_EQ(ours->permissions, "rw-p");
  EXPECT_GE(ours->rss, 2u << 20);
  EXPECT_EQ(ours->rss, ours->private_dirty + ours->private_clean);
  std::uint64_t rss = std::accumulate(mappings->begin(), mappings->end(), std::uint64_t(0),
                                      [](std::uint64_t sum, const Mapping& m) { return sum + m.rss; });
  std::uint64_t told = read_status(getpid())->rss;
  EXPECT_NEAR(double(rss), double(told), double(told) * 0.05);
  auto plain = read_mappings(getpid(), false);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->front().rss, 0u);
}

TEST(Process, ResidencyOfSinglePages) {
  auto pages = Pages::reserve(1 << 20);
  ASSERT_TRUE(pages);
  auto from = reinterpret_cast<std::uint64_t>(pages->data());
  for (std::size_t page : {0, 3, 64, 255}) pages->data()[page * 4096] = std::byte{1};
  volatile int zero = std::to_integer<int>(pages->data()[100 * 4096]);  // read only: a page of zeros
  EXPECT_EQ(int(zero), 0);
  constexpr std::uint64_t kFourPages = 4 * 4096;
  auto resident = read_residency(getpid(), from, from + pages->size(), kFourPages);
  ASSERT_TRUE(resident);
  std::vector<std::uint64_t> found;
  for (std::uint64_t page = 0; page < resident->pages; ++page)
    if (resident->at(page)) found.push_back(page);
  EXPECT_EQ(found, (std::vector<std::uint64_t>{0, 3, 64, 255}));
  pages->drop(4096 * 3 - 1, 4097);
  EXPECT_FALSE(read_residency(getpid(), from, from + pages->size(), kFourPages)->at(3));
  EXPECT_TRUE(read_residency(getpid(), from, from + pages->size(), kFourPages)->at(0));
}

TEST(Process, HostileNames) {
  Target target([](Told& told, int) {
    prctl(PR_SET_NAME, "x) R 1\n(y");
    told.progress = 1;
    for (;;) pause();
  });
  target.wait_for_progress(1);
  EXPECT_EQ(read_status(target.pid)->name, "x) R 1\\n(y");
  EXPECT_EQ(identify(target.pid)->pid, target.pid);
  EXPECT_GT(identify(target.pid)->start_ticks, 0u);
}

TEST(Process, RemoteMemoryOfAnother) {
  static char text[3 << 20];
  std::memset(text, 'm', sizeof text);
  Target target([](Told& told, int) {
    std::memset(text, 't', sizeof text);
    told.progress = 1;
    for (;;) pause();
  });
  target.wait_for_progress(1);
  RemoteMemory memory(target.pid);
  auto at = reinterpret_cast<std::uint64_t>(text);
  std::vector<std::byte> copy(sizeof text);
  EXPECT_EQ(memory.read(at, copy), copy.size());
  EXPECT_TRUE(std::ranges::all_of(copy, [](std::byte b) { return b == std::byte{'t'}; }));
  std::vector<RemotePiece> pieces;
  for (std::uint64_t i = 0; i < 2000; ++i) pieces.push_back({at + i * 700, 1 + i % 600});
  pieces.push_back({at, 2 << 20});
  std::size_t total = 0;
  for (const RemotePiece& piece : pieces) total += piece.size;
  copy.assign(total, std::byte{0});
  EXPECT_TRUE(memory.read(pieces, copy));
  EXPECT_TRUE(std::ranges::all_of(copy, [](std::byte b) { return b == std::byte{'t'}; }));
  EXPECT_FALSE(memory.through_file());

  // What is not there is zero, and what is there is read all the same.
  std::vector<RemotePiece> holes{{at, 10}, {16, 10}, {at + 10, 10}};
  copy.assign(30, std::byte{9});
  EXPECT_FALSE(memory.read(holes, copy));
  EXPECT_EQ(std::string(reinterpret_cast<char*>(copy.data()), 30),
            std::string(10, 't') + std::string(10, '\0') + std::string(10, 't'));
  EXPECT_EQ(memory.last_error(), EFAULT);
  EXPECT_EQ(memory.read(~0ull - 5, std::span(copy).first(10)), 0u);
}

TEST(Clock, Texts) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(1'768'385'564'045'000'000), "2026-01-14T10:12:44Z");
  EXPECT_EQ(rfc3339(1'768'385'564'045'000'000, true), "2026-01-14T10:12:44.045Z");
}

TEST(Clock, Moves) {
  std::uint64_t before = monotonic_ns();
  sleep_until(before + 3'000'000);
  EXPECT_GE(monotonic_ns(), before + 3'000'000);
  EXPECT_GE(cpu_count(), 1);
  EXPECT_GT(own_cpu_ns(), 0u);
  EXPECT_GT(own_peak_rss(), 1u << 20);
}

}  // namespace
}  // namespace memsnap
