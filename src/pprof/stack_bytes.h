// Whether the packed ids of a sample can stay where they are.
#pragma once

#include <cstddef>
#include <cstdint>

namespace memsnap {

// True when the bytes are varints of 1 … rows, each in its shortest form. The byte before `begin` is read, it
// must be the end of a varint, as the length of a field is. What is not so may still be valid: it has to be
// decoded one by one then.
bool is_packed_rows(const std::uint8_t* begin, std::size_t size, std::uint32_t rows);

}  // namespace memsnap
