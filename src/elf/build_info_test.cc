#include "base/test_program.h"
#include "elf/elf.h"
#include "elf/tiny_elf.h"

#include <gtest/gtest.h>

#include <sstream>

namespace memsnap {
namespace {

constexpr const char* kProgram =
    "package main\n\nvar counter int\n\nfunc main() { counter++; println(counter) }\n";

Bytes bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string blob(const std::string& version, const std::string& module_text, char flags = 2) {
  std::string out = "\xff Go buildinf:";
  out += '\x08';
  out += flags;
  out.resize(32, '\0');
  for (const std::string& text : {version, module_text}) {
    std::size_t n = text.size();
    for (; n >= 0x80; n >>= 7) out += char(n | 0x80);
    out += char(n);
    out += text;
  }
  return out;
}

std::string framed(const std::string& text) { return std::string(16, '<') + text + std::string(16, '>'); }

Result<BuildInfo> read(const std::vector<TinySection>& sections) {
  TinyElf tiny;
  tiny.sections = sections;
  std::string file = tiny.bytes();
  ElfFile elf = *ElfFile::open(bytes_of(file));
  return read_build_info(elf);
}

TEST(BuildInfo, ReadsVersionModuleAndSettings) {
  std::string text =
      "path\texample.com/cmd/shop\nmod\texample.com\tv1.2.3\th1:xyz=\ndep\ta.b/c\tv0.1.0\n"
      "build\t-compiler=gc\nbuild\t-ldflags=\"-X \\\"main.v=1\\\" -w\"\nbuild\t`odd "
      "key`=x\nbuild\tGOARCH=amd64\n";
  auto info = read(
      {{.name = ".go.buildinfo", .bytes = blob("go1.26.8 X:greenteagc", framed(text)), .addr = 0x500000}});
  ASSERT_TRUE(info) << info.error().what;
  EXPECT_EQ(info->go, "go1.26.8 X:greenteagc");
  EXPECT_EQ(info->minor, 26);
  EXPECT_EQ(info->path, "example.com/cmd/shop");
  EXPECT_EQ(info->module, "example.com");
  EXPECT_EQ(info->version, "v1.2.3");
  EXPECT_EQ(info->setting("-compiler"), "gc");
  EXPECT_EQ(info->setting("-ldflags"), "-X \"main.v=1\" -w");
  EXPECT_EQ(info->setting("odd key"), "x");
  EXPECT_EQ(info->setting("GOARCH"), "amd64");
  EXPECT_EQ(info->setting("CGO_ENABLED"), "");
}

TEST(BuildInfo, FindsTheHeaderWithoutASection) {
  auto info = read({{.name = ".data", .bytes = std::string(48, 'x') + blob("go1.24", ""), .addr = 0x500000}});
  ASSERT_TRUE(info) << info.error().what;
  EXPECT_EQ(info->minor, 24);
  EXPECT_EQ(info->path, "");
}

TEST(BuildInfo, NamesWhatIsNoGoProgram) {
  std::string symbols(24, '\0'), names("\0tinygo_startTask\0__go_init_main\0", 33);
  auto with_symbol = [&](std::uint32_t name) {
    std::string table = symbols;
    append(table, name);
    table.resize(48, '\0');
    return std::vector<TinySection>{{.name = ".strtab", .bytes = names, .type = 3},
                                    {.name = ".symtab", .bytes = table, .type = 2, .link = 1}};
  };
  struct Case {
    std::vector<TinySection> sections;
    std::string says;
  };
  for (const auto& [sections, says] : std::vector<Case>{
           {{}, "not a Go program"},
           {with_symbol(1), "TinyGo"},
           {with_symbol(18), "gccgo"},
           {{{.name = ".go_export", .bytes = "v3"}}, "gccgo"},
           {{{.name = ".go.buildinfo", .bytes = blob("go1.18 gccgo (GCC) 12", ""), .addr = 16}}, "gccgo"},
           {{{.name = ".go.buildinfo", .bytes = blob("", "", 0), .addr = 16}}, "Go 1.17 or older"},
           {{{.name = ".go.buildinfo", .bytes = blob("go1.26", "").substr(0, 36), .addr = 16}}, "cut short"},
           {{{.name = ".go.buildinfo", .bytes = blob("", ""), .addr = 16}}, "cut short"},
       }) {
    auto info = read(sections);
    ASSERT_FALSE(info) << says;
    EXPECT_EQ(info.error().cause, Cause::bad_input);
    EXPECT_NE(info.error().what.find(says), std::string::npos) << info.error().what;
  }
}

TEST(BuildInfo, TakesTheMinorVersion) {
  struct Case {
    std::string_view version;
    int minor;
  };
  for (auto [version, minor] : std::vector<Case>{{"go1.26.8", 26},
                                                 {"go1.27rc1", 27},
                                                 {"go1.26.8 X:greenteagc", 26},
                                                 {"go1.24", 24},
                                                 {"devel go1.28-a1b2c3 Tue Jan 1", 28},
                                                 {"go1.22.1 (Red Hat 1.22.1-1.el9)", 22},
                                                 {"go2", 0},
                                                 {"", 0},
                                                 {"devel +abc", 0},
                                                 {"go1.", 0}})
    EXPECT_EQ(go_minor(version), minor) << version;
}

// The go command's own reading is the truth.
TEST(BuildInfo, AgreesWithGoVersion) {
  TestProgram program(kProgram, "-ldflags='-X \"main.name=a b\"' -tags=probe");
  ASSERT_TRUE(program.built());
  std::string file = program.bytes();
  auto elf = ElfFile::open(bytes_of(file));
  ASSERT_TRUE(elf) << elf.error().what;
  auto info = read_build_info(*elf);
  ASSERT_TRUE(info) << info.error().what;

  std::istringstream truth(output_of("go version -m " + program.path()));
  std::string line;
  std::getline(truth, line);
  EXPECT_EQ(line, program.path() + ": " + info->go);
  std::size_t settings = 0;
  while (std::getline(truth, line)) {
    std::string ours = line;
    if (line.starts_with("\tpath\t")) {
      ours = "\tpath\t" + info->path;
    } else if (line.starts_with("\tmod\t")) {
      ours = "\tmod\t" + info->module + "\t" + info->version;
      line.resize(std::min(line.size(), ours.size()));  // a hash may follow
    } else if (line.starts_with("\tbuild\t")) {
      const auto& [key, value] = info->settings.at(settings++);
      ours =
          "\tbuild\t" + key + "=" + (value.find('"') == value.npos ? value : "\"-X \\\"main.name=a b\\\"\"");
    }
    EXPECT_EQ(line, ours);
  }
  EXPECT_EQ(settings, info->settings.size());
  EXPECT_GT(settings, 3u);
  EXPECT_EQ(info->setting("-tags"), "probe");
  EXPECT_EQ(output_of("go tool buildid " + program.path()), elf->go_build_id() + "\n");
}

TEST(Elf, SymbolsAgreeWithGoToolNm) {
  TestProgram program(kProgram);
  ASSERT_TRUE(program.built());
  std::string file = program.bytes();
  auto elf = ElfFile::open(bytes_of(file));
  ASSERT_TRUE(elf) << elf.error().what;
  std::istringstream truth(output_of("go tool nm -size " + program.path()));
  std::size_t compared = 0;
  for (std::string line; std::getline(truth, line);) {
    std::istringstream words(line);
    std::string addr, size, kind, name;
    if (!(words >> addr >> size >> kind >> name) || kind == "U" || !name.starts_with("main.")) continue;
    auto found = elf->symbol(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->addr, std::stoull(addr, nullptr, 16)) << name;
    ++compared;
  }
  EXPECT_GE(compared, 2u);
}

}  // namespace
}  // namespace memsnap
