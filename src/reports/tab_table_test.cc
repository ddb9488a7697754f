#include "reports/tab_table.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

// Expected text: what text/tabwriter with (0, 0, 1, ' ', AlignRight) prints.
TEST(AlignTabs, ColumnsGoOnAsLongAsLinesHaveThem) {
  EXPECT_EQ(align_tabs("bytes:\t Total 3\n \t1 (33%):\t 16B\n \t20 (66%):\t 8B\n\nx:\t y\n"),
            " bytes: Total 3\n         1 (33%): 16B\n        20 (66%): 8B\n\n x: y\n");
}

TEST(AlignTabs, PlainTextStays) {
  EXPECT_EQ(align_tabs(""), "");
  EXPECT_EQ(align_tabs("a\n\nb"), "a\n\nb");
}

TEST(AlignTabs, CountsCodePoints) { EXPECT_EQ(align_tabs("\u00e9\tx\nab\ty\n"), "  \u00e9x\n aby\n"); }

}  // namespace
}  // namespace memsnap
