#include "profile/regex.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

TEST(Regex, TakesWhatGoTakes) {
  for (const char* text : {"(?<n>app)", "(?P<n>app)", "[](?<]app|app", R"(\Q(?<n>\E|app)", R"(\(?<?|app)"}) {
    auto regex = Regex::compile(text);
    ASSERT_TRUE(regex) << text << ": " << regex.error().what;
    EXPECT_TRUE(regex->matches("my.app")) << text;
    EXPECT_EQ(regex->text(), text);
  }
}

TEST(Regex, RefusesInGosWords) {
  for (auto [text, words] : {std::pair{R"(\C)", R"(error parsing regexp: invalid escape sequence: `\C`)"},
                             {"[", "error parsing regexp: missing closing ]: `[`"},
                             {"a**", "error parsing regexp: invalid nested repetition operator: `**`"}}) {
    auto regex = Regex::compile(text);
    ASSERT_FALSE(regex) << text;
    EXPECT_EQ(regex.error().what, words);
  }
}

}  // namespace
}  // namespace memsnap
