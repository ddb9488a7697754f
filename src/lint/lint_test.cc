// Fixes, fingerprints, configuration and the forms of output, on diagnostics written by hand.
#include "lint/baseline.h"
#include "lint/config.h"
#include "lint/diagnostic.h"
#include "lint/edits.h"
#include "lint/print.h"
#include "render/json_value.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

Diagnostic sample(std::uint32_t from, int line, std::string subject) {
  return {.rule = "append-alias",
          .severity = Severity::kMedium,
          .at = {.file = "a b/x.go",
                 .from = from,
                 .to = from + 3,
                 .line = line,
                 .column = 2,
                 .end_line = line,
                 .end_column = 5},
          .message = "both <appends> write one array",
          .function = "m/a.F",
          .subject = std::move(subject),
          .related = {{.at = {.file = "a b/x.go", .line = 1, .column = 1, .end_line = 1, .end_column = 4},
                       .words = "the first append"}}};
}

std::string_view line_text(const std::string&, int line) {
  return line == 1 ? "\tone := append(x, 1)" : "\tt\u00fco := append(x, 2)";
}

TEST(Diagnostics, FingerprintsSurviveMovesAndTellEqualOnesApart) {
  std::vector<Diagnostic> first = {sample(30, 3, "x"), sample(10, 1, "x"), sample(50, 5, "y")};
  std::vector<Diagnostic> moved = {sample(110, 11, "x"), sample(130, 13, "x"), sample(150, 15, "y")};
  finish(first);
  finish(moved);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].at.line, 1);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(first[i].fingerprint, moved[i].fingerprint);
  EXPECT_NE(first[0].fingerprint, first[1].fingerprint);
  EXPECT_NE(first[1].fingerprint, first[2].fingerprint);
}

TEST(Diagnostics, OnePlaceIsSaidOnce) {
  std::vector<Diagnostic> twice = {sample(10, 1, "x"), sample(10, 1, "x")};
  finish(twice);
  EXPECT_EQ(twice.size(), 1u);
}

TEST(Edits, AreAppliedFromFrontToBackAndNeverOverlap) {
  Diagnostic a = sample(0, 1, "x"), b = sample(0, 1, "x"), c = sample(0, 1, "x");
  a.edits = {{"f", 4, 7, "B"}, {"f", 0, 0, ">"}};
  b.edits = {{"f", 5, 6, "no"}};
  c.edits = {{"f", 0, 0, ">"}, {"f", 8, 8, "!"}};
  auto text = apply_edits("one two three", {&a, &b, &c}, "f");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, ">one B !three");
  a.edits = {{"f", 4, 70, ""}};
  EXPECT_FALSE(apply_edits("one two", {&a}, "f"));
  a.edits = {{"f", 0, 3, "three"}, {"f", 0, 0, "> "}};
  EXPECT_EQ(apply_edits("one two", {&a}, "f").value(), "> three two");
  a.edits = {{"f", 0, 3, "three"}, {"f", 2, 5, "four"}};
  EXPECT_FALSE(apply_edits("one two", {&a}, "f")) << "changes of one fix that overlap";
}

TEST(Edits, DiffHasTheFormOfDiffU) {
  std::string before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n",
              after = "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nK\nK2\nl\n";
  EXPECT_EQ(
      unified_diff("x.go", before, after),
      "--- a/x.go\n+++ b/x.go\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -8,5 +8,6 @@\n h\n i\n j\n-k\n"
      "+K\n+K2\n l\n");
  EXPECT_EQ(unified_diff("x.go", before, before), "");
  EXPECT_EQ(unified_diff("x.go", "a\n", "a"),
            "--- a/x.go\n+++ b/x.go\n@@ -1,1 +1,1 @@\n-a\n+a\n\\ No newline at end of file\n");
}

TEST(Config, IsReadAndWrongWordsAreNamed) {
  auto config =
      read_lint_config("[check]\nrules = [\"all\", \"-x\"]\nfail-on = \"high\"\nnotes = true\n", "m.toml");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->rules, (std::vector<std::string>{"all", "-x"}));
  EXPECT_EQ(config->fail_on, "high");
  EXPECT_EQ(config->notes, true);
  for (const char* wrong : {"[check]\nfail-on = \"never\"", "[check]\nrule = []", "[check]\nnotes = 1",
                            "[check", "[?check]", "\u00e9 = 1"}) {
    auto refused = read_lint_config(wrong, "m.toml");
    ASSERT_FALSE(refused) << wrong;
    EXPECT_TRUE(refused.error().what.starts_with("m.toml:")) << refused.error().what;
    EXPECT_EQ(refused.error().cause, Cause::usage);
  }
}

TEST(Config, PicksRules) {
  std::vector<std::string> all = {"a", "b", "c"};
  using Names = std::vector<std::string>;
  EXPECT_EQ(*pick_rules({}, all), all);
  EXPECT_EQ(*pick_rules({"b"}, all), Names{"b"});
  EXPECT_EQ(*pick_rules({"-b"}, all), (Names{"a", "c"}));
  EXPECT_EQ(*pick_rules({"all", "-a"}, all), (Names{"b", "c"}));
  EXPECT_FALSE(pick_rules({"d"}, all));
}

TEST(Config, ExcludesFolders) {
  EXPECT_TRUE(is_excluded({"gen/..."}, "gen/a/x.go"));
  EXPECT_TRUE(is_excluded({"./gen/..."}, "gen/x.go"));
  EXPECT_FALSE(is_excluded({"gen/..."}, "genx/x.go"));
  EXPECT_TRUE(is_excluded({"gen"}, "gen/x.go"));
  EXPECT_FALSE(is_excluded({"gen"}, "gen/a/x.go"));
}

TEST(Output, TextPutsCaretsUnderThePiece) {
  LintReport report{.diagnostics = {sample(10, 2, "x")}, .packages = 1, .files = 1};
  finish(report.diagnostics);
  Out out;
  print_text(report, line_text, Style{.ascii = false}, out);
  EXPECT_EQ(out.text().substr(0, out.text().find("    fix")),
            "a b/x.go:2:2: warning: both <appends> write one array [append-alias]\n"
            "      2 | t\u00fco := append(x, 2)\n"
            "        | ^^\n"
            "    a b/x.go:1:1: the first append\n"
            "      1 | one := append(x, 1)\n");
}

// What the standard (section 3) requires of each object that we write.
TEST(Output, SarifHasWhatTheStandardRequires) {
  LintReport report{.diagnostics = {sample(10, 2, "x")}, .rules = {"append-alias", "cap-as-len"}};
  report.diagnostics[0].edits = {{"a b/x.go", 3, 5, "y"}};
  report.diagnostics[0].related_is_path = true;
  finish(report.diagnostics);
  Out out;
  print_sarif(report, line_text, out);
  auto read = read_json(out.text());
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read->member("version")->text(), "2.1.0");
  const JsonValue& run = read->member("runs")->array()->at(0);
  const JsonValue* driver = run.member("tool")->member("driver");
  EXPECT_EQ(*driver->member("name")->text(), "memsnap");
  EXPECT_EQ(driver->member("rules")->array()->size(), 2u);
  const JsonValue& result = run.member("results")->array()->at(0);
  const JsonValue& rule =
      driver->member("rules")->array()->at(std::size_t(*result.member("ruleIndex")->number()));
  EXPECT_EQ(*rule.member("id")->text(), *result.member("ruleId")->text());
  EXPECT_EQ(*result.member("level")->text(), "warning");
  const JsonValue* place = result.member("locations")->array()->at(0).member("physicalLocation");
  EXPECT_EQ(*place->member("artifactLocation")->member("uri")->text(), "a%20b/x.go");
  EXPECT_EQ(*place->member("region")->member("endColumn")->number(), 4);  // in code points
  const JsonValue& change = result.member("fixes")->array()->at(0).member("artifactChanges")->array()->at(0);
  const JsonValue& replacement = change.member("replacements")->array()->at(0);
  EXPECT_EQ(*replacement.member("deletedRegion")->member("byteOffset")->number(), 3);
  EXPECT_TRUE(result.member("codeFlows")->array()->at(0).member("threadFlows")->array());
  EXPECT_EQ(*result.member("partialFingerprints")->member("memsnap/v1")->text(),
            report.diagnostics[0].fingerprint);
}

TEST(Output, GithubAndHtmlEscape) {
  LintReport report{.diagnostics = {sample(10, 2, "x")}};
  report.diagnostics[0].at.file = "a,b:c.go";
  Out github, html;
  print_github(report, github);
  EXPECT_TRUE(github.text().starts_with("::warning file=a%2Cb%3Ac.go,line=2,col=2,")) << github.text();
  print_html(report, line_text, html);
  EXPECT_NE(html.text().find("both &lt;appends&gt;"), std::string::npos);
  EXPECT_EQ(html.text().find("<appends>"), std::string::npos);
}

TEST(Output, HtmlMarksThePieceWithoutTheIndent) {
  LintReport report;
  report.diagnostics = {sample(0, 2, "x")};
  Diagnostic& one = report.diagnostics[0];
  one.at.column = 3, one.at.end_column = 7;  // the letter of two bytes and two more
  auto lines = [](const std::string&, int line) -> std::string_view {
    return line == 1 ? "\tif a\t< b {" : "\tt\u00fcco := \"\x1b\"";
  };
  Out out;
  print_html(report, lines, out);
  EXPECT_NE(out.text().find("<pre>    2  t<mark>\u00fcco</mark> := &quot;\\x1b&quot;</pre>"),
            std::string::npos)
      << out.text();
  EXPECT_NE(out.text().find("<pre>    1  if a\t&lt; b {</pre>"), std::string::npos) << out.text();
}

TEST(Baseline, KnowsWhatJsonSaid) {
  LintReport report{.diagnostics = {sample(10, 2, "x"), sample(20, 3, "y")}};
  finish(report.diagnostics);
  LintReport one = report;
  one.diagnostics.pop_back();
  Out out;
  print_json(one, out);
  auto known = read_known(out.text(), "base.json");
  ASSERT_TRUE(known) << known.error().what;
  EXPECT_EQ(drop_known(report.diagnostics, *known), 1u);
  EXPECT_EQ(report.diagnostics[0].subject, "y");
  EXPECT_FALSE(read_known("{}", "base.json"));
  EXPECT_FALSE(read_known("[", "base.json"));
}

}  // namespace
}  // namespace memsnap
