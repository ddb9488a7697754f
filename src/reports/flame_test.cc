#include "reports/flame.h"

#include "reports/recorded.h"

#include "render/json_value.h"

#include <fmt/ranges.h>

#include <map>
#include <random>
#include <set>
#include <sstream>

namespace memsnap {
namespace {

using Path = std::vector<std::string>;

// Stacks of {"root;child;leaf", value, base}.
StackRows stacks_of(const std::vector<std::tuple<std::string, std::int64_t, std::int64_t>>& lines) {
  std::map<std::string, std::uint32_t> ids;
  std::map<Path, std::pair<std::int64_t, std::int64_t>> sums;
  for (const auto& [text, value, base] : lines) {
    Path path;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ';');) path.push_back(word), ids[word];
    sums[path].first += value;
    sums[path].second += base;
  }
  StackRows stacks;
  for (auto& [name, id] : ids) id = std::uint32_t(stacks.names.size()), stacks.names.push_back(name);
  for (const auto& [path, sum] : sums) {
    stacks.rows.push_back({.first = stacks.frames.size(),
                           .count = std::uint32_t(path.size()),
                           .value = sum.first,
                           .base = sum.second});
    for (const std::string& word : path) stacks.frames.push_back(ids[word]);
  }
  return stacks;
}

std::string text_of(const StackRows& stacks, const FlameLimits& limits) {
  std::string text;
  for (const FlameNode& node : make_flame(stacks, limits))
    text += fmt::format("{}{} {}/{}/{}\n", std::string(node.depth, ' '),
                        node.name == FlameNode::kSmall ? "*" : stacks.names[node.name], node.sums.value,
                        node.sums.base, node.sums.width);
  return text;
}

constexpr FlameLimits kAll{.most_nodes = 1000};

TEST(Flame, IsATreeWithTheWidestFirst) {
  StackRows stacks = stacks_of({{"a", 1, 0}, {"a;b", 2, 0}, {"a;c", 5, 0}, {"a;c;b", 1, 0}, {"d", 20, 0}});
  EXPECT_EQ(text_of(stacks, kAll), "* 29/0/29\n d 20/0/20\n a 9/0/9\n  c 6/0/6\n   b 1/0/1\n  b 2/0/2\n");
}

TEST(Flame, OfADifferenceEachStackHasItsLargerSide) {
  StackRows stacks = stacks_of({{"a;gone", 0, 7}, {"a;came", 3, 0}, {"a;grew", 5, 2}});
  EXPECT_EQ(text_of(stacks, kAll), "* 8/9/15\n a 8/9/15\n  gone 0/7/7\n  grew 5/2/5\n  came 3/0/3\n");
}

TEST(Flame, WhatIsNarrowIsPutTogether) {
  StackRows stacks = stacks_of({{"a;b", 50, 0}, {"a;c", 2, 0}, {"a;d", 3, 0}, {"e", 1, 0}});
  EXPECT_EQ(text_of(stacks, {.least_share = 0.1, .most_nodes = 9}),
            "* 56/0/56\n a 55/0/55\n  b 50/0/50\n  * 5/0/5\n * 1/0/1\n");
  EXPECT_EQ(text_of(stacks, {.most_nodes = 1}), "* 56/0/56\n a 55/0/55\n  * 55/0/55\n * 1/0/1\n");
}

TEST(Flame, NothingIsARoot) { EXPECT_EQ(text_of({}, kAll), "* 0/0/0\n"); }

StackRows random_stacks(std::size_t count, std::size_t names, unsigned seed) {
  std::mt19937 random(seed);
  StackRows stacks;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < names; ++i)
    words.push_back(fmt::format("example.com/some/module/package{}.(*Type{}).Method{}", i % 40, i % 7, i));
  std::vector<std::tuple<std::string, std::int64_t, std::int64_t>> lines;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t depth = 1 + random() % 30;
    std::string line;
    for (std::size_t d = 0; d < depth; ++d)
      line +=
          (d > 0 ? ";" : "") + words[(d * 31 + random() % 4 + (random() % 9 == 0 ? random() : 0)) % names];
    lines.emplace_back(line, std::int64_t(random() % 1000), 0);
  }
  return stacks_of(lines);
}

// Against sums over all prefixes.
TEST(Flame, HasTheSumsOfAllPrefixes) {
  StackRows stacks = random_stacks(3000, 50, 4);
  std::map<Path, std::int64_t> truth;
  for (const StackRows::Row& row : stacks.rows) {
    Path path;
    truth[path] += row.value;
    for (std::uint32_t frame : stacks.of(row)) {
      path.push_back(stacks.names[frame]);
      truth[path] += row.value;
    }
  }
  std::erase_if(truth, [](const auto& entry) { return entry.second == 0; });
  std::map<Path, std::int64_t> found;
  Path path;
  for (const FlameNode& node : make_flame(stacks, {.most_nodes = 1 << 20})) {
    if (node.depth > 0) {
      ASSERT_NE(node.name, FlameNode::kSmall);
      path.resize(node.depth - 1);
      path.push_back(stacks.names[node.name]);
    }
    found[path] = node.sums.value;
  }
  EXPECT_EQ(found, truth);
}

TEST(Flame, WithALimitTheWidestStayAndNothingIsLost) {
  StackRows stacks = random_stacks(3000, 50, 5);
  std::vector<FlameNode> all = make_flame(stacks, {.most_nodes = 1 << 20});
  std::vector<FlameNode> some = make_flame(stacks, {.most_nodes = 500});
  std::vector<std::int64_t> widths;
  for (const FlameNode& node : all) widths.push_back(node.sums.width);
  std::ranges::sort(widths, std::greater{});
  std::size_t named = 0;
  std::int64_t all_width = 0, below_root = 0;
  for (const StackRows::Row& row : stacks.rows) all_width += row.value;
  for (const FlameNode& node : some) {
    if (node.depth == 1) below_root += node.sums.width;
    if (node.name == FlameNode::kSmall) continue;
    ++named;
    EXPECT_GE(node.sums.width, widths[500]);
  }
  EXPECT_EQ(named, 500u);
  EXPECT_EQ(below_root, all_width);
}

TEST(Flame, PackagesOfNames) {
  EXPECT_EQ(frame_package("net/http.(*conn).serve"), "net/http");
  EXPECT_EQ(frame_package("github.com/a/b.v2.F[go.shape.struct { x/y.T }]"), "github.com/a/b");
  EXPECT_EQ(frame_package("runtime.mallocgc"), "runtime");
  EXPECT_EQ(frame_package("std::vector<int>::push_back"), "std");
  EXPECT_EQ(frame_package("main"), "");
}

std::string between(const std::string& text, std::string_view from, std::string_view to) {
  std::size_t begin = text.find(from);
  if (begin == text.npos) return "";
  begin += from.size();
  return text.substr(begin, text.find(to, begin) - begin);
}

std::string page(Profile profile, ReportKind kind = ReportKind::kFlameHtml) {
  return report_text(std::move(profile), {.kind = kind});
}

JsonValue data_of(const std::string& html) {
  auto data = read_json(between(html, "id=\"data\">", "</script>"));
  EXPECT_TRUE(data) << (data ? "" : data.error().what);
  return data ? std::move(*data) : JsonValue();
}

TEST(FlamePage, HasTheFoldedStacks) {
  for (const std::string& name : kRecorded) {
    SCOPED_TRACE(name);
    JsonValue data = data_of(page(recorded(name)));
    const JsonValue::Array &nodes = *data.member("nodes")->array(), &names = *data.member("names")->array();
    std::map<std::string, double> total, below;
    Path path;
    for (std::size_t i = 3; i + 2 < nodes.size(); i += 3) {
      path.resize(std::size_t(*nodes[i + 1].number()) - 1);
      std::string above = fmt::format("{}", fmt::join(path, ";"));
      path.push_back(folded_name(*names.at(std::size_t(*nodes[i].number())).text()));
      total[fmt::format("{}", fmt::join(path, ";"))] = *nodes[i + 2].number();
      below[above] += *nodes[i + 2].number();
    }
    std::string folded;
    for (const auto& [stack, value] : total)
      if (value != below[stack]) folded += fmt::format("{} {:.0f}\n", stack, value - below[stack]);
    auto lines = [](const std::string& text) {
      std::multiset<std::string> rows;
      std::istringstream in(text);
      for (std::string line; std::getline(in, line);) rows.insert(line);
      return rows;
    };
    EXPECT_EQ(lines(folded), lines(page(recorded(name), ReportKind::kFolded)));
  }
}

TEST(FlamePage, NeedsNoNetworkAndNoNameEndsItsData) {
  std::string html = page(tiny_profile({{"</script><img src=x onerror=alert(1)>;<!--", 3}, {"a\x1b", 1}}));
  EXPECT_EQ(html.find("<img"), html.npos);
  EXPECT_NE(html.find("\\u003c/script>\\u003cimg"), html.npos);
  EXPECT_EQ(html.find("http:"), html.npos);
  EXPECT_EQ(html.find("https:"), html.npos);
  EXPECT_EQ(html.find("src="), html.find("src=x"));
  EXPECT_EQ(html.find('\x1b'), html.npos);
  EXPECT_NE(html.find("default-src 'none'"), html.npos);
  std::string svg = page(tiny_profile({{"<script>alert(1)</script>", 3}}), ReportKind::kFlameSvg);
  EXPECT_EQ(svg.find("<script>alert"), svg.npos);
}

// 100,000 stacks that share little.
Profile large_profile() {
  std::mt19937 random(9);
  std::vector<std::pair<std::string, std::int64_t>> first = {{"root", 1}};
  for (std::size_t i = 0; i < 1500; ++i)
    first.emplace_back(fmt::format("github.com/organisation/project/package{}.(*Type).Method{}", i % 60, i),
                       0);
  Profile profile = tiny_profile(first);
  std::vector<LocationId> stack;
  for (int i = 0; i < 100'000; ++i) {
    stack.clear();
    for (std::size_t depth = 20 + random() % 40; depth > 0; --depth)
      stack.push_back(
          LocationId(std::uint32_t((depth * 37 + random() % 3 + (depth > 8 ? random() % 40 : 0)) % 1500)));
    std::int64_t value = 1 + random() % 100'000'000;
    profile.add_sample(stack, std::span(&value, 1), {});
  }
  return profile;
}

TEST(FlamePage, AHundredThousandStacksFitAPage) {
  std::string html = page(large_profile());
  EXPECT_LT(html.size(), 1'500'000u);
  EXPECT_GT(html.size(), 500'000u);
  EXPECT_LT(page(large_profile(), ReportKind::kFlameSvg).size(), 1'500'000u);
}

TEST(FlamePicture, NamesFramesWithTheirShares) {
  std::string svg = page(tiny_profile({{"a;b", 3}, {"a", 1}}), ReportKind::kFlameSvg);
  EXPECT_NE(svg.find("<title>a (4, 100%)</title>"), svg.npos);
  EXPECT_NE(svg.find("<title>b (3, 75.00%)</title>"), svg.npos);
  svg = page(tiny_profile({{"a;b", 3}, {"a;b", -4}, {"a", 1}}), ReportKind::kFlameSvg);
  EXPECT_NE(svg.find("<title>b (4 \u2192 3, -1, -25.0%)</title>"), svg.npos) << svg;
}

}  // namespace
}  // namespace memsnap
