// Protocol buffer messages by hand, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace memsnap {

class TinyProto {
 public:
  TinyProto& number(int field, std::uint64_t value) {
    varint(std::uint64_t(field) << 3);
    return varint(value);
  }
  TinyProto& bytes(int field, std::string_view body) {
    varint(std::uint64_t(field) << 3 | 2);
    varint(body.size());
    out_ += body;
    return *this;
  }
  TinyProto& message(int field, const TinyProto& body) { return bytes(field, body.out_); }
  TinyProto& raw(std::string_view bytes) { return out_ += bytes, *this; }
  TinyProto& varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_ += char(value | 0x80);
    out_ += char(value);
    return *this;
  }
  const std::string& str() const { return out_; }

 private:
  std::string out_;
};

}  // namespace memsnap
