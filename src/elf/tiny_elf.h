// For tests and fuzz targets: writes a small ELF program from a list of sections.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace memsnap {

struct TinySection {
  std::string name, bytes;
  std::uint32_t type = 1;
  std::uint64_t flags = 0;
  std::uint64_t addr = 0;  // not 0: also mapped there, writable, by a segment of its own
  std::uint32_t link = 0;  // the first section of the list is number 1
};

template <class T>
void append(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

class TinyElf {
 public:
  std::uint16_t type = 2, machine = 62;
  std::uint64_t entry = 0x401000;
  std::vector<TinySection> sections;

  std::string bytes() const {
    std::string names(1, '\0'), body;
    std::vector<std::uint64_t> name_at, offsets;
    std::uint16_t segments = 0;
    for (const TinySection& s : sections) segments = std::uint16_t(segments + (s.addr != 0));
    const std::uint64_t body_at = 64 + std::uint64_t(56) * segments;
    for (const TinySection& s : sections) {
      name_at.push_back(names.size());
      names += s.name + '\0';
      offsets.push_back(body_at + body.size());
      body += s.bytes;
    }
    const std::uint64_t names_at = body_at + body.size();
    std::string file = header(segments, names_at + names.size());
    for (std::size_t i = 0; i < sections.size(); ++i)
      if (sections[i].addr != 0) file += segment(sections[i], offsets[i]);
    file += body + names;
    file += section({}, 0, 0, 0);
    for (std::size_t i = 0; i < sections.size(); ++i)
      file += section(sections[i], name_at[i], offsets[i], sections[i].bytes.size());
    return file + section({.type = 3}, 0, names_at, names.size());
  }

 private:
  std::string header(std::uint16_t segments, std::uint64_t section_table) const {
    std::string out(
        "\x7f"
        "ELF\x02\x01\x01",
        7);
    out.resize(16, '\0');
    append(out, type);
    append(out, machine);
    append<std::uint32_t>(out, 1);
    append(out, entry);
    append<std::uint64_t>(out, 64);
    append(out, section_table);
    append<std::uint32_t>(out, 0);
    for (std::uint16_t v : {std::uint16_t(64), std::uint16_t(56), segments, std::uint16_t(64),
                            std::uint16_t(sections.size() + 2), std::uint16_t(sections.size() + 1)})
      append(out, v);
    return out;
  }
  static std::string segment(const TinySection& s, std::uint64_t offset) {
    std::string out;
    append<std::uint32_t>(out, 1);
    append<std::uint32_t>(out, 6);
    append(out, offset);
    append(out, s.addr);
    append(out, s.addr);
    append<std::uint64_t>(out, s.bytes.size());
    append<std::uint64_t>(out, s.bytes.size());
    append<std::uint64_t>(out, 1);
    return out;
  }
  static std::string section(const TinySection& s, std::uint64_t name_at, std::uint64_t offset,
                             std::uint64_t size) {
    std::string out;
    append(out, std::uint32_t(name_at));
    append(out, offset == 0 ? 0u : s.type);
    append(out, s.flags);
    append(out, s.addr);
    append(out, offset);
    append(out, size);
    append(out, s.link);
    append<std::uint32_t>(out, 0);
    append<std::uint64_t>(out, 1);
    append<std::uint64_t>(out, 0);
    return out;
  }
};

}  // namespace memsnap
