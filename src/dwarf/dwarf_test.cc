#include "dwarf/dwarf.h"

#include "dwarf/tiny_dwarf.h"

#include <gtest/gtest.h>

namespace memsnap {
namespace {

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

class Dwarf : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    file_ = example_program(GetParam()).program();
    elf_ = *ElfFile::open(bytes_of(file_));
    auto index = DwarfIndex::read(*elf_);
    ASSERT_TRUE(index) << index.error().what;
    index_.emplace(std::move(*index));
  }
  const DwarfTypeInfo& type(std::string_view name) const { return index_->types()[index_->type_named(name)]; }
  std::string_view name_of(DwarfType row) const { return index_->types()[row].name; }

  std::string file_;
  std::optional<ElfFile> elf_;
  std::optional<DwarfIndex> index_;
};

INSTANTIATE_TEST_SUITE_P(Versions, Dwarf, testing::Values(4, 5));

TEST_P(Dwarf, FindsTypesBehindTheirAliases) {
  EXPECT_EQ(type("main.Node").tag, dw::kTagStructure);
  EXPECT_EQ(type("main.Node").go_kind, 25);
  EXPECT_EQ(type("main.Node").runtime_type, 0x240u);
  EXPECT_EQ(index_->size_of("main.Node"), 40u);
  EXPECT_EQ(index_->offset_of("main.Node", "next"), 0u);
  EXPECT_EQ(index_->offset_of("main.Node", "Base.b"), 16u);
  EXPECT_EQ(index_->offset_of("main.Node", "Base.c"), std::nullopt);
  EXPECT_EQ(index_->offset_of("main.Node", "next.next"), std::nullopt);  // a pointer is not a struct
  EXPECT_EQ(index_->offset_of("main.Nobody", "next"), std::nullopt);
  EXPECT_EQ(index_->size_of("main.Nobody"), std::nullopt);

  auto fields = index_->fields().subspan(type("main.Node").first_field, type("main.Node").fields);
  ASSERT_EQ(fields.size(), 3u);
  EXPECT_EQ(name_of(fields[0].type), "*main.Node");
  EXPECT_TRUE(fields[1].embedded);
  EXPECT_FALSE(fields[0].embedded);
  EXPECT_EQ(index_->types()[fields[1].type].tag, dw::kTagStructure);
  EXPECT_EQ(index_->types()[type("*main.Node").elem].tag, dw::kTagStructure);
  EXPECT_EQ(type("*main.Node").size, 8u);
}

TEST_P(Dwarf, KnowsWhatMapsAndArraysAreMadeOf) {
  const DwarfTypeInfo& map = type("map[int]*main.Node");
  EXPECT_EQ(map.go_kind, 21);
  EXPECT_EQ(map.size, 8u);
  EXPECT_EQ(name_of(map.key), "int");
  EXPECT_EQ(name_of(map.elem), "*main.Node");
  EXPECT_EQ(name_of(map.underlying), "*map<int,*main.Node>");
  const DwarfTypeInfo& array = type("[5]main.Base");
  EXPECT_EQ(array.count, 5u);
  EXPECT_EQ(array.size, 80u);
  EXPECT_EQ(index_->types()[array.elem].tag, dw::kTagStructure);
  EXPECT_EQ(type("int").go_kind, 2);
}

TEST_P(Dwarf, SortsGlobalsAndLeavesOtherLanguagesOut) {
  ASSERT_EQ(index_->globals().size(), 2u);
  EXPECT_EQ(index_->globals()[0].name, "main.nodes");
  EXPECT_EQ(index_->globals()[0].addr, 0x500000u);
  EXPECT_EQ(name_of(index_->globals()[0].type), "map[int]*main.Node");
  EXPECT_EQ(index_->globals()[1].name, "main.table");
  EXPECT_EQ(index_->globals()[1].addr, 0x502040u);
}

TEST_P(Dwarf, GivesWhatAClosureCaptures) {
  ASSERT_EQ(index_->closures().size(), 1u);
  const DwarfClosure& closure = index_->closures()[0];
  EXPECT_EQ(closure.entry, 0x401400u);
  ASSERT_EQ(closure.fields, 2u);
  EXPECT_EQ(index_->fields()[closure.first_field].name, "&total");
  EXPECT_EQ(index_->fields()[closure.first_field].offset, 8u);
  EXPECT_EQ(index_->fields()[closure.first_field + 1].name, "node");
  EXPECT_EQ(index_->fields()[closure.first_field + 1].offset, 16u);
}

// Variables at a pc, as "name@cfa[from+size]".
std::vector<std::string> places(const DwarfIndex& index, std::uint64_t pc) {
  auto locals = index.locals_at(pc);
  if (!locals) return {locals.error().what};
  std::vector<std::string> out;
  for (const DwarfLocal& l : *locals)
    out.push_back(fmt::format("{}@{}[{}+{}]", l.name, l.cfa_offset, l.type_offset, l.size));
  return out;
}

TEST_P(Dwarf, PlacesVariablesInTheScopesOfAPc) {
  using Names = std::vector<std::string>;
  const std::string head = "slice@-32[0+8]", tail = "slice@16[20+8]";
  EXPECT_EQ(places(*index_, 0x401100), (Names{head, tail}));  // n still in a register
  EXPECT_EQ(places(*index_, 0x401110), (Names{"n@0[0+8]", head, tail}));
  EXPECT_EQ(places(*index_, 0x401120), (Names{"n@0[0+8]", head, tail, "inner@-48[0+8]"}));
  EXPECT_EQ(places(*index_, 0x401140), (Names{"n@0[0+8]", head, tail}));  // between two ranges
  EXPECT_EQ(places(*index_, 0x40116f), (Names{"n@0[0+8]", head, tail, "inner@-48[0+8]", "deep@-64[0+8]"}));
  EXPECT_EQ(places(*index_, 0x401170), (Names{"n@0[0+8]", head, tail, "inner@-48[0+8]"}));
  EXPECT_EQ(places(*index_, 0x401195), (Names{"n@0[0+8]", head, tail, "x@8[0+8]"}));
  EXPECT_EQ(places(*index_, 0x4011a0), (Names{"n@0[0+8]", head, tail}));
  EXPECT_TRUE(places(*index_, 0x401200).empty());  // behind the function
  EXPECT_TRUE(places(*index_, 0x4010ff).empty());
  EXPECT_TRUE(places(*index_, 0).empty());
}

TEST_P(Dwarf, TakesNameTypeAndLineFromTheInlinedFunction) {
  auto locals = index_->locals_at(0x401195);
  ASSERT_TRUE(locals);
  const DwarfLocal& x = locals->back();
  EXPECT_EQ(name_of(x.type), "*main.Node");
  EXPECT_EQ(x.line, 70u);
  EXPECT_FALSE(x.is_parameter);
  EXPECT_TRUE(locals->front().is_parameter);
  EXPECT_EQ(locals->front().line, 20u);
}

std::string refusal(std::vector<TinySection> sections) {
  TinyElf tiny;
  tiny.sections = std::move(sections);
  std::string file = tiny.bytes();
  ElfFile elf = *ElfFile::open(bytes_of(file));
  auto index = DwarfIndex::read(elf);
  return index ? "read" : index.error().what;
}

TEST(DwarfRefusal, SaysWhatIsWrong) {
  EXPECT_NE(refusal({}).find("stripped"), std::string::npos);
  EXPECT_NE(refusal({}).find("go run"), std::string::npos);
  std::vector<TinySection> sound = example_program(5).sections();
  EXPECT_EQ(refusal(sound), "read");

  auto no_abbreviations = sound;
  no_abbreviations[0].bytes.clear();
  EXPECT_NE(refusal(no_abbreviations).find("abbreviations"), std::string::npos);
  auto too_long = sound;
  too_long[1].bytes[0] = '\xff';
  too_long[1].bytes[2] = '\x01';
  EXPECT_NE(refusal(too_long).find("are left"), std::string::npos);
  auto version = sound;
  version[1].bytes[4] = 9;
  EXPECT_NE(refusal(version).find("version 9"), std::string::npos);
  auto only_c = sound;
  std::uint32_t first = 0;
  std::memcpy(&first, only_c[1].bytes.data(), 4);
  only_c[1].bytes.resize(first + 4);
  EXPECT_NE(refusal(only_c).find("not one with Go types"), std::string::npos);
}

TEST(DwarfRefusal, IsRefusedWhenStripped) {
  std::string file = TinyElf{}.bytes();
  ElfFile elf = *ElfFile::open(bytes_of(file));
  auto index = DwarfIndex::read(elf);
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().cause, Cause::refused);
}

// Whatever byte is wrong, reading answers; the sanitized run of this test is the point.
TEST(DwarfRefusal, SurvivesEveryWrongByte) {
  for (int version : {4, 5}) {
    const std::vector<TinySection> sound = example_program(version).sections();
    for (std::size_t s = 0; s < sound.size(); ++s) {
      for (std::size_t i = 0; i < sound[s].bytes.size(); ++i) {
        TinyElf tiny;
        tiny.sections = sound;
        tiny.sections[s].bytes[i] = char(tiny.sections[s].bytes[i] ^ (1 + i % 255));
        std::string file = tiny.bytes();
        ElfFile elf = *ElfFile::open(bytes_of(file));
        auto index = DwarfIndex::read(elf);
        if (!index) continue;
        for (std::uint64_t pc = 0x401100; pc < 0x401200; pc += 0x10) (void)index->locals_at(pc);
      }
    }
  }
}

}  // namespace
}  // namespace memsnap
