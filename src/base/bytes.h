// Bytes that somebody else owns, and the sticky cursor that every reader of a format walks them with.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace memsnap {

using Bytes = std::span<const std::byte>;

inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Reads little-endian values from front to back. After the first read past the end ok() is false and
// every read gives zero or nothing, so a reader asks once per record instead of once per field.
class Cursor {
 public:
  explicit Cursor(Bytes bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool done() const { return !ok_ || at_ == bytes_.size(); }
  std::size_t at() const { return at_; }
  std::size_t left() const { return ok_ ? bytes_.size() - at_ : 0; }
  void fail() { ok_ = false; }

  // Goes to an absolute offset; one beyond the end fails.
  void seek(std::uint64_t at) {
    if (at > bytes_.size())
      ok_ = false;
    else
      at_ = std::size_t(at);
  }

  template <class T>
  T fixed() {
    static_assert(std::endian::native == std::endian::little);
    T value{};
    if (!ok_ || left() < sizeof(T)) return ok_ = false, value;
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }

  // LEB128, at most 10 bytes; bits above the 64th are dropped, as DWARF producers may pad.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      auto byte = fixed<std::uint8_t>();
      if (!ok_) return 0;
      if (shift < 64) value |= std::uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }

  std::int64_t signed_varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      auto byte = fixed<std::uint8_t>();
      if (!ok_) return 0;
      if (shift < 64) value |= std::uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80) {
        if ((byte & 0x40) && shift + 7 < 64) value |= ~std::uint64_t(0) << (shift + 7);
        return std::int64_t(value);
      }
    }
    ok_ = false;
    return 0;
  }

  Bytes take(std::uint64_t size) {
    if (!ok_ || size > left()) return ok_ = false, Bytes{};
    Bytes slice = bytes_.subspan(at_, std::size_t(size));
    at_ += std::size_t(size);
    return slice;
  }

  // Up to the next zero byte, which is consumed and not part of the text.
  std::string_view c_string() {
    if (!ok_) return {};
    Bytes rest = bytes_.subspan(at_);
    auto end = std::ranges::find(rest, std::byte{0});
    if (end == rest.end()) return ok_ = false, std::string_view{};
    std::size_t size = std::size_t(end - rest.begin());
    at_ += size + 1;
    return text_of(rest.first(size));
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace memsnap
