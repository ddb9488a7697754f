#include "flow/test_module.h"

namespace memsnap::flow {
namespace {

std::string kinds(TestModule& t, ObjectId object) {
  std::string all;
  for (const Use& use : t.module().uses().of(object))
    all += std::string(all.empty() ? "" : ", ") + std::string(word(use.kind));
  return all;
}

TEST(Uses, OfMaps) {
  TestModule t(
      "type T struct { m map[string][]int }\nfunc see(x any) {}\n"
      "func f(t *T, k string, c chan map[string][]int) map[string][]int {\n t.m[k] = nil\n t.m[k] = "
      "append(t.m[k], 1)\n delete(t.m, k)\n clear(t.m)\n"
      " if t.m == nil { t.m = make(map[string][]int) }\n for range t.m {}\n see(t.m)\n x := t.m\n c <- t.m\n "
      "_ = len(t.m)\n p := &t.m\n"
      " _, _ = x, p\n t.m[k][0] = 1\n _ = T{m: x}\n _ = T{x}\n return t.m\n}\n");
  EXPECT_EQ(kinds(t, t.field("m")),
            "insert, insert, index, delete, clear, nil check, write, range, argument, store, send, len, "
            "address, index, "
            "literal, literal, return");
}

TEST(Uses, OfSlicesArraysAndStructs) {
  TestModule t(
      "type P struct { x int }\ntype T struct { s []P; a [4]P; p P; q *P }\ntype S []P\nfunc see(x any) {}\n"
      "func f(t *T, y []P) []P {\n t.s = append(t.s, P{})\n t.s[0].x = 1\n t.a[1].x++\n t.p.x = 3\n t.q.x = "
      "4\n y = append(t.s, P{})\n z := &t.s[0]\n"
      " w := t.s[1:2]\n copy(t.s, y)\n copy(y, t.s)\n v := S(t.s)\n _, _, _ = z, w, v\n *t.q = P{}\n return "
      "append(y, t.s...)\n}\n");
  EXPECT_EQ(kinds(t, t.field("s")),
            "append, read, element, append from, element address, slice, element, range, store, range");
  EXPECT_EQ(kinds(t, t.field("a")), "element");
  EXPECT_EQ(kinds(t, t.field("p")), "element");
  EXPECT_EQ(kinds(t, t.field("q")), "read, element");
}

TEST(Uses, TupleAndRangeTargets) {
  TestModule t(
      "type T struct { a, b int; e error }\nfunc two() (int, error) { return 0, nil }\nvar v map[int]int\n"
      "func f(t *T) {\n t.a, t.e = two()\n for t.b = range 3 {}\n t.b += 2\n t.b++\n for v[0] = range 3 "
      "{}\n}\n");
  EXPECT_EQ(kinds(t, t.field("a")), "tuple write");
  EXPECT_EQ(kinds(t, t.field("b")), "range write, write, write");
  EXPECT_EQ(kinds(t, t.field("e")), "tuple write");
  ObjectId v = t.program().find("p", "v");
  EXPECT_EQ(kinds(t, v), "insert");
}

TEST(Paths, NameThePlace) {
  TestModule t(
      "type In struct { m map[string]int }\ntype E struct { In; arr [3]*In }\ntype T struct { *E; p *T }\n"
      "func g() *T { return nil }\n"
      "func f(t *T, i int) {\n _ = t.m\n _ = t.E.In.m\n _ = (*t).m\n _ = t.p.p.arr[i].m\n _ = t.arr[2].m\n _ "
      "= g().m\n _ = t.arr[i+1]\n _ = *t.p\n _ = (&t.In).m\n}\n");
  auto path = [&](std::string_view text) {
    return t.module().paths().string(t.program(), t.module().path(t.file(), t.node(text)));
  };
  EXPECT_EQ(path("t.m"), "t.E.In.m");
  EXPECT_EQ(path("t.E.In.m"), "t.E.In.m");
  EXPECT_EQ(path("(*t).m"), "t.E.In.m");
  EXPECT_EQ(path("(&t.In).m"), "t.E.In.m");
  EXPECT_EQ(path("t.p.p.arr[i].m"), "t.p.p.E.arr[i].m");
  EXPECT_EQ(path("t.arr[2].m"), "t.E.arr[2].m");
  EXPECT_EQ(path("g().m"), "");
  EXPECT_EQ(path("t.arr[i+1]"), "");
  EXPECT_EQ(path("*t.p"), "*t.p");
}

TEST(Calls, WhoRunsBesideWhom) {
  TestModule t(
      "type S struct {}\ntype I interface { Do() }\nfunc (s *S) Do() { deep() }\nfunc deep() {}\nfunc loop(i "
      "I) { i.Do() }\n"
      "func handle(w http.ResponseWriter, r *http.Request) { served() }\nfunc served() {}\nfunc setup() { "
      "register() }\nfunc register() {}\n"
      "func init() { setup() }\nfunc late() {}\nfunc early() {}\nfunc both() {}\n"
      "func main() { early(); both(); go loop(&S{}); late(); both(); http.HandleFunc(\"/\", handle) }\n",
      "main");
  const CallGraph& calls = t.module().calls();
  auto f = [&](std::string_view name) { return t.function(name); };
  EXPECT_TRUE(calls.concurrent(f("loop")));
  EXPECT_TRUE(calls.concurrent(f("Do")));
  EXPECT_TRUE(calls.concurrent(f("deep")));
  EXPECT_FALSE(calls.many(f("deep")));
  EXPECT_TRUE(calls.many(f("served")));
  EXPECT_FALSE(calls.concurrent(f("setup")));
  EXPECT_TRUE(calls.only_at_start(f("register")));
  EXPECT_TRUE(calls.only_at_start(f("early")));
  EXPECT_FALSE(calls.only_at_start(f("late")));
  EXPECT_FALSE(calls.only_at_start(f("both")));
  EXPECT_FALSE(calls.only_at_start(f("deep")));
  EXPECT_EQ(calls.into(f("Do")).size(), 1u);
  EXPECT_TRUE(calls.closed(f("register")));
  EXPECT_FALSE(calls.closed(f("handle")));
  auto why = calls.why_concurrent(f("deep"));
  ASSERT_EQ(why.size(), 3u);
  EXPECT_EQ(why[0].kind, CallKind::kGo);
  EXPECT_EQ(why[2].callee, f("deep"));
}

TEST(Lifetimes, WhatVariablesOfPackagesLeadTo) {
  TestModule t(
      "type Leaf struct { x int }\ntype Mid struct { leaves map[string]*Leaf }\ntype Other struct { y int "
      "}\nvar root []Mid\n"
      "type Main struct { z int }\nfunc New() *Main { return nil }\nfunc main() { s := New(); _ = s; var o "
      "Other2; _ = o }\ntype Other2 struct { u int }\n",
      "main");
  const Lifetimes& lives = t.module().lifetimes();
  EXPECT_TRUE(lives.is_long_lived(t.field("x")));
  EXPECT_TRUE(lives.is_long_lived(t.field("leaves")));
  EXPECT_FALSE(lives.is_long_lived(t.field("y")));
  EXPECT_TRUE(lives.is_long_lived(t.field("z")));
  EXPECT_EQ(t.program().name(lives.root_of(t.field("x"))), "root");
}

}  // namespace
}  // namespace memsnap::flow
