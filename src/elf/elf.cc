#include "elf/elf.h"

#include <libdeflate.h>
#include <zstd.h>

#include <elf.h>

#include <memory>

namespace memsnap {

namespace {

constexpr std::uint64_t kMostInflated = std::uint64_t(4) << 30;
constexpr std::uint64_t kMostRatio = 1100;  // deflate cannot do better than 1,032:1

std::string what_it_is(Bytes file) {
  std::string_view text = text_of(file.first(std::min<std::size_t>(file.size(), 8)));
  if (text.starts_with("#!")) return "a script";
  if (text.starts_with("MZ")) return "a Windows program";
  if (text.starts_with("\xcf\xfa\xed\xfe")) return "a Mach-O program";
  if (file.empty()) return "an empty file";
  return "not an ELF file";
}

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_AARCH64: return "arm64";
    case EM_386: return "386";
    case EM_ARM: return "arm";
    case EM_RISCV: return "riscv";
    case EM_PPC64: return "ppc64";
    case EM_S390: return "s390x";
  }
  return fmt::format("machine {}", machine);
}

}  // namespace

Result<ElfFile> ElfFile::open(Bytes file) {
  if (file.size() < sizeof(Elf64_Ehdr) || !text_of(file).starts_with(ELFMAG))
    return fail(Cause::bad_input, "executable: found {}, expected a 64-bit ELF program", what_it_is(file));
  Cursor in(file);
  auto head = in.fixed<Elf64_Ehdr>();
  if (head.e_ident[EI_CLASS] != ELFCLASS64)
    return fail(Cause::refused, "executable: a 32-bit program; memsnap reads 64-bit x86-64 programs");
  if (head.e_ident[EI_DATA] != ELFDATA2LSB)
    return fail(Cause::refused, "executable: a big-endian program; memsnap reads x86-64 programs");
  if (head.e_machine != EM_X86_64)
    return fail(Cause::refused, "executable: built for {}; memsnap reads x86-64 programs", machine_name(head.e_machine));
  if (head.e_type != ET_EXEC && head.e_type != ET_DYN)
    return fail(Cause::bad_input, "executable: ELF type {}, expected a program (2 or 3)", head.e_type);

  ElfFile elf;
  elf.file_ = file;
  elf.entry_ = head.e_entry;
  elf.pie_ = head.e_type == ET_DYN;
  if (head.e_phnum != 0 && (head.e_phentsize != sizeof(Elf64_Phdr) || head.e_phoff > file.size() ||
                            std::uint64_t(head.e_phnum) * sizeof(Elf64_Phdr) > file.size() - head.e_phoff))
    return fail(Cause::bad_input, "executable: {} program headers at {} do not fit into {} bytes", head.e_phnum,
                head.e_phoff, file.size());
  in.seek(head.e_phoff);
  for (unsigned i = 0; i < head.e_phnum; ++i) {
    auto p = in.fixed<Elf64_Phdr>();
    elf.segments_.push_back({p.p_type, p.p_flags, p.p_offset, p.p_vaddr, p.p_filesz, p.p_memsz});
  }
  if (head.e_shnum == 0) return elf;
  if (head.e_shentsize != sizeof(Elf64_Shdr) || head.e_shoff > file.size() ||
      std::uint64_t(head.e_shnum) * sizeof(Elf64_Shdr) > file.size() - head.e_shoff)
    return fail(Cause::bad_input, "executable: {} section headers at {} do not fit into {} bytes", head.e_shnum,
                head.e_shoff, file.size());
  std::vector<Elf64_Shdr> headers(head.e_shnum);
  in.seek(head.e_shoff);
  for (auto& h : headers) h = in.fixed<Elf64_Shdr>();
  Bytes names;
  if (head.e_shstrndx < headers.size()) {
    const auto& h = headers[head.e_shstrndx];
    if (h.sh_offset <= file.size() && h.sh_size <= file.size() - h.sh_offset)
      names = file.subspan(h.sh_offset, h.sh_size);
  }
  for (const auto& h : headers) {
    Cursor name(names);
    name.seek(h.sh_name);
    elf.sections_.push_back({name.c_string(), h.sh_type, h.sh_flags, h.sh_addr, h.sh_offset, h.sh_size});
  }
  return elf;
}

const ElfSection* ElfFile::section(std::string_view name) const {
  for (const auto& s : sections_)
    if (s.name == name) return &s;
  return nullptr;
}

namespace {

Result<std::vector<std::byte>> inflate(std::string_view name, std::uint32_t method, Bytes packed, std::uint64_t size) {
  if (size > kMostInflated || size > (packed.size() + 64) * kMostRatio)
    return fail(Cause::bad_input, "executable: section {} says {} bytes come out of {} compressed ones", name, size,
                packed.size());
  std::vector<std::byte> out(size);
  if (method == ELFCOMPRESS_ZLIB) {
    std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> z(
        libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
    std::size_t got = 0;
    if (!z || libdeflate_zlib_decompress(z.get(), packed.data(), packed.size(), out.data(), out.size(), &got) !=
                  LIBDEFLATE_SUCCESS || got != size)
      return fail(Cause::bad_input, "executable: section {} does not inflate to its {} bytes", name, size);
    return out;
  }
  if (method == 2) {  // ELFCOMPRESS_ZSTD
    std::size_t got = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) || got != size)
      return fail(Cause::bad_input, "executable: section {} does not inflate to its {} bytes", name, size);
    return out;
  }
  return fail(Cause::bad_input, "executable: section {} is compressed with method {}, expected 1 or 2", name, method);
}

}  // namespace

Result<Bytes> ElfFile::data(std::string_view wanted) {
  if (auto known = inflated_.find(wanted); known != inflated_.end()) return Bytes(known->second);
  const ElfSection* s = section(wanted);
  bool old_style = false;
  if (!s && wanted.starts_with(".debug_")) {
    s = section(fmt::format(".z{}", wanted.substr(1)));
    old_style = s != nullptr;
  }
  if (!s || s->type == SHT_NOBITS) return Bytes{};
  if (s->offset > file_.size() || s->size > file_.size() - s->offset)
    return fail(Cause::bad_input, "executable: section {} at {} with {} bytes lies outside the {} of the file", wanted,
                s->offset, s->size, file_.size());
  Bytes raw = file_.subspan(s->offset, s->size);
  if (!old_style && !(s->flags & SHF_COMPRESSED)) return raw;
  Cursor in(raw);
  std::uint32_t method = ELFCOMPRESS_ZLIB;
  std::uint64_t size = 0;
  if (old_style) {
    if (text_of(in.take(4)) != "ZLIB") return fail(Cause::bad_input, "executable: section .z{} has no ZLIB header", wanted.substr(1));
    for (int i = 0; i < 8; ++i) size = size << 8 | in.fixed<std::uint8_t>();
  } else {
    auto head = in.fixed<Elf64_Chdr>();
    method = head.ch_type;
    size = head.ch_size;
  }
  if (!in.ok()) return fail(Cause::bad_input, "executable: section {} is cut short", wanted);
  auto out = TRY(inflate(wanted, method, in.take(in.left()), size));
  return Bytes(inflated_.emplace(std::string(wanted), std::move(out)).first->second);
}

Bytes ElfFile::at(std::uint64_t addr, std::uint64_t size) const {
  for (const auto& s : segments_) {
    if (s.type != PT_LOAD || addr < s.addr || addr - s.addr > s.file_size || size > s.file_size - (addr - s.addr)) continue;
    std::uint64_t from = s.offset + (addr - s.addr);
    if (from < s.offset || from > file_.size() || size > file_.size() - from) continue;
    return file_.subspan(from, size);
  }
  return {};
}

Result<const std::vector<ElfSymbol>*> ElfFile::symbols() {
  if (symbols_read_) return &symbols_;
  Bytes table = TRY(data(".symtab"));
  Bytes names = TRY(data(".strtab"));
  symbols_.reserve(table.size() / sizeof(Elf64_Sym));
  for (Cursor in(table); in.left() >= sizeof(Elf64_Sym);) {
    auto s = in.fixed<Elf64_Sym>();
    Cursor name(names);
    name.seek(s.st_name);
    symbols_.push_back({name.c_string(), s.st_value, s.st_size, s.st_info});
  }
  symbols_read_ = true;
  return &symbols_;
}

std::optional<ElfSymbol> ElfFile::symbol(std::string_view name) {
  auto all = symbols();
  if (!all) return std::nullopt;
  for (const auto& s : **all)
    if (s.name == name) return s;
  return std::nullopt;
}

}  // namespace memsnap
