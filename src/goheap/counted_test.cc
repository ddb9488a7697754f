// A Go program against itself: what memsnap reads of it while it is stopped, and what its own runtime and
// `go tool pprof` say.
#include "goheap/capture.h"
#include "gosym/pclntab.h"
#include "os/files.h"
#include "os/process.h"
#include "tables/profile_scale.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace memsnap {
namespace {

namespace fs = std::filesystem;

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  char piece[4096];
  for (std::size_t n; pipe && (n = fread(piece, 1, sizeof piece, pipe)) > 0;) out.append(piece, n);
  if (!pipe || pclose(pipe) != 0) ADD_FAILURE() << command << " failed: " << out;
  return out;
}

// The releases to build with, as the live tests take them; "" is the one at hand.
std::vector<std::string> releases() {
  const char* list = std::getenv("MEMSNAP_GO");
  std::stringstream text(list ? list : "");
  std::vector<std::string> names;
  for (std::string name; std::getline(text, name, ',');) names.push_back(name);
  if (names.empty()) names.push_back("");
  return names;
}

class Counted : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    char name[] = "/tmp/memsnap-counted-XXXXXX";
    folder_ = mkdtemp(name);
    base_ = folder_ + "/counted";
    std::string release = GetParam().empty() ? "" : "GOTOOLCHAIN=" + GetParam() + " ";
    output_of("cd src/goheap/testdata/counted && GOFLAGS=-mod=mod " + release + "go build -o " + base_ +
              " . 2>&1");
    start();
    auto target = LiveTarget::open(pid_);
    ASSERT_TRUE(target) << target.error().what;
    auto heap = (*target)->capture({}, {});
    ASSERT_TRUE(heap) << heap.error().what;
    heap_ = std::move(*heap);
    auto hasty = (*target)->capture({.key_work = 32 << 10, .string_work = 64 << 10}, {});
    ASSERT_TRUE(hasty) << hasty.error().what;
    hasty_ = std::move(*hasty);
    ASSERT_EQ(kill(pid_, SIGCONT), 0);
    int status = 0;
    ASSERT_EQ(waitpid(pid_, &status, 0), pid_);
    ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    pid_ = 0;
  }
  void TearDown() override {
    if (pid_ > 0) kill(pid_, SIGKILL), waitpid(pid_, nullptr, 0);
    fs::remove_all(folder_);
  }
  void start() {
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      execl(base_.c_str(), base_.c_str(), base_.c_str(), nullptr);
      _exit(127);
    }
    int status = 0;
    ASSERT_EQ(waitpid(pid_, &status, WUNTRACED), pid_);
    ASSERT_TRUE(WIFSTOPPED(status)) << "the program ended before it stopped itself, with " << status;
  }

  std::string folder_, base_;
  pid_t pid_ = 0;
  Heap heap_;
  Heap hasty_;  // with next to no time for keys and strings
};

// ---- Counters.

// The number of a key of the flat part of runtime.MemStats as JSON.
std::uint64_t number_of(const std::string& json, const std::string& key) {
  std::size_t at = json.find("\"" + key + "\":");
  EXPECT_NE(at, std::string::npos) << key;
  return at == std::string::npos ? 0 : std::strtoull(json.c_str() + at + key.size() + 3, nullptr, 10);
}

void compare_counters(const Heap& heap, const std::string& stats) {
  std::string told = read_small_file(stats).value();
  std::string after = told.substr(0, told.find("\"b\":")), before = told.substr(after.size());
  using Pairs = std::vector<std::pair<const char*, const char*>>;
  auto compare = [&](const std::string& json, const Pairs& pairs) {
    for (auto [ours, theirs] : pairs)
      EXPECT_EQ(std::uint64_t(heap.counter(fmt::format("memstats.{}", ours))), number_of(json, theirs))
          << ours;
  };
  // The flush of the processors' caches, which ReadMemStats makes and we do on paper.
  compare(after, {{"heap_alloc", "HeapAlloc"},
                  {"heap_objects", "HeapObjects"},
                  {"heap_inuse", "HeapInuse"},
                  {"total_alloc", "TotalAlloc"},
                  {"mallocs", "Mallocs"},
                  {"frees", "Frees"}});
  // When it runs on, the runtime moves stacks and chunks of its own memory about.
  compare(before, {{"stack_inuse", "StackInuse"},
                   {"stack_sys", "StackSys"},
                   {"mspan_inuse", "MSpanInuse"},
                   {"mspan_sys", "MSpanSys"},
                   {"mcache_inuse", "MCacheInuse"},
                   {"mcache_sys", "MCacheSys"},
                   {"buckhash_sys", "BuckHashSys"},
                   {"gc_sys", "GCSys"},
                   {"other_sys", "OtherSys"},
                   {"sys", "Sys"},
                   {"heap_sys", "HeapSys"},
                   {"heap_idle", "HeapIdle"},
                   {"num_gc", "NumGC"},
                   {"num_forced_gc", "NumForcedGC"},
                   {"last_gc_unix_ns", "LastGC"},
                   {"pause_total_ns", "PauseTotalNs"}});
  EXPECT_GE(std::uint64_t(heap.counter("memstats.heap_released")), number_of(before, "HeapReleased"));
  EXPECT_LE(std::uint64_t(heap.counter("memstats.heap_released")), number_of(after, "HeapReleased"));
  EXPECT_EQ(heap.counter("gc.percent"), -1);
  EXPECT_EQ(heap.counter("gc.phase"), 0);
  EXPECT_EQ(heap.counter("profile.rate"), 512 << 10);
}

// Live and garbage are what the allocator holds, to the byte.
void compare_objects(const Heap& heap) {
  std::uint64_t bytes = 0;
  for (std::uint32_t i = 0; i < heap.objects.rows(); ++i) bytes += heap.objects.bytes(ObjectId(i));
  EXPECT_EQ(std::int64_t(bytes), heap.counter("memstats.heap_alloc"));
  EXPECT_EQ(std::int64_t(heap.objects.rows()), heap.counter("memstats.heap_objects"));
}

// ---- Resident memory.

void compare_resident(const Heap& heap, std::uint64_t kernel_rss) {
  std::map<std::string, std::uint64_t> causes;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < heap.memory.rows(); ++i) {
    causes[std::string(heap.text(heap.memory.cause[i]))] += heap.memory.resident[i];
    all += heap.memory.resident[i];
    EXPECT_FALSE(heap.text(heap.memory.owner[i]).empty());
  }
  EXPECT_EQ(all, kernel_rss);
  EXPECT_EQ(std::int64_t(all), heap.counter("process.rss"));
  EXPECT_EQ(causes["unknown"], 0u);
  for (const auto& [cause, bytes] : causes)
    EXPECT_EQ(heap.counter("memory." + cause), std::int64_t(bytes)) << cause;
  constexpr std::uint64_t kMapped = 16 << 20, kSmall = 256 << 10;
  EXPECT_GE(causes["mmap"], kMapped);
  EXPECT_LE(causes["mmap"], kMapped + kSmall);
  std::uint64_t live = causes["live-heap"] + causes["garbage"];
  EXPECT_LE(live, std::uint64_t(heap.counter("memstats.heap_alloc")));
  EXPECT_GE(causes["runtime"], std::uint64_t(heap.counter("memstats.mspan_inuse")));
  EXPECT_GT(causes["binary"], 0u);
  EXPECT_GT(causes["stacks"], 0u);
  EXPECT_LE(causes["stacks"], std::uint64_t(heap.counter("memstats.stack_inuse")));
}

// ---- Profiles.

struct Flat {
  std::map<std::string, double> by_function;
  double total = 0;
};

// pprof -top: flat, flat%, sum%, cum, cum%, function.
Flat pprof_top(const std::string& profile, const std::string& index, const std::string& unit) {
  std::string text =
      output_of("go tool pprof -top -flat -nodecount=100000 -nodefraction=0 -edgefraction=0 -unit=" + unit +
                " -sample_index=" + index + " " + profile + " 2>/dev/null");
  Flat flat;
  std::stringstream lines(text);
  bool table = false;
  for (std::string line; std::getline(lines, line);) {
    std::stringstream words(line);
    std::string value, share, sum, cum, cum_share, function;
    words >> value >> share >> sum >> cum >> cum_share;
    if (value == "flat")
      table = true;
    else if (table) {
      std::getline(words >> std::ws, function);
      if (std::size_t mark = function.find(" (inline)"); mark != std::string::npos) function.resize(mark);
      // pprof shows the type parameters of the shape that several instances share.
      if (double number = std::atof(value.c_str()); number != 0)
        flat.by_function[printed_name(function)] += number;
      flat.total += std::atof(value.c_str());
    }
  }
  return flat;
}

template <class Value>
Flat our_top(const Heap& heap, BucketKind kind, Value&& value) {
  Flat flat;
  for (std::size_t row = 0; row < heap.buckets.rows(); ++row) {
    double number = heap.buckets.kind[row] == kind ? value(row) : 0;
    if (number == 0 || heap.buckets.frames[row] == 0) continue;
    std::uint32_t hidden = kind == BucketKind::kHeap ? runtime_frames(heap, row) : 0;
    flat.by_function[std::string(heap.text(heap.frames.function[heap.buckets.first_frame[row] + hidden]))] +=
        number;
    flat.total += number;
  }
  return flat;
}

void compare_top(const Flat& ours, const Flat& theirs, double off, const char* what) {
  SCOPED_TRACE(what);
  EXPECT_GT(theirs.total, 0);
  EXPECT_NEAR(ours.total, theirs.total, off * theirs.total + 0.5);
  for (const auto& [function, value] : theirs.by_function) {
    auto found = ours.by_function.find(function);
    EXPECT_NEAR(found == ours.by_function.end() ? 0 : found->second, value, off * value + 0.5) << function;
  }
  EXPECT_EQ(ours.by_function.size(), theirs.by_function.size());
}

void compare_profiles(const Heap& heap, const std::string& base) {
  std::int64_t rate = heap.counter("profile.rate");
  auto sample = [&](auto member) {
    return our_top(heap, BucketKind::kHeap,
                   [&](std::size_t row) { return double(member(heap_sample(heap.buckets, row, rate))); });
  };
  const double kExact = 1e-9;  // exp() may differ in its last bit
  std::string file = base + ".heap";
  compare_top(sample([](const HeapSample& s) { return s.inuse.bytes; }), pprof_top(file, "inuse_space", "B"),
              kExact, "inuse_space");
  compare_top(sample([](const HeapSample& s) { return s.inuse.objects; }),
              pprof_top(file, "inuse_objects", "count"), kExact, "inuse_objects");
  compare_top(sample([](const HeapSample& s) { return s.alloc.bytes; }), pprof_top(file, "alloc_space", "B"),
              kExact, "alloc_space");
  compare_top(sample([](const HeapSample& s) { return s.alloc.objects; }),
              pprof_top(file, "alloc_objects", "count"), kExact, "alloc_objects");

  double second = double(heap.counter("profile.ticks_per_second"));
  ASSERT_GT(second, 0);
  for (auto [kind, name] :
       {std::pair(BucketKind::kBlock, ".block"), std::pair(BucketKind::kMutex, ".mutex")}) {
    auto events = our_top(heap, kind, [&](std::size_t row) { return double(heap.buckets.allocs[row]); });
    auto delay =
        our_top(heap, kind, [&](std::size_t row) { return heap.buckets.cycles[row] / second * 1e9; });
    compare_top(events, pprof_top(base + name, "contentions", "count"), 0.001, name);
    compare_top(delay, pprof_top(base + name, "delay", "ns"), 0.001, name);
  }
}

// The samples of a record that live objects carry are those that it counts, with all cycles.
void compare_samples(const Heap& heap) {
  std::uint64_t live = 0;
  for (std::size_t row = 0; row < heap.buckets.rows(); ++row) live += heap.buckets.live[row];
  EXPECT_EQ(live, heap.samples.rows());
  EXPECT_GT(live, 20u);
  bool text = false;
  for (std::size_t i = 0; i < heap.samples.rows(); ++i) {
    std::uint32_t bucket = heap.samples.bucket[i];
    std::uint64_t object = heap.objects.bytes(heap.samples.object[i]), size = heap.buckets.size[bucket];
    EXPECT_GE(object, size) << "an object is smaller than what was asked for";
    EXPECT_LE(object, size + size / 4 + 16384);
    std::uint32_t first = heap.buckets.first_frame[bucket];
    for (std::uint32_t f = first; f < first + heap.buckets.frames[bucket]; ++f)
      text |= heap.text(heap.frames.function[f]) == "main.twice" && heap.frames.line[f] > 0;
  }
  EXPECT_TRUE(text) << "no sampled object was allocated below main.twice";
}

TEST_P(Counted, AgainstItself) {
  compare_counters(heap_, base_ + ".stats");
  compare_objects(heap_);
  compare_profiles(heap_, base_);
  compare_samples(heap_);
  compare_resident(heap_, std::uint64_t(heap_.counter("process.rss")));
}

// Copies of a string that a capture knows of, and keys of the map with the most.
std::pair<std::uint64_t, std::uint64_t> looked_at(const Heap& heap) {
  std::uint64_t copies = 0, keys = 0;
  for (std::size_t i = 0; i < heap.duplicates.rows(); ++i) copies += heap.duplicates.count[i];
  for (std::size_t i = 0; i < heap.keys.rows(); ++i) keys = std::max(keys, heap.keys.keys[i]);
  return {copies, keys};
}

TEST_P(Counted, SaysWhatItDidNotLookAt) {
  EXPECT_EQ(heap_.fact("keys.partial"), "");
  EXPECT_EQ(heap_.fact("strings.partial"), "");
  auto [copies, keys] = looked_at(heap_);
  EXPECT_GE(copies, 2900u);
  EXPECT_GE(keys, 3000u);
  auto [few_copies, few_keys] = looked_at(hasty_);
  EXPECT_LE(few_copies, (64u << 10) / 64);
  EXPECT_LE(few_keys, (32u << 10) / 64);
  EXPECT_GE(few_keys, 100u);  // a sample of it all the same
  EXPECT_NE(hasty_.fact("keys.partial").find("looked at in part"), std::string_view::npos)
      << hasty_.fact("keys.partial");
  EXPECT_NE(hasty_.fact("strings.partial").find("not compared"), std::string_view::npos)
      << hasty_.fact("strings.partial");
}

std::string name_of(const testing::TestParamInfo<std::string>& test) {
  std::string name = test.param.empty() ? "installed" : test.param;
  for (char& c : name)
    if (c == '.') c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Go, Counted, testing::ValuesIn(releases()), name_of);

}  // namespace
}  // namespace memsnap
