#include "elf/elf.h"

#include <elf.h>

namespace memsnap {

namespace {

constexpr std::string_view kMagic{"\xff Go buildinf:", 14};

std::string_view varint_string(Cursor& in) { return text_of(in.take(in.varint())); }

// go1.26.8, go1.27rc1, "go1.26.8 X:greenteagc" -> 26, 27, 26; others 0.
int minor_of(std::string_view go) {
  if (!go.starts_with("go1.")) return 0;
  int minor = 0;
  std::size_t i = 4;
  for (; i < go.size() && i < 8 && go[i] >= '0' && go[i] <= '9'; ++i) minor = minor * 10 + (go[i] - '0');
  return i == 4 ? 0 : minor;
}

// The module text is framed by 16 bytes on each side (cmd/go/internal/modload: infoStart, infoEnd).
void read_module_text(std::string_view text, BuildInfo& info) {
  if (text.size() >= 33 && text[text.size() - 17] == '\n') text = text.substr(16, text.size() - 32);
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.starts_with("path\t")) info.path = line.substr(5);
    if (!line.starts_with("build\t")) continue;
    line.remove_prefix(6);
    std::size_t equals = line.find('=');
    if (equals != std::string_view::npos)
      info.settings.emplace_back(line.substr(0, equals), line.substr(equals + 1));
  }
}

Result<BuildInfo> not_go(ElfFile& file) {
  if (file.section(".go_export")) return fail(Cause::refused, "executable: built by gccgo; memsnap reads programs of the gc toolchain");
  if (auto symbols = file.symbols())
    for (const auto& s : **symbols) {
      if (s.name.starts_with("tinygo_")) return fail(Cause::refused, "executable: built by TinyGo; memsnap reads programs of the gc toolchain");
      if (s.name.starts_with("__go_") || s.name == "runtime_main" ) return fail(Cause::refused, "executable: built by gccgo; memsnap reads programs of the gc toolchain");
    }
  return fail(Cause::bad_input, "executable: no Go build info found, expected a Go program");
}

}  // namespace

Result<BuildInfo> read_build_info(ElfFile& file) {
  Bytes data;
  if (file.section(".go.buildinfo")) data = TRY(file.data(".go.buildinfo"));
  std::string_view text = text_of(data);
  std::size_t at = text.find(kMagic);
  if (at == std::string_view::npos) return not_go(file);
  Cursor in(data);
  in.seek(at + 15);
  auto flags = in.fixed<std::uint8_t>();
  if (!(flags & 2)) return fail(Cause::refused, "executable: built by Go 1.17 or older; memsnap reads go1.24 and newer");
  in.seek(at + 32);
  BuildInfo info;
  info.go = varint_string(in);
  std::string_view modules = varint_string(in);
  if (!in.ok()) return fail(Cause::bad_input, "executable: the Go build info is cut short");
  info.minor = minor_of(info.go);
  read_module_text(modules, info);
  return info;
}

namespace {

std::string note(ElfFile& file, std::string_view section, std::string_view owner, std::uint32_t type, bool hex) {
  auto data = file.data(section);
  if (!data) return {};
  for (Cursor in(*data); in.left() >= 12;) {
    auto name_size = in.fixed<std::uint32_t>(), size = in.fixed<std::uint32_t>(), kind = in.fixed<std::uint32_t>();
    std::string_view name = text_of(in.take((std::uint64_t(name_size) + 3) & ~3ull));
    std::string_view body = text_of(in.take(size));
    in.take(((std::uint64_t(size) + 3) & ~3ull) - size);
    if (kind != type || !name.starts_with(owner)) continue;
    if (!hex) return std::string(body);
    std::string out;
    for (unsigned char c : body) out += fmt::format("{:02x}", c);
    return out;
  }
  return {};
}

}  // namespace

std::string ElfFile::go_build_id() const { return note(const_cast<ElfFile&>(*this), ".note.go.buildid", "Go", 4, false); }
std::string ElfFile::gnu_build_id() const {
  return note(const_cast<ElfFile&>(*this), ".note.gnu.build-id", "GNU", NT_GNU_BUILD_ID, true);
}

}  // namespace memsnap
