// Findings of a heap meet those of the source: by pattern, and by who allocates or who holds.
#include "verbs/doctor_source.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

Diagnostic grows(std::string function, std::string subject, std::string file) {
  Diagnostic one{.rule = "map-grow-only"};
  one.function = std::move(function), one.subject = std::move(subject);
  one.at.file = std::move(file), one.at.line = 41;
  one.message = "sessions gets entries here";
  return one;
}

Finding leak(std::string root) {
  Finding finding{.pattern = "map-unbounded"};
  finding.holder.kind = HolderKind::kGlobal, finding.holder.root = std::move(root);
  return finding;
}

std::vector<Evidence> cited(Finding finding, const Diagnostic& one, const std::string& folder = ".") {
  std::vector<Finding> findings{std::move(finding)};
  cite(findings, std::span(&one, 1), folder);
  return findings[0].evidence;
}

TEST(Cite, TheFunctionThatAllocates) {
  Finding finding = leak("example.com/shop/session.store");
  finding.sites = {
      {.function = "example.com/shop/session.(*Store).Put.func1", .file = "/build/shop/session/store.go"}};
  Diagnostic one = grows("example.com/shop/session.(*Store).Put", "s.sessions[token]", "session/store.go");
  auto evidence = cited(finding, one, "../shop");
  ASSERT_EQ(evidence.size(), 1u);
  EXPECT_EQ(evidence[0].kind, "source");
  EXPECT_EQ(evidence[0].text, "../shop/session/store.go:41: sessions gets entries here (map-grow-only)");
  EXPECT_EQ(evidence[0].verb, "memsnap check ../shop/session --rules map-grow-only");
  one.at.file = "session/other.go";
  EXPECT_TRUE(cited(finding, one).empty()) << "another file";
  one = grows("example.com/shop/session.(*Store).Put", "s.sessions[token]", "session/store.go");
  finding.pattern = "list-unbounded";
  EXPECT_TRUE(cited(finding, one).empty()) << "another pattern";
}

TEST(Cite, TheVariableThatHolds) {
  Diagnostic one = grows("example.com/shop/session.Open", "sessions[token]", "session/open.go");
  EXPECT_EQ(cited(leak("example.com/shop/session.sessions"), one).size(), 1u);
  EXPECT_TRUE(cited(leak("example.com/shop/session.carts"), one).empty());
  EXPECT_TRUE(cited(leak("example.com/bank/session.sessions"), one).empty());
}

TEST(Cite, TheFieldThatHolds) {
  Finding finding = leak("example.com/shop/web.server");
  finding.holder.path = {{.type = "*web.Server", .ref = ".store"},
                         {.type = "*session.Store", .ref = ".byToken"},
                         {.type = "map[string]*session.Session", .ref = "[…]"}};
  auto speaks_of = [](std::string subject) {
    return grows("example.com/shop/session.(*Store).Put", std::move(subject), "session/store.go");
  };
  EXPECT_EQ(cited(finding, speaks_of("s.byToken[token]")).size(), 1u);
  EXPECT_EQ(cited(finding, speaks_of("s.inner.byToken")).size(), 1u);
  EXPECT_TRUE(cited(finding, speaks_of("s.byUser[s.byToken]")).empty());
  EXPECT_TRUE(cited(finding, speaks_of("byToken[token]")).empty());
  EXPECT_TRUE(cited(finding, speaks_of("s.store[token]")).empty()) << "a field of another package";
}

// Each command of a module has a package main: the folder of a site has to agree.
TEST(Cite, CommandsAreToldApartByTheirFolder) {
  Finding finding = leak("main.sessions");
  finding.sites = {{.function = "main.login", .file = "/build/shop/cmd/web/login.go"}};
  EXPECT_EQ(cited(finding, grows("example.com/shop/cmd/web.open", "sessions[t]", "cmd/web/login.go")).size(),
            1u);
  EXPECT_EQ(cited(finding, grows("example.com/shop/cmd/web.login", "all[t]", "cmd/web/login.go")).size(), 1u);
  EXPECT_TRUE(
      cited(finding, grows("example.com/shop/cmd/job.open", "sessions[t]", "cmd/job/login.go")).empty());
}

TEST(Cite, AFewStandForMany) {
  std::vector<Diagnostic> many(5, grows("example.com/shop.Open", "sessions[token]", "open.go"));
  std::vector<Finding> findings{leak("example.com/shop.sessions")};
  cite(findings, many, ".");
  ASSERT_EQ(findings[0].evidence.size(), 3u);
  EXPECT_EQ(findings[0].evidence[2].text,
            "open.go:41: sessions gets entries here (map-grow-only), and 2 more");
  EXPECT_EQ(findings[0].evidence[2].verb, "memsnap check . --rules map-grow-only");
}

}  // namespace
}  // namespace memsnap
