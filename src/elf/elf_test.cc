#include "elf/elf.h"

#include "elf/tiny_elf.h"

#include <gtest/gtest.h>
#include <libdeflate.h>
#include <zstd.h>

namespace memsnap {
namespace {

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string refusal(std::string_view file) {
  auto elf = ElfFile::open(bytes_of(file));
  return elf ? "opened" : elf.error().what;
}

TEST(Elf, SaysWhatAFileIsWhenItIsNoProgram) {
  struct Case {
    std::string file, says;
  };
  TinyElf arm{.machine = 183}, core{.type = 4}, object{.type = 1};
  std::string whole = TinyElf{}.bytes();
  std::string narrow = whole, big = whole;
  narrow[4] = 1;
  big[5] = 2;
  for (const auto& [file, says] : std::vector<Case>{
           {"", "an empty file"},
           {"#!/bin/sh\nexec x\n", "a script"},
           {"MZ\x90", "a Windows executable"},
           {"\xcf\xfa\xed\xfe....", "a macOS executable"},
           {"\x1f\x8b\x08", "gzip-compressed"},
           {"hello", "something else"},
           {whole.substr(0, 40), "cut short after 40 bytes"},
           {narrow, "32-bit"},
           {big, "big-endian"},
           {arm.bytes(), "built for arm64"},
           {core.bytes(), "a core dump"},
           {object.bytes(), "an object file"},
       })
    EXPECT_NE(refusal(file).find(says), std::string::npos) << refusal(file) << " lacks: " << says;
  EXPECT_EQ(refusal(whole), "opened");
}

TEST(Elf, GivesSectionsAndMappedBytes) {
  TinyElf tiny{.entry = 0x402010};
  tiny.sections = {{.name = ".text", .bytes = "code!", .addr = 0x401000},
                   {.name = ".data", .bytes = "0123456789", .addr = 0x500000},
                   {.name = ".bss", .bytes = "", .type = 8}};
  std::string file = tiny.bytes();
  ElfFile elf = *ElfFile::open(bytes_of(file));
  EXPECT_EQ(elf.entry(), 0x402010u);
  EXPECT_FALSE(elf.position_independent());
  ASSERT_NE(elf.section(".data"), nullptr);
  EXPECT_EQ(elf.section(".data")->addr, 0x500000u);
  EXPECT_EQ(elf.section(".nothing"), nullptr);
  EXPECT_EQ(text_of(*elf.data(".text")), "code!");
  EXPECT_TRUE(elf.data(".bss")->empty());
  EXPECT_TRUE(elf.data(".nothing")->empty());
  EXPECT_EQ(text_of(elf.at(0x500003, 4)), "3456");
  EXPECT_EQ(text_of(elf.from(0x500007)), "789");
  EXPECT_TRUE(elf.at(0x500007, 4).empty());
  EXPECT_TRUE(elf.at(0x4fffff, 1).empty());
  EXPECT_TRUE(elf.at(0x500000, ~0ull).empty());
  TinyElf pie{.type = 3};
  std::string shared = pie.bytes();
  EXPECT_TRUE(ElfFile::open(bytes_of(shared))->position_independent());
}

std::string zlib(std::string_view text) {
  auto* packer = libdeflate_alloc_compressor(6);
  std::string out(libdeflate_zlib_compress_bound(packer, text.size()), '\0');
  out.resize(libdeflate_zlib_compress(packer, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(packer);
  return out;
}

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string with_header(std::uint32_t method, std::uint64_t size, const std::string& packed) {
  std::string out;
  append(out, method);
  append<std::uint32_t>(out, 0);
  append(out, size);
  append<std::uint64_t>(out, 1);
  return out + packed;
}

TEST(Elf, InflatesSectionsOnce) {
  std::string text;
  for (int i = 0; i < 500; ++i) text += "entry " + std::to_string(i * i) + '\n';
  std::string big_endian = "ZLIB";
  append(big_endian, __builtin_bswap64(text.size()));
  TinyElf tiny;
  tiny.sections = {{.name = ".debug_info", .bytes = with_header(1, text.size(), zlib(text)), .flags = 0x800},
                   {.name = ".debug_str", .bytes = with_header(2, text.size(), zstd(text)), .flags = 0x800},
                   {.name = ".zdebug_line", .bytes = big_endian + zlib(text)}};
  std::string file = tiny.bytes();
  ElfFile elf = *ElfFile::open(bytes_of(file));
  for (const char* name : {".debug_info", ".debug_str", ".debug_line"}) {
    auto data = elf.data(name);
    ASSERT_TRUE(data) << data.error().what;
    EXPECT_EQ(text_of(*data), text) << name;
    EXPECT_EQ(elf.data(name)->data(), data->data());
  }
}

TEST(Elf, RefusesDamagedAndBoundlessCompression) {
  std::string text(5000, 'x'), packed = zlib(text);
  struct Case {
    std::string bytes, says;
  };
  for (const auto& [bytes, says] : std::vector<Case>{
           {with_header(1, text.size(), packed.substr(0, packed.size() / 2)), "damaged"},
           {with_header(1, text.size() + 1, packed), "damaged"},
           {with_header(2, text.size(), packed), "damaged"},
           {with_header(7, text.size(), packed), "method 7"},
           {with_header(1, 1ull << 40, packed), "refused"},
           {with_header(1, 1200 * packed.size(), packed), "refused"},
           {std::string(10, '\x01'), "method 0"},
       }) {
    TinyElf tiny;
    tiny.sections = {{.name = ".debug_info", .bytes = bytes, .flags = 0x800}};
    std::string file = tiny.bytes();
    ElfFile elf = *ElfFile::open(bytes_of(file));
    auto data = elf.data(".debug_info");
    ASSERT_FALSE(data);
    EXPECT_NE(data.error().what.find(says), std::string::npos) << data.error().what;
  }
}

std::string note(std::string owner, std::uint32_t type, std::string text) {
  std::string out;
  append(out, std::uint32_t(owner.size() + 1));
  append(out, std::uint32_t(text.size()));
  append(out, type);
  owner.resize((owner.size() + 4) & ~std::size_t(3), '\0');
  text.resize((text.size() + 3) & ~std::size_t(3), '\0');
  return out + owner + text;
}

std::string symbol(std::uint32_t name, std::uint64_t addr, std::uint64_t size) {
  std::string out;
  append(out, name);
  out += std::string("\x11\0\1\0", 4);
  append(out, addr);
  append(out, size);
  return out;
}

TEST(Elf, ReadsSymbolsAndNotes) {
  TinyElf tiny;
  tiny.sections = {
      {.name = ".strtab", .bytes = std::string("\0main.main\0runtime.text\0", 24), .type = 3},
      {.name = ".symtab",
       .bytes = symbol(0, 0, 0) + symbol(1, 0x401200, 64) + symbol(11, 0x401000, 0) + symbol(9999, 1, 1),
       .type = 2,
       .link = 1},
      {.name = ".note.go.buildid", .bytes = note("Go", 4, "abc/def"), .type = 7},
      {.name = ".note.gnu.build-id",
       .bytes = note("Other", 3, "no") + note("GNU", 3, "\x01\xfe"),
       .type = 7}};
  std::string file = tiny.bytes();
  ElfFile elf = *ElfFile::open(bytes_of(file));
  ASSERT_TRUE(elf.symbols());
  EXPECT_EQ((*elf.symbols())->size(), 4u);
  EXPECT_EQ(elf.symbol("main.main")->addr, 0x401200u);
  EXPECT_EQ(elf.symbol("main.main")->size, 64u);
  EXPECT_EQ(elf.symbol("runtime.text")->addr, 0x401000u);
  EXPECT_FALSE(elf.symbol("nobody"));
  EXPECT_EQ(elf.go_build_id(), "abc/def");
  EXPECT_EQ(elf.gnu_build_id(), "01fe");
  std::string bare = TinyElf{}.bytes();
  ElfFile none = *ElfFile::open(bytes_of(bare));
  EXPECT_TRUE((*none.symbols())->empty());
  EXPECT_EQ(none.go_build_id() + none.gnu_build_id(), "");
}

// Whatever is missing, an answer or a sentence comes back. (The sanitized run of this test is the point.)
TEST(Elf, SurvivesEveryTruncation) {
  TinyElf tiny;
  tiny.sections = {{.name = ".text", .bytes = "code", .addr = 0x401000},
                   {.name = ".strtab", .bytes = std::string("\0a\0", 3), .type = 3},
                   {.name = ".symtab", .bytes = symbol(0, 0, 0) + symbol(1, 2, 3), .type = 2, .link = 2},
                   {.name = ".debug_info", .bytes = with_header(1, 4, zlib("info")), .flags = 0x800}};
  std::string file = tiny.bytes();
  std::size_t opened = 0;
  for (std::size_t size = 0; size <= file.size(); ++size) {
    std::vector<char> cut(file.begin(),
                          file.begin() + std::ptrdiff_t(size));  // its own block, so that ASan sees its end
    auto elf = ElfFile::open(std::as_bytes(std::span(cut)));
    if (!elf) {
      EXPECT_FALSE(elf.error().what.empty());
      continue;
    }
    ++opened;
    (void)elf->symbols();
    (void)elf->data(".debug_info");
    (void)read_build_info(*elf);
  }
  EXPECT_EQ(opened, 1u);  // the section headers come last
}

}  // namespace
}  // namespace memsnap
