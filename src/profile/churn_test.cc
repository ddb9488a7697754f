#include "profile/churn.h"

#include <gtest/gtest.h>

#include <map>

namespace memsnap {
namespace {

TEST(Churn, FramesOfTheRuntimeSayWhatGrows) {
  EXPECT_EQ(growth_of_frames({"runtime.mallocgc", "runtime.growslice", "main.fill"}), GrowthKind::kSlice);
  EXPECT_EQ(
      growth_of_frames({"runtime.mallocgc", "runtime.newarray", "internal/runtime/maps.(*table).grow",
                        "internal/runtime/maps.(*table).rehash", "runtime.mapassign_fast64", "main.fill"}),
      GrowthKind::kMap);
  EXPECT_EQ(growth_of_frames({"runtime.mallocgc", "runtime.hashGrow", "runtime.mapassign", "main.fill"}),
            GrowthKind::kMap);
  EXPECT_EQ(growth_of_frames({"runtime.mallocgc", "runtime.makeslice", "main.fill"}), GrowthKind::kMake);
  EXPECT_EQ(growth_of_frames({"strings.(*Builder).grow", "main.fill"}), GrowthKind::kSlice);
  // An element of a map that is stored beside it is no growth; what lies below the program's frame is not
  // asked.
  EXPECT_EQ(growth_of_frames({"runtime.mallocgc", "runtime.newobject", "runtime.mapassign", "main.fill"}),
            GrowthKind::kNone);
  EXPECT_EQ(growth_of_frames({"main.fill", "runtime.growslice"}), GrowthKind::kNone);
}

TEST(Churn, SourceLines) {
  EXPECT_EQ(growth_of_source("\ts = append(s, x)"), GrowthKind::kSlice);
  EXPECT_EQ(growth_of_source("\tm[key] = value"), GrowthKind::kMap);
  EXPECT_EQ(growth_of_source("\tm[key]++"), GrowthKind::kMap);
  EXPECT_EQ(growth_of_source("\tm[key] += 2"), GrowthKind::kMap);
  EXPECT_EQ(growth_of_source("\tif m[key] == 2 {"), GrowthKind::kNone);
  EXPECT_EQ(growth_of_source("\tx := list[i]"), GrowthKind::kNone);
  EXPECT_EQ(growth_of_source("\tb := make([]byte, n)"), GrowthKind::kMake);
  EXPECT_EQ(growth_of_source("\t// s = append(s, x)"), GrowthKind::kNone);
}

// Ten slices of 8 kB grown from 512 bytes by doubling, and five of them on to 16 kB.
TEST(Churn, HintsSaveTheStepsBeforeTheLast) {
  std::vector<SizeCount> steps = {{512, 10}, {1024, 10}, {2048, 10}, {4096, 10}, {8192, 10}, {16384, 5}};
  EXPECT_DOUBLE_EQ(saved_by_slice_hint(steps), 10 * (512 + 1024 + 2048 + 4096) + 5 * 8192);
  EXPECT_DOUBLE_EQ(saved_by_slice_hint({{4096, 7}}), 0);
}

TEST(Churn, RowsAndPlaces) {
  Profile profile;
  auto text = [&](const char* value) { return profile.strings.add(value); };
  profile.sample_types = {{text("alloc_objects"), text("count")},
                          {text("alloc_space"), text("bytes")},
                          {text("inuse_objects"), text("count")},
                          {text("inuse_space"), text("bytes")}};
  auto location = [&](const char* name, std::int64_t line) {
    profile.functions.push_back({.name = text(name), .file = text("/src/main.go")});
    profile.lines.push_back(
        {.function = FunctionId(std::uint32_t(profile.functions.size() - 1)), .line = line});
    profile.locations.push_back({.first_line = std::uint32_t(profile.lines.size() - 1), .line_count = 1});
    return LocationId(std::uint32_t(profile.locations.size() - 1));
  };
  auto sample = [&](const std::vector<LocationId>& stack, std::int64_t size, std::int64_t count,
                    std::int64_t live) {
    ProfileLabel label{text("bytes"), text("bytes"), size};
    profile.add_sample(stack, std::vector{count, count * size, live, live * size}, std::span(&label, 1));
  };
  LocationId grow = location("main.grow", 10), variable = location("main.variable", 20);
  LocationId keep = location("main.keep", 30), slice = location("runtime.growslice", 0),
             user = location("main.user", 40);
  for (std::int64_t size : {64, 128, 256, 512}) sample({grow}, size, 4, size == 512 ? 4 : 0);
  for (std::int64_t size : {64, 128, 256, 512}) sample({variable}, size, 4, 0);
  sample({keep}, 100, 10, 10);
  sample({slice, user}, 1000, 3, 0);
  static const std::string append = "s = append(s, 1)", make = "b := make([]byte, n)";
  auto source = [&](std::string_view file, std::int64_t line) {
    EXPECT_EQ(file, "/src/main.go");
    return line == 10 ? &append : line == 20 ? &make : nullptr;
  };
  Churn churn = churn_of(profile, *heap_columns(profile), source);
  EXPECT_TRUE(churn.has_runtime_frames);
  std::map<std::string, ChurnRow> rows;
  for (const ChurnRow& row : churn.rows) rows[std::string(profile.text(row.info.name))] = row;
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_DOUBLE_EQ(rows["main.grow"].slice_growth, 4 * 960);
  EXPECT_DOUBLE_EQ(rows["main.grow"].saved, 4 * (64 + 128 + 256));
  EXPECT_DOUBLE_EQ(rows["main.grow"].churn(), 1 - 512.0 / 960);
  EXPECT_DOUBLE_EQ(rows["main.variable"].slice_growth, 0);  // the line makes slices of many sizes
  EXPECT_DOUBLE_EQ(rows["main.keep"].churn(), 0);
  EXPECT_DOUBLE_EQ(rows["main.user"].slice_growth, 3000);  // charged to who called the runtime
  EXPECT_EQ(churn.total.alloc_space, 4 * 960 * 2 + 1000 + 3000);
}

}  // namespace
}  // namespace memsnap
