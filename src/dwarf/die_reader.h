// A sticky reader like Cursor, made for the millions of small values in .debug_info: the position is a
// pointer, one-byte LEB128 is inline, the end of a string is found by memchr.
#pragma once

#include "base/bytes.h"

namespace memsnap {

class DieReader {
 public:
  DieReader() = default;
  // Reads [at, end) of the section; an offset beyond the section fails.
  DieReader(Bytes section, std::uint64_t at, std::uint64_t end)
      : start_(section.data()), end_(section.data() + std::min<std::uint64_t>(end, section.size())) {
    bool inside = at <= std::uint64_t(end_ - start_);
    at_ = inside ? start_ + at : end_;
    ok_ = inside;
  }
  DieReader(Bytes section, std::uint64_t at) : DieReader(section, at, section.size()) {}

  bool ok() const { return ok_; }
  bool done() const { return at_ == end_; }
  std::uint64_t at() const { return std::uint64_t(at_ - start_); }
  std::uint64_t left() const { return std::uint64_t(end_ - at_); }
  void fail() {
    ok_ = false;
    at_ = end_;
  }

  void skip(std::uint64_t size) {
    if (size > left())
      fail();
    else
      at_ += size;
  }

  template <class T>
  T fixed() {
    T value{};
    if (left() < sizeof(T)) return fail(), value;
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  // A little-endian number of 1 to 8 bytes.
  std::uint64_t number(unsigned size) {
    std::uint64_t value = 0;
    if (left() < size) return fail(), 0;
    std::memcpy(&value, at_, size);
    at_ += size;
    return value;
  }

  std::uint64_t varint() {
    if (at_ != end_ && (unsigned(*at_) & 0x80) == 0) return std::uint64_t(*at_++);
    return long_varint();
  }
  std::int64_t signed_varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at_ == end_) break;
      unsigned byte = unsigned(*at_++);
      if (shift < 64) value |= std::uint64_t(byte & 0x7f) << shift;
      if (byte & 0x80) continue;
      if ((byte & 0x40) != 0 && shift + 7 < 64) value |= ~std::uint64_t(0) << (shift + 7);
      return std::int64_t(value);
    }
    fail();
    return 0;
  }
  void skip_varint() { varint(); }

  Bytes take(std::uint64_t size) {
    if (size > left()) return fail(), Bytes{};
    Bytes slice(at_, std::size_t(size));
    at_ += size;
    return slice;
  }

  // Up to the next zero byte, which is consumed and not part of the text.
  std::string_view c_string() {
    const void* end = at_ == end_ ? nullptr : std::memchr(at_, 0, std::size_t(left()));
    if (!end) return fail(), std::string_view{};
    const char* text = reinterpret_cast<const char*>(at_);
    std::size_t size = std::size_t(static_cast<const char*>(end) - text);
    at_ += size + 1;
    return {text, size};
  }

 private:
  std::uint64_t long_varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at_ == end_) break;
      unsigned byte = unsigned(*at_++);
      if (shift < 64) value |= std::uint64_t(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
    fail();
    return 0;
  }

  const std::byte* start_ = nullptr;
  const std::byte* at_ = nullptr;
  const std::byte* end_ = nullptr;
  bool ok_ = true;
};

}  // namespace memsnap
