// What --precision prints, of profiles made by hand and recorded from servers.
#include "profile/sampling.h"
#include "render/golden_test.h"
#include "render/json_value.h"
#include "reports/recorded.h"

namespace memsnap {
namespace {

// A heap profile as the runtime writes it: K samples of blocks of one size below each stack.
class HeapWriter {
 public:
  HeapWriter() {
    auto type = [&](const char* name, const char* unit) {
      return ValueType{profile_.strings.add(name), profile_.strings.add(unit)};
    };
    profile_.sample_types = {type("alloc_objects", "count"), type("alloc_space", "bytes"),
                             type("inuse_objects", "count"), type("inuse_space", "bytes")};
    profile_.period_type = type("space", "bytes");
    profile_.period = 512 << 10;
  }
  LocationId function(const std::string& name) {
    profile_.functions.push_back({.name = profile_.strings.add(name)});
    profile_.lines.push_back({.function = FunctionId(std::uint32_t(profile_.functions.size() - 1))});
    profile_.locations.push_back({.first_line = std::uint32_t(profile_.lines.size() - 1), .line_count = 1});
    return LocationId(std::uint32_t(profile_.locations.size() - 1));
  }
  void samples(const std::vector<LocationId>& stack, double size, int count, const char* base = "") {
    double share = sampled_share(size, double(profile_.period));
    std::int64_t sign = *base ? -1 : 1;
    std::int64_t blocks = sign * std::int64_t(count / share);
    std::int64_t bytes = sign * std::int64_t(count * size / share);
    std::vector<ProfileLabel> labels = {
        {profile_.strings.add("bytes"), profile_.strings.add("bytes"), std::int64_t(size)}};
    if (*base)
      labels.push_back(
          {profile_.strings.add(kBaseLabel), ProfileLabel::kText, std::int64_t(profile_.strings.add(base))});
    profile_.add_sample(stack, std::vector{blocks, bytes, blocks, bytes}, labels);
  }
  Profile take() { return std::move(profile_); }

 private:
  Profile profile_;
};

Profile small_heap() {
  HeapWriter heap;
  LocationId main = heap.function("main.main"), cache = heap.function("cache.Put");
  LocationId conn = heap.function("net.accept"), load = heap.function("main.load");
  heap.samples({cache, main}, 64, 400);
  heap.samples({conn, main}, 4096, 16);
  heap.samples({conn, main}, 16384, 2);
  heap.samples({load, main}, 1024, 1);
  heap.samples({main}, 8 << 20, 2);
  return heap.take();
}

TEST(PrecisionReport, Top) {
  expect_golden("pprof/precision.top", report_text(small_heap(), {.precision = true}));
  expect_golden("pprof/precision.tree",
                report_text(small_heap(), {.kind = ReportKind::kTree, .precision = true}));
}

Profile small_difference(const char* base) {
  HeapWriter heap;
  LocationId main = heap.function("main.main"), cache = heap.function("cache.Put");
  LocationId conn = heap.function("net.accept"), load = heap.function("main.load");
  heap.samples({cache, main}, 64, 400);
  heap.samples({cache, main}, 64, 100, base);
  heap.samples({conn, main}, 4096, 16);
  heap.samples({conn, main}, 4096, 12, base);
  heap.samples({load, main}, 1024, 2);
  heap.samples({main}, 8 << 20, 2);
  heap.samples({main}, 8 << 20, 2, base);
  return heap.take();
}

TEST(PrecisionReport, Difference) {
  expect_golden("pprof/precision.diff_base", report_text(small_difference("true"), {.precision = true}));
}

// Samples of -base are kept apart for their number, and count as if they had been merged.
TEST(PrecisionReport, BaseKeepsItsTotal) {
  std::string text = report_text(small_difference("minus"), {.precision = true});
  EXPECT_NE(text.find("Showing nodes accounting for 153.02MB, 100% of 153.02MB total"), text.npos) << text;
}

TEST(PrecisionReport, IsNotThereWhenNobodyAsked) {
  std::string plain = report_text(small_heap(), {}),
              compat = report_text(small_heap(), {.go_compat = true, .precision = true});
  EXPECT_EQ(plain, compat);
  EXPECT_EQ(plain.find("\u00b1"), plain.npos);
}

// Whatever a server recorded: each value lies inside its limits, and n samples add up.
TEST(PrecisionReport, LimitsHoldTheValue) {
  for (const std::string& name : kRecorded) {
    auto read = read_json(report_text(recorded(name), {.json = true, .precision = true}));
    ASSERT_TRUE(read) << name;
    std::string by = *read->member("precision")->member("sampled_by")->text();
    bool is_sampled = name.ends_with("heap") || name.ends_with("allocs") || name.ends_with("cpu");
    EXPECT_EQ(by == "heap" || by == "time", is_sampled) << name << " " << by;
    if (!is_sampled) continue;
    double flat_samples = 0;
    for (const JsonValue& row : *read->member("rows")->array()) {
      for (std::string side : {"flat", "cum"}) {
        const JsonValue& limits = *row.member(side + "_limits");
        double value = *row.member(side)->number();
        if (value == 0) continue;
        ASSERT_GT(*limits.member("samples")->number(), 0) << name;
        EXPECT_LE(*limits.member("low")->number(), value * 1.001 + 1) << name;
        EXPECT_GE(*limits.member("high")->number(), value * 0.999 - 1) << name;
      }
      flat_samples += *row.member("flat_limits")->member("samples")->number();
    }
    EXPECT_LE(flat_samples, *read->member("precision")->member("total")->member("samples")->number()) << name;
    EXPECT_GT(flat_samples, 0) << name;
  }
}

TEST(PrecisionReport, SaysWhyThereAreNoLimits) {
  auto first_line = [](const std::string& name) {
    std::string text = report_text(recorded(name), {.precision = true});
    return text.substr(0, text.find('\n'));
  };
  EXPECT_EQ(first_line("nats.goroutine"), "Precision: every event is in this profile, none was sampled");
  EXPECT_EQ(first_line("etcd.mutex"),
            "Precision: no limits, block and mutex profiles do not say which share of events they recorded");
}

}  // namespace
}  // namespace memsnap
