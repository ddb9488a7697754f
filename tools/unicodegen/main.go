// Writes src/gosrc/unicode.cc: the letters and digits of the unicode package of the Go that runs this.
//
//	GOTOOLCHAIN=go1.27.0 go run tools/unicodegen/main.go >src/gosrc/unicode.cc
package main

import (
	"fmt"
	"unicode"
)

func ranges(is func(rune) bool) (all [][2]rune) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !is(r) {
			continue
		}
		if n := len(all); n > 0 && all[n-1][1] == r-1 {
			all[n-1][1] = r
		} else {
			all = append(all, [2]rune{r, r})
		}
	}
	return all
}

func table(name string, is func(rune) bool) {
	fmt.Printf("constexpr Range %s[] = {", name)
	for i, r := range ranges(is) {
		if i%6 == 0 {
			fmt.Print("\n    ")
		} else {
			fmt.Print(" ")
		}
		fmt.Printf("{0x%x, 0x%x},", r[0], r[1])
	}
	fmt.Print("\n};\n")
}

func main() {
	fmt.Printf("// Letters and digits beyond ASCII, Unicode %s. Written by tools/unicodegen.\n", unicode.Version)
	fmt.Print(`#include "gosrc/bytes_check.h"

#include <algorithm>
#include <span>

namespace memsnap {
namespace {

struct Range {
  char32_t first, last;
};

// clang-format off
`)
	table("kLetters", unicode.IsLetter)
	table("kDigits", unicode.IsDigit)
	fmt.Print(`// clang-format on

bool holds(std::span<const Range> ranges, char32_t rune) {
  auto after = std::ranges::upper_bound(ranges, rune, {}, &Range::first);
  return after != ranges.begin() && rune <= after[-1].last;
}

}  // namespace

bool is_letter(char32_t rune) {
  if (rune < 0x80) return (rune | 0x20) - U'a' < 26 || rune == U'_';
  return holds(kLetters, rune);
}

bool is_digit(char32_t rune) { return rune < 0x80 ? rune - U'0' < 10 : holds(kDigits, rune); }

}  // namespace memsnap
`)
}
