#include "flow/test_module.h"

namespace memsnap::flow {
namespace {

const std::string kCache =
    "type C struct { mu sync.Mutex; rw sync.RWMutex; m map[string]int; next *C; sync.RWMutex }\n"
    "var top C\n"
    "func use(x ...any) {}\n";

TEST(Locks, HeldBetweenLockAndUnlock) {
  TestModule t(
      kCache +
      "func (c *C) f(k string) {\n use(1)\n c.mu.Lock()\n use(2)\n c.m[k] = 1\n c.mu.Unlock()\n use(3)\n"
      " c.rw.RLock(); defer c.rw.RUnlock()\n use(4)\n c.Lock()\n use(5)\n}\n");
  EXPECT_EQ(t.held("use(1)"), "");
  EXPECT_EQ(t.held("use(2)"), "c.mu W");
  EXPECT_EQ(t.held("c.m[k]"), "c.mu W");
  EXPECT_EQ(t.held("use(3)"), "");
  EXPECT_EQ(t.held("use(4)"), "c.rw R");
  EXPECT_EQ(t.held("use(5)"), "c.rw R, c.RWMutex W");
}

TEST(Locks, OnlyWhatEveryWayHolds) {
  TestModule t(
      kCache +
      "func (c *C) f(b bool) {\n if b { c.mu.Lock(); c.rw.Lock() } else { c.rw.RLock() }\n use(1)\n}\n"
      "func (c *C) g(b bool) {\n c.mu.Lock()\n if b { c.mu.Unlock(); return }\n use(2)\n}\n"
      "func (c *C) h() {\n for i := 0; i < 3; i++ { c.mu.Lock(); use(3); c.mu.Unlock(); use(4) }\n}\n"
      "func (c *C) i() {\n for i := 0; i < 3; i++ { use(5); c.mu.Lock() }\n use(6)\n}\n");
  EXPECT_EQ(t.held("use(1)"), "c.rw R");
  EXPECT_EQ(t.held("use(2)"), "c.mu W");
  EXPECT_EQ(t.held("use(3)"), "c.mu W");
  EXPECT_EQ(t.held("use(4)"), "");
  EXPECT_EQ(t.held("use(5)"), "");
  EXPECT_EQ(t.held("use(6)"), "");
}

TEST(Locks, TryLockHoldsWhereItIsTrue) {
  TestModule t(kCache +
               "func (c *C) f() {\n if !c.mu.TryLock() { use(1); return }\n use(2)\n}\n"
               "func (c *C) g(b bool) {\n if ok := c.mu.TryLock(); ok && b { use(3) }\n use(4)\n}\n");
  EXPECT_EQ(t.held("use(1)"), "");
  EXPECT_EQ(t.held("use(2)"), "c.mu W");
  EXPECT_EQ(t.held("use(3)"), "c.mu W");
  EXPECT_EQ(t.held("use(4)"), "");
}

TEST(Locks, MayBeHeld) {
  TestModule t(kCache +
               "func (c *C) f(b bool) {\n if b { c.mu.Lock() }\n use(1)\n if b { c.mu.Unlock() }\n use(2)\n"
               " c.mu.Unlock()\n use(3)\n}\n");
  auto may = [&](std::string_view text) {
    NodeId at = t.node(text);
    return t.module().locks(t.around(at)).may_hold(t.point(at)).size();
  };
  EXPECT_EQ(may("use(1)"), 1u);
  EXPECT_EQ(may("use(2)"), 1u);
  EXPECT_EQ(may("use(3)"), 0u);
}

TEST(Locks, AnotherObjectIsAnotherLock) {
  TestModule t(
      kCache +
      "func (c *C) f(d *C) {\n c.mu.Lock()\n use(1)\n d.mu.Unlock()\n use(2)\n c = c.next\n use(3)\n}\n"
      "func g() {\n top.mu.Lock()\n use(4)\n p := &top.rw\n p.Lock()\n use(5)\n}\n");
  EXPECT_EQ(t.held("use(1)"), "c.mu W");
  EXPECT_EQ(t.held("use(2)"), "c.mu W");
  EXPECT_EQ(t.held("use(3)"), "");
  EXPECT_EQ(t.held("use(4)"), "top.mu W");
  EXPECT_EQ(t.held("use(5)"), "top.mu W, top.rw W");
}

TEST(Locks, HelpersLockForTheirCallers) {
  TestModule t(kCache +
               "func (c *C) enter() { c.mu.Lock() }\nfunc (c *C) leave() { c.mu.Unlock() }\n"
               "func both(a, b *C) { a.mu.Lock(); b.mu.Lock() }\n"
               "func (c *C) f() {\n c.enter()\n use(1)\n c.leave()\n use(2)\n both(c, c.next)\n use(3)\n}\n");
  EXPECT_EQ(t.held("use(1)"), "c.mu W");
  EXPECT_EQ(t.held("use(2)"), "");
  EXPECT_EQ(t.held("use(3)"), "c.mu W, c.next.mu W");
}

TEST(Locks, HeldByAllCallers) {
  TestModule t(kCache +
               "func (c *C) F() { c.mu.Lock(); defer c.mu.Unlock(); c.in(); c.sometimes(); handed(c) }\n"
               "func (c *C) G() { c.mu.Lock(); c.in(); c.mu.Unlock(); c.sometimes() }\n"
               "func (c *C) in() { use(1); c.deeper() }\n"
               "func (c *C) deeper() { use(2) }\n"
               "func (c *C) sometimes() { use(3) }\n"
               "func handed(x *C) { use(4); go x.beside() }\n"
               "func (c *C) beside() { use(5) }\n"
               "func (c *C) value() { use(6) }\n"
               "func (c *C) H() { c.mu.Lock(); c.value(); use(c.value) }\n");
  EXPECT_EQ(t.held("use(1)"), "c.mu W");
  EXPECT_EQ(t.held("use(2)"), "c.mu W");
  EXPECT_EQ(t.held("use(3)"), "");
  EXPECT_EQ(t.held("use(4)"), "x.mu W");
  EXPECT_EQ(t.held("use(5)"), "");
  EXPECT_EQ(t.held("use(6)"), "");
}

TEST(Locks, Closures) {
  TestModule t(
      kCache +
      "func each(f func()) { f() }\n"
      "func (c *C) f() {\n c.mu.Lock()\n defer func() { use(1); c.mu.Unlock() }()\n each(func() { use(2) })\n"
      " go func() { use(3) }()\n called := func() { use(4) }\n called()\n later := func() { use(5) }\n "
      "use(later)\n"
      " var wg sync.WaitGroup\n wg.Go(func() { use(6) })\n}\n");
  EXPECT_EQ(t.held("use(1)"), "c.mu W");
  EXPECT_EQ(t.held("use(2)"), "c.mu W");
  EXPECT_EQ(t.held("use(3)"), "");
  EXPECT_EQ(t.held("use(4)"), "c.mu W");
  EXPECT_EQ(t.held("use(5)"), "");
  EXPECT_EQ(t.held("use(6)"), "");
}

TEST(Locks, WhatTheProgramSays) {
  TestModule t(kCache +
               "func (c *C) fLocked() { use(1) }\n"
               "// g counts. c.mu must be held.\nfunc (c *C) g() { use(2) }\n"
               "// h must be called with the RWMutex lock held.\nfunc (c *C) h() { use(3) }\n"
               "func (c *C) fUnlocked() { use(4) }\n"
               "func (c *C) i() {\n // LOCK: c.rw.RLock()\n use(5)\n use(6)\n\n use(7)\n}\n"
               "type D struct {\n mu sync.Mutex\n a int // guarded by mu\n // protected by d.mu, always\n b "
               "int\n e int\n}\n");
  EXPECT_EQ(t.held("use(1)"), "?");
  EXPECT_EQ(t.held("use(2)"), "?");
  EXPECT_EQ(t.held("use(3)"), "?");
  EXPECT_EQ(t.held("use(4)"), "");
  EXPECT_EQ(t.held("use(5)"), "?");
  EXPECT_EQ(t.held("use(6)"), "");
  EXPECT_EQ(t.module().locks(t.function("g")).promise().mutex, "mu");
  EXPECT_EQ(guarded_by(t.program(), t.field("a")), "mu");
  EXPECT_EQ(guarded_by(t.program(), t.field("b")), "mu");
  EXPECT_EQ(guarded_by(t.program(), t.field("e")), "");
}

}  // namespace
}  // namespace memsnap::flow
