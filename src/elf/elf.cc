#include "elf/elf.h"

#include <fmt/format.h>

namespace memsnap {
namespace {

constexpr std::uint16_t kExecutable = 2, kShared = 3, kX8664 = 62, kArm64 = 183;
constexpr std::uint32_t kLoad = 1, kNoBits = 8, kSymbolTable = 2, kNoteSegment = 4;
constexpr std::uint64_t kCompressed = 0x800;
constexpr std::size_t kSectionSize = 64, kSegmentSize = 56, kSymbolSize = 24;

std::string_view machine_name(std::uint16_t machine) {
  switch (machine) {
    case 3: return "386";
    case 8: return "mips";
    case 20: return "ppc";
    case 21: return "ppc64";
    case 22: return "s390x";
    case 40: return "arm";
    case 183: return "arm64";
    case 243: return "riscv64";
    case 258: return "loong64";
    default: return "";
  }
}

// What a file that is not ELF seems to be.
std::string_view guess_format(Bytes file) {
  std::string_view head = text_of(file.first(std::min<std::size_t>(file.size(), 16)));
  if (head.empty()) return "an empty file";
  if (head.starts_with("#!")) return "a script";
  if (head.starts_with("MZ")) return "a Windows executable";
  if (head.starts_with("\xcf\xfa\xed\xfe") || head.starts_with("\xce\xfa\xed\xfe") ||
      head.starts_with("\xca\xfe\xba\xbe"))
    return "a macOS executable";
  if (head.starts_with("!<arch>")) return "an archive of object files";
  if (head.starts_with("\x1f\x8b")) return "gzip-compressed";
  if (head.starts_with("\x28\xb5\x2f\xfd")) return "zstd-compressed";
  return "something else";
}

Result<void> check_identity(Bytes file) {
  std::string_view head = text_of(file.first(std::min<std::size_t>(file.size(), 64)));
  if (!head.starts_with("\x7f"
                        "ELF"))
    return fail(Cause::bad_input, "executable: expected an ELF file, found {}", guess_format(file));
  if (head.size() < 64)
    return fail(Cause::bad_input, "executable: cut short after {} bytes, within the ELF header", head.size());
  if (head[4] != 2)
    return fail(Cause::bad_input, "executable: a 32-bit ELF file, expected a 64-bit one for x86-64");
  if (head[5] != 1)
    return fail(Cause::bad_input, "executable: a big-endian ELF file, expected one for x86-64");
  return {};
}

Result<void> check_kind(std::uint16_t type, std::uint16_t machine, bool also_arm64) {
  if (machine != kX8664 && !(also_arm64 && machine == kArm64)) {
    std::string_view name = machine_name(machine);
    return fail(Cause::bad_input, "executable: built for {}, expected x86-64{}",
                name.empty() ? fmt::format("machine {}", machine) : std::string(name),
                also_arm64 ? " or arm64" : "");
  }
  if (type == kExecutable || type == kShared) return {};
  std::string_view what = type == 1 ? "an object file" : type == 4 ? "a core dump" : "of an unknown type";
  return fail(Cause::bad_input, "executable: the ELF file is {}, expected a program", what);
}

}  // namespace

Result<ElfFile> ElfFile::open(Bytes file, bool also_arm64) {
  TRY_VOID(check_identity(file));
  Cursor in(file);
  in.seek(16);
  auto type = in.fixed<std::uint16_t>();
  auto machine = in.fixed<std::uint16_t>();
  in.fixed<std::uint32_t>();
  ElfFile elf;
  elf.file_ = file;
  elf.pie_ = type == kShared;
  elf.entry_ = in.fixed<std::uint64_t>();
  auto segment_table = in.fixed<std::uint64_t>();
  auto section_table = in.fixed<std::uint64_t>();
  in.seek(54);
  auto segment_size = in.fixed<std::uint16_t>();
  auto segment_count = in.fixed<std::uint16_t>();
  auto section_size = in.fixed<std::uint16_t>();
  auto section_count = in.fixed<std::uint16_t>();
  auto names = in.fixed<std::uint16_t>();
  TRY_VOID(check_kind(type, machine, also_arm64));
  elf.machine_ = machine == kArm64 ? ElfMachine::kArm64 : ElfMachine::kX8664;

  if (segment_count != 0) {
    if (segment_size != kSegmentSize)
      return fail(Cause::bad_input, "executable: program headers of {} bytes, expected {}", segment_size,
                  kSegmentSize);
    TRY_VOID(elf.read_segments(segment_table, segment_count));
  }
  if (section_table != 0) {
    if (section_size != kSectionSize)
      return fail(Cause::bad_input, "executable: section headers of {} bytes, expected {}", section_size,
                  kSectionSize);
    TRY_VOID(elf.read_sections(section_table, section_count, names));
  }
  return elf;
}

Result<void> ElfFile::read_segments(std::uint64_t table, std::size_t count) {
  Cursor in(file_);
  in.seek(table);
  if (in.left() / kSegmentSize < count)
    return fail(Cause::bad_input, "executable: {} program headers at offset {} reach beyond its {} bytes",
                count, table, file_.size());
  segments_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    ElfSegment s;
    s.type = in.fixed<std::uint32_t>();
    s.flags = in.fixed<std::uint32_t>();
    s.offset = in.fixed<std::uint64_t>();
    s.addr = in.fixed<std::uint64_t>();
    in.fixed<std::uint64_t>();
    s.file_size = in.fixed<std::uint64_t>();
    s.mem_size = in.fixed<std::uint64_t>();
    s.align = in.fixed<std::uint64_t>();
    segments_.push_back(s);
  }
  return {};
}

Result<void> ElfFile::read_sections(std::uint64_t table, std::size_t count, std::size_t names) {
  Cursor in(file_);
  in.seek(table);
  if (in.left() < kSectionSize)
    return fail(Cause::bad_input, "executable: the section headers at offset {} lie beyond its {} bytes",
                table, file_.size());
  // More sections than 16 bits can count: the numbers are in the first header.
  constexpr std::size_t kNamesElsewhere = 0xffff;
  Cursor first(file_.subspan(std::size_t(table), kSectionSize));
  if (count == 0) {
    first.seek(32);
    count = std::size_t(first.fixed<std::uint64_t>());
  }
  if (names == kNamesElsewhere) {
    first.seek(40);
    names = first.fixed<std::uint32_t>();
  }
  if (in.left() / kSectionSize < count)
    return fail(Cause::bad_input, "executable: {} section headers at offset {} reach beyond its {} bytes",
                count, table, file_.size());
  std::vector<std::uint32_t> name_at;
  name_at.reserve(count);
  sections_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    ElfSection s;
    name_at.push_back(in.fixed<std::uint32_t>());
    s.type = in.fixed<std::uint32_t>();
    s.flags = in.fixed<std::uint64_t>();
    s.addr = in.fixed<std::uint64_t>();
    s.offset = in.fixed<std::uint64_t>();
    s.size = in.fixed<std::uint64_t>();
    s.link = in.fixed<std::uint32_t>();
    in.fixed<std::uint32_t>();
    in.take(16);
    sections_.push_back(s);
  }
  if (names >= count) return {};
  Bytes text = raw(sections_[names]);
  for (std::size_t i = 0; i < count; ++i) {
    Cursor name(text);
    name.seek(name_at[i]);
    sections_[i].name = name.c_string();
  }
  return {};
}

const ElfSection* ElfFile::section(std::string_view name) const {
  auto found = std::ranges::find(sections_, name, &ElfSection::name);
  return found == sections_.end() ? nullptr : &*found;
}

// Bytes of a section as they are in the file; empty when it has none or they are not all there.
Bytes ElfFile::raw(const ElfSection& section) const {
  if (section.type == kNoBits || section.offset > file_.size()) return {};
  if (section.size > file_.size() - section.offset) return {};
  return file_.subspan(std::size_t(section.offset), std::size_t(section.size));
}

Result<Bytes> ElfFile::data(std::string_view section_name) {
  if (auto known = inflated_.find(section_name); known != inflated_.end()) return known->second.view();
  const ElfSection* found = section(section_name);
  bool gnu_style = false;
  if (!found && section_name.starts_with(".debug_")) {
    found = section(fmt::format(".z{}", section_name.substr(1)));
    gnu_style = found != nullptr;
  }
  if (!found || found->type == kNoBits || found->size == 0) return Bytes{};
  Bytes bytes = raw(*found);
  if (bytes.empty())
    return fail(Cause::bad_input,
                "executable: section {} ({} bytes at offset {}) reaches beyond its {} bytes", section_name,
                found->size, found->offset, file_.size());
  if (!gnu_style && (found->flags & kCompressed) == 0) return bytes;
  Inflated result = TRY(inflate_section(section_name, bytes, gnu_style));
  Bytes view = result.view();
  inflated_.emplace(section_name, std::move(result));
  return view;
}

Bytes ElfFile::from(std::uint64_t addr) const {
  for (const ElfSegment& s : segments_) {
    if (s.type != kLoad || addr < s.addr || addr - s.addr >= s.file_size) continue;
    std::uint64_t into = addr - s.addr;
    if (s.offset > file_.size() || into >= file_.size() - s.offset) return {};
    std::uint64_t there = file_.size() - s.offset - into;
    return file_.subspan(std::size_t(s.offset + into), std::size_t(std::min(there, s.file_size - into)));
  }
  return {};
}

Bytes ElfFile::at(std::uint64_t addr, std::uint64_t size) const {
  Bytes rest = from(addr);
  return size > rest.size() ? Bytes{} : rest.first(std::size_t(size));
}

Result<const std::vector<ElfSymbol>*> ElfFile::symbols() {
  if (symbols_read_) return &symbols_;
  auto table = std::ranges::find(sections_, kSymbolTable, &ElfSection::type);
  if (table == sections_.end()) {
    symbols_read_ = true;
    return &symbols_;
  }
  Bytes entries = raw(*table);
  Bytes names = table->link < sections_.size() ? raw(sections_[table->link]) : Bytes{};
  if (entries.size() != table->size || names.empty())
    return fail(Cause::bad_input, "executable: its symbol table ({} bytes at offset {}) is cut short",
                table->size, table->offset);
  symbols_.reserve(entries.size() / kSymbolSize);
  for (Cursor in(entries); in.left() >= kSymbolSize;) {
    ElfSymbol s;
    auto name_at = in.fixed<std::uint32_t>();
    s.info = in.fixed<std::uint8_t>();
    in.take(3);
    s.addr = in.fixed<std::uint64_t>();
    s.size = in.fixed<std::uint64_t>();
    if (name_at < names.size()) {
      const char* text = text_of(names).data() + name_at;
      s.name = {text, strnlen(text, names.size() - name_at)};
    }
    symbols_.push_back(s);
  }
  symbols_read_ = true;
  return &symbols_;
}

std::optional<ElfSymbol> ElfFile::symbol(std::string_view name) {
  auto all = symbols();
  if (!all) return std::nullopt;
  auto found = std::ranges::find(**all, name, &ElfSymbol::name);
  return found == (*all)->end() ? std::nullopt : std::optional(*found);
}

// The description of the first note of that owner and type, in the section or, when the file has no
// section headers, in any note segment.
Bytes ElfFile::note(std::string_view section_name, std::string_view owner, std::uint32_t type) const {
  std::vector<Bytes> places;
  if (const ElfSection* s = section(section_name)) places.push_back(raw(*s));
  for (const ElfSegment& s : segments_) {
    if (s.type != kNoteSegment || s.offset > file_.size() || s.file_size > file_.size() - s.offset) continue;
    places.push_back(file_.subspan(std::size_t(s.offset), std::size_t(s.file_size)));
  }
  for (Bytes place : places) {
    for (Cursor in(place); in.left() >= 12;) {
      auto name_size = in.fixed<std::uint32_t>();
      auto text_size = in.fixed<std::uint32_t>();
      auto found_type = in.fixed<std::uint32_t>();
      std::string_view name = text_of(in.take((std::uint64_t(name_size) + 3) & ~3ull));
      Bytes padded = in.take((std::uint64_t(text_size) + 3) & ~3ull);
      if (!in.ok()) break;
      if (found_type == type && name.substr(0, name.find('\0')) == owner) return padded.first(text_size);
    }
  }
  return {};
}

std::string ElfFile::go_build_id() const { return std::string(text_of(note(".note.go.buildid", "Go", 4))); }

std::string ElfFile::gnu_build_id() const {
  std::string text;
  for (std::byte b : note(".note.gnu.build-id", "GNU", 3)) text += fmt::format("{:02x}", unsigned(b));
  return text;
}

}  // namespace memsnap
