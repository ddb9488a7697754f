// Text that people read. What comes from a target (names, paths, shapes of keys) is hostile: it passes one
// of the escapes below on its way into a terminal, a Markdown or HTML page or JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap {

// ---- Escapes. All take any bytes and give valid UTF-8.

// One code point of strict UTF-8 (no overlong form, no surrogate, at most U+10FFFF), or one bad byte.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = true;  // false: value is the byte that is no UTF-8
};
CodePoint first_code_point(std::string_view text);  // of text that is not empty

// Characters that steer a terminal or hide and reorder what is shown: C0, DEL, C1, bidi controls, invisible
// and deprecated format characters, line and paragraph separators, tags, non-characters.
bool is_unsafe(char32_t c);

// Unsafe characters as \n, \x1b, \u202e; bytes that are no UTF-8 as \xff. One line always.
std::string escape_terminal(std::string_view text);
// The same, and everything beyond ASCII as \u00e9; only the two signs of our own words, ellipsis and times,
// get letters in their place.
std::string escape_ascii(std::string_view text);
// As escape_terminal, with the five characters of HTML as entities: for text nodes and quoted attributes.
std::string escape_html(std::string_view text);
// A JSON string with its quotes. Unsafe characters as \u escapes, bytes that are no UTF-8 as \ufffd.
std::string quote_json(std::string_view text);
// A code span that shows the text as it is; `in_table` also keeps | from ending a cell.
std::string markdown_code(std::string_view text, bool in_table = false);
// A sentence: words that hold anything but letters, digits and harmless punctuation become code spans, so
// that no link, mention, emphasis or tag comes out of it.
std::string markdown_prose(std::string_view text, bool in_table = false);

// ---- Widths. Columns on a terminal: 2 for wide characters, 0 for combining ones.
std::size_t columns(std::string_view text);
// At most `most` columns, cut at the end with `...`.
std::string fit(std::string_view text, std::size_t most);
// At most `most` columns, the front of a path or a qualified name cut: .../store/session.go
std::string fit_end(std::string_view text, std::size_t most);
// Filled with blanks to `width` columns; longer text stays whole.
std::string pad(std::string_view text, std::size_t width);
std::string pad_left(std::string_view text, std::size_t width);

// How many letters have to be put in, taken out or changed to get from one word to the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// ---- Numbers.
std::string human_bytes(std::uint64_t bytes);           // 96 B, 1.50 KiB, 612 MiB
std::string human_signed_bytes(double bytes);           // +1.50 KiB, -612 MiB, 0 B
std::string human_count(std::uint64_t count);           // 2,104,331
std::string human_signed_count(std::int64_t count);     // +2,104,331
std::string human_rate(double bytes_per_second);        // +35.0 MiB/h, in the unit that reads best
std::string human_duration(std::uint64_t nanoseconds);  // 6.1 ms, 5.0 s, 17h20m
std::string human_share(double share);                  // 35%, 0.4%, <0.1%
// One word of a shell, in single quotes unless it is harmless as it is: '*session.Session'
std::string shell_word(std::string_view text);
std::string hex(std::uint64_t value);  // 0xc0001a2000

}  // namespace memsnap
