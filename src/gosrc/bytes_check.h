// What has to be known of a file's bytes before its tokens are: where lines begin, and what is no text.
#pragma once

#include "gosrc/source_file.h"

#include <string_view>
#include <vector>

namespace memsnap {

// Appends the offset of every line's first byte (0 first) and, in the words of go/scanner, an error for each
// NUL, each byte that is no UTF-8 and each byte order mark behind the first byte.
void check_bytes(std::string_view text, std::vector<std::uint32_t>& lines, std::vector<SyntaxError>& errors);

// One character of UTF-8 as Go decodes it: value 0xfffd with bytes 1 is a byte that is none.
struct Rune {
  char32_t value;
  int bytes;
};
Rune decode_rune(std::string_view text);  // of text that is not empty

bool is_letter(char32_t rune);  // unicode.IsLetter of Go, or _
bool is_digit(char32_t rune);   // unicode.IsDigit

}  // namespace memsnap
