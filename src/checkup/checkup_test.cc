#include "checkup/checkup.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace memsnap {
namespace {

class Writer {
 public:
  explicit Writer(std::vector<std::pair<const char*, const char*>> types, std::int64_t seconds) {
    for (auto [type, unit] : types) profile_.sample_types.push_back({text(type), text(unit)});
    profile_.period_type = {text("space"), text("bytes")};
    profile_.period = 512 << 10;
    profile_.time_nanos = seconds * 1'000'000'000;
  }
  static Writer heap(std::int64_t seconds) {
    return Writer({{"alloc_objects", "count"},
                   {"alloc_space", "bytes"},
                   {"inuse_objects", "count"},
                   {"inuse_space", "bytes"}},
                  seconds);
  }
  static Writer goroutines(std::int64_t seconds) { return Writer({{"goroutine", "count"}}, seconds); }

  LocationId frame(const std::string& name, std::int64_t line = 10) {
    auto [at, fresh] =
        frames_.try_emplace(name + std::to_string(line), LocationId(std::uint32_t(frames_.size())));
    if (!fresh) return at->second;
    profile_.functions.push_back({.name = text(name), .file = text("/src/shop.go")});
    profile_.lines.push_back(
        {.function = FunctionId(std::uint32_t(profile_.functions.size() - 1)), .line = line});
    profile_.locations.push_back({.first_line = std::uint32_t(profile_.lines.size() - 1), .line_count = 1});
    return at->second;
  }
  void blocks(const std::vector<LocationId>& stack, std::int64_t size, std::int64_t made, std::int64_t live) {
    ProfileLabel label{text("bytes"), text("bytes"), size};
    profile_.add_sample(stack, std::vector{made, made * size, live, live * size}, std::span(&label, 1));
  }
  void add(const std::vector<LocationId>& stack, std::int64_t value) {
    profile_.add_sample(stack, std::span(&value, 1), {});
  }
  NamedProfile take(const char* name) { return {name, std::move(profile_)}; }

 private:
  StringId text(std::string_view value) { return profile_.strings.add(value); }
  Profile profile_;
  std::map<std::string, LocationId> frames_;
};

const std::string* source(std::string_view, std::int64_t line) {
  static const std::string append = "s = append(s, row)", assign = "m[key] = row";
  return line == 20 ? &append : line == 30 ? &assign : nullptr;
}

std::vector<std::string> rules_of(const Checkup& checkup) {
  std::vector<std::string> rules;
  for (const Finding& finding : checkup.findings) {
    rules.push_back(finding.rule);
    EXPECT_FALSE(finding.evidence.empty());
    EXPECT_FALSE(finding.fix.text.empty());
    EXPECT_FALSE(finding.fingerprint.empty());
    EXPECT_LT(finding.severity, Severity::kHigh) << "a profile does not know that much";
  }
  std::ranges::sort(rules);
  return rules;
}

template <class... Profiles>
Checkup check(Profiles... one) {
  std::vector<NamedProfile> profiles;
  (profiles.push_back(std::move(one)), ...);
  auto checkup = check_profiles(std::move(profiles), source);
  EXPECT_TRUE(checkup);
  return checkup ? std::move(*checkup) : Checkup();
}

TEST(Checkup, HotAllocatorAndGrowth) {
  Writer heap = Writer::heap(1);
  LocationId main = heap.frame("main.main");
  heap.blocks({heap.frame("shop.render", 10), main}, 1024, 100'000, 10);
  for (std::int64_t size : {1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18})
    heap.blocks({heap.frame("shop.list", 20), main}, size, 200, size == 1 << 18 ? 1 : 0);
  for (std::int64_t size : {1 << 10, 1 << 12, 1 << 14, 1 << 16})
    heap.blocks({heap.frame("shop.index", 30), main}, size, 600, 0);
  EXPECT_EQ(rules_of(check(heap.take("heap"))),
            (std::vector<std::string>{"hot-allocator", "map-growth-avalanche", "slice-growth"}));
}

TEST(Checkup, FewSamplesAreSilent) {
  Writer heap = Writer::heap(1);
  LocationId main = heap.frame("main.main");
  heap.blocks({heap.frame("shop.render", 10), main}, 64, 5 * 8192, 0);  // five samples of 2.5 MB
  heap.blocks({heap.frame("shop.rest", 11), main}, 4 << 20, 5, 0);
  std::vector<std::string> rules = rules_of(check(heap.take("heap")));
  EXPECT_EQ(rules, (std::vector<std::string>{"hot-allocator"}));  // the one whose blocks are all counted
}

TEST(Checkup, ManySmallObjects) {
  Writer heap = Writer::heap(1);
  LocationId main = heap.frame("main.main");
  heap.blocks({heap.frame("index.Put", 12), main}, 16, 4'000'000, 4'000'000);
  heap.blocks({heap.frame("cache.Put", 13), main}, 4096, 1000, 1000);
  std::vector<std::string> rules = rules_of(check(heap.take("heap")));
  EXPECT_TRUE(std::ranges::count(rules, "many-small-objects") == 1);
}

TEST(Checkup, GrowthBetweenTwo) {
  auto heap = [](std::int64_t seconds, std::int64_t sessions) {
    Writer writer = Writer::heap(seconds);
    LocationId main = writer.frame("main.main");
    writer.blocks({writer.frame("session.Open", 12), main}, 4096, sessions, sessions);
    writer.blocks({writer.frame("cache.Put", 13), main}, 4096, 20'000, 20'000);
    return writer;
  };
  Checkup grown = check(heap(100, 2000).take("a"), heap(160, 20'000).take("b"));
  auto found = std::ranges::find(grown.findings, "heap-growth", &Finding::rule);
  ASSERT_NE(found, grown.findings.end());
  EXPECT_EQ(found->sites[0].function, "session.Open");
  EXPECT_NEAR(*found->growth_bytes_per_s, 18'000 * 4096 / 60.0, 1);
  EXPECT_EQ(found->severity, Severity::kMedium);
  // The same, as the sampling would have it twice: nothing.
  Checkup steady = check(heap(100, 2000).take("a"), heap(160, 2100).take("b"));
  EXPECT_EQ(std::ranges::count(steady.findings, "heap-growth", &Finding::rule), 0);
}

TEST(Checkup, Goroutines) {
  auto group = [](std::int64_t seconds, std::int64_t senders, std::int64_t connections) {
    Writer writer = Writer::goroutines(seconds);
    writer.add({writer.frame("runtime.gopark"), writer.frame("runtime.chansend1"),
                writer.frame("notify.send", 59), writer.frame("api.Order.func1")},
               senders);
    writer.add({writer.frame("runtime.gopark"), writer.frame("runtime.netpollblock"),
                writer.frame("internal/poll.runtime_pollWait"), writer.frame("net/http.(*conn).serve", 5),
                writer.frame("net/http.(*Server).Serve.gowrap")},
               connections);
    return writer;
  };
  EXPECT_TRUE(check(group(1, 90, 900).take("g")).findings.empty());
  Checkup many = check(group(1, 1200, 5000).take("g"));
  ASSERT_EQ(many.findings.size(), 2u);
  EXPECT_EQ(many.findings[0].severity, Severity::kLow);
  EXPECT_EQ(many.findings[0].title, "1,200 goroutines wait for a channel send in notify.send");
  EXPECT_EQ(many.findings[1].severity, Severity::kInfo);
  Checkup grown = check(group(1, 100, 900).take("g"), group(60, 400, 990).take("h"));
  ASSERT_EQ(grown.findings.size(), 1u);
  EXPECT_EQ(grown.findings[0].severity, Severity::kMedium);
  EXPECT_EQ(grown.findings[0].pattern, "goroutine-leak");
}

TEST(Checkup, RulesAreComplete) {
  for (const std::string& rule : profile_rules()) {
    const RuleText* words = rule_text(rule);
    ASSERT_NE(words, nullptr) << rule;
    EXPECT_TRUE(std::filesystem::exists("docs/patterns/" + words->recipe + ".md")) << rule;
    for (const std::string* part :
         {&words->title, &words->why, &words->leak_code, &words->fixed_code, &words->fix})
      EXPECT_FALSE(part->empty());
  }
}

TEST(Checkup, OtherProfiles) {
  std::vector<NamedProfile> mutex;
  mutex.push_back(Writer({{"contentions", "count"}}, 1).take("mutex"));
  EXPECT_FALSE(check_profiles(std::move(mutex), source));
}

}  // namespace
}  // namespace memsnap
