#include "os/proc_text.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

constexpr std::string_view kSmaps =
    "55d0c0a00000-55d0c0a02000 r--p 00000000 fe:00 12345                      /usr/bin/my prog\\012x "
    "(deleted)\n"
    "Size:                  8 kB\n"
    "Rss:                   4 kB\n"
    "Pss:                   2 kB\n"
    "Shared_Clean:          4 kB\n"
    "Anonymous:             0 kB\n"
    "VmFlags: rd mr mw me sd \n"
    "c000000000-c004000000 rw-p 00000000 00:00 0                              [anon: Go: heap]\n"
    "Rss:               65536 kB\n"
    "Private_Dirty:     65536 kB\n"
    "LazyFree:             12 kB\n"
    "Swap:                  8 kB\n"
    "7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 \n"
    "Rss:                  20 kB\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]\n"
    "Rss:                   0 kB";

std::vector<Mapping> parse(std::string_view text, std::size_t piece) {
  std::vector<Mapping> mappings;
  MappingParser parser(mappings);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) parser.feed(text.substr(0, piece));
  parser.finish();
  EXPECT_EQ(parser.bad_lines(), 0u);
  return mappings;
}

TEST(ProcText, SmapsInPiecesOfAnySize) {
  for (std::size_t piece : {1u, 7u, 64u, 100'000u}) {
    auto m = parse(kSmaps, piece);
    ASSERT_EQ(m.size(), 4u);
    EXPECT_EQ(m[0].from, 0x55d0c0a00000u);
    EXPECT_EQ(m[0].name, "/usr/bin/my prog\nx (deleted)");
    EXPECT_EQ(m[0].inode, 12345u);
    EXPECT_EQ(m[0].rss, 4096u);
    EXPECT_EQ(m[0].shared_clean, 4096u);
    EXPECT_EQ(m[1].name, "[anon: Go: heap]");
    EXPECT_EQ(m[1].rss, 64u << 20);
    EXPECT_EQ(m[1].lazy_free, 12u << 10);
    EXPECT_EQ(m[1].swap, 8u << 10);
    EXPECT_EQ(m[1].permissions, "rw-p");
    EXPECT_EQ(m[2].name, "");
    EXPECT_EQ(m[2].rss, 20u << 10);
    EXPECT_EQ(m[3].to, 0xffffffffff601000u);
  }
}

TEST(ProcText, BadLinesOfSmapsAreCounted) {
  std::vector<Mapping> m;
  MappingParser parser(m);
  parser.feed("Rss: 4 kB\n1000-800 rw-p 0 00:00 0\nxyz\n1000-2000 rw-p 00 00:00 0 a\nRss: many kB\n");
  parser.feed("2000-3000 rw-p 00 00:00 0 " + std::string(100'000, 'n') + "\n3000-4000 rw-p 00 00:00 0 b");
  parser.finish();
  ASSERT_EQ(m.size(), 2u);
  EXPECT_EQ(m[1].name, "b");
  EXPECT_EQ(parser.bad_lines(), 5u);
}

TEST(ProcText, Status) {
  ProcessStatus s = parse_status(
      "Name:\tevil\\nState:\tX\nUmask:\t0022\nState:\tS "
      "(sleeping)\nTgid:\t42\nPid:\t43\nPPid:\t7\nTracerPid:\t9\n"
      "Uid:\t1000\t0\t0\t0\nNSpid:\t42\t5\t1\nVmSize:\t  2048 kB\nVmRSS:\t    1024 kB\nVmPTE:\t      44 kB\n"
      "VmSwap:\t       3 kB\nThreads:\t17\n");
  EXPECT_EQ(s.name, "evil\\nState:\tX");
  EXPECT_EQ(s.state, 'S');
  EXPECT_EQ(s.tgid, 42);
  EXPECT_EQ(s.parent, 7);
  EXPECT_EQ(s.tracer, 9);
  EXPECT_EQ(s.uid, 1000u);
  EXPECT_EQ(s.ns_pid, (std::vector<pid_t>{42, 5, 1}));
  EXPECT_EQ(s.vm_size, 2u << 20);
  EXPECT_EQ(s.rss, 1u << 20);
  EXPECT_EQ(s.page_tables, 44u << 10);
  EXPECT_EQ(s.swap, 3u << 10);
  EXPECT_EQ(s.threads, 17u);
  EXPECT_EQ(parse_status("").state, '?');
}

TEST(ProcText, StatOfANameThatPretends) {
  auto s = parse_stat("12 (a) R 1 (b\n) 3) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2\n");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->state, 'S');
  EXPECT_EQ(s->flags, 4194560u);
  EXPECT_EQ(s->start_ticks, 987654u);
  EXPECT_FALSE(parse_stat("12 (a) S 1 2 3"));
  EXPECT_FALSE(parse_stat("12 a S 1"));
}

TEST(ProcText, Cgroups) {
  EXPECT_EQ(parse_cgroup("0::/system.slice/a\n"), (CgroupPath{"/system.slice/a", true}));
  EXPECT_EQ(parse_cgroup("5:cpu,memory:/docker/x\n0::/y\n"), (CgroupPath{"/docker/x", false}));
  EXPECT_EQ(parse_cgroup("0::/y\n5:memory:/docker/x\n"), (CgroupPath{"/docker/x", false}));
  EXPECT_EQ(parse_cgroup("3:cpu:/x\n"), std::nullopt);
  EXPECT_EQ(parse_cgroup("0::/../../etc\n"), std::nullopt);
  EXPECT_EQ(parse_cgroup("0::/a:b\n"), (CgroupPath{"/a:b", true}));

  auto mount = find_cgroup_mount(
      "24 30 0:22 / /proc rw - proc proc rw\n"
      "31 23 0:26 /docker/x /sys/fs/cgroup\\040two rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
      "32 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
      true);
  ASSERT_TRUE(mount);
  EXPECT_EQ(mount->point, "/sys/fs/cgroup two");
  EXPECT_EQ(mount->root, "/docker/x");
  EXPECT_EQ(find_cgroup_mount("32 23 0:27 / /m rw - cgroup cgroup rw,memory\n", false)->point, "/m");
  EXPECT_FALSE(find_cgroup_mount("32 23 0:27 / /m rw - cgroup cgroup rw,cpu\n", false));
}

TEST(ProcText, RunnableTasks) {
  EXPECT_EQ(parse_runnable("1.74 3.33 5.37 3/135 16367\n"), 3u);
  EXPECT_EQ(parse_runnable("1.74 3.33 5.37 3"), 0u);
  EXPECT_EQ(parse_runnable(""), 0u);
}

TEST(ProcText, Numbers) {
  EXPECT_EQ(parse_limit("max\n"), std::nullopt);
  EXPECT_EQ(parse_limit("9223372036854771712\n"), std::nullopt);
  EXPECT_EQ(parse_limit("1073741824\n"), 1u << 30);
  EXPECT_EQ(keyed_value("MemTotal: 10 kB\nMemAvailable:   3 kB\n", "MemAvailable"), 3072u);
  EXPECT_EQ(keyed_value("MemAvailableX: 3 kB\n", "MemAvailable"), std::nullopt);
  EXPECT_EQ(keyed_value("A: 99999999999999999 kB\n", "A"), ~0ull);
  EXPECT_EQ(parse_number("12x"), std::nullopt);
  EXPECT_EQ(parse_number(""), std::nullopt);
  EXPECT_EQ(parse_number("-1"), std::nullopt);
}

}  // namespace
}  // namespace memsnap
