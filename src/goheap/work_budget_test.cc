#include "goheap/work_budget.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

TEST(WorkBudget, GivesWhatItHasAndNotMore) {
  WorkBudget budget(200);
  EXPECT_TRUE(budget.take(WorkBudget::cost(36)));
  EXPECT_EQ(budget.left(), 100u);
  EXPECT_FALSE(budget.take(101));
  EXPECT_FALSE(budget.take(~std::uint64_t(0)));
  EXPECT_TRUE(budget.take(100));  // what was refused took nothing
  EXPECT_FALSE(budget.take(1));
  EXPECT_TRUE(budget.take(0));
}

}  // namespace
}  // namespace memsnap
