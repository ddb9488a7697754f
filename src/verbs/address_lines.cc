#include "verbs/address_lines.h"

#include "base/text.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace memsnap {
namespace {

bool is_plain(std::string_view text) {
  // Eight letters at once: this is asked of every name of a million addresses.
  constexpr std::uint64_t kEach = 0x0101010101010101, kHigh = 0x80 * kEach;
  std::uint64_t odd = 0;
  auto check = [&](std::uint64_t letters) {
    std::uint64_t below_blank = (letters - 0x20 * kEach) & ~letters, is_delete = letters + kEach;
    odd |= (letters | below_blank | is_delete) & kHigh;
  };
  std::uint64_t letters = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::memcpy(&letters, text.data(), 8);
    check(letters);
  }
  letters = 0x20 * kEach;
  std::memcpy(&letters, text.data(), text.size());
  check(letters);
  return odd == 0;
}

}  // namespace

void AddressLines::safe(std::string_view text) {
  if (is_plain(text))
    line_ += text;
  else
    line_ += style_.ascii ? escape_ascii(text) : escape_terminal(text);
}

void AddressLines::frame(const CodeFrame& f) {
  if (style_.functions) {
    if (f.function.empty())
      line_ += "??";
    else
      safe(style_.demangle ? demangle_(f.function) : f.function);
    line_ += style_.pretty ? " at " : "\n";
  }
  std::string_view file = f.file;
  if (style_.base_names) file = file.substr(file.rfind('/') + 1);
  if (file.empty())
    line_ += "??";
  else
    safe(file);
  if (f.line == 0)
    line_ += ":?";
  else
    fmt::format_to(std::back_inserter(line_), ":{}", f.line);
  if (f.line != 0 && f.discriminator != 0)
    fmt::format_to(std::back_inserter(line_), " (discriminator {})", f.discriminator);
  line_ += '\n';
}

void AddressLines::print(std::uint64_t address, std::span<const CodeFrame> frames, std::string_view head) {
  line_ = head;
  if (style_.addresses)
    fmt::format_to(std::back_inserter(line_), "0x{:016x}{}", address, style_.pretty ? ": " : "\n");
  if (frames.empty()) {
    if (style_.functions) line_ += style_.pretty ? "?? " : "??\n";
    line_ += "??:0\n";
  }
  std::size_t count = style_.inlines ? frames.size() : std::min<std::size_t>(frames.size(), 1);
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0 && style_.pretty) line_ += " (inlined by) ";
    frame(frames[i]);
  }
  out_.put(line_);
}

void write_frame(const CodeFrame& f, bool inlined, Demangler& demangle, JsonWriter& json) {
  std::string_view plain = demangle(f.function);
  json.member("function", plain);
  if (plain != f.function) json.member("linkage_name", f.function);
  json.member("file", f.file);
  json.member("line", f.line);
  if (f.column != 0) json.member("column", f.column);
  if (f.discriminator != 0) json.member("discriminator", f.discriminator);
  json.member("inlined", inlined);
}

void AddressLines::write(std::span<const CodeFrame> frames, JsonWriter& json) {
  json.key("frames").open_array();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    json.open_object();
    write_frame(frames[i], i + 1 < frames.size(), demangle_, json);
    json.close_object();
  }
  json.close_array();
}

}  // namespace memsnap
