// debug/buildinfo: a header of 32 bytes, found by its magic at a multiple of 16, then the version and the
// module text, each behind its length as a varint (Go 1.18 and newer).
#include "elf/elf.h"

#include "base/lines.h"

#include <fmt/format.h>

#include <cctype>

namespace memsnap {
namespace {

constexpr std::string_view kMagic = "\xff Go buildinf:";
constexpr std::size_t kHeader = 32, kAlign = 16, kFlags = 15;
constexpr std::size_t kFraming =
    16;  // bytes before and after the module text, cmd/go's infoStart and infoEnd

// The bytes that hold the header: the section made for it, or the first writable segment.
Bytes search_place(const ElfFile& file) {
  if (const ElfSection* s = file.section(".go.buildinfo")) return file.at(s->addr, s->size);
  for (const ElfSegment& s : file.segments()) {
    bool writable = s.type == 1 && (s.flags & 2) != 0;
    if (writable) return file.from(s.addr);
  }
  return {};
}

Bytes find_header(Bytes place) {
  for (std::size_t at = 0; place.size() - at >= kHeader; at += kAlign) {
    if (text_of(place.subspan(at, kMagic.size())) == kMagic) return place.subspan(at);
    if (place.size() - at < kAlign) break;
  }
  return {};
}

bool has_symbol_like(ElfFile& file, std::string_view start) {
  auto symbols = file.symbols();
  if (!symbols) return false;
  return std::ranges::any_of(**symbols, [&](const ElfSymbol& s) { return s.name.starts_with(start); });
}

std::unexpected<Error> not_go(ElfFile& file) {
  if (has_symbol_like(file, "tinygo_") || has_symbol_like(file, "runtime.initHeap"))
    return fail(Cause::bad_input, "executable: built by TinyGo, expected the gc compiler of the Go project");
  if (file.section(".go_export") || has_symbol_like(file, "__go_init_main") ||
      has_symbol_like(file, "_cgo_gccgo"))
    return fail(Cause::bad_input, "executable: built by gccgo, expected the gc compiler of the Go project");
  return fail(Cause::bad_input, "executable: no Go build information in it, so it is not a Go program");
}

// A word as strconv.Quote writes it, or as it is when it has no quotes. Consumed from the front of `text`.
std::string take_word(std::string_view& text, char end) {
  if (!text.starts_with('"') && !text.starts_with('`')) {
    std::size_t stop = std::min(text.find(end), text.size());
    std::string word(text.substr(0, stop));
    text.remove_prefix(stop);
    return word;
  }
  char quote = text[0];
  std::string word;
  std::size_t i = 1;
  for (; i < text.size() && text[i] != quote; ++i) {
    bool escaped = quote == '"' && text[i] == '\\' && i + 1 < text.size();
    if (!escaped) {
      word += text[i];
      continue;
    }
    char c = text[++i];
    word += c == 'n' ? '\n' : c == 't' ? '\t' : c;
  }
  text.remove_prefix(std::min(i + 1, text.size()));
  return word;
}

void parse_module_line(std::string_view line, BuildInfo& info) {
  std::size_t tab = line.find('\t');
  if (tab == line.npos) return;
  std::string_view key = line.substr(0, tab), rest = line.substr(tab + 1);
  if (key == "path") {
    info.path = rest;
  } else if (key == "mod") {
    std::size_t end = std::min(rest.find('\t'), rest.size());
    info.module = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    info.version = rest.substr(0, rest.find('\t'));
  } else if (key == "build") {
    std::string name = take_word(rest, '=');
    if (!rest.starts_with('=')) return;
    rest.remove_prefix(1);
    info.settings.emplace_back(std::move(name), take_word(rest, '\n'));
  }
}

}  // namespace

int go_minor(std::string_view version) {
  if (version.starts_with("devel ")) version.remove_prefix(6);
  if (!version.starts_with("go1.")) return 0;
  int minor = 0;
  for (char c : version.substr(4)) {
    if (!std::isdigit(static_cast<unsigned char>(c)) || minor > 9999) break;
    minor = minor * 10 + (c - '0');
  }
  return minor;
}

std::string_view BuildInfo::setting(std::string_view key) const {
  auto found = std::ranges::find(settings, key, &std::pair<std::string, std::string>::first);
  return found == settings.end() ? std::string_view{} : std::string_view(found->second);
}

Result<BuildInfo> read_build_info(ElfFile& file) {
  Bytes header = find_header(search_place(file));
  if (header.empty()) return not_go(file);
  constexpr unsigned kInline = 2;
  if ((unsigned(header[kFlags]) & kInline) == 0)
    return fail(Cause::bad_input, "executable: built with Go 1.17 or older, expected Go 1.20 or newer");
  Cursor in(header);
  in.seek(kHeader);
  std::string_view version = text_of(in.take(in.varint()));
  std::string_view module_text = text_of(in.take(in.varint()));
  if (!in.ok() || version.empty())
    return fail(Cause::bad_input, "executable: its Go build information is cut short");
  if (version.find("gccgo") != version.npos)
    return fail(Cause::bad_input, "executable: built by gccgo, expected the gc compiler of the Go project");

  BuildInfo info;
  info.go = version;
  info.minor = go_minor(version);
  bool framed = module_text.size() > 2 * kFraming && module_text[module_text.size() - kFraming - 1] == '\n';
  if (!framed) return info;
  module_text = module_text.substr(kFraming, module_text.size() - 2 * kFraming);
  each_line(module_text, [&](std::string_view line) { parse_module_line(line, info); });
  return info;
}

}  // namespace memsnap
