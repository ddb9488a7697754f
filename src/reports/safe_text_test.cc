#include "reports/safe_text.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

TEST(SafeText, NamesLoseWhatSteersATerminal) {
  Profile profile;
  StringId bad = profile.strings.add("main.\x1b[31mwork\n"),
           good = profile.strings.add("main.caf\u00e9[...]");
  StringId comment = profile.strings.add("two\nlines\t\x1b[2J");
  profile.comments.push_back(comment);
  escape_names(profile);
  EXPECT_EQ(profile.text(bad), "main.\\x1b[31mwork\\n");
  EXPECT_EQ(profile.text(good), "main.caf\u00e9[...]");
  EXPECT_EQ(profile.text(comment), "two\nlines\t\\x1b[2J");
}

TEST(SafeText, LinesKeepTabs) { EXPECT_EQ(escape_text("\tif x \x1b]0;\a {"), "\tif x \\x1b]0;\\x07 {"); }

}  // namespace
}  // namespace memsnap
