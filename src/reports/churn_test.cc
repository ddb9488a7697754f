#include "render/golden_test.h"
#include "render/json_value.h"
#include "reports/recorded.h"

namespace memsnap {
namespace {

// What all rows add up to is what the profile has, and no row allocated less than stays.
TEST(ChurnReport, AddsUpToTheProfile) {
  for (const char* name : {"prometheus.heap", "nats.heap", "caddy.allocs"}) {
    ReportRequest request{.kind = ReportKind::kChurn, .json = true};
    request.config.nodecount = 0;
    request.config.nodefraction = 0;
    auto churn = read_json(report_text(recorded(name), request));
    ASSERT_TRUE(churn);
    double rows = 0, saved = 0;
    for (const JsonValue& row : *churn->member("rows")->array()) {
      double alloc = *row.member("alloc_space")->number();
      rows += alloc;
      saved += *row.member("hint_saves")->number();
      EXPECT_LE(*row.member("inuse_space")->number(), alloc);
      EXPECT_LE(*row.member("slice_growth")->number() + *row.member("map_growth")->number(), alloc + 1);
      EXPECT_LE(*row.member("hint_saves")->number(), alloc);
    }
    EXPECT_EQ(rows, *churn->member("all")->member("alloc_space")->number());
    ReportRequest top{.kind = ReportKind::kTop, .json = true};
    top.config.sample_index = "alloc_space";
    auto plain = read_json(report_text(recorded(name), top));
    EXPECT_EQ(rows, *plain->member("total")->number());
    EXPECT_NEAR(saved, *churn->member("all")->member("hint_saves")->number(), 100);
  }
}

TEST(ChurnReport, Golden) {
  ReportRequest request{.kind = ReportKind::kChurn};
  request.config.nodecount = 6;
  request.config.granularity = "functions";
  request.config.focus = "nats-server";
  request.config.source_path = "/nonexistent";
  std::string text = report_text(recorded("nats.heap"), request);
  expect_golden("pprof/churn.functions", text);
}

TEST(ChurnReport, WantsAHeapProfile) {
  Out out, err;
  auto done = generate_report(recorded("nats.cpu"), {.kind = ReportKind::kChurn}, nullptr, out, err);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().cause, Cause::usage);
}

}  // namespace
}  // namespace memsnap
