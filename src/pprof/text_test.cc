// The text formats. What go tool pprof knows was compared with it on thousands of changed files, so a few
// lines of each stand here; what it does not know is compared with what the text says.
#include "pprof/go_labels.h"
#include "pprof/memory_map.h"
#include "pprof/read.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace memsnap {
namespace {

Result<Profile> read(const std::string& text, bool go_compat = false) {
  return read_profile(std::as_bytes(std::span(text)), nullptr, "p", {.go_compat = go_compat});
}

std::string frame(const Profile& p, const ProfileLocation& location) {
  if (location.line_count == 0) return fmt::format("{:#x}", location.address);
  std::string out;
  for (const ProfileLine& line : p.lines_of(location))
    out += fmt::format("{}{}:{}", out.empty() ? "" : "+", p.text(p[line.function].name), line.line);
  return out;
}

// "leaf:12<0x4000 1,2 key=value n=5min" a line each, below the types.
std::string dump(const Result<Profile>& read) {
  if (!read) return read.error().what;
  const Profile& p = *read;
  std::string out;
  for (ValueType type : p.sample_types) out += fmt::format("{}/{} ", p.text(type.type), p.text(type.unit));
  out += fmt::format("{}\n", p.period);
  for (std::size_t row = 0; row < p.samples.rows(); ++row) {
    std::string stack;
    p.samples.stacks[row].each([&](LocationId id) { stack += (stack.empty() ? "" : "<") + frame(p, p[id]); });
    out += fmt::format("{} {}", stack, fmt::join(p.values_of(row), ","));
    for (const ProfileLabel& label : p.samples.labels_of(row))
      out += label.is_text() ? fmt::format(" {}={}", p.text(label.key), p.text(label.text()))
                             : fmt::format(" {}={}{}", p.text(label.key), label.value, p.text(label.unit));
    out += '\n';
  }
  return out;
}

constexpr const char* kGoHeap =
    "heap profile: 1: 1024 [2: 2048] @ heap/1048576\n"
    "1: 1024 [2: 2048] @ 0x401001 0x402001 0x403001\n"
    "#\t0x402000\tmain.grow+0x10\t/src/main.go:12\n"
    "#\t0x403000\tmain.main+0x20\t/src/main.go:20\n\n"
    "# runtime.MemStats\n# Alloc = 12\n";

TEST(HeapText, SymbolsOfComments) {
  EXPECT_EQ(dump(read(kGoHeap)),
            "alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes 524288\n"
            "main.grow:12<main.main:20 1025,1049600,512,524800 bytes=1024\n");
  Profile p = read(kGoHeap).value();
  EXPECT_TRUE(p.mappings[0].has_functions);
  EXPECT_EQ(p.text(p.functions[0].file), "/src/main.go");
  EXPECT_TRUE(p.text(p.keep_frames).starts_with("runtime"));
}

TEST(HeapText, GoIgnoresThem) {
  EXPECT_EQ(dump(read(kGoHeap, true)),
            "alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes 524288\n"
            "0x401000<0x402000<0x403000 1025,1049600,512,524800 bytes=1024\n");
}

TEST(HeapText, KindsOfHeader) {
  auto first = [](const char* header) {
    std::string text = dump(read(fmt::format("{}\n 2: 200 [2: 200] @ 0x11\n", header)));
    return text.substr(0, text.find(" bytes="));
  };
  EXPECT_EQ(first("heap profile: 2: 200 [2: 200] @ heapprofile"), "objects/count space/bytes 1\n0x10 2,200");
  EXPECT_EQ(first("heap profile: 2: 200 [2: 200] @ heap_v2/524288"),
            "objects/count space/bytes 524288\n0x10 10486,1048676");
  EXPECT_EQ(first("heap profile: 2: 200 [2: 200] @ growthz"), "objects/count space/bytes 1\n0x10 2,200");
  EXPECT_EQ(first("heap profile: 2: 200 [2: 200] @ heapother/1").substr(0, 14), "p: no profile:");
}

TEST(HeapText, RefusesInTheWordsOfGo) {
  std::string header = "heap profile: 3: 300 [ 3: 300] @ heapprofile\n";
  EXPECT_EQ(dump(read(header + "1: x [ 1: 100] @ 0x1\n")),
            "p: parsing profile: unexpected number of sample values: got 0, want 6");
  EXPECT_EQ(dump(read(header + "0: 9 [ 1: 100] @ 0x1\n")),
            "p: parsing profile: inuse count was 0 but inuse bytes was 9");
  EXPECT_EQ(dump(read(header + "1: 99999999999999999999 [1: 1] @ 0x1\n")),
            "p: parsing profile: malformed sample: 1: 99999999999999999999 [1: 1] @ 0x1: strconv.ParseInt: "
            "parsing \"99999999999999999999\": value out of range");
}

TEST(CountText, SymbolsAndLabels) {
  std::string text =
      "goroutine profile: total 3\n"
      "2 @ 0x11 0x21 0x31 0x91\n"
      "# labels: {\"k\":\"a \\\"b\\\"\", \"n\":\"1\"}\n"
      "#\t0x10\tmain.inlined+0x1\t/m.go:1\n"
      "#\t0x10\tmain.outer+0x1\t/m.go:2\n"
      "#\t0x20\tmain.rec+0x1\t\t/m.go:3\n"
      "#\t0x30\tmain.main+0x1\t/m.go:4\n\n"
      "1 @ 0x21 0x21 0x31\n"
      "#\t0x20\tmain.rec+0x1\t/m.go:3\n"
      "#\t0x20\tmain.rec+0x1\t/m.go:3\n"
      "#\t0x30\tmain.main+0x1\t/m.go:4\n";
  EXPECT_EQ(dump(read(text)),
            "goroutine/count 1\n"
            "main.inlined:1+main.outer:2<main.rec:3<main.main:4 2 k=a \"b\" n=1\n"
            "main.rec:3<main.rec:3<main.main:4 1\n");
  EXPECT_EQ(dump(read(text, true)), "goroutine/count 1\n0x10<0x20<0x30<0x90 2\n0x20<0x20<0x30 1\n");
  EXPECT_EQ(dump(read("goroutine profile: total 1\nwhat\n")), "p: parsing profile: malformed profile format");
}

TEST(ContentionText, CyclesBecomeNanoseconds) {
  EXPECT_EQ(dump(read("--- mutex:\ncycles/second=2000000000\nsampling period=5\n100 3 @ 0x11\n"
                      "#\t0x10\tsync.(*Mutex).Unlock+0x1\t/mutex.go:7\n")),
            "contentions/count delay/nanoseconds 5\nsync.(*Mutex).Unlock:7 15,250\n");
}

TEST(Threadz, SameAsPreviousCounts) {
  EXPECT_EQ(
      dump(read("--- threadz 1 ---\n\n--- Thread 7f (name: main/1) stack: ---\n 0x11: a\n 0x21: b\n"
                "--- Thread 7e (name: b/2) stack: ---\n [same as previous thread]\n--- Memory map: ---\n")),
      "thread/count 1\n0x11<0x20 2\n");
}

TEST(JavaText, LocationsHaveLines) {
  EXPECT_EQ(
      dump(read("--- contentionz 1 ---\nformat = java\nresolution = microseconds\nsampling period = 100\n"
                "  1 2 @ 0x3 0x4\n\n 0x3 a.B.c (B.java:12)\n 0x4 GC\n")),
      "contentions/count delay/microseconds 100\na.B.c:12<GC:0 200,100\n");
}

std::string word(std::uint64_t value, int size, bool big) {
  std::string out;
  for (int i = 0; i < size; ++i) out += char(value >> 8 * (big ? size - 1 - i : i));
  return out;
}

TEST(GperftoolsCpu, EveryWidthAndOrder) {
  for (int size : {4, 8})
    for (bool big : {false, true}) {
      std::string file;
      for (std::uint64_t value : {0, 3, 0, 10, 0, 2, 3, 0x500, 0x500, 0x601, 1, 2, 0x510, 0x621, 0, 1, 0})
        file += word(value, size, big);
      file += "400-700 r-xp 00000000 fd:01 12 /bin/a\n";
      auto p = read(file);
      // The leaf's address stands there twice, the second time as one to return to.
      EXPECT_EQ(dump(p), "samples/count cpu/nanoseconds 10000\n0x500<0x600 2,20000\n0x510<0x620 1,10000\n")
          << size << big;
      EXPECT_EQ(p->text(p->mappings[0].file), "/bin/a");
    }
}

TEST(GperftoolsCpu, TheSignalHandlerIsLeftOut) {
  std::string file;
  auto put = [&](std::initializer_list<std::uint64_t> words) {
    for (std::uint64_t value : words) file += word(value, 8, false);
  };
  put({0, 3, 0, 10, 0});
  for (std::uint64_t i = 0; i < 40; ++i) put({1, 3, 0x100 + i, 0x201, 0x301 + i});
  put({0, 1, 0});
  Profile p = read(file).value();
  EXPECT_EQ(frame(p, p.locations[1]), "0x300");
}

TEST(GoroutineStacks, StateWaitAndLabels) {
  std::string text =
      "goroutine 1 [running]:\nmain.f({0x1, 0x2}, 0x3)\n\t/m.go:5 +0x1d\nmain.main()\n\t/m.go:9 +0x2\n\n"
      "goroutine 7 [chan receive, 5 minutes, locked to thread] {job: x, \"a b\": \"c\"}:\n"
      "main.(*pool).run(...)\n\t/m.go:31\ncreated by main.main in goroutine 1\n\t/m.go:8 +0x45\n\n"
      "goroutine 8 [chan receive, 5 minutes, locked to thread] {job: x, \"a b\": \"c\"}:\n"
      "main.(*pool).run(...)\n\t/m.go:31\ncreated by main.main in goroutine 1\n\t/m.go:8 +0x45\n";
  EXPECT_EQ(dump(read(text)),
            "goroutine/count 1\nmain.f:5<main.main:9 1 state=running\n"
            "main.(*pool).run:31 2 state=chan receive wait=5minutes thread=locked job=x a b=c "
            "created_by=main.main\n");
  EXPECT_EQ(dump(read(text, true)), "p: parsing profile: unrecognized profile format");
  EXPECT_EQ(dump(read("panic: boom\n\n" + text)), dump(read(text)));
}

TEST(JemallocHeap, ThreadsOrTheirSum) {
  std::string text =
      "heap_v2/1\n  t*: 3: 300 [0: 0]\n  t1: 3: 300 [0: 0]\n"
      "@ 0x11 0x21\n  t*: 3: 300 [0: 0]\n  t1: 1: 100 [0: 0]\n  t2: 2: 200 [0: 0]\n"
      "@ 0x31\n  t*: 4: 400 [0: 0]\n  t1: 1: 100 [0: 0]\n\n"
      "MAPPED_LIBRARIES:\n00000000-00001000 r-xp 00000000 fd:01 12 /bin/a\n";
  EXPECT_EQ(dump(read(text)),
            "objects/count space/bytes 1\n0x10<0x20 1,100 bytes=100 thread=1\n0x10<0x20 2,200 bytes=100 "
            "thread=2\n0x30 4,400 bytes=100\n");
  EXPECT_EQ(read(text)->text(read(text)->mappings[0].file), "/bin/a");
  EXPECT_FALSE(read(text, true).has_value());
}

TEST(Folded, LeafFirst) {
  EXPECT_EQ(dump(read("# comment\nmain;work it;leaf 10\nmain 5\n")),
            "samples/count 1\nleaf:0<work it:0<main:0 10\nmain:0 5\n");
  EXPECT_TRUE(dump(read("main;work 10\nno number\n")).starts_with("p: no profile: "));
  EXPECT_FALSE(read("main;work 10\n", true).has_value());
}

std::string map_of(const std::string& text) {
  Profile p;
  LineScanner lines(text);
  EXPECT_TRUE(read_memory_map(lines, p).has_value());
  tidy_mappings(p);
  std::string out;
  for (const ProfileMapping& m : p.mappings)
    out +=
        fmt::format("{:x}-{:x}@{:x} {} {}\n", m.start, m.limit, m.offset, p.text(m.file), p.text(m.build_id));
  return out;
}

TEST(MemoryMap, Forms) {
  EXPECT_EQ(
      map_of(
          "00400000-00480000 r-xp 00001000 fd:01 1234   /srv/a b\n00480000-00490000 rw-p 0 fd:01 1 /srv/a\n"),
      "400000-480000@1000 /srv/a \n");
  EXPECT_EQ(map_of("0x40000-0x80000 /path/to/bin (@FF00) abc123456\n"),
            "40000-80000@ff00 /path/to/bin abc123456\n");
  EXPECT_EQ(map_of("build=/b\nI0102 x.cc:12] 10-20: $build/a\n"), "10-20@0 /b/a \n");
  EXPECT_EQ(map_of("dead\n"), "dea-d@0  \n");  // so the expression of the original reads it
  EXPECT_EQ(map_of("10-20 /lib/x.so.6\n20-30 [vdso]\n40-50 /bin/a (deleted)\n"),
            "40-50@0 /bin/a \n20-30@0 [vdso] \n10-20@0 /lib/x.so.6 \n");
  EXPECT_EQ(map_of("10-20 /a\n20-30 /a\n"), "10-30@0 /a \n");
}

TEST(TextInput, LongLines) {
  std::string text = "goroutine profile: total 1\n1 @";
  for (int i = 0; i < 9000; ++i) text += " 0x123456";
  EXPECT_TRUE(read(text + "\n").has_value());
  EXPECT_EQ(dump(read(text + "\n", true)), "p: parsing profile: bufio.Scanner: token too long");
}

TEST(TextInput, OtherFilesAreNamed) {
  EXPECT_NE(dump(read("{\"a\": 1}")).find("JSON"), std::string::npos);
  EXPECT_NE(dump(read("\x7f"
                      "ELF\x02"))
                .find("an ELF executable"),
            std::string::npos);
}

}  // namespace
}  // namespace memsnap
