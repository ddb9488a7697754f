#include "gosym/pclntab.h"

#include <gtest/gtest.h>

#include <cstring>

namespace memsnap {
namespace {

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

template <class T>
void put(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

struct Stretch {
  int value;
  unsigned length;
};

std::string pc_values(const std::vector<Stretch>& stretches) {
  std::string out;
  int before = -1;
  for (auto [value, length] : stretches) {
    int difference = value - before;
    for (unsigned v : {unsigned(difference) << 1 ^ unsigned(difference >> 31), length}) {
      for (; v >= 0x80; v >>= 7) out += char(v | 0x80);
      out += char(v);
    }
    before = value;
  }
  return out + '\0';
}

// A table with an assembly entry, a function with two calls inlined into each other, and a wrapper.
struct Example {
  std::string names{"\0", 1}, files{"a.go\0b.go\0", 10}, units, values{"\0", 1}, functab, gofunc;
  std::vector<std::string> records;
  static constexpr std::uint64_t kText = 0x401000;

  std::uint32_t name(const std::string& text) {
    auto at = std::uint32_t(names.size());
    names += text + '\0';
    return at;
  }
  std::uint32_t table(const std::vector<Stretch>& stretches) {
    auto at = std::uint32_t(values.size());
    values += pc_values(stretches);
    return at;
  }
  void function(std::uint32_t entry, const std::string& called, std::uint8_t id, std::uint8_t flags,
                std::uint32_t pcsp, std::uint32_t pcfile, std::uint32_t pcln, std::int32_t line,
                const std::vector<std::uint32_t>& pcdata, const std::vector<std::uint32_t>& funcdata) {
    std::string r;
    put(r, entry);
    put(r, name(called));
    put<std::int32_t>(r, 24);
    put<std::uint32_t>(r, 7);
    for (std::uint32_t v : {pcsp, pcfile, pcln, std::uint32_t(pcdata.size()), 0u}) put(r, v);
    put(r, line);
    r += {char(id), char(flags), 0, char(funcdata.size())};
    for (std::uint32_t v : pcdata) put(r, v);
    for (std::uint32_t v : funcdata) put(r, v);
    records.push_back(r);
    entries.push_back(entry);
  }
  std::vector<std::uint32_t> entries;

  void inlined(std::uint8_t id, const std::string& called, std::uint32_t parent_pc) {
    put<std::uint32_t>(gofunc, id);
    put(gofunc, name(called));
    put(gofunc, parent_pc);
    put<std::uint32_t>(gofunc, 1);
  }

  Example() {
    put<std::uint32_t>(units, 0);
    put<std::uint32_t>(units, 5);
    put<std::uint32_t>(units, ~0u);
    function(0, "runtime.rt0", 0, 5, 0, 0, 0, 1, {}, {});
    gofunc.resize(32, 'x');  // so that the tree does not begin at 0
    inlined(0, "main.inner[go.shape.int]", 0x24);
    inlined(0, "main.middle", 0x14);
    function(0x100, "main.outer", 0, 0, table({{0, 0x10}, {40, 0x30}, {0, 0x40}}),
             table({{0, 0x20}, {1, 0x10}, {0, 0x50}}),
             table({{10, 0x14}, {11, 0x0c}, {7, 0x04}, {8, 0x0c}, {12, 0x50}}), 9,
             {0, 0, table({{-1, 0x20}, {1, 0x08}, {0, 0x08}, {-1, 0x50}})}, {~0u, 77, ~0u, 32});
    function(0x180, "main.(*T).wrapper", 23, 0, table({{8, 0x40}}), table({{2, 0x40}}), table({{1, 0x40}}), 1,
             {}, {});
    function(0x1c0, "runtime.gopanic", 10, 0, table({{8, 0x40}}), table({{0, 0x40}}), table({{1, 0x40}}), 1,
             {}, {});
    end = 0x200;
  }
  std::uint32_t end = 0;

  std::string bytes() const {
    std::string rows, bodies;
    std::size_t head = entries.size() * 8 + 4;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      put(rows, entries[i]);
      put(rows, std::uint32_t(head + bodies.size()));
      bodies += records[i];
    }
    put(rows, end);
    std::string out;
    put<std::uint32_t>(out, 0xfffffff1);
    out += std::string("\0\0\1\x08", 4);
    put<std::uint64_t>(out, entries.size());
    put<std::uint64_t>(out, 2);
    put<std::uint64_t>(out, 0);
    std::uint64_t at = 72;
    for (const std::string* part : {&names, &units, &files, &values}) {
      put(out, at);
      at += part->size();
    }
    put(out, at);
    return out + names + units + files + values + rows + bodies;
  }
};

class PclntabTest : public testing::Test {
 protected:
  Example example;
  std::string bytes = example.bytes();
  Pclntab table = *Pclntab::open(bytes_of(bytes), Example::kText);

  std::string trace(std::uint64_t pc) const {
    auto function = table.function_at(pc);
    if (!function) return "none";
    std::string text;
    for (const GoFrame& f : table.frames(*function, pc, bytes_of(example.gofunc)))
      text += fmt::format("{} {}:{}\n", f.function, f.file, f.line);
    return text;
  }
};

TEST_F(PclntabTest, FindsFunctions) {
  EXPECT_EQ(table.functions(), 4u);
  EXPECT_EQ(table.function_at(0x401000)->name, "runtime.rt0");
  EXPECT_EQ(table.function_at(0x4010ff)->name, "runtime.rt0");
  auto outer = *table.function_at(0x401100);
  EXPECT_EQ(outer.name, "main.outer");
  EXPECT_EQ(outer.entry, 0x401100u);
  EXPECT_EQ(outer.end, 0x401180u);
  EXPECT_EQ(outer.args, 24);
  EXPECT_EQ(outer.defer_return, 7u);
  EXPECT_EQ(table.function_number(0)->flags, 5);
  EXPECT_EQ(table.function_at(0x4011ff)->name, "runtime.gopanic");
  EXPECT_FALSE(table.function_at(0x401200));
  EXPECT_FALSE(table.function_at(0x400fff));
  EXPECT_FALSE(table.function_number(4));
  EXPECT_EQ(table.function_named("main.outer")->entry, 0x401100u);
  EXPECT_FALSE(table.function_named("main.nobody"));
}

TEST_F(PclntabTest, ReadsValuesAtAPc) {
  auto outer = *table.function_named("main.outer");
  EXPECT_EQ(table.sp_delta(outer, 0x401100), 0);
  EXPECT_EQ(table.sp_delta(outer, 0x40110f), 0);
  EXPECT_EQ(table.sp_delta(outer, 0x401110), 40);
  EXPECT_EQ(table.sp_delta(outer, 0x401140), 0);
  EXPECT_EQ(table.sp_delta(outer, 0x401180), std::nullopt);
  EXPECT_EQ(table.sp_delta(outer, 0x4010ff), std::nullopt);
  EXPECT_EQ(table.sp_delta(*table.function_number(0), 0x401000), std::nullopt);
  EXPECT_EQ(table.pcdata(outer, kPcDataInlTree, 0x401120), 1);
  EXPECT_EQ(table.pcdata(outer, kPcDataStackMap, 0x401120), -1);
  EXPECT_EQ(table.pcdata(outer, 9, 0x401120), -1);
  EXPECT_EQ(table.funcdata(outer, kFuncDataLocals), 77u);
  EXPECT_EQ(table.funcdata(outer, kFuncDataArgs), std::nullopt);
  EXPECT_EQ(table.funcdata(outer, kFuncDataInlTree), 32u);
  EXPECT_EQ(table.funcdata(outer, 4), std::nullopt);
}

TEST_F(PclntabTest, ExpandsInlinedCalls) {
  EXPECT_EQ(trace(0x401100), "main.outer a.go:10\n");
  EXPECT_EQ(trace(0x401122), "main.middle b.go:7\nmain.outer a.go:11\n");
  EXPECT_EQ(trace(0x40112a), "main.inner[...] b.go:8\nmain.middle b.go:8\nmain.outer a.go:11\n");
  EXPECT_EQ(trace(0x401150), "main.outer a.go:12\n");
  auto outer = *table.function_named("main.outer");
  EXPECT_EQ(table.frames(outer, 0x40112a, {}).size(), 1u);
  GoFrame entry = table.entry_line(outer);
  EXPECT_EQ(entry.function, "main.outer");
  EXPECT_EQ(entry.file, "a.go");
  EXPECT_EQ(entry.line, 9u);
  EXPECT_EQ(trace(0x401190), "main.(*T).wrapper :0\n");  // its file is not in the table
}

TEST_F(PclntabTest, KnowsWrappersByTheLastOfTheIds) {
  EXPECT_TRUE(table.is_wrapper(*table.function_named("main.(*T).wrapper")));
  EXPECT_FALSE(table.is_wrapper(*table.function_named("main.outer")));
  EXPECT_FALSE(table.is_wrapper(*table.function_named("runtime.gopanic")));
  EXPECT_FALSE(table.hides_wrapper(10));
  EXPECT_TRUE(table.hides_wrapper(0));
}

TEST_F(PclntabTest, EndsWhereCallersGoRoundInACircle) {
  example.gofunc.clear();
  example.gofunc.resize(32, 'x');
  example.inlined(0, "main.inner", 0x20);  // the parent of each is the other
  example.inlined(0, "main.middle", 0x28);
  bytes = example.bytes();
  table = *Pclntab::open(bytes_of(bytes), Example::kText);
  EXPECT_EQ(trace(0x40112a), "main.inner b.go:8\nmain.middle b.go:7\nmain.outer a.go:9\n");
}

TEST_F(PclntabTest, GivesTheFunctionWhenACallHasNoParent) {
  Example package_init;
  package_init.gofunc.clear();
  package_init.gofunc.resize(32, 'x');
  package_init.inlined(0, "main.first", 0);  // inlined at the entry, and its parent pc was never set
  package_init.inlined(0, "main.other", 0);
  package_init.function(0x200, "main.init", 0, 0, 0, package_init.table({{0, 0x40}}),
                        package_init.table({{50, 0x40}}), 3,
                        {0, 0, package_init.table({{0, 0x10}, {-1, 0x10}, {1, 0x20}})}, {~0u, ~0u, ~0u, 32});
  package_init.end = 0x240;
  example = package_init;
  bytes = example.bytes();
  table = *Pclntab::open(bytes_of(bytes), Example::kText);
  EXPECT_EQ(trace(0x401225), "main.other a.go:50\nmain.init a.go:3\n");
  EXPECT_EQ(trace(0x401204), "main.first a.go:50\nmain.init a.go:3\n");
}

TEST(PclntabRefusal, SaysWhatIsWrong) {
  const std::string sound = Example().bytes();
  struct Case {
    std::size_t at;
    char byte;
    std::string says;
  };
  for (const auto& [at, byte, says] : std::vector<Case>{{0, '\xf0', "0xfffffff0"},
                                                        {4, 1, "quantum"},
                                                        {6, 3, "quantum 3"},
                                                        {7, 4, "pointers of 4"},
                                                        {14, 1, "do not fit"},
                                                        {36, 1, "begins at"},
                                                        {68, 1, "begins at"}}) {
    std::string damaged = sound;
    damaged[at] = byte;
    auto table = Pclntab::open(bytes_of(damaged), 0);
    ASSERT_FALSE(table) << says;
    EXPECT_NE(table.error().what.find(says), std::string::npos) << table.error().what;
  }
  EXPECT_FALSE(Pclntab::open({}, 0));
  EXPECT_FALSE(Pclntab::open(bytes_of(sound).first(71), 0));

  std::string turned = sound;
  std::uint64_t functab = 0;
  std::memcpy(&functab, turned.data() + 64, sizeof functab);
  turned[std::size_t(functab) + 1] = '\x7f';  // the first function begins behind all others
  auto table = Pclntab::open(bytes_of(turned), 0);
  ASSERT_FALSE(table);
  EXPECT_NE(table.error().what.find("function 1 of 4 begins at 0x100"), std::string::npos)
      << table.error().what;
}

// The sanitized run of this test is the point: whatever byte is wrong, every question is answered.
TEST(PclntabRefusal, SurvivesEveryWrongByte) {
  Example example;
  const std::string sound = example.bytes();
  for (std::size_t i = 0; i < 2 * sound.size(); ++i) {
    std::vector<char> damaged(
        sound.begin(), i < sound.size() ? sound.end() : sound.begin() + std::ptrdiff_t(i - sound.size()));
    if (i < sound.size()) damaged[i] = char(damaged[i] ^ (i % 3 == 0 ? 0xff : 0x10));
    auto table = Pclntab::open(std::as_bytes(std::span(damaged)), Example::kText);
    if (!table) continue;
    for (std::uint64_t pc = 0x401000; pc < 0x401200; pc += 4) {
      auto function = table->function_at(pc);
      if (!function) continue;
      (void)table->frames(*function, pc, bytes_of(example.gofunc));
      (void)table->entry_line(*function);
      (void)table->sp_delta(*function, pc);
    }
  }
}

TEST(PrintedName, IsWhatTheRuntimePrints) {
  struct Case {
    std::string_view symbol, printed;
  };
  for (auto [symbol, printed] : std::vector<Case>{
           {"main.main", "main.main"},
           {"main.(*T).Do-fm", "main.(*T).Do-fm"},
           {"main.Map[go.shape.int,go.shape.string]", "main.Map[...]"},
           {"main.(*Pair[go.shape.[]uint8]).String.func1", "main.(*Pair[...]).String.func1"},
           {"main.(*L[int]).Map[go.shape.[4]int].func1", "main.(*L[...]).Map[...].func1"},
           {"", ""},
           {"a]b[c", "a]b[c"},
           {"a[[b]", "a[[b]"},
           {"a[b]]", "a[b]]"},
       })
    EXPECT_EQ(printed_name(symbol), printed);
}

}  // namespace
}  // namespace memsnap
