#include "gosrc/names.h"

#include "base/parallel.h"

#include <gtest/gtest.h>

#include <string>

namespace memsnap {
namespace {

TEST(Names, AreOneNumberForOneSpelling) {
  NameTable names;
  NameId a = names.intern("alpha");
  EXPECT_EQ(names.intern(std::string("al") + "pha"), a);
  EXPECT_NE(names.intern("alphb"), a);
  EXPECT_EQ(names.text(a), "alpha");
  EXPECT_EQ(names.find("beta"), kNoName);
  EXPECT_EQ(names.intern("break"), NameId{1});
  EXPECT_EQ(names.intern("var"), NameId{25});
  EXPECT_EQ(names.intern("_"), kBlank);
  EXPECT_EQ(names.intern(""), kNoName);
}

TEST(Names, AreTheSameOnEveryThread) {
  NameTable names;
  constexpr std::size_t kThreads = 4, kNames = 50'000;
  std::vector<std::vector<NameId>> seen(kThreads, std::vector<NameId>(kNames));
  parallel_for(kThreads, kThreads, [&](std::size_t t) {
    for (std::size_t i = 0; i < kNames; ++i) {
      std::size_t n = t % 2 ? i : kNames - 1 - i;
      seen[t][n] = names.intern("name" + std::to_string(n));
    }
  });
  for (std::size_t t = 1; t < kThreads; ++t) EXPECT_EQ(seen[t], seen[0]);
  for (std::size_t n = 0; n < kNames; ++n) ASSERT_EQ(names.text(seen[0][n]), "name" + std::to_string(n));
}

}  // namespace
}  // namespace memsnap
