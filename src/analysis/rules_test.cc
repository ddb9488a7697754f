// Each tests/golden/rules/*.heap is a small heap, a line `---`, and what the doctor says about it.
// MEMSNAP_GOLDEN=update rewrites the lower half; the diff of the commit is then the review. The name says
// what must hold whatever the golden text says: <rule>[.case].leak.heap is named by its rule first, and
// *.healthy.heap gets nothing of medium or above.
#include "analysis/rules.h"

#include "tables/heap_text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace memsnap {
namespace {

const std::filesystem::path kCases = "tests/golden/rules";
constexpr std::string_view kLine = "---\n";

std::string text_of_file(const std::filesystem::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string to_text(const Finding& finding) {
  std::string text =
      fmt::format("{} {} {} {} bytes, {} objects, {:.1f}%", word(finding.severity), word(finding.confidence),
                  finding.rule, finding.retained_bytes, finding.objects, finding.share * 100);
  if (finding.growth_bytes_per_s) text += fmt::format(", {:.0f} bytes/s", *finding.growth_bytes_per_s);
  text += fmt::format("\n  title: {}\n  type: {}\n", finding.title, finding.type);
  text += fmt::format("  holder: {} {} {}:{}", word(finding.holder.kind), finding.holder.root,
                      finding.holder.file, finding.holder.line);
  for (const PathStep& step : finding.holder.path) text += fmt::format(" | {} {}", step.type, step.ref);
  text += "\n";
  for (const Site& site : finding.sites)
    text += fmt::format("  site: {} {}:{} {:.2f} {}\n", site.function, site.file, site.line, site.share,
                        site.source);
  for (const Evidence& evidence : finding.evidence)
    text += fmt::format("  {}: {} ({})\n", evidence.kind, evidence.text, evidence.verb);
  return text + fmt::format("  fix: {}\n", finding.fix.text);
}

std::vector<std::filesystem::path> cases() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(kCases))
    if (entry.path().extension() == ".heap") paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}

TEST(Rules, Golden) {
  for (const std::filesystem::path& path : cases()) {
    SCOPED_TRACE(path);
    std::string text = text_of_file(path);
    std::size_t end = text.find(kLine);
    ASSERT_NE(end, std::string::npos);
    auto parsed = parse_heap(text.substr(0, end));
    ASSERT_TRUE(parsed) << parsed.error().what;
    std::vector<Finding> findings = diagnose(Case(parsed->heap, parsed->series));

    std::string now = text.substr(0, end + kLine.size());
    for (const Finding& finding : findings) now += to_text(finding);
    if (std::getenv("MEMSNAP_GOLDEN") != nullptr)
      std::ofstream(path) << now;
    else
      EXPECT_EQ(now, text);

    std::string name = path.stem().string();
    if (name.ends_with(".healthy")) {
      for (const Finding& finding : findings) EXPECT_LT(finding.severity, Severity::kMedium) << finding.title;
    } else {
      ASSERT_FALSE(findings.empty());
      EXPECT_EQ(findings[0].rule, name.substr(0, name.find('.')));
      EXPECT_GE(findings[0].severity, Severity::kMedium);
      EXPECT_FALSE(findings[0].evidence.empty());
    }
  }
}

// Every rule has words, a page, a leak and a healthy case.
TEST(Rules, AreComplete) {
  std::set<std::string> leaks, healthy;
  for (const std::filesystem::path& path : cases()) {
    std::string name = path.stem().string();
    (name.ends_with(".healthy") ? healthy : leaks).insert(name.substr(0, name.find('.')));
  }
  for (const Rule& rule : rules()) {
    SCOPED_TRACE(rule.name);
    EXPECT_TRUE(leaks.contains(rule.name));
    EXPECT_TRUE(healthy.contains(rule.name));
    EXPECT_TRUE(std::filesystem::exists(fmt::format("docs/patterns/{}.md", rule.name)));
    const RuleText* words = rule_text(rule.name);
    ASSERT_NE(words, nullptr);
    EXPECT_EQ(words->pattern, rule.name);
    EXPECT_TRUE(std::filesystem::exists(fmt::format("docs/patterns/{}.md", words->recipe)));
    for (const std::string* part :
         {&words->title, &words->why, &words->leak_code, &words->fixed_code, &words->fix})
      EXPECT_FALSE(part->empty());
  }
  EXPECT_LE(rules().size(), rule_texts().size());  // the others are about profiles: src/checkup
}

// A capture of nothing, and one whose tables are all empty but for a root, are no reason to fall.
TEST(Rules, NothingToSee) {
  auto empty = parse_heap("");
  ASSERT_TRUE(empty) << empty.error().what;
  EXPECT_TRUE(diagnose(Case(empty->heap, empty->series)).empty());
  auto root = parse_heap("global main.x *int main.go:1\n");
  ASSERT_TRUE(root) << root.error().what;
  EXPECT_TRUE(diagnose(Case(root->heap, root->series)).empty());
}

}  // namespace
}  // namespace memsnap
