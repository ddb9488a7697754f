#include "gosrc/bytes_check.h"

#include <emmintrin.h>

#include <bit>

namespace memsnap {

Rune decode_rune(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? std::uint8_t(text[i]) : std::uint8_t(0); };
  std::uint8_t first = byte(0);
  if (first < 0x80) return {first, 1};
  int bytes = first >= 0xc2 && first < 0xe0   ? 2
              : (first & 0xf0) == 0xe0        ? 3
              : first >= 0xf0 && first < 0xf5 ? 4
                                              : 0;
  if (!bytes) return {0xfffd, 1};
  char32_t value = first & (0x7f >> bytes);
  for (int i = 1; i < bytes; ++i) {
    if ((byte(std::size_t(i)) & 0xc0) != 0x80) return {0xfffd, 1};
    value = value << 6 | (byte(std::size_t(i)) & 0x3f);
  }
  bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
  if (overlong || (value >= 0xd800 && value < 0xe000) || value > 0x10ffff) return {0xfffd, 1};
  return {value, bytes};
}

namespace {

constexpr char32_t kByteOrderMark = 0xfeff;

// Says what is wrong at `at` and gives where the next character begins.
std::size_t check_character(std::string_view text, std::size_t at, std::vector<SyntaxError>& errors) {
  auto say = [&](const char* what) {
    if (errors.size() < SourceFile::kMaxErrors) errors.push_back({std::uint32_t(at), what});
  };
  if (!text[at]) return say("illegal character NUL"), at + 1;
  Rune rune = decode_rune(text.substr(at));
  if (rune.value == kByteOrderMark && at > 0) say("illegal byte order mark");
  if (rune.value == 0xfffd && rune.bytes == 1) {
    bool wide = at == 0 && (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"));
    say(wide ? "illegal UTF-8 encoding (got UTF-16)" : "illegal UTF-8 encoding");
    if (wide) return text.size();
  }
  return at + std::size_t(rune.bytes);
}

}  // namespace

void check_bytes(std::string_view text, std::vector<std::uint32_t>& lines, std::vector<SyntaxError>& errors) {
  lines.push_back(0);
  std::size_t checked = 0;  // characters before this are known to be well
  auto odd = [&](std::size_t at) {
    if (at >= checked) checked = check_character(text, at, errors);
  };
  const __m128i newline = _mm_set1_epi8('\n'), zero = _mm_setzero_si128();
  std::size_t at = 0;
  for (; at + 16 <= text.size(); at += 16) {
    __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    auto mask = [](__m128i m) { return unsigned(_mm_movemask_epi8(m)); };
    for (unsigned ends = mask(_mm_cmpeq_epi8(block, newline)); ends; ends &= ends - 1)
      lines.push_back(std::uint32_t(at) + unsigned(std::countr_zero(ends)) + 1);
    // The highest bit is that of bytes beyond ASCII.
    for (unsigned odds = mask(block) | mask(_mm_cmpeq_epi8(block, zero)); odds; odds &= odds - 1)
      odd(at + unsigned(std::countr_zero(odds)));
  }
  for (; at < text.size(); ++at) {
    if (text[at] == '\n') lines.push_back(std::uint32_t(at) + 1);
    if (!text[at] || std::uint8_t(text[at]) >= 0x80) odd(at);
  }
}

}  // namespace memsnap
