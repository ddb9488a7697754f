// The header of a snapshot file and its table of sections, one section per column.
#pragma once

#include "base/bytes.h"
#include "base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap::snap {

inline constexpr std::string_view kMagic{"memsnap\0", 8};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kAlign = 64, kNameSize = 24;

struct Header {  // as in the file
  char magic[8] = {};
  std::uint32_t version = 0;
  std::uint32_t sections = 0;
  std::uint64_t file_size = 0;
  std::uint64_t checksum = 0;  // of the header, with this field zero, and of the table of sections
  std::byte unused[32] = {};
};
static_assert(sizeof(Header) == 64);

struct Section {                                       // as in the file
  char table[kNameSize] = {}, column[kNameSize] = {};  // filled up with zeros
  std::uint32_t element_size = 0;
  std::uint32_t unused = 0;
  std::uint64_t rows = 0;
  std::uint64_t offset = 0;    // a multiple of kAlign
  std::uint64_t checksum = 0;  // of the rows
};
static_assert(sizeof(Section) == 80);

std::uint64_t checksum(Bytes bytes);  // 64 bits of XXH3
std::uint64_t header_checksum(Header header, std::span<const Section> sections);

// The sections of a file, all of which lie inside of it. Columns are not looked at.
Result<std::vector<Section>> read_sections(Bytes file);

std::string_view name_of(const char (&field)[kNameSize]);
void set_name(char (&field)[kNameSize], std::string_view name);  // CHECKs that it fits
constexpr std::uint64_t align_up(std::uint64_t at) { return (at + kAlign - 1) / kAlign * kAlign; }

}  // namespace memsnap::snap
