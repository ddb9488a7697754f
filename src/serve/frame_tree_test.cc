// Trees and sums of a view, compared with counts that are made one stack at a time.
#include "serve/frame_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace memsnap {
namespace {

using Path = std::vector<std::string>;
struct OneStack {
  Path frames;  // the root first
  std::int64_t value = 0;
};

// A profile with these stacks, a location for each function.
Profile profile_of(const std::vector<OneStack>& stacks) {
  Profile profile;
  profile.sample_types = {{profile.strings.add("cpu"), profile.strings.add("nanoseconds")}};
  std::map<std::string, std::uint32_t> rows;
  for (const OneStack& stack : stacks) {
    std::vector<LocationId> leaf_first;
    for (const std::string& name : stack.frames) {
      auto [at, fresh] = rows.try_emplace(name, std::uint32_t(rows.size()));
      if (fresh) {
        profile.functions.push_back({.id = at->second + 1, .name = profile.strings.add(name)});
        profile.lines.push_back({.function = FunctionId(at->second)});
        profile.locations.push_back({.id = at->second + 1, .first_line = at->second, .line_count = 1});
      }
      leaf_first.insert(leaf_first.begin(), LocationId(at->second));
    }
    profile.add_sample(leaf_first, std::span(&stack.value, 1), {});
  }
  return profile;
}

std::vector<OneStack> random_stacks(unsigned seed, std::size_t count, bool with_base) {
  std::mt19937 random(seed);
  std::vector<OneStack> stacks;
  for (std::size_t i = 0; i < count; ++i) {
    OneStack stack;
    for (unsigned depth = 1 + random() % 8; depth > 0; --depth)
      stack.frames.push_back("f" + std::to_string(random() % 6));
    stack.value = 1 + random() % 1000;
    if (with_base && random() % 3 == 0) stack.value = -stack.value;
    stacks.push_back(stack);
  }
  return stacks;
}

// What a tree should be: the value of every path from its root, by brute force.
using Sums = std::map<Path, Sides>;
Sums paths_of(const std::vector<OneStack>& stacks) {
  Sums sums;
  for (const OneStack& stack : stacks)
    for (std::size_t length = 0; length <= stack.frames.size(); ++length) {
      Path path(stack.frames.begin(), stack.frames.begin() + std::ptrdiff_t(length));
      sums[path] = sums[path] + sides_of(stack.value);
    }
  return sums;
}

Sums paths_of(const ProfileView& view, const FrameTree& tree) {
  Sums sums;
  Path path;
  for (const FrameTree::Node& node : tree.nodes) {
    path.resize(node.depth);
    if (node.depth > 0) path.back() = view.frames()[node.frame].name;
    EXPECT_FALSE(sums.contains(path));
    sums[path] = node.total;
  }
  return sums;
}

void expect_equal(const Sums& got, const Sums& want) {
  ASSERT_EQ(got.size(), want.size());
  for (const auto& [path, sides] : want) {
    auto found = got.find(path);
    ASSERT_NE(found, got.end());
    EXPECT_EQ(found->second.value, sides.value);
    EXPECT_EQ(found->second.base, sides.base);
  }
}

ProfileView view_of(const Profile& profile) {
  Result<ProfileView> view = ProfileView::make(profile, {});
  EXPECT_TRUE(view) << view.error().what;
  return std::move(*view);
}

TEST(FrameTree, HasEveryPathWithItsValue) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    std::vector<OneStack> stacks = random_stacks(seed, 1 + seed * 7, seed % 2 == 1);
    Profile profile = profile_of(stacks);
    ProfileView view = view_of(profile);
    FrameTree tree = grow_tree(view, {.path = {}, .narrowest = 0});
    expect_equal(paths_of(view, tree), paths_of(stacks));
    Sides self;
    for (const FrameTree::Node& node : tree.nodes) self = self + node.self;
    EXPECT_EQ(self.value, tree.nodes[0].total.value);
    EXPECT_EQ(self.base, tree.nodes[0].total.base);
  }
}

TEST(FrameTree, TurnedUpsideDownItIsTheTreeOfReversedStacks) {
  std::vector<OneStack> stacks = random_stacks(99, 300, true);
  Profile profile = profile_of(stacks);
  ProfileView view = view_of(profile);
  FrameTree tree = grow_tree(view, {.kind = TreeQuery::kUp, .path = {}, .narrowest = 0});
  for (OneStack& stack : stacks) std::ranges::reverse(stack.frames);
  expect_equal(paths_of(view, tree), paths_of(stacks));
}

TEST(FrameTree, CallersAndCalleesCountARecursionOnce) {
  std::vector<OneStack> stacks = random_stacks(5, 400, true), up, down;
  Profile profile = profile_of(stacks);
  ProfileView view = view_of(profile);
  for (const OneStack& stack : stacks) {
    auto first = std::ranges::find(stack.frames, "f3");
    if (first == stack.frames.end()) continue;
    Path callers(stack.frames.begin(), first);
    std::ranges::reverse(callers);
    up.push_back({callers, stack.value});
    down.push_back({Path(first + 1, stack.frames.end()), stack.value});
  }
  std::uint32_t focus = view.find("f3");
  ASSERT_NE(focus, ProfileView::kNone);
  FrameTree callers =
      grow_tree(view, {.kind = TreeQuery::kCallers, .focus = focus, .path = {}, .narrowest = 0});
  FrameTree callees =
      grow_tree(view, {.kind = TreeQuery::kCallees, .focus = focus, .path = {}, .narrowest = 0});
  EXPECT_EQ(callers.nodes[0].frame, focus);
  expect_equal(paths_of(view, callers), paths_of(up));
  expect_equal(paths_of(view, callees), paths_of(down));
  EXPECT_EQ(callers.nodes[0].total.value, sum_frames(view).cum[focus].value);
}

TEST(FrameTree, APathIsAllThatIsLookedAt) {
  std::vector<OneStack> stacks = random_stacks(17, 500, false), below;
  Profile profile = profile_of(stacks);
  ProfileView view = view_of(profile);
  for (const OneStack& stack : stacks)
    if (stack.frames.size() >= 2 && stack.frames[0] == "f1" && stack.frames[1] == "f2")
      below.push_back({Path(stack.frames.begin() + 2, stack.frames.end()), stack.value});
  FrameTree tree = grow_tree(view, {.path = {view.find("f1"), view.find("f2")}, .narrowest = 0});
  EXPECT_EQ(tree.nodes[0].frame, view.find("f2"));
  expect_equal(paths_of(view, tree), paths_of(below));
}

TEST(FrameTree, NarrowFramesAreLeftOutAndWideOnesAreNot) {
  std::vector<OneStack> stacks = random_stacks(3, 2000, false);
  Profile profile = profile_of(stacks);
  ProfileView view = view_of(profile);
  Sums all = paths_of(stacks);
  std::uint64_t whole = all[{}].weight();
  constexpr double kNarrowest = 1.0 / 50;
  std::erase_if(
      all, [&](const auto& one) { return double(one.second.weight()) < double(whole) * kNarrowest - 1; });
  FrameTree tree = grow_tree(view, {.path = {}, .narrowest = kNarrowest});
  Sums got = paths_of(view, tree);
  for (const auto& [path, sides] : got) EXPECT_TRUE(all.contains(path));
  for (const auto& [path, sides] : all)
    EXPECT_TRUE(got.contains(path) || double(sides.weight()) < double(whole) * kNarrowest);
  // In the order of a walk, the widest child first.
  std::vector<std::uint64_t> before;
  for (const FrameTree::Node& node : tree.nodes) {
    before.resize(node.depth + 1, ~std::uint64_t(0));
    EXPECT_LE(node.total.weight(), before[node.depth]);
    before[node.depth] = node.total.weight();
  }
}

TEST(FrameTree, IsBounded) {
  std::vector<OneStack> stacks = random_stacks(8, 3000, false);
  Profile profile = profile_of(stacks);
  ProfileView view = view_of(profile);
  FrameTree tree = grow_tree(view, {.path = {}, .narrowest = 1e-9, .most = 100});
  EXPECT_LE(tree.nodes.size(), 100u);
  EXPECT_GT(tree.narrowest, 1e-9);
}

TEST(FrameTree, SumsCountAStackOnce) {
  std::vector<OneStack> stacks = random_stacks(21, 600, true);
  Profile profile = profile_of(stacks);
  ProfileView view = view_of(profile);
  FrameSums sums = sum_frames(view);
  for (std::uint32_t frame = 0; frame < view.frames().size(); ++frame) {
    Sides flat, cum;
    for (const OneStack& stack : stacks) {
      if (stack.frames.back() == view.frames()[frame].name) flat = flat + sides_of(stack.value);
      if (std::ranges::count(stack.frames, view.frames()[frame].name) > 0) cum = cum + sides_of(stack.value);
    }
    EXPECT_EQ(sums.flat[frame].value, flat.value);
    EXPECT_EQ(sums.flat[frame].base, flat.base);
    EXPECT_EQ(sums.cum[frame].value, cum.value);
    EXPECT_EQ(sums.cum[frame].base, cum.base);
  }
}

TEST(FrameTree, AnEmptyProfileIsOneNode) {
  Profile profile = profile_of({});
  ProfileView view = view_of(profile);
  EXPECT_EQ(grow_tree(view, {.path = {}}).nodes.size(), 1u);
}

TEST(ProfileView, HashesNamesAsTheScriptDoes) {
  EXPECT_EQ(hash_name(""), 2166136261u);
  EXPECT_EQ(hash_name("a"), 0xe40c292cu);
  EXPECT_EQ(hash_name("foobar"), 0xbf9cf968u);
}

}  // namespace
}  // namespace memsnap
