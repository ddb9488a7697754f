#include "flow/cfg.h"
#include "flow/random_body.h"
#include "gosrc/parse.h"
#include "gosrc/walk.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace memsnap::flow {
namespace {

struct Parsed {
  NameTable names;
  SourceFile file;
  Cfg cfg;
  explicit Parsed(const std::string& text)
      : file(parse_source("f.go", text, names)), cfg(Cfg::build(file, body(), [this](NodeId call) {
          return file.text(file.get<ast::CallExpr>(call).fun) == "panic" ? 1 : 0;
        })) {
    EXPECT_TRUE(file.errors().empty()) << text << "\n" << file.errors()[0].what;
  }
  NodeId body() const {
    NodeId found = ast::kNoNode;
    for (NodeId decl : file.decls())
      if (auto func = file.as<ast::FuncDecl>(decl)) found = func->body;
    return found;
  }
  Point at(std::string_view text) const {
    for (std::uint32_t p = 0; p < cfg.steps(); ++p)
      if (file.text(cfg.node(Point{p})) == text) return Point{p};
    ADD_FAILURE() << "no step " << text;
    return Point{0};
  }
  std::string steps(BlockId b) const {
    std::string all;
    for (std::uint32_t p = std::uint32_t(cfg.begin(b)); p < std::uint32_t(cfg.end(b)); ++p)
      all += std::string(all.empty() ? "" : " | ") + std::string(file.text(cfg.node(Point{p})));
    return all;
  }
};

std::string in_function(const std::string& body) { return "package p\nfunc f() {\n" + body + "\n}\n"; }

TEST(Cfg, OperandsComeBeforeOperatorsAndTheValueBeforeTheStore) {
  Parsed p(in_function("x.m[f(k)] = g(1)"));
  EXPECT_EQ(p.steps(kEntry), "x | x.m | f | k | f(k) | g | 1 | g(1) | x.m[f(k)] | x.m[f(k)] = g(1)");
}

TEST(Cfg, TypesAndBodiesOfClosuresAreNoSteps) {
  Parsed p(in_function("m := map[string]int{k: v}; go func(a []int) { inner() }(m.s)"));
  EXPECT_EQ(
      p.steps(kEntry),
      "k | v | map[string]int{k: v} | m | m := map[string]int{k: v} | func(a []int) { inner() } | m | m.s | "
      "go func(a []int) { inner() }(m.s)");
  EXPECT_EQ(p.cfg.closures().size(), 1u);
  EXPECT_EQ(p.cfg.goes().size(), 1u);
}

TEST(Cfg, ConditionsSayWhichWay) {
  Parsed p(in_function("if !(a && b) || c { yes() } else { no() }; after()"));
  std::vector<std::string> known;
  for (const Edge& e : p.cfg.conditions(p.at("no()")))
    known.push_back((e.kind == EdgeKind::kTrue ? "" : "not ") + std::string(p.file.text(e.cond)));
  EXPECT_EQ(known, (std::vector<std::string>{"not c", "b", "a"}));
  EXPECT_TRUE(p.cfg.conditions(p.at("after()")).empty());
  EXPECT_TRUE(p.cfg.conditions(p.at("yes()")).empty());
  EXPECT_TRUE(p.cfg.dominates(p.at("a"), p.at("after()")));
  EXPECT_FALSE(p.cfg.dominates(p.at("b"), p.at("after()")));
}

TEST(Cfg, ValueOfAndIsBranchToo) {
  Parsed p(in_function("ok := m != nil && m[k]; use(ok)"));
  ASSERT_EQ(p.cfg.conditions(p.at("m[k]")).size(), 1u);
  EXPECT_EQ(p.file.text(p.cfg.conditions(p.at("m[k]"))[0].cond), "m != nil");
  EXPECT_TRUE(p.cfg.conditions(p.at("use(ok)")).empty());
}

TEST(Cfg, GotoAndLabels) {
  Parsed p(in_function("again: one(); if c { goto again }; goto out; two(); out: three()"));
  EXPECT_TRUE(p.cfg.in_cycle(p.at("one()")));
  EXPECT_FALSE(p.cfg.reached(p.at("two()")));
  EXPECT_FALSE(p.cfg.in_cycle(p.at("three()")));
  EXPECT_TRUE(p.cfg.can_reach(p.at("one()"), p.at("three()")));
}

TEST(Cfg, PanicLeavesAndSelectWithoutClausesStays) {
  Parsed p(in_function("if c { panic(1) }; live(); select {}; dead()"));
  EXPECT_TRUE(p.cfg.reached(p.at("live()")));
  EXPECT_FALSE(p.cfg.reached(p.at("dead()")));
  EXPECT_TRUE(p.cfg.reached(kPanic));
  EXPECT_FALSE(p.cfg.reached(kExit));
}

TEST(Cfg, SearchStopsWhereItIsTold) {
  Parsed p(in_function("start(); if c { wait() }; use(); for { wait(); later() }"));
  auto waits = [&](Point q) { return p.file.text(p.cfg.node(q)) == "wait()"; };
  EXPECT_TRUE(p.cfg.can_reach(p.at("start()"), p.at("use()"), waits));
  EXPECT_FALSE(p.cfg.can_reach(p.at("start()"), p.at("later()"), waits));
}

TEST(Cfg, LongExpressionsNeedNoStack) {
  std::string sum = "a", conds = "a";
  for (int i = 0; i < 50'000; ++i) sum += "+a", conds += "&&a";
  Parsed p(in_function("x = " + sum + "; if " + conds + " { y() }"));
  EXPECT_GT(p.cfg.steps(), 150'000u);
  EXPECT_EQ(p.cfg.conditions(p.at("y()")).size(), 50'001u);
}

// Calls as the interpreter numbers them.
std::map<int, Point> call_points(const Parsed& p) {
  std::map<int, Point> at;
  for (std::uint32_t i = 0; i < p.cfg.steps(); ++i) {
    auto call = p.file.as<ast::CallExpr>(p.cfg.node(Point{i}));
    if (call && p.file.text(call->fun)[0] == 'c')
      at[std::stoi(std::string(p.file.text(call->fun).substr(1)))] = Point{i};
  }
  return at;
}

// Every run is a way through the graph, and every way from one call to the next is taken by some run.
TEST(Cfg, RunsOfRandomBodiesAreTheWaysOfTheGraph) {
  int compared = 0;
  for (unsigned seed = 1; seed <= 500; ++seed) {
    RandomBody random(seed);
    Parsed p(random.text());
    std::map<int, Point> at = call_points(p);
    std::set<Point> calls;
    for (auto& [number, point] : at) calls.insert(point);
    if (calls.size() < 4 || calls.size() > 45) continue;
    ++compared;
    auto stops = [&](Point q) { return calls.contains(q); };
    std::set<std::pair<int, int>> seen;
    for (int run = 0; run < 20'000; ++run) {
      std::vector<int> trace = random.run(40);
      for (std::size_t i = 1; i < trace.size(); ++i) seen.insert({trace[i - 1], trace[i]});
    }
    for (auto& [a, from] : at) {
      if (!p.cfg.reached(from)) continue;
      for (auto& [b, to] : at)
        EXPECT_EQ(p.cfg.can_reach(from, to, stops), seen.contains({a, b}))
            << "c" << a << " to c" << b << ", seed " << seed << "\n"
            << random.text();
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(compared, 80);
}

// What is reached without the block tells whether the block dominates.
TEST(Cfg, DominatorsOfRandomBodies) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    RandomBody random(seed);
    Parsed p(random.text());
    std::uint32_t n = std::uint32_t(p.cfg.blocks());
    for (std::uint32_t without = 0; without < n; ++without) {
      std::vector<bool> reached(n);
      std::vector<std::uint32_t> open;
      if (without != 0) open.push_back(0), reached[0] = true;
      while (!open.empty()) {
        BlockId b{open.back()};
        open.pop_back();
        for (const Edge& e : p.cfg.out(b)) {
          std::uint32_t to = std::uint32_t(e.to);
          if (to != without && !reached[to]) reached[to] = true, open.push_back(to);
        }
      }
      for (std::uint32_t b = 0; b < n; ++b) {
        if (!p.cfg.reached(BlockId{b}) || !p.cfg.reached(BlockId{without})) continue;
        EXPECT_EQ(p.cfg.dominates(BlockId{without}, BlockId{b}), !reached[b]) << without << " " << b << "\n"
                                                                              << random.text();
      }
    }
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace memsnap::flow
