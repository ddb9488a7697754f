// A number at a place that is known beforehand, as a field of a copied record is; a Cursor walks.
#pragma once

#include "base/bytes.h"

#include <cstdint>
#include <type_traits>

namespace memsnap {

// Little-endian; 0 where it does not lie inside the bytes: offsets come from a file as well.
template <class T>
  requires std::is_arithmetic_v<T>
T value_at(Bytes bytes, std::uint64_t offset) {
  T value{};
  if (offset <= bytes.size() && bytes.size() - offset >= sizeof value)
    std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace memsnap
