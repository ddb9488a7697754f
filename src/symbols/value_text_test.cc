#include "symbols/value_text.h"

#include "dwarf/code_index.h"
#include "dwarf/tiny_dwarf.h"

#include <gtest/gtest.h>

#include <map>

namespace memsnap {
namespace {

// The example has a function with a parameter n of *main.Node, {next *Node; Base {a, b int}; index map}, and
// locals of main.Base and of int.
class ValueText : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    file_ = example_program(GetParam()).program();
    elf_ = *ElfFile::open(std::as_bytes(std::span(file_)));
    index_.emplace(*dw::CodeIndex::read(*elf_));
    ASSERT_TRUE(index_->add_locations(*elf_));
    auto variables = index_->variables_at(0x401130);
    ASSERT_TRUE(variables) << variables.error().what;
    for (const dw::CodeVariable& v : *variables) types_[std::string(v.name)] = v.type;
    texts_.emplace(index_->units());
  }

  std::string text(const std::string& variable, const std::vector<std::uint64_t>& words) {
    return value_text(*texts_, types_.at(variable), std::as_bytes(std::span(words)),
                      [&](std::uint64_t at, std::span<std::byte> into) {
                        auto found = memory_.find(at);
                        if (found == memory_.end() || found->second.size() * 8 < into.size()) return false;
                        std::memcpy(into.data(), found->second.data(), into.size());
                        return true;
                      });
  }

  std::string file_;
  std::optional<ElfFile> elf_;
  std::optional<dw::CodeIndex> index_;
  std::optional<dw::TypeTexts> texts_;
  std::map<std::string, std::uint64_t> types_;
  std::map<std::uint64_t, std::vector<std::uint64_t>> memory_;
};

INSTANTIATE_TEST_SUITE_P(Versions, ValueText, testing::Values(4, 5));

TEST_P(ValueText, NamesTypes) {
  EXPECT_EQ(texts_->name(types_.at("n")), "*main.Node");
  EXPECT_EQ(texts_->name(types_.at("slice")), "main.Base");
  EXPECT_EQ(texts_->name(0), "void");
}

TEST_P(ValueText, ShowsNumbersStructsAndWhatIsPointedTo) {
  EXPECT_EQ(text("inner", {std::uint64_t(-3)}), "-3");
  EXPECT_EQ(text("slice", {4, 5}), "{a: 4, b: 5}");
  EXPECT_EQ(text("n", {0}), "nil");
  EXPECT_EQ(text("n", {0xc000}), "0xc000");  // nothing can be read there
  memory_[0xc000] = {0xc000, 1, 2, 0, 0};
  EXPECT_EQ(text("n", {0xc000}), "0xc000 {next: 0xc000, Base: {...}, index: nil}");
}

TEST_P(ValueText, IsShortOfNothing) {
  EXPECT_EQ(text("slice", {4}), "?");
  EXPECT_EQ(text("inner", {}), "?");
}

}  // namespace
}  // namespace memsnap
