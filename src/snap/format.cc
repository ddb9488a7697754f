#include "snap/format.h"

#include <xxhash.h>

namespace memsnap::snap {

std::uint64_t checksum(Bytes bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::uint64_t header_checksum(Header header, std::span<const Section> sections) {
  header.checksum = 0;
  std::uint64_t first = checksum(std::as_bytes(std::span(&header, 1)));
  Bytes rest = std::as_bytes(sections);
  return XXH3_64bits_withSeed(rest.data(), rest.size(), first);
}

std::string_view name_of(const char (&field)[kNameSize]) {
  std::string_view text(field, kNameSize);
  return text.substr(0, text.find('\0'));
}

void set_name(char (&field)[kNameSize], std::string_view name) {
  CHECK(name.size() < kNameSize);
  std::ranges::fill(field, '\0');
  std::ranges::copy(name, field);
}

namespace {

Result<Header> read_header(Bytes file) {
  Header header;
  if (file.size() < sizeof header || text_of(file.first(kMagic.size())) != kMagic)
    return fail(Cause::bad_input, "snapshot: {} bytes that do not begin as a snapshot does", file.size());
  std::memcpy(&header, file.data(), sizeof header);
  if (header.version != kVersion)
    return fail(Cause::bad_input, "snapshot: its format is version {}, this program reads version {}",
                header.version, kVersion);
  if (header.file_size != file.size())
    return fail(Cause::bad_input, "snapshot: it has {} bytes, its header says {}", file.size(),
                header.file_size);
  if (header.sections > (file.size() - sizeof header) / sizeof(Section))
    return fail(Cause::bad_input, "snapshot: its header says {} columns, which do not fit into {} bytes",
                header.sections, file.size());
  return header;
}

}  // namespace

Result<std::vector<Section>> read_sections(Bytes file) {
  Header header = TRY(read_header(file));
  std::vector<Section> sections(header.sections);
  Bytes table = file.subspan(sizeof header, sections.size() * sizeof(Section));
  if (!sections.empty()) std::memcpy(sections.data(), table.data(), table.size());
  if (header_checksum(header, sections) != header.checksum)
    return fail(Cause::bad_input, "snapshot: the checksum of its header is wrong, so the file is damaged");
  for (const Section& s : sections) {
    bool inside = s.offset <= file.size() && s.offset % kAlign == 0 && s.element_size != 0 &&
                  s.rows <= (file.size() - s.offset) / s.element_size;
    if (!inside)
      return fail(Cause::bad_input,
                  "snapshot: column {}.{} ({} rows of {} bytes at {}) lies outside of its {} bytes",
                  name_of(s.table), name_of(s.column), s.rows, s.element_size, s.offset, file.size());
  }
  return sections;
}

}  // namespace memsnap::snap
