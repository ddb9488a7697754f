// A C++ program built by the compilers that are here: the chain at a place that is known, and every line
// beside addr2line of binutils.
#include "base/test_program.h"
#include "dwarf/call_frames.h"
#include "dwarf/code_index.h"
#include "dwarf/type_texts.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace memsnap {
namespace {

// Every place of `from` as `to`, which does not hold it.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

constexpr const char* kProgram = R"code(
  namespace shop {
  template <class T>
  struct Shelf {
    T* items;
    int count;
    __attribute__((always_inline)) inline T pick(int i) const {
      asm volatile(".globl the_marker\nthe_marker: nop");
      return items[i % count];
    }
  };
  }  // namespace shop
  static inline __attribute__((always_inline)) long twice(const shop::Shelf<long>& shelf, int i) {
    return shelf.pick(i) * 2;
  }
  __attribute__((cold, noinline)) static long rare(long x) { return x / 7; }
  __attribute__((noinline)) long outer(const shop::Shelf<long>& shelf, int i) {
    long sum = 0;
    for (int at = 0; at < i; ++at) sum += twice(shelf, at);
    if (__builtin_expect(sum < 0, 0)) return rare(sum);
    return sum;
  }
  int main(int argc, char**) {
    long items[] = {1, 2, 3};
    return int(outer(shop::Shelf<long>{items, 3}, argc));
  }
)code";

struct Built {
  explicit Built(const std::string& compiler) {
    std::string name = (std::filesystem::temp_directory_path() / "memsnap_test_XXXXXX").string();
    if (!mkdtemp(name.data())) return;
    folder = name;
    std::ofstream(folder / "shop.cc") << kProgram;
    done = std::system(fmt::format("cd {} && {} shop.cc -o shop 2>/dev/null", name, compiler).c_str()) == 0;
    std::ifstream in(folder / "shop", std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  ~Built() {
    std::error_code ignored;
    if (!folder.empty()) std::filesystem::remove_all(folder, ignored);
  }
  std::filesystem::path folder;
  std::string bytes;
  bool done = false;
};

std::string base_of(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

class CodeProgram : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Compilers, CodeProgram,
                         testing::Values("g++ -O2 -gdwarf-5",
                                         "g++ -O2 -gdwarf-4 -ffunction-sections -gz=zlib",
                                         "g++ -O1 -g1 -no-pie", "clang++-19 -O2 -gdwarf-5",
                                         "clang++-19 -O2 -gdwarf-4 -ffunction-sections",
                                         "clang++-19 -O2 -g1"));

TEST_P(CodeProgram, KnowsWhatIsInlinedAtTheMarker) {
  Built built(GetParam());
  ASSERT_TRUE(built.done) << GetParam() << " does not build it; tools/setup.sh test installs the compilers";
  auto elf = ElfFile::open(std::as_bytes(std::span(built.bytes)));
  ASSERT_TRUE(elf);
  auto index = dw::CodeIndex::read(*elf);
  ASSERT_TRUE(index) << index.error().what;
  std::vector<dw::DwarfFrame> frames;
  index->frames_at(elf->symbol("the_marker")->addr, frames);
  ASSERT_EQ(frames.size(), 3u);
  // -g1 has no linkage names of inlined functions in gcc, but all that is asked for here.
  EXPECT_NE(std::string(frames[0].function).find("pick"), std::string::npos) << frames[0].function;
  EXPECT_NE(std::string(frames[1].function).find("twice"), std::string::npos) << frames[1].function;
  EXPECT_NE(std::string(frames[2].function).find("outer"), std::string::npos) << frames[2].function;
  std::uint32_t lines[] = {8, 14, 19};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(frames[std::size_t(i)].place.line, lines[i]);
    EXPECT_EQ(frames[std::size_t(i)].place.file, (built.folder / "shop.cc").string());
  }
  EXPECT_EQ(index->damage(), "");
}

TEST_P(CodeProgram, LinesEqualThoseOfAddr2line) {
  Built built(GetParam());
  ASSERT_TRUE(built.done) << GetParam() << " does not build it; tools/setup.sh test installs the compilers";
  auto elf = ElfFile::open(std::as_bytes(std::span(built.bytes)));
  ASSERT_TRUE(elf);
  auto index = dw::CodeIndex::read(*elf);
  ASSERT_TRUE(index) << index.error().what;
  const ElfSection* text = elf->section(".text");
  ASSERT_TRUE(text);
  std::string addresses;
  for (std::uint64_t i = 0; i < text->size; ++i) addresses += fmt::format("{:#x}\n", text->addr + i);
  std::ofstream(built.folder / "addresses") << addresses;
  std::istringstream truth(
      output_of(fmt::format("addr2line -e {0}/shop <{0}/addresses", built.folder.string())));
  std::vector<dw::DwarfFrame> frames;
  std::size_t known = 0, at = 0;
  for (std::string line; std::getline(truth, line); ++at) {
    line = base_of(line.substr(0, line.find(" (disc")));
    index->frames_at(text->addr + at, frames);
    if (line.starts_with("??") || line.ends_with("?")) {
      EXPECT_TRUE(frames.empty() || frames[0].place.line == 0) << text->addr + at;
      continue;
    }
    ASSERT_FALSE(frames.empty()) << at << " " << line;
    EXPECT_EQ(fmt::format("{}:{}", base_of(frames[0].place.file), frames[0].place.line), line) << at;
    ++known;
  }
  EXPECT_EQ(at, text->size);
  EXPECT_GT(known, 60u);
}

TEST_P(CodeProgram, KnowsTheVariablesAtTheMarker) {
  Built built(GetParam());
  ASSERT_TRUE(built.done) << GetParam() << " does not build it; tools/setup.sh test installs the compilers";
  auto elf = ElfFile::open(std::as_bytes(std::span(built.bytes)));
  ASSERT_TRUE(elf);
  auto index = dw::CodeIndex::read(*elf);
  ASSERT_TRUE(index) << index.error().what;
  ASSERT_TRUE(index->add_locations(*elf));
  auto variables = index->variables_at(elf->symbol("the_marker")->addr);
  ASSERT_TRUE(variables) << variables.error().what;
  if (std::string(GetParam()).find("-g1") != std::string::npos) {
    EXPECT_TRUE(variables->empty());
    return;
  }
  dw::TypeTexts types(index->units());
  std::set<std::string> found;
  for (const dw::CodeVariable& v : *variables) {
    std::string text =
        fmt::format("{} {} {}{}", v.depth, types.name(v.type), v.name, v.parameter ? "" : " (local)");
    text = replaced(text, "long int", "long");  // gcc's word for it
    text = replaced(text, "const this", "this");
    while (text.find("  this") != text.npos) text = replaced(text, "  this", " this");
    found.insert(text);
    EXPECT_LT(v.scope.from, v.scope.to);
    EXPECT_LE(v.scope.from, elf->symbol("the_marker")->addr);
  }
  EXPECT_EQ(found, (std::set<std::string>{"0 const Shelf<long>& shelf", "0 int i", "0 long sum (local)",
                                          "0 int at (local)", "1 const Shelf<long>& shelf", "1 int i",
                                          "2 const Shelf<long>* this", "2 int i"}));
  auto sum = std::ranges::find(*variables, "sum", &dw::CodeVariable::name);
  EXPECT_NE(dw::location_text(sum->pieces), "gone");
}

// readelf prints the rule of the frame's place for each stretch of code: 0000000000001139 rbp+16 c-16 c-8
TEST_P(CodeProgram, FramesLieWhereReadelfSays) {
  Built built(GetParam());
  ASSERT_TRUE(built.done) << GetParam() << " does not build it; tools/setup.sh test installs the compilers";
  auto elf = ElfFile::open(std::as_bytes(std::span(built.bytes)));
  ASSERT_TRUE(elf);
  dw::CallFrames frames(*elf->data(".eh_frame"), elf->section(".eh_frame")->addr);
  std::istringstream truth(
      output_of("readelf --debug-dump=frames-interp " + built.folder.string() + "/shop"));
  std::size_t compared = 0;
  for (std::string line; std::getline(truth, line);) {
    std::istringstream fields(line);
    std::string pc, rule;
    fields >> pc >> rule;
    if (pc.size() != 16 || pc.find_first_not_of("0123456789abcdef") != pc.npos) continue;
    bool by_pointer = rule.starts_with("rsp+"), by_base = rule.starts_with("rbp+");
    // Heads of entries and expressions; common entries, whose pc is 0.
    if ((!by_pointer && !by_base) || std::stoull(pc, nullptr, 16) == 0) continue;
    auto ours = frames.rule_at(std::stoull(pc, nullptr, 16));
    ASSERT_TRUE(ours) << line;
    EXPECT_EQ(ours->base, by_pointer ? 7 : 6) << line;
    EXPECT_EQ(ours->offset, std::stoll(rule.substr(4))) << line;
    ++compared;
  }
  EXPECT_GE(compared, 3u);
}

TEST(CodeParts, TheHighestOwnerHolds) {
  using namespace dw;
  auto parts =
      disjoint_parts({{{10, 100}, 0}, {{20, 50}, 1}, {{30, 40}, 2}, {{60, 120}, 1}, {{200, 200}, 9}});
  std::pair<std::uint64_t, std::uint32_t> expected[] = {
      {9, kNobody}, {10, 0}, {19, 0}, {20, 1},  {30, 2},  {39, 2},        {40, 1},
      {50, 0},      {60, 1}, {99, 1}, {100, 1}, {119, 1}, {120, kNobody}, {200, kNobody}};
  for (auto [pc, owner] : expected) EXPECT_EQ(owner_at(parts, pc), owner) << pc;
  EXPECT_EQ(owner_at({}, 7), kNobody);
}

// Against the plain definition, on ranges that overlap in every way.
TEST(CodeParts, EqualsTheDefinition) {
  std::uint32_t state = 1;
  auto random = [&](std::uint32_t below) {
    return (state = state * 1664525 + 1013904223, (state >> 8) % below);
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<dw::OwnedRange> ranges;
    for (std::uint32_t i = 0; i < 12; ++i) {
      std::uint64_t from = random(60);
      ranges.push_back({{from, from + random(20)}, random(8)});
    }
    auto parts = dw::disjoint_parts(ranges);
    for (std::uint64_t pc = 0; pc < 90; ++pc) {
      std::uint32_t owner = dw::kNobody;
      for (const auto& r : ranges)
        if (r.code.holds(pc) && (owner == dw::kNobody || r.owner > owner)) owner = r.owner;
      ASSERT_EQ(dw::owner_at(parts, pc), owner) << round << " " << pc;
    }
  }
}

}  // namespace
}  // namespace memsnap
