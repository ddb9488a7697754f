#include "goheap/hulls.h"

#include <gtest/gtest.h>

namespace memsnap {

TEST(Hulls, GrowOverViews) {
  Hull hull;
  EXPECT_TRUE(hull.add({.from = 100, .to = 120, .reach = 200}));
  EXPECT_FALSE(hull.add({.from = 40, .to = 50, .reach = 60}));
  EXPECT_TRUE(hull.add({.from = 110, .to = 140, .reach = 140}));
  EXPECT_EQ(hull.shown_from(), 40u);
  EXPECT_EQ(hull.shown_to(), 140u);
  EXPECT_EQ(hull.reach, 200u);
  EXPECT_EQ(hull.views, 3u);
}

TEST(Hulls, EmptyViewsShowNothing) {
  Hull emptied;  // s = s[:0]
  emptied.add({.from = 0, .to = 0, .reach = 4096});
  EXPECT_EQ(emptied.shown_from(), 0u);
  EXPECT_EQ(emptied.shown_to(), 0u);

  Hull popped;  // s = s[n:] until nothing is left
  popped.add({.from = 4088, .to = 4088, .reach = 4096});
  EXPECT_EQ(popped.shown_from(), 4088u);
  EXPECT_EQ(popped.shown_to(), 4088u);

  // An empty view beside one that shows something does not widen the hull.
  popped.add({.from = 4096 - 96, .to = 4096, .reach = 4096});
  EXPECT_EQ(popped.shown_from(), 4000u);
  EXPECT_EQ(popped.shown_to(), 4096u);
  emptied.add({.from = 64, .to = 96, .reach = 96});
  EXPECT_EQ(emptied.shown_from(), 64u);
  EXPECT_EQ(emptied.shown_to(), 96u);
  EXPECT_EQ(emptied.reach, 4096u);
}

TEST(Hulls, TornHeadersAreMadeToFit) {
  View view = clipped_view(16, 1000, 2000, 8, 64);
  EXPECT_EQ(view.from, 16u);
  EXPECT_EQ(view.to, 64u);
  EXPECT_EQ(view.reach, 64u);
  view = clipped_view(0, 10, 4, 8, 64);  // len above cap: torn
  EXPECT_EQ(view.to, 32u);
  view = clipped_view(80, 1, 1, 8, 64);  // behind the object
  EXPECT_EQ(view.to, view.from);
  view = clipped_view(0, 5, 5, 0, 64);  // elements without size
  EXPECT_EQ(view.to, 0u);
  view = clipped_view(8, ~0ull, ~0ull, 24, 64);
  EXPECT_EQ(view.to, 56u);
}

TEST(Hulls, SizeClassesAreNoWaste) {
  EXPECT_FALSE(much_hidden(80, 65));
  EXPECT_FALSE(much_hidden(1152, 1025));
  EXPECT_FALSE(much_hidden(32, 1));
  EXPECT_TRUE(much_hidden(32, 0));
  EXPECT_TRUE(much_hidden(1024, 512));
  EXPECT_FALSE(much_hidden(1 << 20, 1 << 20));
  EXPECT_FALSE(much_hidden(64, 1000));
}

}  // namespace memsnap
