// gzip, as profiles are packed: one member or several behind each other.
#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "tables/profile.h"

#include <cstdint>
#include <memory>
#include <string>

namespace memsnap {

struct Inflated : ProfileMemory {
  std::unique_ptr<std::uint8_t[]> bytes;
  std::size_t size = 0;
  Bytes view() const { return std::as_bytes(std::span(bytes.get(), size)); }
};

bool is_gzip(Bytes bytes);  // by its first two bytes

// The error is a clause without a name: "gzip data is cut short or corrupt …".
Result<std::unique_ptr<Inflated>> inflate_gzip(Bytes bytes, std::uint64_t limit);
Result<std::string> deflate_gzip(std::string_view text);

}  // namespace memsnap
