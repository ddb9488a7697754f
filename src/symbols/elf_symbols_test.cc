#include "symbols/elf_symbols.h"

#include "elf/tiny_elf.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

struct Row {
  std::string name;
  std::uint64_t addr, size;
  unsigned type, bind = 1;
};

ElfFunctions functions_of(const std::vector<Row>& rows, std::string& file) {
  std::string names(1, '\0'), table(24, '\0');
  for (const Row& row : rows) {
    append(table, std::uint32_t(names.size()));
    append(table, std::uint8_t(row.bind << 4 | row.type));
    append(table, std::uint8_t(0));
    append(table, std::uint16_t(1));
    append(table, row.addr);
    append(table, row.size);
    names += row.name + '\0';
  }
  TinyElf elf;
  elf.sections = {{.name = ".symtab", .bytes = table, .type = 2, .link = 2},
                  {.name = ".strtab", .bytes = names, .type = 3}};
  file = elf.bytes();
  auto open = ElfFile::open(std::as_bytes(std::span(file)));
  return *ElfFunctions::read(*open);
}

TEST(ElfFunctions, FindsWhatHoldsAnAddress) {
  std::string file;
  ElfFunctions functions = functions_of({{"shop.cc", 0, 0, 4, 0},
                                         {"local", 0x1000, 0x10, 2, 0},
                                         {"short", 0x1020, 0x4, 2},
                                         {"constructor1", 0x1030, 0x10, 2},
                                         {"constructor2", 0x1030, 0x10, 2},
                                         {"part", 0x1030, 0x4, 2},
                                         {"assembly", 0x1050, 0, 0},
                                         {"section", 0x1054, 0, 3}},
                                        file);
  auto name = [&](std::uint64_t at) {
    const auto* found = functions.at(at);
    return found ? std::string(found->symbol.name) : "";
  };
  EXPECT_EQ(name(0xfff), "");
  EXPECT_EQ(name(0x100f), "local");
  EXPECT_EQ(functions.at(0x1000)->file, "shop.cc");
  EXPECT_EQ(functions.at(0x1020)->file, "");  // others may see it: its file is not known
  EXPECT_EQ(name(0x1010), "");
  EXPECT_EQ(name(0x1024), "");
  EXPECT_EQ(name(0x1038), "constructor2");  // the longest, and of those the last
  EXPECT_EQ(name(0x1060), "assembly");      // no size: up to the next
  EXPECT_EQ(functions_of({}, file).at(0x1000), nullptr);
}

}  // namespace
}  // namespace memsnap
