#include "verbs/heap_profile.h"

#include "tables/heap_text.h"
#include "tables/profile_scale.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace memsnap {
namespace {

Heap shop(const std::string& more = "") {
  std::stringstream text;
  text << more << std::ifstream("tests/golden/verbs/shop.heap").rdbuf();
  auto parsed = parse_heap(text.str());
  EXPECT_TRUE(parsed) << parsed.error().what;
  return std::move(parsed->heap);
}

std::string shown(const Profile& profile, std::size_t sample) {
  std::string text;
  profile.samples.stacks[sample].each([&](LocationId id) {
    const ProfileLine& line = profile.lines_of(profile[id])[0];
    const ProfileFunction& function = profile[line.function];
    text += fmt::format("{} {}:{} ", profile.text(function.name), profile.text(function.file), line.line);
  });
  for (std::int64_t value : profile.values_of(sample)) text += fmt::format("{} ", value);
  for (const ProfileLabel& label : profile.samples.labels_of(sample))
    text +=
        fmt::format("{}={} ", profile.text(label.key),
                    label.is_text() ? std::string(profile.text(label.text())) : std::to_string(label.value));
  return text;
}

TEST(HeapProfile, HasTheValuesOfTheRuntime) {
  Heap heap = shop();
  auto profile = profile_of_heap(heap, "heap");
  ASSERT_TRUE(profile) << profile.error().what;
  ASSERT_EQ(profile->types(), 4u);
  EXPECT_EQ(profile->text(profile->sample_types[3].type), "inuse_space");
  EXPECT_EQ(profile->period, heap.counter("profile.rate"));
  ASSERT_EQ(profile->samples.rows(), 2u);
  // Frames of the allocator are left out; 300 samples of 48 bytes stand for far more objects.
  Scaled put = scale_samples(300, 48, heap.counter("profile.rate"));
  EXPECT_EQ(
      shown(*profile, 0),
      fmt::format("session.(*Store).Put session/store.go:41 main.login main.go:90 {0} {1} {0} {1} bytes=48 ",
                  put.objects, put.bytes));
  Scaled all = scale_samples(300, 256, heap.counter("profile.rate"));
  Scaled inuse = scale_samples(290, 256, heap.counter("profile.rate"));
  EXPECT_EQ(shown(*profile, 1),
            fmt::format("io.ReadAll io/io.go:712 session.read session/store.go:52 {} {} {} {} bytes=256 ",
                        all.objects, all.bytes, inuse.objects, inuse.bytes));
}

TEST(HeapProfile, OfGoroutinesHasStatesAndWaits) {
  auto profile = profile_of_heap(shop(), "goroutine");
  ASSERT_TRUE(profile) << profile.error().what;
  EXPECT_EQ(profile->text(profile->sample_types[0].type), "goroutine");
  ASSERT_EQ(profile->samples.rows(), 1201u);
  EXPECT_NE(shown(*profile, 0).find("1 state=chan send waited=600000000000 "), std::string::npos)
      << shown(*profile, 0);
  EXPECT_NE(shown(*profile, 1200).find("1 state=running "), std::string::npos) << shown(*profile, 1200);
}

TEST(HeapProfile, OfDelaysIsEmptyWithoutRecords) {
  for (const char* kind : {"block", "mutex"}) {
    auto profile = profile_of_heap(shop(), kind);
    ASSERT_TRUE(profile);
    EXPECT_EQ(profile->types(), 2u);
    EXPECT_EQ(profile->samples.rows(), 0u);
  }
}

TEST(HeapProfile, IsRefusedWhereTheRuntimeKeepsNone) {
  Heap heap;
  auto profile = profile_of_heap(heap, "heap");
  ASSERT_FALSE(profile);
  EXPECT_NE(profile.error().what.find("MemProfileRate"), std::string::npos);
}

}  // namespace
}  // namespace memsnap
