// Merging, scaling and pruning of profiles. The expectations were compared with go tool pprof -proto on a few
// hundred random sets of sources and bases.
#include "profile/combine.h"
#include "profile/prune.h"
#include "profile/rescale.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

namespace memsnap {
namespace {

// A profile whose locations are one line in one function each, named when they are first used.
struct Maker {
  Profile p;
  Maker(std::initializer_list<std::pair<const char*, const char*>> types) {
    for (auto [type, unit] : types) p.sample_types.push_back({p.strings.add(type), p.strings.add(unit)});
  }
  LocationId at(const std::string& function, std::int64_t line = 1) {
    p.functions.push_back({.id = p.functions.size() + 1, .name = p.strings.add(function)});
    std::uint32_t first = std::uint32_t(p.lines.size());
    p.lines.push_back({FunctionId(std::uint32_t(p.functions.size() - 1)), line, 0});
    p.locations.push_back({.id = p.locations.size() + 1, .first_line = first, .line_count = 1});
    return LocationId(std::uint32_t(p.locations.size() - 1));
  }
  // Frames leaf first, "a b c"; labels "k=v" and "n:5".
  Maker& add(const std::string& frames, std::vector<std::int64_t> values,
             std::initializer_list<std::pair<const char*, const char*>> labels = {}) {
    std::vector<LocationId> stack;
    for (std::size_t from = 0; from < frames.size();) {
      std::size_t end = std::min(frames.find(' ', from), frames.size());
      stack.push_back(at(frames.substr(from, end - from)));
      from = end + 1;
    }
    std::vector<ProfileLabel> list;
    for (auto [key, text] : labels)
      list.push_back({p.strings.add(key), ProfileLabel::kText, std::int64_t(p.strings.add(text))});
    p.add_sample(stack, values, list);
    return *this;
  }
};

// "a<b 1,2 k=v" a line each.
std::string dump(const Profile& p) {
  std::string out;
  for (std::size_t row = 0; row < p.samples.rows(); ++row) {
    std::string stack;
    p.samples.stacks[row].each([&](LocationId id) {
      if (!stack.empty()) stack += '<';
      for (const ProfileLine& line : p.lines_of(p[id])) stack += p.text(p[line.function].name);
    });
    out += fmt::format("{} {}", stack, fmt::join(p.values_of(row), ","));
    for (const ProfileLabel& label : p.samples.labels_of(row))
      out += fmt::format(" {}={}", p.text(label.key), p.text(label.text()));
    out += '\n';
  }
  return out;
}

std::vector<Profile> list(Maker& a, Maker& b) {
  std::vector<Profile> out;
  out.push_back(std::move(a.p));
  out.push_back(std::move(b.p));
  return out;
}
constexpr std::pair<const char*, const char*> kCount{"n", "count"};

TEST(Combine, EqualSamplesAreOne) {
  Maker a{kCount}, b{kCount};
  a.add("x main", {1}).add("y main", {2}, {{"k", "v"}}).add("x main", {3});
  b.add("y main", {4}, {{"k", "v"}}).add("y main", {5}).add("x main", {0});
  Profile p = combine_profiles(list(a, b)).value();
  EXPECT_EQ(dump(p), "x<main 4\ny<main 6 k=v\ny<main 5\n");
  EXPECT_EQ(p.locations.size(), 3u);
  EXPECT_EQ(p.functions.size(), 3u);
  EXPECT_EQ(p.locations[2].id, 3u);
}

TEST(Combine, OrderOfLabelsIsNoDifference) {
  Maker a{kCount}, b{kCount};
  a.add("x", {1}, {{"k", "v"}, {"a", "b"}}).add("x", {1}, {{"k", "1"}, {"k", "2"}});
  b.add("x", {2}, {{"a", "b"}, {"k", "v"}}).add("x", {1}, {{"k", "2"}, {"k", "1"}});
  EXPECT_EQ(dump(combine_profiles(list(a, b)).value()), "x 3 a=b k=v\nx 1 k=1 k=2\nx 1 k=2 k=1\n");
}

TEST(Combine, OneAloneStaysAsItIs) {
  Maker a{kCount};
  a.add("x", {1}).add("x", {1}).add("y", {0});
  std::vector<Profile> one;
  one.push_back(std::move(a.p));
  EXPECT_EQ(dump(combine_profiles(std::move(one)).value()), "x 1\nx 1\ny 0\n");
}

TEST(Combine, WhatCancelsOutVanishesWithItsLocations) {
  Maker a{kCount}, b{kCount};
  a.add("x", {1}).add("y", {2});
  b.add("x", {-1});
  Profile p = combine_profiles(list(a, b)).value();
  EXPECT_EQ(dump(p), "y 2\n");
  EXPECT_EQ(p.locations.size(), 1u);
}

// Only the column of the last inlined line tells locations apart, as in Go 1.26 and 1.27.
TEST(Combine, ColumnsOfInlinedLines) {
  auto with_columns = [](std::int64_t inner, std::int64_t outer) {
    Maker m{kCount};
    m.add("f g", {1});
    m.p.lines[0].column = inner;
    m.p.lines[1].column = outer;
    m.p.locations[0].line_count = 2;
    std::vector<LocationId> stack{LocationId{0}};
    m.p.samples.stacks[0] = m.p.arena.pack(stack);
    return m;
  };
  Maker a = with_columns(1, 5), same = with_columns(2, 5), other = with_columns(1, 6);
  EXPECT_EQ(dump(combine_profiles(list(a, same)).value()), "fg 2\n");
  a = with_columns(1, 5);
  EXPECT_EQ(dump(combine_profiles(list(a, other)).value()), "fg 1\nfg 1\n");
}

TEST(Combine, AMovedMappingIsTheSame) {
  auto loaded_at = [](std::uint64_t start, std::uint64_t size) {
    Maker m{kCount};
    m.p.mappings.push_back(
        {.id = 9, .start = start, .limit = start + size, .file = m.p.strings.add("/bin/a")});
    m.add("f", {1});
    m.p.locations[0].mapping = MappingId{0};
    m.p.locations[0].address = start + 0x10;
    return m;
  };
  Maker a = loaded_at(0x1000, 0x4000), b = loaded_at(0x9000, 0x3ff0), c = loaded_at(0x9000, 0x4001);
  Profile p = combine_profiles(list(a, b)).value();
  EXPECT_EQ(dump(p), "f 2\n");
  EXPECT_EQ(p.mappings.size(), 1u);
  EXPECT_EQ(p.mappings[0].id, 1u);
  EXPECT_EQ(p.locations[0].address, 0x1010u);
  a = loaded_at(0x1000, 0x4000);
  EXPECT_EQ(combine_profiles(list(a, c)).value().mappings.size(), 2u);
}

TEST(Combine, KeepsTheTypesThatAllHave) {
  Maker a{{"x", "count"}, {"y", "bytes"}, {"z", "count"}}, b{{"z", "count"}, {"y", "bytes"}};
  a.add("f", {1, 2, 3});
  b.add("f", {30, 20});
  a.p.default_sample_type = a.p.strings.add("x");
  Profile p = combine_profiles(list(a, b)).value();
  EXPECT_EQ(dump(p), "f 22,33\n");
  EXPECT_EQ(p.text(p.sample_types[0].type), "y");
  EXPECT_EQ(p.text(p.default_sample_type), "y");
}

TEST(Combine, RefusesWhatHasNothingInCommon) {
  Maker a{{"x", "count"}}, b{{"y", "count"}};
  EXPECT_EQ(combine_profiles(list(a, b)).error().what, "profiles have empty common sample type list");
  Maker c{{"x", "count"}}, d{{"x", "bytes"}};
  EXPECT_EQ(combine_profiles(list(c, d)).error().what,
            "sample types: incompatible types: {x count 0 0} {x bytes 0 0}");
}

TEST(Combine, ScalesToTheFinestUnit) {
  Maker a{{"cpu", "ms"}, kCount}, b{{"cpu", "us"}, kCount};
  // A sample stays only when a scaled value is not 0: the second of these goes, as in go tool pprof.
  a.add("f", {2, 1}).add("g", {0, 7});
  b.add("f", {5, 1});
  a.p.period_type = {a.p.strings.add("cpu"), a.p.strings.add("ms")};
  b.p.period_type = {b.p.strings.add("cpu"), b.p.strings.add("us")};
  a.p.period = 10;
  b.p.period = 700;
  Profile p = combine_profiles(list(a, b)).value();
  EXPECT_EQ(dump(p), "f 2005,2\n");
  EXPECT_EQ(p.period, 10000);
  EXPECT_EQ(p.text(p.period_type.unit), "us");
}

TEST(Combine, Headers) {
  Maker a{kCount}, b{kCount};
  for (Maker* each : {&a, &b}) each->add("f", {1});
  a.p.time_nanos = 9, b.p.time_nanos = 5;
  a.p.duration_nanos = 1, b.p.duration_nanos = 2;
  a.p.period = 3, b.p.period = 4;
  a.p.comments = {a.p.strings.add("c"), a.p.strings.add("c")};
  b.p.comments = {b.p.strings.add("d"), b.p.strings.add("c")};
  b.p.doc_url = b.p.strings.add("u");
  Profile p = combine_profiles(list(a, b)).value();
  EXPECT_EQ(p.time_nanos, 5);
  EXPECT_EQ(p.duration_nanos, 3);
  EXPECT_EQ(p.period, 4);
  ASSERT_EQ(p.comments.size(), 2u);
  EXPECT_EQ(p.text(p.comments[1]), "d");
  EXPECT_EQ(p.text(p.doc_url), "u");
}

// Adding parts one by one is what combining their sums is, however they are alike.
TEST(ProfileFold, IsCombiningTheParts) {
  auto source = [](int i, bool odd) {
    Maker m = odd ? Maker{{"t", i % 2 ? "ms" : "us"}, kCount} : Maker{{"t", "ms"}, kCount};
    m.add(fmt::format("f{} main", i % 7), {i, 1}).add(fmt::format("g{}", i), {i % 3 - (odd ? 1 : 0), 0});
    m.add("main", {1, odd ? -1 : 0});
    m.p.time_nanos = 1000 - i;
    return std::move(m.p);
  };
  for (bool odd : {false, true}) {
    ProfileFold fold;
    std::optional<Profile> want;
    for (int part = 0; part < 4; ++part) {
      std::vector<Profile> a, b;
      for (int i = 0; i < 1 + part * 5; ++i) {
        a.push_back(source(part * 10 + i, odd));
        b.push_back(source(part * 10 + i, odd));
      }
      ASSERT_TRUE(fold.add(std::move(a)).has_value());
      Profile sum = combine_profiles(std::move(b)).value();
      std::vector<Profile> two;
      if (want) two.push_back(std::move(*want));
      two.push_back(std::move(sum));
      want = combine_profiles(std::move(two)).value();
    }
    Profile have = fold.finish().value();
    EXPECT_EQ(dump(have), dump(*want)) << odd;
    EXPECT_EQ(have.time_nanos, want->time_nanos);
  }
}

TEST(Rescale, RoundsAndDrops) {
  Maker m{kCount, {"b", "bytes"}};
  m.add("f", {3, 1}).add("g", {0, 1}).add("h", {-3, 5});
  scale_profile(m.p, 0.5);
  EXPECT_EQ(dump(m.p), "f 2,1\ng 0,1\nh -2,3\n");
  scale_profile(m.p, 0.4);
  EXPECT_EQ(dump(m.p), "f 1,0\nh -1,1\n");
  scale_profile(m.p, 1e300);
  EXPECT_EQ(m.p.values_of(0)[0], std::numeric_limits<std::int64_t>::min());
}

TEST(Rescale, NormalizeGivesEachTypeTheSumOfTheBase) {
  Maker m{kCount, {"b", "bytes"}}, base{kCount, {"b", "bytes"}}, other{kCount};
  m.add("f", {1, 0}).add("g", {3, 0});
  base.add("f", {8, 5});
  ASSERT_TRUE(normalize_profile(m.p, base.p).has_value());
  EXPECT_EQ(dump(m.p), "f 2,0\ng 6,0\n");
  EXPECT_FALSE(normalize_profile(m.p, other.p).has_value());
}

TEST(Rescale, Labels) {
  Maker m{kCount};
  m.add("f", {1}, {{"k", "1"}, {"k", "2"}, {"a", "b"}}).add("g", {1});
  set_label(m.p, "k", "new");
  EXPECT_EQ(dump(m.p), "f 1 a=b k=new\ng 1 k=new\n");
  remove_label(m.p, "k");
  EXPECT_EQ(dump(m.p), "f 1 a=b\ng 1\n");
}

std::string pruned(const char* drop, const char* keep, const std::string& frames) {
  Maker m{kCount};
  m.add(frames, {1});
  m.p.drop_frames = m.p.strings.add(drop);
  m.p.keep_frames = m.p.strings.add(keep);
  EXPECT_TRUE(remove_uninteresting(m.p).has_value());
  std::string out = dump(m.p);
  return out.substr(0, out.find(' '));
}

TEST(Prune, CutsFromTheMatchToTheLeaf) {
  EXPECT_EQ(pruned("malloc|alloc.*", "", "x malloc f main"), "f<main");
  EXPECT_EQ(pruned("malloc|alloc.*", "", "x malloc_y f main"), "x<malloc_y<f<main");
  EXPECT_EQ(pruned("malloc", "", "malloc f malloc main"), "main");
  EXPECT_EQ(pruned("malloc.*", "malloc_hook", "x malloc_hook f main"), "x<malloc_hook<f<main");
  EXPECT_EQ(pruned("malloc", "", "malloc(int) f main"), "f<main");
  EXPECT_EQ(pruned("", "f", "f main"), "f<main");
}

TEST(Prune, NeverBeforeTheFirstOtherFrame) {
  EXPECT_EQ(pruned("f|main", "", "x f main"), "x<f<main");
  EXPECT_EQ(pruned("f|main", "", "y f x main"), "x<main");
}

TEST(Prune, CutsInsideOfInlinedLines) {
  Maker m{kCount};
  m.add("inner malloc outer", {1});
  m.p.locations[0].line_count = 3;
  std::vector<LocationId> leaf_and_root{LocationId{0}, m.at("main")};
  m.p.samples.stacks[0] = m.p.arena.pack(leaf_and_root);
  m.p.drop_frames = m.p.strings.add("malloc");
  ASSERT_TRUE(remove_uninteresting(m.p).has_value());
  EXPECT_EQ(dump(m.p), "outer<main 1\n");
}

TEST(Prune, ABadExpressionIsRefused) {
  Maker m{kCount};
  m.p.drop_frames = m.p.strings.add("(");
  EXPECT_FALSE(remove_uninteresting(m.p).has_value());
}

}  // namespace
}  // namespace memsnap
