#include "base/text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace memsnap {
namespace {

std::string utf8(char32_t c) {
  std::string out;
  auto put = [&](char32_t byte) { out.push_back(char(static_cast<unsigned char>(byte))); };
  if (c < 0x80)
    put(c);
  else if (c < 0x800)
    put(0xc0 | c >> 6), put(0x80 | (c & 0x3f));
  else if (c < 0x10000)
    put(0xe0 | c >> 12), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  else
    put(0xf0 | c >> 18), put(0x80 | (c >> 12 & 0x3f)), put(0x80 | (c >> 6 & 0x3f)), put(0x80 | (c & 0x3f));
  return out;
}

// C0, DEL, C1 and every character that reorders or hides text.
std::vector<char32_t> harmful() {
  std::vector<char32_t> all;
  for (char32_t c = 0; c < 0x20; ++c) all.push_back(c);
  for (char32_t c = 0x7f; c < 0xa0; ++c) all.push_back(c);
  for (char32_t c :
       {0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069})
    all.push_back(char32_t(c));
  for (char32_t c : {0xad, 0x200b, 0x200c, 0x200d, 0x2028, 0x2029, 0x2060, 0xfeff, 0xfff9, 0xfffa, 0xfffb,
                     0xe0041, 0xffff})
    all.push_back(char32_t(c));
  return all;
}

TEST(Escape, EveryHarmfulCharacterBecomesVisibleEverywhere) {
  for (char32_t c : harmful()) {
    SCOPED_TRACE(std::uint32_t(c));
    std::string raw = utf8(c), text = "a" + raw + "b";
    EXPECT_TRUE(is_unsafe(c));
    for (const std::string& safe : {escape_terminal(text), escape_ascii(text), escape_html(text),
                                    quote_json(text), markdown_code(text), markdown_prose(text)}) {
      EXPECT_EQ(safe.find(raw), std::string::npos) << safe;
      EXPECT_NE(safe.find('\\'), std::string::npos) << safe;
    }
  }
}

TEST(Escape, WhatItLooksLike) {
  EXPECT_EQ(escape_terminal("\x1b[31mred\r\n\t"), "\\x1b[31mred\\r\\n\\t");
  EXPECT_EQ(escape_terminal("\u202egnp.exe"), "\\u202egnp.exe");
  EXPECT_EQ(escape_terminal("caf\u00e9 \u4e16\u754c"), "caf\u00e9 \u4e16\u754c");
  EXPECT_EQ(escape_terminal("\x9b"
                            "2J"),
            "\\x9b2J");  // C1 as one raw byte
  EXPECT_EQ(escape_terminal("\xc2\x9b"
                            "2J"),
            "\\u009b2J");                                         // C1 as UTF-8
  EXPECT_EQ(escape_terminal("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(escape_terminal("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(escape_terminal("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(escape_terminal("\xe2\x82"), "\\xe2\\x82");  // cut short
  EXPECT_EQ(escape_ascii("caf\u00e9 a[\u2026] \u00d73"), "caf\\u00e9 a[...] x3");
  EXPECT_EQ(escape_html("<script>\"&'"), "&lt;script&gt;&quot;&amp;&#39;");
  EXPECT_EQ(quote_json("a\"b\\c\x1b\xff\u202e"), "\"a\\\"b\\\\c\\u001b\\ufffd\\u202e\"");
  EXPECT_EQ(quote_json(utf8(0xe0041)), "\"\\udb40\\udc41\"");
}

TEST(Escape, MarkdownCode) {
  EXPECT_EQ(markdown_code("map[string]*T"), "`map[string]*T`");
  EXPECT_EQ(markdown_code("a`b"), "``a`b``");
  EXPECT_EQ(markdown_code("`a"), "`` `a ``");
  EXPECT_EQ(markdown_code("a|b", true), "`a\\|b`");
  EXPECT_EQ(markdown_code(""), "");
  EXPECT_EQ(markdown_code("\n# head"), "`\\n# head`");
}

TEST(Escape, MarkdownProse) {
  EXPECT_EQ(markdown_prose("session.store grows, and nothing is deleted."),
            "`session.store` grows, and nothing is deleted.");
  EXPECT_EQ(markdown_prose("len 2,104,331, load 0.57 (94% of it)"), "len 2,104,331, load 0.57 (94% of it)");
  EXPECT_EQ(markdown_prose("ping @team and #12"), "ping `@team` and `#12`");
  EXPECT_EQ(markdown_prose("[x](http://evil) <img>"), "`[x](http://evil)` `<img>`");
  EXPECT_EQ(markdown_prose("*bold* _it_ ~~no~~"), "`*bold*` `_it_` `~~no~~`");
  EXPECT_EQ(markdown_prose("1. first"), "`1`. first");
  EXPECT_EQ(markdown_prose("- first"), "`-` first");
  EXPECT_EQ(markdown_prose("see GH-12 and www.example.com"), "see `GH-12` and `www.example.com`");
}

TEST(Width, FitsAndPads) {
  EXPECT_EQ(columns("abc"), 3u);
  EXPECT_EQ(columns("\u4e16\u754c"), 4u);
  EXPECT_EQ(columns("e\u0301"), 1u);
  EXPECT_EQ(fit("abcdefgh", 5), "ab...");
  EXPECT_EQ(fit("abcde", 5), "abcde");
  EXPECT_EQ(fit("\u4e16\u754c\u4e16", 5), "\u4e16...");
  EXPECT_EQ(fit("abc", 2), "..");
  EXPECT_EQ(fit_end("internal/session/store.go:18", 16), ".../store.go:18");
  EXPECT_EQ(fit_end("short", 16), "short");
  EXPECT_EQ(pad("ab", 4), "ab  ");
  EXPECT_EQ(pad_left("ab", 4), "  ab");
}

TEST(Numbers, ReadWell) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(1023), "1023 B");
  EXPECT_EQ(human_bytes(1024), "1.00 KiB");
  EXPECT_EQ(human_bytes(1024 * 1024 - 1), "1.00 MiB");
  EXPECT_EQ(human_bytes(641728512), "612 MiB");
  EXPECT_EQ(human_bytes(std::numeric_limits<std::uint64_t>::max()), "16.0 EiB");
  EXPECT_EQ(human_signed_bytes(-2048), "-2.00 KiB");
  EXPECT_EQ(human_signed_bytes(0.2), "0 B");
  EXPECT_EQ(human_signed_bytes(std::numeric_limits<double>::quiet_NaN()), "?");
  EXPECT_EQ(human_count(2104331), "2,104,331");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_signed_count(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
  EXPECT_EQ(human_rate(10200), "+35.0 MiB/h");
  EXPECT_EQ(human_rate(3 << 20), "+3.00 MiB/s");
  EXPECT_EQ(human_rate(20000), "+1.14 MiB/min");
  EXPECT_EQ(human_duration(6'100'000), "6.1 ms");
  EXPECT_EQ(human_duration(5'000'000'000), "5.0 s");
  EXPECT_EQ(human_duration(62'400'000'000'000), "17h20m");
  EXPECT_EQ(human_duration(59'990'000'000), "1m00s");
  EXPECT_EQ(human_share(0.35), "35%");
  EXPECT_EQ(human_share(0.989), "98.9%");
  EXPECT_EQ(human_share(0.998), "99.8%");
  EXPECT_EQ(human_share(0.0004), "<0.1%");
  EXPECT_EQ(human_share(1), "100%");
}

TEST(Text, WordsOfAShell) {
  EXPECT_EQ(shell_word("../a-b.snap"), "../a-b.snap");
  EXPECT_EQ(shell_word("*main.T"), "'*main.T'");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace memsnap
