#include "flow/order.h"
#include "flow/test_module.h"
#include "flow/values.h"

namespace memsnap::flow {
namespace {

// The values that reach the n-th use of that name, as text; "..." at the end when there may be more.
std::string reaching(TestModule& t, std::string_view name, int nth) {
  NodeId at = t.node(name, nth);
  Reaching r =
      t.module().body(t.around(at)).locals.reaching(t.program().object_of(t.file(), at), t.point(at));
  std::string all;
  for (const Def* d : r.defs) {
    std::string one = d->kind == DefKind::kParameter ? "param"
                      : d->kind == DefKind::kZero    ? "zero"
                                                     : std::string(t.source().text(d->value));
    all += (all.empty() ? "" : " ") + one;
  }
  return all + (r.complete ? "" : "...");
}

TEST(Locals, DefinitionsThatReach) {
  TestModule t(
      "func use(x int) {}\n"
      "func f(a int, c bool) {\n use(a)\n var b int\n if c { b = 11 } else { use(b) }\n use(b)\n"
      " for i := 0; i < 3; i++ { use(b); b = 22 }\n b, d := g()\n use(b); use(d)\n}\n"
      "func g() (int, int) { return 1, 2 }\n");
  EXPECT_EQ(reaching(t, "a", 0), "param");
  EXPECT_EQ(reaching(t, "b", 2), "zero");
  EXPECT_EQ(reaching(t, "b", 3), "zero 11");
  EXPECT_EQ(reaching(t, "b", 4), "zero 11 22");
  EXPECT_EQ(reaching(t, "b", 7), "g()");
  EXPECT_EQ(reaching(t, "d", 1), "g()");
}

TEST(Locals, WhatClosuresAndPointersMayWrite) {
  TestModule t(
      "func use(x int) {}\n"
      "func f() {\n a, b, c := 1, 2, 3\n func() { a = 4; use(b) }()\n p := &c\n use(a); use(b); use(c); *p = "
      "5\n}\n");
  EXPECT_EQ(reaching(t, "a", 2), "1...");
  EXPECT_EQ(reaching(t, "b", 2), "2");
  EXPECT_EQ(reaching(t, "c", 2), "3...");
  auto taken = captures(t.program(), t.module().functions(), t.closure("func() { a = 4; use(b) }"),
                        t.module().parents(t.file()));
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_TRUE(taken[0].written);
  EXPECT_FALSE(taken[1].written);
}

TEST(Locals, LifeEndsWithTheNextAssignment) {
  TestModule t(
      "func use(x int) {}\nfunc f(c bool) {\n a := 1\n use(10)\n a = 2\n use(20)\n if c { use(a) }\n "
      "use(30)\n"
      " for { b := 3; use(40); if c { break }; b++; use(50) }\n}\n");
  auto alive = [&](std::string_view name, std::string_view text) {
    NodeId at = t.node(text);
    return t.module().body(t.around(at)).locals.read_after(t.object(name), t.point(at));
  };
  EXPECT_FALSE(alive("a", "use(10)"));
  EXPECT_TRUE(alive("a", "use(20)"));
  EXPECT_FALSE(alive("a", "use(30)"));
  EXPECT_TRUE(alive("b", "use(40)"));
  EXPECT_FALSE(alive("b", "use(50)"));
}

Nilness nil(TestModule& t, std::string_view text, int nth = 0) {
  NodeId at = t.node(text, nth);
  auto index = t.source().as<ast::IndexExpr>(at);
  return nilness(t.module(), t.around(at), index ? index->x : at, t.point(at));
}

TEST(Values, NilMaps) {
  TestModule t(
      "type M map[int]int\n"
      "func mk() M { return make(M) }\nfunc none() M { return nil }\nfunc some(c bool) M { if c { return nil "
      "}; return M{} }\n"
      "func f(c bool, p M) {\n var a M\n a[1] = 1\n if c { a = make(M) }\n a[2] = 1\n if a == nil { a[3] = "
      "1; a = M{} }\n"
      " a[4] = 1\n p[5] = 1\n b := none()\n b[6] = 1\n d := mk()\n d[7] = 1\n e := some(c)\n e[8] = 1\n"
      " if e != nil && c { e[9] = 1 }\n g := a\n g[10] = 1\n var h M\n func() { h = M{} }()\n h[11] = "
      "1\n}\n");
  EXPECT_EQ(nil(t, "a[1]"), Nilness::kNil);
  EXPECT_EQ(nil(t, "a[2]"), Nilness::kMaybe);
  EXPECT_EQ(nil(t, "a[3]"), Nilness::kNil);
  EXPECT_EQ(nil(t, "a[4]"), Nilness::kMade);
  EXPECT_EQ(nil(t, "p[5]"), Nilness::kUnknown);
  EXPECT_EQ(nil(t, "b[6]"), Nilness::kNil);
  EXPECT_EQ(nil(t, "d[7]"), Nilness::kMade);
  EXPECT_EQ(nil(t, "e[8]"), Nilness::kMaybe);
  EXPECT_EQ(nil(t, "e[9]"), Nilness::kMade);
  EXPECT_EQ(nil(t, "g[10]"), Nilness::kMade);
  EXPECT_EQ(nil(t, "h[11]"), Nilness::kUnknown);
  EXPECT_TRUE(returns_only_nil(t.module(), t.function("none")));
  EXPECT_FALSE(returns_only_nil(t.module(), t.function("some")));
}

TEST(Values, NilFieldsOfWhatIsMadeHere) {
  TestModule t(
      "type T struct { m map[int]int; n int }\nfunc (t *T) fill() {}\nfunc see(t *T) {}\n"
      "func f(o *T) {\n a := &T{n: 1}\n a.m[1] = 1\n a.m = map[int]int{}\n a.m[2] = 1\n b := new(T)\n b.m[3] "
      "= 1\n see(b)\n b.m[4] = 1\n"
      " var c T\n c.m[5] = 1\n c.fill()\n c.m[6] = 1\n o.m[7] = 1\n if o.m == nil { o.m = make(map[int]int) "
      "}\n o.m[8] = 1\n}\n");
  EXPECT_EQ(nil(t, "a.m[1]"), Nilness::kNil);
  EXPECT_EQ(nil(t, "a.m[2]"), Nilness::kMade);
  EXPECT_EQ(nil(t, "b.m[3]"), Nilness::kNil);
  EXPECT_EQ(nil(t, "b.m[4]"), Nilness::kUnknown);
  EXPECT_EQ(nil(t, "c.m[5]"), Nilness::kNil);
  EXPECT_EQ(nil(t, "c.m[6]"), Nilness::kUnknown);
  EXPECT_EQ(nil(t, "o.m[7]"), Nilness::kUnknown);
  EXPECT_EQ(nil(t, "o.m[8]"), Nilness::kMade);
}

TEST(Values, FreshUntilOthersHaveIt) {
  TestModule t(
      "type T struct { m map[int]int }\nvar all []*T\nfunc see(t *T) {}\nfunc use(x int) {}\n"
      "func New() *T { t := &T{}; t.m = nil; return t }\nfunc Get() *T { return all[0] }\n"
      "func f(p *T, ch chan *T) {\n a := &T{}\n use(1)\n all = append(all, a)\n use(2)\n b := New()\n "
      "use(3)\n c := Get()\n use(4)\n"
      " d := &T{}\n go func() { d.m = nil }()\n use(5)\n e := T{}\n use(6)\n see(&e)\n use(7)\n see(b); "
      "see(c)\n use(8)\n}\n");
  auto fresh = [&](std::string_view name, std::string_view at) {
    NodeId node = t.node(at);
    return is_fresh(t.module(), t.around(node), t.object(name), t.point(node));
  };
  EXPECT_TRUE(fresh("a", "use(1)"));
  EXPECT_FALSE(fresh("a", "use(2)"));
  EXPECT_TRUE(fresh("b", "use(3)"));
  EXPECT_FALSE(fresh("c", "use(4)"));
  EXPECT_FALSE(fresh("d", "use(5)"));
  EXPECT_TRUE(fresh("e", "use(6)"));
  EXPECT_FALSE(fresh("e", "use(7)"));
  EXPECT_FALSE(fresh("b", "use(8)"));
}

TEST(Order, LoopsAndGoroutines) {
  TestModule t(
      "func use(x int) {}\n"
      "func f(ch chan int) {\n var wg sync.WaitGroup\n for i := range 3 { for use(1); i < 2; { use(2) } }\n"
      " wg.Go(func() { use(3) })\n use(4)\n wg.Wait()\n use(5)\n go func() { use(6) }()\n use(7)\n <-ch\n "
      "use(8)\n}\n");
  auto loops = [&](std::string_view text) { return loops_around(t.module(), t.file(), t.node(text)).size(); };
  EXPECT_EQ(loops("use(1)"), 1u);
  EXPECT_EQ(loops("use(2)"), 2u);
  EXPECT_EQ(loops("use(4)"), 0u);
  FuncId f = t.function("f");
  auto all = starts(t.module(), f);
  ASSERT_EQ(all.size(), 2u);
  auto overlap = [&](std::size_t i, std::string_view text) {
    return may_overlap(t.module(), f, all[i], t.point(t.node(text)));
  };
  EXPECT_EQ(all[0].function, t.closure("func() { use(6) }"));
  EXPECT_EQ(all[1].function, t.closure("func() { use(3) }"));
  EXPECT_TRUE(overlap(1, "use(4)"));
  EXPECT_FALSE(overlap(1, "use(5)"));
  EXPECT_TRUE(overlap(0, "use(7)"));
  EXPECT_FALSE(overlap(0, "use(8)"));
}

}  // namespace
}  // namespace memsnap::flow
