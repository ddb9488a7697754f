#include "analysis/series_builder.h"

#include "analysis/case.h"
#include "tables/heap_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace memsnap {
namespace {

// Objects lie one behind the other in the order of the text, so what comes first keeps its addresses.
Series follow(std::size_t captures, const std::function<std::string(std::size_t)>& text) {
  SeriesBuilder builder;
  for (std::size_t i = 0; i < captures; ++i) {
    auto parsed = parse_heap(text(i));
    EXPECT_TRUE(parsed) << parsed.error().what;
    if (parsed) builder.add(parsed->heap, double(i));
  }
  return std::move(builder).take();
}

const SeriesRow* holder(const Series& series, std::string_view key) {
  return series.of(SeriesKind::kHolder, key);
}

std::string chain(std::size_t length) {
  return fmt::format(
      "struct main.node next *main.node, body []uint8\n"
      "object n x {} main.node 1K -> .next n+1\n"
      "global main.head *main.node main.go:3 -> n[0]\n",
      length);
}

TEST(SeriesBuilder, AGrowingChainIsFollowedByItsHead) {
  Series series = follow(6, [](std::size_t i) { return chain(1000 + 100 * i); });
  const SeriesRow* row = holder(series, "main.head");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->node, NodeId{0});
  // Survivors are those of the capture before; into the second one 1,000 survived.
  EXPECT_EQ(row->values, (std::vector<double>{1024e3, 1024e3, 1126400, 1228800, 1331200, 1433600}));
  EXPECT_EQ(growth_of(series, *row, 1 << 16).trend, Trend::kGrowing);
  EXPECT_FALSE(row->uncertain);
  const SeriesRow* heap = series.of(SeriesKind::kHeap, "");
  ASSERT_NE(heap, nullptr);
  EXPECT_EQ(heap->values.back(), 1500 * 1024.0);
}

TEST(SeriesBuilder, TwoCapturesCompareAllBytes) {
  Series series = follow(2, [](std::size_t i) { return chain(1000 + 500 * i); });
  const SeriesRow* row = holder(series, "main.head");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->values, (std::vector<double>{1024e3, 1536e3}));
  EXPECT_EQ(growth_of(series, *row, 1 << 16).trend, Trend::kHint);
}

// Requests in flight differ from capture to capture, and none of them is there twice.
TEST(SeriesBuilder, WhatDoesNotSurviveDoesNotGrow) {
  Series series = follow(6, [](std::size_t i) {
    std::string text = "struct main.request body []uint8\n";
    for (std::size_t k = 0; k < i; ++k)
      text += fmt::format("object gap{} array uint8 {} garbage\n", k, 8 + k * 16);
    return text + fmt::format(
                      "object l array *main.request 64K -> r\n"
                      "object r x {} main.request 1K\n"
                      "global main.inflight []*main.request main.go:3 -> l\n",
                      100 + 200 * i);
  });
  for (const SeriesRow& row : series.rows) {
    if (row.kind != SeriesKind::kHolder) continue;
    EXPECT_EQ(growth_of(series, row, 1 << 16).trend, Trend::kFlat) << row.key;
  }
}

TEST(SeriesBuilder, FastTurnoverMakesAHolderUncertain) {
  // Every object of the size is new, but every fifth lies where one of the same type lay.
  Series series = follow(6, [](std::size_t i) {
    std::string text = "struct main.request body []uint8\nobject l array *main.request 8K\n";
    text += "global main.inflight []*main.request main.go:3 -> l\n";
    for (int k = 0; k < 600; ++k) {
      bool here = k % 5 == 0 || std::size_t(k) % 2 == i % 2;
      const char* type = k % 5 == 0 || i % 2 == 0 ? "main.request" : "main.answer";
      text += fmt::format("object r{} {} 512{}\n", k, type, here ? "" : " garbage");
      if (here) text += fmt::format("edges l -> r{}\n", k);
    }
    return text;
  });
  const SeriesRow* row = holder(series, "main.inflight");
  ASSERT_NE(row, nullptr);
  EXPECT_TRUE(row->uncertain);
}

TEST(SeriesBuilder, NamesFoldContainersAndLeaveOutIndices) {
  Series series = follow(2, [](std::size_t) {
    return std::string(R"(
struct session.Session user string, data []uint8
struct session.Store mu int64, sessions map[string]*session.Session
object store session.Store -> .sessions m
object m map[string]*session.Session -> d
object d directory map[string]*session.Session 64 -> t
object t x 8 table map[string]*session.Session 32 -> g
object g x 8 groups map[string]*session.Session 4K -> s
object s x 80 session.Session -> .data b
object b x 80 array uint8 8K
global session.store *session.Store session/store.go:18 -> store
goroutine main.loop created main.main main.go:9 x 3
  at main.loop main.go:20 -> buf w
object w x 3 array uint8 64K
)");
  });
  const SeriesRow* row =
      holder(series, "session.store .sessions map[string]*session.Session […] session.Session .data []uint8");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->values[0], 80 * 8192);
  EXPECT_NE(holder(series, "session.store .sessions map[string]*session.Session"), nullptr);
  EXPECT_EQ(holder(series, "session.store .sessions map[string]*session.Session")->node, NodeId{1});
  EXPECT_EQ(holder(series, "session.store")->node, NodeId{0});
  row = holder(series, "goroutine main.loop buf []uint8");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->values[1], 3 * 65536);
}

TEST(SeriesBuilder, CountsAreExact) {
  Series series = follow(6, [](std::size_t i) {
    return fmt::format(R"(
object m map[int]int
object steady map[int]int
object q "chan int"
object log array main.entry 64K
struct main.entry a int, b int
global main.m map[int]int main.go:1 -> m
global main.steady map[int]int main.go:2 -> steady
global main.q "chan int" main.go:3 -> q
global main.log []main.entry main.go:4 -> log
map m len={0}
map steady len=500
channel q len={1} cap=64
array log shown=0..{2}
goroutine main.work created main.start main.go:12 x {0}
goroutine main.main main
goroutine runtime.gcBgMarkWorker created runtime.gcStart runtime/mgc.go:1 x 4 system
memory cgo-heap libc resident={3}
memory cgo-heap other resident=4096
counter process.rss {3}
)",
                       100 + 10 * i, 5 + i, 160 * (i + 1), 1'000'000 + i);
  });
  const SeriesRow* map = series.of(SeriesKind::kMap, 0xc000000000);
  ASSERT_NE(map, nullptr);
  EXPECT_EQ(map->values, (std::vector<double>{100, 110, 120, 130, 140, 150}));
  EXPECT_EQ(map->node, NodeId{0});
  EXPECT_EQ(series.of(SeriesKind::kMap, 0xc000000000 + 48), nullptr);  // it did not move
  const SeriesRow* goroutines = series.of(SeriesKind::kGoroutines, "main.work created by main.start:12");
  ASSERT_NE(goroutines, nullptr);
  EXPECT_EQ(goroutines->values.back(), 150);
  const SeriesRow* array = series.of(SeriesKind::kArray, "main.log");
  ASSERT_NE(array, nullptr);
  EXPECT_EQ(array->values, (std::vector<double>{10, 20, 30, 40, 50, 60}));
  EXPECT_EQ(array->node, NodeId{3});
  EXPECT_EQ(series.of(SeriesKind::kChannel, 0xc000000000 + 96)->values.back(), 10);
  EXPECT_EQ(series.of(SeriesKind::kCounter, "memory.cgo-heap")->values[1], 1'000'001 + 4096);
  EXPECT_EQ(series.of(SeriesKind::kResident, "")->values[5], 1'000'005);
  std::size_t groups = 0;
  for (const SeriesRow& row : series.rows) groups += row.kind == SeriesKind::kGoroutines;
  EXPECT_EQ(groups, 1u);
}

TEST(SeriesBuilder, NothingAtAll) {
  EXPECT_TRUE(SeriesBuilder().take().rows.empty());
  Series series = follow(3, [](std::size_t) { return std::string(); });
  EXPECT_EQ(series.captures(), 3u);
}

}  // namespace
}  // namespace memsnap
