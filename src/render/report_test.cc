// Every form of the report, of a full one, an empty one and one whose names are hostile, against
// tests/golden/render; and what must hold for any report.
#include "render/report.h"

#include "base/text.h"
#include "render/golden_test.h"
#include "render/json_value.h"
#include "tables/heap_text.h"

#include <gtest/gtest.h>
#include <algorithm>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace memsnap {
namespace {

Finding sessions() {
  Finding f;
  f.pattern = f.rule = "map-unbounded";
  f.severity = Severity::kHigh;
  f.confidence = Confidence::kCertain;
  f.fingerprint = "9c41e7";
  f.title = "session.store.sessions grows and nothing is ever deleted";
  f.type = "map[string]*session.Session";
  f.objects = 2104331;
  f.retained_bytes = 641728512;
  f.share = 0.3585;
  f.growth_bytes_per_s = 10200;
  f.holder = {.kind = HolderKind::kGlobal,
              .root = "session.store",
              .file = "internal/session/store.go",
              .line = 18,
              .path = {{"*session.Store", ".sessions", 1, 641728600},
                       {"map[string]*session.Session", "[\u2026]", 1, 641728512},
                       {"*session.Session", "", 2104331, 505039440}}};
  f.holder.also = {"admin.index"};
  f.sites = {{"session.(*Store).Put", "internal/session/store.go", 41, 0.94, "heap-profile"}};
  f.evidence = {
      {"map", "len 2,104,331, load 0.57, no deletes between captures", "memsnap maps 4127"},
      {"growth", "entries went from 2,104,001 to 2,104,331 in 5 s and 6 captures (66.0/s)", "memsnap diff"}};
  f.fix = {"delete expired entries, or bound the map", "map-unbounded"};
  return f;
}

Finding goroutines() {
  Finding f;
  f.pattern = f.rule = "goroutine-leak";
  f.severity = Severity::kMedium;
  f.confidence = Confidence::kProven;
  f.fingerprint = "e27f30";
  f.title = "12,044 goroutines wait in chan send at notify.go:59 and nothing can wake them";
  f.objects = 12044;
  f.retained_bytes = 137363456;
  f.share = 0.0767;
  f.holder = {.kind = HolderKind::kGoroutine,
              .root = "notify.send",
              .file = "notify/notify.go",
              .line = 59,
              .path = {}};
  f.sites = {{"api.(*API).Order", "api/api.go", 88, 1, "goroutine-creator"}};
  f.evidence = {
      {"proof", "the channel is reachable only from goroutines that wait for it", "memsnap goroutines 4127"}};
  f.fix = {"make(chan Result, 1), or select with ctx.Done()", "goroutine-leak"};
  return f;
}

Report full() {
  Report r;
  r.kind = "process";
  r.pid = 4127;
  r.exe = "shop";
  r.build_id = "aa/bb";
  r.go = "go1.26.8";
  r.time = "2026-11-21T10:12:44Z";
  r.up_ns = 62'400'000'000'000;
  r.captures = 6;
  r.seconds = 5;
  r.pause_ns = 6'100'000;
  r.threads = 212;
  r.mode = "stopped";
  r.objects = 9120331;
  r.bytes = 1830000000;
  r.reached_bytes = 1790000000;
  r.typed_ratio = 0.989;
  r.rss = 3661627392;
  r.limit = 4294967296;
  r.explained_ratio = 0.998;
  r.rss_per_s = 16000;
  r.parts = {{"live-heap", "Go heap", 1830813696}, {"idle-spans", "Go heap", 851443712},
             {"garbage", "Go heap", 421527552},    {"cgo-heap", "[heap]", 224395264},
             {"stacks", "goroutines", 123731968},  {"fragmentation", "Go heap", 100663296},
             {"runtime", "metadata", 63963136},    {"file", "/usr/bin/shop", 45088768}};
  r.findings = {sessions(), goroutines()};
  r.next = {{"memsnap maps 4127", "every map with its load"},
            {"memsnap capture -p 4127 -o shop.snap", "keep this state"}};
  r.source[{"internal/session/store.go", 41}] = "s.sessions[id] = &Session{User: user}";
  return r;
}

// Names that would steer a terminal, break out of a page, or make links and mentions.
constexpr const char* kHostile =
    "main.x\x1b[2J\r\n\x07\xc2\x9b"
    "31m\xe2\x80\xae<script>alert(1)</script>`|`@team](http://evil) &amp; \"'\xff";

Report hostile() {
  Report r = full();
  std::string name = kHostile;
  r.exe = r.go = r.build_id = r.time = r.mode = name;
  r.parts[0].cause = r.parts[0].owner = name;
  Finding& f = r.findings[0];
  f.pattern = f.rule = f.title = f.type = f.fingerprint = name;
  f.holder.root = f.holder.file = name;
  f.holder.also = {name, name};
  for (PathStep& step : f.holder.path) step.type = step.ref = name;
  f.sites[0].function = f.sites[0].file = name;
  for (Evidence& evidence : f.evidence) evidence.kind = evidence.text = evidence.verb = name;
  f.fix = {name, name};
  r.missing = {name};
  r.notes = {name};
  r.next = {{name, name}};
  r.largest = {{name, name, 1000}};
  r.growth_note = name;
  r.saved = name;
  r.source[{name, 41}] = name;
  return r;
}

std::string json_of(const Report& report) {
  Out out;
  render_json(report, out);
  return out.text();
}

std::size_t line_count(const std::string& text) { return std::size_t(std::ranges::count(text, '\n')); }

// No line is wider than it may be, and none has a character that steers a terminal.
void expect_printable(const std::string& text, std::size_t width, bool ascii) {
  std::stringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(columns(line), width) << line;
    for (std::string_view rest = line; !rest.empty();) {
      CodePoint c = first_code_point(rest);
      EXPECT_TRUE(c.valid && !is_unsafe(c.value)) << line;
      if (ascii) {
        EXPECT_LT(c.value, 0x80u) << line;
      }
      rest.remove_prefix(c.bytes);
    }
  }
}

TEST(Report, Golden) {
  Report r = full();
  expect_golden("render/report.txt", render_text(r, {.ascii = false}, {}));
  expect_golden("render/report.ascii.txt", render_text(r, {.ascii = true}, {}));
  expect_golden("render/report.json", json_of(r));
  expect_golden("render/report.md", render_markdown(r));
  expect_golden("render/report.html", render_html(r));
}

TEST(Report, GoldenOfOneCaptureWithoutFindings) {
  Report r = full();
  r.findings.clear();
  r.captures = 1;
  r.rss_per_s.reset();
  r.limit = 0;
  r.largest = {{"global session.store", "map[string]*session.Session", 641728512},
               {"goroutine main.main", "[]uint8", 4096}};
  r.growth_note = "one capture does not show growth: memsnap doctor 4127 takes several";
  r.notes = {"one capture: more would pause it for more than 300 ms in all; growth was not looked at"};
  r.missing = {"resident memory: /proc/4127/smaps could not be read"};
  expect_golden("render/quiet.txt", render_text(r, {.ascii = true}, {}));
  expect_golden("render/quiet.json", json_of(r));
  expect_golden("render/quiet.md", render_markdown(r));
  expect_golden("render/quiet.html", render_html(r));
}

TEST(Report, CollectorSettingsThatAreNotStandard) {
  auto words = [](std::string_view counters) {
    auto text = parse_heap(std::string(counters));
    return text ? collector_words(text->heap) : text.error().what;
  };
  EXPECT_EQ(words("counter gc.percent 100\ncounter gc.memory_limit 9223372036854775807\n"), "");
  EXPECT_EQ(words("counter gc.percent 50\ncounter gc.memory_limit 1G\n"), "GOGC 50, GOMEMLIMIT 1.00 GiB");
  Report r = full();
  r.gc = "GOGC 50";
  EXPECT_TRUE(memory_words(r).ends_with(", GOGC 50")) << memory_words(r);
}

TEST(Report, GoldenOfHostileNames) {
  Report r = hostile();
  expect_golden("render/hostile.txt", render_text(r, {.ascii = false}, {}));
  expect_golden("render/hostile.json", json_of(r));
  expect_golden("render/hostile.md", render_markdown(r));
  expect_golden("render/hostile.html", render_html(r));
}

TEST(Report, TextFitsItsWidthAndItsLines) {
  Report r = full();
  for (int i = 0; i < 40; ++i) r.findings.push_back(i % 2 ? sessions() : goroutines());
  for (bool ascii : {false, true}) {
    std::string text = render_text(r, {.ascii = ascii}, {});
    EXPECT_LE(line_count(text), 60u);
    expect_printable(text, 100, ascii);
    expect_printable(render_text(hostile(), {.ascii = ascii}, {}), 100, ascii);
    expect_printable(render_text(hostile(), {.ascii = ascii, .width = 60}, {}), 60, ascii);
  }
  EXPECT_NE(render_text(r, {}, {}).find("not shown: 37 findings"), std::string::npos);
  std::string all = render_text(r, {}, {.findings = 100, .lines = 10000});
  EXPECT_EQ(all.find("not shown"), std::string::npos);
  EXPECT_GT(line_count(all), 300u);
}

TEST(Report, TheFirstFindingGivesWayLast) {
  Report report = full();
  report.findings.assign(6, sessions());
  for (PathStep step : {PathStep{"*a.B", ".c"}, PathStep{"*b.C", ".d"}, PathStep{"*c.D", ".e"}})
    report.findings[0].holder.path.insert(report.findings[0].holder.path.begin(), step);
  std::string text = render_text(report, Style{}, {.findings = 6, .lines = 60});
  EXPECT_NE(text.find("*b.C"), std::string::npos) << text;
  EXPECT_LE(std::ranges::count(text, '\n'), 60) << text;
}

TEST(Report, ColourOnlyWhenAsked) {
  EXPECT_EQ(render_text(full(), {.colour = false}, {}).find('\x1b'), std::string::npos);
  EXPECT_NE(render_text(full(), {.colour = true}, {}).find("\x1b[1;31mHIGH\x1b[0m"), std::string::npos);
}

TEST(Report, JsonKeepsItsSchema) {
  std::stringstream file;
  file << std::ifstream("docs/report.schema.json").rdbuf();
  auto schema = read_json(file.str());
  ASSERT_TRUE(schema) << schema.error().what;
  Report partial = full();
  partial.missing = {"x"};
  for (const Report& r : {full(), hostile(), partial}) {
    auto value = read_json(json_of(r));
    ASSERT_TRUE(value) << value.error().what;
    EXPECT_EQ(check_schema(*schema, *value), "");
  }
  // The checker does object.
  std::string broken = json_of(full());
  broken.replace(broken.find("\"high\""), 6, "\"grim\"");
  EXPECT_NE(check_schema(*schema, *read_json(broken)), "");
}

TEST(Report, HtmlHoldsNoMarkupOfTheTarget) {
  std::string page = render_html(hostile());
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("http://evil)\""), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(page.find("Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"),
            std::string::npos);
  EXPECT_NE(page.find("name=\"viewport\""), std::string::npos);
  EXPECT_EQ(page.find("src="), std::string::npos);
  EXPECT_EQ(page.find("href="), std::string::npos);
  EXPECT_EQ(page.find(" style="), std::string::npos);  // the policy would not allow it
}

}  // namespace
}  // namespace memsnap
