#include "goheap/key_shapes.h"

#include <gtest/gtest.h>

#include <set>

namespace memsnap {

TEST(KeyShapes, MaskKeepsClassesOnly) {
  struct {
    const char* text;
    const char* mask;
  } cases[] = {
      {"", ""},
      {"/orders/4711//Paris", "/a/9/Aa"},
      {"user@example.com", "a@a.a"},
      {"sk_live_51H8xYzSECRET", "a_a_9A9aAaA"},
      {"a  b", "a a"},
      {"{\"id\":12}", "?a?:9?"},
      {"caf\xc3\xa9", "a?"},
      {"?q=1&x=%2F", "?a=9&a=%9A"},
  };
  for (auto& c : cases) EXPECT_EQ(class_mask(c.text), c.mask) << c.text;
  EXPECT_EQ(class_mask(std::string(1000, '/') + "a"), "/a");
  std::string alternating;
  for (int i = 0; i < 1000; ++i) alternating += i % 2 ? 'a' : 'B';
  EXPECT_EQ(class_mask(alternating).size(), 64u);
}

TEST(KeyShapes, MaskTellsNeitherLettersNorLengths) {
  EXPECT_EQ(class_mask("token-abc"), class_mask("t-xyzzyzzyzzy"));
  EXPECT_EQ(class_mask("1234567890123456"), class_mask("7"));
}

TEST(KeyShapes, NormalForms) {
  struct {
    NormalForm form;
    const char* text;
    const char* plain;
  } cases[] = {
      {NormalForm::kAsIs, " A/%41 ", " A/%41 "},
      {NormalForm::kCase, "/Api/V1", "/api/v1"},
      {NormalForm::kTrim, " \tx y\r\n", "x y"},
      {NormalForm::kTrim, " \t ", ""},
      {NormalForm::kUrl, "a%20b+c%2fD", "a b c/D"},
      {NormalForm::kUrl, "100%", "100%"},
      {NormalForm::kUrl, "%4", "%4"},
      {NormalForm::kUrl, "%zz", "%zz"},
      {NormalForm::kQuery, "/a?b=c#d", "/a"},
      {NormalForm::kQuery, "/a#d?b", "/a"},
      {NormalForm::kQuery, "/a", "/a"},
      {NormalForm::kSlash, "/a//b/./c/", "/a/b/c"},
      {NormalForm::kSlash, "/", "/"},
      {NormalForm::kSlash, "///", "/"},
      {NormalForm::kSlash, "/.", "/"},
      {NormalForm::kSlash, "/a/..b/.c", "/a/..b/.c"},
      {NormalForm::kSlash, "a/", "a"},
      {NormalForm::kAll, " /Users/%41nna/?q=1 ", "/users/anna"},
      {NormalForm::kAll, "/users/anna", "/users/anna"},
  };
  for (auto& c : cases) EXPECT_EQ(normal_form(c.text, c.form), c.plain) << c.text << " form " << int(c.form);
}

TEST(KeyShapes, EqualFormsHaveEqualHashesAndSaltsMatter) {
  auto one = normal_hashes("/A/b", 7), two = normal_hashes("/a/b/", 7);
  EXPECT_NE(one[0], two[0]);
  EXPECT_NE(one[std::size_t(NormalForm::kCase)], two[std::size_t(NormalForm::kCase)]);
  EXPECT_EQ(one[std::size_t(NormalForm::kAll)], two[std::size_t(NormalForm::kAll)]);
  EXPECT_NE(salted_hash("x", 1), salted_hash("x", 2));
}

TEST(KeyShapes, HashesOfManyKeysDiffer) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 100000; ++i) seen.insert(salted_hash("key-" + std::to_string(i), 42));
  EXPECT_EQ(seen.size(), 100000u);
  // Bytes of zero at the end are part of the text.
  EXPECT_NE(salted_hash(std::string_view("a\0", 2), 1), salted_hash(std::string_view("a\0\0", 3), 1));
}

}  // namespace memsnap
