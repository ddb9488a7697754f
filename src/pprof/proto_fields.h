// Walks the fields of one protocol buffer message as google/pprof does (profile/proto.go): groups and unknown
// wire types are errors, a varint has at most ten bytes and what is above its 64th bit is dropped.
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <cstring>

namespace memsnap {

// Reads one varint and moves `at` behind it; false when it is cut short or too long.
inline bool read_varint(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& value) {
  if (at == end) return false;
  if (*at < 0x80) return value = *at++, true;
  value = *at++ & 0x7f;
  for (int shift = 7; shift < 70; shift += 7) {
    if (at == end) return false;
    std::uint8_t byte = *at++;
    value |= std::uint64_t(byte & 0x7f) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

class ProtoFields {
 public:
  enum Wire : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  ProtoFields(const std::uint8_t* begin, const std::uint8_t* end) : at_(begin), end_(end) {}
  explicit ProtoFields(Bytes bytes)
      : ProtoFields(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                    reinterpret_cast<const std::uint8_t*>(bytes.data()) + bytes.size()) {}

  // Goes to the next field. False at the end, and when the message is broken; then ok() is false.
  bool next() {
    if (at_ == end_) return false;
    std::uint64_t key;
    if (!read_varint(at_, end_, key)) return broken();
    number_ = key >> 3;
    wire_ = Wire(key & 7);
    switch (wire_) {
      case kVarint: return read_varint(at_, end_, value_) || broken();
      case kBytes: {
        if (!read_varint(at_, end_, value_) || value_ > std::size_t(end_ - at_)) return broken();
        body_ = at_;
        at_ += value_;
        return true;
      }
      case kFixed64: return skip(8);
      case kFixed32: return skip(4);
    }
    return broken();
  }

  bool ok() const { return ok_; }
  std::uint64_t number() const { return number_; }
  Wire wire() const { return wire_; }
  bool is_varint() const { return wire_ == kVarint; }
  bool is_bytes() const { return wire_ == kBytes; }

  std::uint64_t value() const { return value_; }       // of a varint
  const std::uint8_t* begin() const { return body_; }  // of bytes
  const std::uint8_t* end() const { return body_ + value_; }
  std::size_t size() const { return std::size_t(value_); }
  ProtoFields message() const { return {begin(), end()}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(body_), size()}; }

 private:
  bool broken() {
    ok_ = false;
    at_ = end_;
    return false;
  }
  bool skip(std::size_t size) {
    if (std::size_t(end_ - at_) < size) return broken();
    at_ += size;
    return true;
  }

  const std::uint8_t *at_, *end_;
  const std::uint8_t* body_ = nullptr;
  std::uint64_t number_ = 0, value_ = 0;
  Wire wire_ = kVarint;
  bool ok_ = true;
};

}  // namespace memsnap
