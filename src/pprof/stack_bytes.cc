// The shortest form of a number above zero holds no zero byte, so one test finds both the id 0 and padding.
// With less than 2^14 rows a varint has at most two bytes, and 16 bytes are judged at a time: a profile is
// mostly stacks, and one by one they cost as much as to inflate them.
#include "pprof/stack_bytes.h"

#include "pprof/proto_fields.h"

#include <emmintrin.h>

namespace memsnap {
namespace {

constexpr std::size_t kBlock = 16;
constexpr std::uint32_t kTwoBytes = 1 << 14;

bool one_by_one(const std::uint8_t* at, std::size_t size, std::uint32_t rows) {
  for (const std::uint8_t* end = at + size; at != end;) {
    std::uint64_t id;
    if (!read_varint(at, end, id) || id == 0 || id > rows || at[-1] == 0) return false;
  }
  return true;
}

// The greatest id as the bytes of its varint.
struct Limit {
  __m128i low, high;  // seven bits each
};

// Bytes of the block that must not be there, as a mask.
__m128i wrong_bytes(const std::uint8_t* at, const Limit& limit) {
  __m128i zero = _mm_setzero_si128();
  __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  __m128i before = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at - 1));
  __m128i goes_on = _mm_cmplt_epi8(bytes, zero), went_on = _mm_cmplt_epi8(before, zero);
  __m128i low_before = _mm_and_si128(before, _mm_set1_epi8(0x7f));
  __m128i too_long = _mm_and_si128(goes_on, went_on);
  __m128i above =
      _mm_or_si128(_mm_cmpgt_epi8(bytes, limit.high),
                   _mm_and_si128(_mm_cmpeq_epi8(bytes, limit.high), _mm_cmpgt_epi8(low_before, limit.low)));
  return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, zero), too_long), _mm_and_si128(went_on, above));
}

}  // namespace

bool is_packed_rows(const std::uint8_t* begin, std::size_t size, std::uint32_t rows) {
  if (size < kBlock || rows < 0x80 || rows >= kTwoBytes) return one_by_one(begin, size, rows);
  Limit limit{_mm_set1_epi8(char(rows & 0x7f)), _mm_set1_epi8(char(rows >> 7))};
  __m128i wrong = wrong_bytes(begin + size - kBlock, limit);
  for (std::size_t at = 0; at + kBlock <= size; at += kBlock)
    wrong = _mm_or_si128(wrong, wrong_bytes(begin + at, limit));
  return _mm_movemask_epi8(wrong) == 0 && begin[size - 1] < 0x80;
}

}  // namespace memsnap
