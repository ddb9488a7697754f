#include "findings/finding.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

Finding sessions() {
  Finding finding{.pattern = "map-unbounded", .rule = "map-unbounded"};
  finding.holder = {
      .kind = HolderKind::kGlobal,
      .root = "session.store",
      .file = "session/store.go",
      .line = 18,
      .path = {{.type = "*session.Store", .ref = ".sessions"}, {.type = "map[string]*session.Session"}}};
  finding.sites = {
      {.function = "session.(*Store).Put", .file = "session/store.go", .line = 41, .share = 0.9}};
  return finding;
}

TEST(Fingerprint, SurvivesRestartsAndUnrelatedEdits) {
  Finding before = sessions(), after = sessions();
  after.holder.line = 20;
  after.sites[0].line = 77;
  after.sites[0].share = 0.5;
  after.sites.push_back({.function = "session.other"});
  after.retained_bytes = 1 << 20;
  after.severity = Severity::kHigh;
  after.node = 12345;
  after.title = "other words";
  EXPECT_EQ(fingerprint(before), fingerprint(after));
  EXPECT_EQ(fingerprint(before).size(), 16u);
}

TEST(Fingerprint, TellsDifferentLeaksApart) {
  std::string base = fingerprint(sessions());
  Finding other = sessions();
  other.pattern = "map-not-shrunk";
  EXPECT_NE(fingerprint(other), base);
  other = sessions();
  other.holder.root = "session.cache";
  EXPECT_NE(fingerprint(other), base);
  other = sessions();
  other.holder.path[0].ref = ".byUser";
  EXPECT_NE(fingerprint(other), base);
  other = sessions();
  other.sites[0].function = "session.(*Store).Load";
  EXPECT_NE(fingerprint(other), base);
  other = sessions();
  other.sites.clear();
  EXPECT_NE(fingerprint(other), base);
}

TEST(Words, AreThoseOfTheReport) {
  EXPECT_STREQ(word(Severity::kHigh), "high");
  EXPECT_STREQ(word(Confidence::kProven), "proven");
  EXPECT_STREQ(word(HolderKind::kMmap), "mmap");
  for (Severity severity : {Severity::kInfo, Severity::kLow, Severity::kMedium, Severity::kHigh})
    EXPECT_EQ(severity_of(word(severity)), severity);
  EXPECT_FALSE(severity_of("loud"));
}

TEST(RuleTexts, AreWholeAndSorted) {
  ASSERT_FALSE(rule_texts().empty());
  std::string last;
  for (const RuleText& text : rule_texts()) {
    SCOPED_TRACE(text.rule);
    EXPECT_LT(last, text.rule);
    last = text.rule;
    EXPECT_EQ(rule_text(text.rule), &text);
    for (const std::string* part : {&text.pattern, &text.title, &text.why, &text.leak_code, &text.fixed_code,
                                    &text.fix, &text.recipe}) {
      EXPECT_FALSE(part->empty());
      EXPECT_NE(part->front(), '\n');
      EXPECT_NE(part->back(), '\n');
    }
    EXPECT_EQ(text.fix.find('\n'), std::string::npos);
  }
  EXPECT_EQ(rule_text("no-such-rule"), nullptr);
}

}  // namespace
}  // namespace memsnap
