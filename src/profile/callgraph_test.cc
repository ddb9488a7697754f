// The graph against a plain count over every sample, on random profiles.
#include "profile/callgraph.h"

#include "profile/filter.h"
#include "profile/tag_filter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace memsnap {
namespace {

// Functions a0 … and stacks over them; some locations hold an inlined call.
Profile random_profile(std::mt19937& random, int functions, int samples) {
  Profile profile;
  profile.sample_types = {{profile.strings.add("space"), profile.strings.add("bytes")}};
  for (int i = 0; i < functions; ++i) {
    StringId name = profile.strings.add(fmt::format("a{}", i));
    profile.functions.push_back({.id = std::uint64_t(i + 1), .name = name, .system_name = name});
  }
  auto any = [&](int most) { return int(random() % unsigned(most)); };
  for (int i = 0; i < functions; ++i) {
    int lines = 1 + any(2);
    profile.locations.push_back({.id = std::uint64_t(i + 1),
                                 .first_line = std::uint32_t(profile.lines.size()),
                                 .line_count = std::uint32_t(lines)});
    for (int line = 0; line < lines; ++line)
      profile.lines.push_back({.function = FunctionId(std::uint32_t(any(functions)))});
  }
  for (int i = 0; i < samples; ++i) {
    std::vector<LocationId> stack;
    for (int depth = 1 + any(8); depth > 0; --depth)
      stack.push_back(LocationId(std::uint32_t(any(functions))));
    std::int64_t value = any(100) - 20;
    profile.add_sample(stack, {&value, 1}, {});
  }
  return profile;
}

struct Counted {
  std::map<std::string, std::int64_t> flat, cum;
  std::map<std::pair<std::string, std::string>, std::int64_t> edges;
};

// Every frame of a sample, root first.
std::vector<std::string> frames_of(const Profile& profile, std::size_t row) {
  std::vector<LocationId> stack;
  profile.samples.stacks[row].append_to(stack);
  std::vector<std::string> frames;
  for (LocationId location : stack)
    for (const ProfileLine& line : profile.lines_of(profile[location]))
      frames.emplace_back(profile.text(profile[line.function].name));
  std::ranges::reverse(frames);
  return frames;
}

Counted count_plainly(const Profile& profile, const std::set<std::string>* kept) {
  Counted counted;
  for (std::size_t row = 0; row < profile.samples.rows(); ++row) {
    std::int64_t value = profile.values_of(row)[0];
    if (value == 0) continue;
    std::vector<std::string> frames = frames_of(profile, row);
    counted.flat[frames.back()] += value;
    for (const std::string& name : std::set<std::string>(frames.begin(), frames.end()))
      counted.cum[name] += value;
    if (kept) std::erase_if(frames, [&](const std::string& name) { return !kept->contains(name); });
    std::set<std::pair<std::string, std::string>> edges;
    for (std::size_t i = 1; i < frames.size(); ++i)
      if (frames[i - 1] != frames[i]) edges.insert({frames[i - 1], frames[i]});
    for (const auto& edge : edges) counted.edges[edge] += value;
  }
  return counted;
}

void expect_equal(const Profile& profile, const CallGraph& graph, const Counted& counted) {
  std::map<std::pair<std::string, std::string>, std::int64_t> edges;
  auto name = [&](std::uint32_t row) { return printable_name(profile, graph.nodes[row].info); };
  for (std::uint32_t row : graph.shown) {
    auto at = counted.flat.find(name(row));
    EXPECT_EQ(graph.nodes[row].flat, at == counted.flat.end() ? 0 : at->second) << name(row);
    EXPECT_EQ(graph.nodes[row].cum, counted.cum.at(name(row))) << name(row);
  }
  for (const GraphEdge& edge : graph.edges)
    if (!edge.removed) edges[{name(edge.source), name(edge.target)}] = edge.weight;
  EXPECT_EQ(edges, counted.edges);
}

TEST(CallGraph, CountsAsAPlainCountDoes) {
  std::mt19937 random(7);
  for (int run = 0; run < 200; ++run) {
    Profile profile = random_profile(random, 1 + run % 12, 40);
    expect_equal(profile, CallGraph::build(profile, {}), count_plainly(profile, nullptr));
  }
}

TEST(CallGraph, EdgesGoOverWhatIsLeftOut) {
  std::mt19937 random(8);
  for (int run = 0; run < 200; ++run) {
    Profile profile = random_profile(random, 12, 40);
    CallGraph graph = CallGraph::build_trimmed(profile, {}, {.node_count = 4});
    std::set<std::string> kept;
    for (std::uint32_t row : graph.shown) kept.insert(printable_name(profile, graph.nodes[row].info));
    EXPECT_LE(kept.size(), 4u);
    expect_equal(profile, graph, count_plainly(profile, &kept));
  }
}

TEST(CallGraph, TreeHasOneParentPerNodeAndTheSameLeaves) {
  std::mt19937 random(9);
  for (int run = 0; run < 100; ++run) {
    Profile profile = random_profile(random, 6, 60);
    CallGraph tree = CallGraph::build(profile, {.call_tree = true});
    std::map<std::string, std::int64_t> flat;
    for (const GraphNode& node : tree.nodes) {
      EXPECT_LE(node.in.size(), 1u);
      if (node.flat != 0) flat[printable_name(profile, node.info)] += node.flat;
    }
    Counted counted = count_plainly(profile, nullptr);
    std::erase_if(counted.flat, [](const auto& entry) { return entry.second == 0; });
    std::erase_if(flat, [](const auto& entry) { return entry.second == 0; });
    EXPECT_EQ(flat, counted.flat);
  }
}

TEST(Filter, KeepsWhatItSays) {
  std::mt19937 random(10);
  for (int run = 0; run < 100; ++run) {
    Profile profile = random_profile(random, 8, 50);
    Profile before = profile.view();
    std::vector<std::string> remarks;
    LabelUnits units(profile);
    ASSERT_TRUE(apply_filters(profile, {.focus = "a1", .ignore = "a2"}, units, remarks));
    std::size_t expected = 0;
    for (std::size_t row = 0; row < before.samples.rows(); ++row) {
      std::vector<std::string> frames = frames_of(before, row);
      expected += std::ranges::count(frames, "a1") > 0 && std::ranges::count(frames, "a2") == 0;
    }
    EXPECT_EQ(profile.samples.rows(), expected);
  }
}

TEST(TagFilter, Ranges) {
  auto holds = [](const char* range, std::int64_t value, const char* unit) {
    auto parsed = parse_tag_range(range);
    return parsed && *parsed && (*parsed)->holds(value, unit);
  };
  EXPECT_TRUE(holds("32kb", 32768, "bytes"));
  EXPECT_FALSE(holds("32kb", 32767, "bytes"));
  EXPECT_TRUE(holds(":64kb", 65536, "bytes"));
  EXPECT_FALSE(holds(":64kb", 65537, "bytes"));
  EXPECT_TRUE(holds("4mb:", 4 << 20, "bytes"));
  EXPECT_TRUE(holds("12kb:64mb", 1 << 20, "bytes"));
  EXPECT_FALSE(holds("12kb:64mb", 1 << 10, "bytes"));
  EXPECT_FALSE(holds("12kb:64mb", 1 << 20, "seconds"));
  EXPECT_TRUE(holds("-5", -5, ""));
  for (const char* text : {"", "abc", "1kb:2kb:3kb", "1kb-2kb", "12kb:64s"}) {
    auto parsed = parse_tag_range(text);
    EXPECT_TRUE(parsed && !*parsed) << text;
  }
  EXPECT_FALSE(parse_tag_range("99999999999999999999"));
}

}  // namespace
}  // namespace memsnap
