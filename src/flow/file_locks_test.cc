#include "flow/module.h"

#include <gtest/gtest.h>

namespace memsnap::flow {
namespace {

std::string shown(const std::vector<NamedLock>& locks) {
  std::string text;
  for (const NamedLock& one : locks) {
    text += text.empty() ? "" : ", ";
    text += one.path.parameter == 0 ? one.path.variable : "#" + std::to_string(one.path.parameter);
    for (const std::string& step : one.path.steps) text += step;
    text += one.write ? " W" : " R";
  }
  return text;
}

// What the second file of a package, b.go, says to the first.
FileLocks of_second(const std::string& first, const std::string& second) {
  const types::Program::NamedText files[] = {
      {"p/a.go",
       "package p\nimport \"sync\"\n"
       "type C struct { mu sync.Mutex; m map[string]int; next *C }\nvar top C\n" +
           first},
      {"p/b.go", "package p\n" + second},
      {"sync/sync.go",
       "package sync\ntype Mutex struct{ s int }\nfunc (m *Mutex) Lock() {}\nfunc (m *Mutex) Unlock() {}\n"}};
  auto program = types::Program::from_texts(files, {});
  Module module(*program);
  for (types::PackageId package : program->asked())
    if (program->package(package).path == "p") return file_locks(module, program->package(package).files[1]);
  return {};
}

TEST(FileLocks, SayWhatIsHeldAtCallsOfOtherFiles) {
  FileLocks locks = of_second(
      "func (c *C) low() {}\nfunc low2(n int, c *C) {}\nfunc (c *C) Open() {}\n",
      "func (c *C) F() {\n c.mu.Lock()\n c.low()\n low2(1, c)\n c.Open()\n c.mid()\n c.mu.Unlock()\n}\n"
      "func (c *C) mid() {\n low2(2, c)\n}\n");
  ASSERT_EQ(locks.calls.size(), 2u);  // nobody asks who calls Open
  EXPECT_EQ(shown(locks.calls[0].held), "#1.mu W");
  EXPECT_EQ(shown(locks.calls[0].deeper), "#1.mu W");
  EXPECT_EQ(locks.calls[1].callee, (DeclaredFunction{0, 1}));
  EXPECT_EQ(shown(locks.calls[1].held), "");           // mid by itself holds nothing
  EXPECT_EQ(shown(locks.calls[1].deeper), "#2.mu W");  // its caller does
  EXPECT_TRUE(locks.whole());
}

TEST(FileLocks, SayHowOthersAreCalled) {
  FileLocks locks = of_second(
      "func (c *C) low() {}\nfunc (c *C) run() {}\nfunc other() {}\n",
      "type i interface { low() }\nfunc F(x i, c *C) {\n x.low()\n go c.run()\n f := other\n f()\n}\n");
  ASSERT_EQ(locks.calls.size(), 3u);
  EXPECT_TRUE(locks.calls[0].opens && !locks.calls[0].apart);
  EXPECT_TRUE(locks.calls[1].apart && !locks.calls[1].opens);
  EXPECT_TRUE(locks.calls[2].opens);
  EXPECT_EQ(locks.asked, std::vector<std::string>{"low"});
}

TEST(FileLocks, SayWhatHelpersLeaveToTheirCallers) {
  FileLocks locks = of_second("",
                              "func (c *C) lock() {\n c.mu.Lock()\n}\n"
                              "func unlock() {\n top.mu.Unlock()\n}\n"
                              "func (c *C) both() {\n c.mu.Lock()\n c.mu.Unlock()\n}\n");
  ASSERT_EQ(locks.helpers.size(), 2u);
  EXPECT_TRUE(locks.helpers[0].locks);
  EXPECT_EQ(shown(locks.helpers[0].left), "#1.mu W");
  EXPECT_EQ(locks.helpers[1].row, 1u);
  EXPECT_EQ(shown(locks.helpers[1].left), "top.mu W");
}

TEST(FileLocks, AVariableOfTheCallerHasNoName) {
  FileLocks locks = of_second("func low(c *C) {}\nvar all []C\n",
                              "func F(n int) {\n all[n].mu.Lock()\n low(&all[0])\n all[n].mu.Unlock()\n}\n");
  ASSERT_EQ(locks.calls.size(), 1u);
  EXPECT_FALSE(locks.whole());
}

TEST(FileLocks, AMethodThatIsPassedIsNoPlace) {
  FileLocks locks = of_second("func (c *C) low(f func()) {}\n",
                              "func (c *C) g() {}\n"
                              "func F(a, b *C) {\n b.mu.Lock()\n a.low(b.g)\n b.mu.Unlock()\n}\n");
  ASSERT_EQ(locks.calls.size(), 1u);
  EXPECT_EQ(shown(locks.calls[0].held), "");
  EXPECT_TRUE(locks.whole());
}

}  // namespace
}  // namespace memsnap::flow
