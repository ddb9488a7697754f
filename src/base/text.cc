#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace memsnap {
namespace {

struct Range {
  char32_t from, to;
};

bool within(std::initializer_list<Range> ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](Range r) { return r.from <= c && c <= r.to; });
}

void append_utf8(std::string& out, char32_t c) {
  auto byte = [&](char32_t b) { out.push_back(char(static_cast<unsigned char>(b))); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) return byte(0xc0 | c >> 6), byte(0x80 | (c & 0x3f));
  if (c < 0x10000) return byte(0xe0 | c >> 12), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f));
  byte(0xf0 | c >> 18), byte(0x80 | (c >> 12 & 0x3f)), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f));
}

// As Go writes a rune it does not print.
void append_visible(std::string& out, CodePoint c) {
  if (!c.valid || c.value < 0x80) {
    if (c.valid && c.value == '\n')
      out += "\\n";
    else if (c.valid && c.value == '\r')
      out += "\\r";
    else if (c.valid && c.value == '\t')
      out += "\\t";
    else
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", std::uint32_t(c.value));
  } else if (c.value < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", std::uint32_t(c.value));
  } else {
    fmt::format_to(std::back_inserter(out), "\\U{:08x}", std::uint32_t(c.value));
  }
}

template <class Visit>
void each_code_point(std::string_view text, Visit visit) {
  while (!text.empty()) {
    CodePoint c = first_code_point(text);
    visit(c);
    text.remove_prefix(c.bytes);
  }
}

bool is_wide(char32_t c) {
  return within({{0x1100, 0x115f},
                 {0x2e80, 0x303e},
                 {0x3041, 0xa4cf},
                 {0xac00, 0xd7a3},
                 {0xf900, 0xfaff},
                 {0xfe30, 0xfe6f},
                 {0xff00, 0xff60},
                 {0xffe0, 0xffe6},
                 {0x1f300, 0x1f64f},
                 {0x1f900, 0x1f9ff},
                 {0x20000, 0x3fffd}},
                c);
}

bool is_combining(char32_t c) {
  return within({{0x300, 0x36f},
                 {0x483, 0x489},
                 {0x591, 0x5bd},
                 {0x610, 0x61a},
                 {0x64b, 0x65f},
                 {0x1ab0, 0x1aff},
                 {0x1dc0, 0x1dff},
                 {0x20d0, 0x20ff},
                 {0xfe00, 0xfe0f},
                 {0xfe20, 0xfe2f}},
                c);
}

std::size_t width_of(CodePoint c) {
  if (!c.valid) return 1;
  return is_combining(c.value) ? 0 : is_wide(c.value) ? 2 : 1;
}

bool is_word_character(CodePoint c) {
  if (!c.valid || is_unsafe(c.value)) return false;
  return (c.value >= '0' && c.value <= '9') || (c.value >= 'a' && c.value <= 'z') ||
         (c.value >= 'A' && c.value <= 'Z') || c.value >= 0xa0;
}

// A word that Markdown shows as it stands: letters and digits, with inner marks of numbers and compounds.
bool is_plain_word(std::string_view word) {
  bool plain = true;
  bool digits = word.find_first_not_of("0123456789.,-+%") == std::string_view::npos;
  each_code_point(word, [&](CodePoint c) {
    bool mark =
        c.valid && (c.value == '-' || c.value == '\'' || c.value == ',' || c.value == '%' || c.value == '/');
    if (c.valid && c.value == '.' && digits) mark = true;
    if (!is_word_character(c) && !mark) plain = false;
  });
  // GitHub links GH-123 to an issue.
  bool reference = word.find('-') != std::string_view::npos && !digits &&
                   word.find_first_of("0123456789") != std::string_view::npos;
  return plain && !reference && word.find("--") == std::string_view::npos;
}

}  // namespace

CodePoint first_code_point(std::string_view text) {
  auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  char32_t first = at(0);
  if (first < 0x80) return {first, 1, true};
  std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  CodePoint bad{first, 1, false};
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return bad;
  char32_t value = first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((at(i) & 0xc0) != 0x80) return bad;
    value = value << 6 | (at(i) & 0x3fu);
  }
  static constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return bad;
  return {value, size, true};
}

bool is_unsafe(char32_t c) {
  if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return true;
  if (c < 0xad) return false;
  return within({{0xad, 0xad},
                 {0x34f, 0x34f},
                 {0x61c, 0x61c},
                 {0x115f, 0x1160},
                 {0x17b4, 0x17b5},
                 {0x180b, 0x180f},
                 {0x200b, 0x200f},
                 {0x2028, 0x202e},
                 {0x2060, 0x206f},
                 {0x3164, 0x3164},
                 {0xd800, 0xdfff},
                 {0xe000, 0xf8ff},
                 {0xfdd0, 0xfdef},
                 {0xfeff, 0xfeff},
                 {0xffa0, 0xffa0},
                 {0xfff0, 0xfffb},
                 {0xe0000, 0xe0fff},
                 {0xf0000, 0x10ffff}},
                c) ||
         (c & 0xfffe) == 0xfffe;
}

std::string escape_terminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each_code_point(text, [&](CodePoint c) {
    if (!c.valid || is_unsafe(c.value))
      append_visible(out, c);
    else
      append_utf8(out, c.value);
  });
  return out;
}

std::string escape_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each_code_point(text, [&](CodePoint c) {
    if (c.valid && c.value == 0x2026)
      out += "...";
    else if (c.valid && c.value == 0xd7)
      out += "x";
    else if (!c.valid || c.value >= 0x80 || is_unsafe(c.value))
      append_visible(out, c);
    else
      out.push_back(char(c.value));
  });
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (char c : escape_terminal(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out.push_back(c);
    }
  }
  return out;
}

std::string quote_json(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  each_code_point(text, [&](CodePoint c) {
    if (!c.valid)
      out += "\\ufffd";
    else if (c.value == '"' || c.value == '\\')
      out.push_back('\\'), out.push_back(char(c.value));
    else if (c.value == '\n')
      out += "\\n";
    else if (c.value == '\r')
      out += "\\r";
    else if (c.value == '\t')
      out += "\\t";
    else if (!is_unsafe(c.value))
      append_utf8(out, c.value);
    else if (c.value < 0x10000)
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", std::uint32_t(c.value));
    else
      fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xd7c0u + std::uint32_t(c.value >> 10),
                     0xdc00u | std::uint32_t(c.value & 0x3ff));
  });
  out.push_back('"');
  return out;
}

std::string markdown_code(std::string_view raw, bool in_table) {
  std::string text = escape_terminal(raw);
  if (text.find_first_not_of(' ') == std::string::npos) return text.empty() ? "" : "(blank)";
  std::size_t longest = 0, run = 0;
  std::string body;
  for (char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    // GitHub takes a cell apart before it looks for code spans.
    if (c == '|' && in_table) body.push_back('\\');
    body.push_back(c);
  }
  std::string fence(longest + 1, '`');
  bool padded = text.front() == '`' || text.back() == '`' || (text.front() == ' ' && text.back() == ' ');
  return padded ? fence + " " + body + " " + fence : fence + body + fence;
}

std::string markdown_prose(std::string_view text, bool in_table) {
  std::string out;
  while (!text.empty()) {
    std::size_t blanks = text.find_first_not_of(' ');
    if (blanks == std::string_view::npos) break;
    if (!out.empty() && blanks > 0) out.push_back(' ');
    text.remove_prefix(blanks);
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    std::string_view core = word;
    std::string before, after;
    while (core.size() > 1 && std::string_view(".,;:?").find(core.back()) != std::string_view::npos) {
      after.insert(after.begin(), core.back());
      core.remove_suffix(1);
    }
    bool whole = core.size() > 2 && core.front() == '(' && core.back() == ')';
    bool opens = core.size() > 1 && core.front() == '(' && core.find(')') == std::string_view::npos;
    bool closes = core.size() > 1 && core.back() == ')' && core.find('(') == std::string_view::npos;
    if (whole || opens) before = "(", core.remove_prefix(1);
    if (whole || closes) after.insert(after.begin(), ')'), core.remove_suffix(1);
    // A number with a dot begins a list, and a lone dash one too, when they begin a line.
    bool begins_list =
        out.empty() &&
        (core == "-" || core == "+" ||
         (!after.empty() && after != "," && core.find_first_not_of("0123456789") == std::string_view::npos));
    out += before;
    if (is_plain_word(core) && !begins_list)
      out += core;
    else
      out += markdown_code(core, in_table);
    out += after;
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t sum = 0;
  each_code_point(text, [&](CodePoint c) { sum += width_of(c); });
  return sum;
}

std::string fit(std::string_view text, std::size_t most) {
  if (columns(text) <= most) return std::string(text);
  std::string_view mark = most >= 3 ? "..." : std::string_view("...").substr(0, most);
  std::size_t room = most - mark.size(), used = 0, bytes = 0;
  for (std::string_view rest = text; !rest.empty();) {
    CodePoint c = first_code_point(rest);
    if (used + width_of(c) > room) break;
    used += width_of(c);
    bytes += c.bytes;
    rest.remove_prefix(c.bytes);
  }
  return std::string(text.substr(0, bytes)).append(mark);
}

std::string fit_end(std::string_view text, std::size_t most) {
  std::size_t total = columns(text);
  if (total <= most) return std::string(text);
  std::string_view mark = most >= 3 ? "..." : std::string_view("...").substr(0, most);
  std::size_t room = most - mark.size();
  while (!text.empty() && total > room) {
    CodePoint c = first_code_point(text);
    total -= width_of(c);
    text.remove_prefix(c.bytes);
  }
  // A path is cut between its parts where that costs less than half.
  if (std::size_t slash = text.find('/'); slash != std::string_view::npos && slash * 2 < text.size())
    text.remove_prefix(slash);
  return std::string(mark).append(text);
}

std::string pad(std::string_view text, std::size_t width) {
  std::size_t used = columns(text);
  return std::string(text).append(used < width ? width - used : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  std::size_t used = columns(text);
  return std::string(used < width ? width - used : 0, ' ').append(text);
}

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  static constexpr std::array<const char*, 6> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = double(bytes) / 1024;
  std::size_t unit = 0;
  // 1023.5 would be printed as 1024.
  while (value >= 1023.5 && unit + 1 < kUnits.size()) value /= 1024, ++unit;
  int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", value, decimals, kUnits[unit]);
}

std::string human_signed_bytes(double bytes) {
  if (!std::isfinite(bytes)) return "?";
  double size = std::min(std::abs(bytes), 1.8e19);
  auto whole = std::uint64_t(std::llround(std::min(size, 9.2e18)));
  if (whole == 0) return "0 B";
  return (bytes < 0 ? "-" : "+") + human_bytes(whole);
}

std::string human_count(std::uint64_t count) {
  std::string digits = fmt::format("{}", count);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string human_signed_count(std::int64_t count) {
  if (count == 0) return "0";
  std::uint64_t size = count < 0 ? ~std::uint64_t(count) + 1 : std::uint64_t(count);
  return (count < 0 ? "-" : "+") + human_count(size);
}

std::string human_rate(double bytes_per_second) {
  double size = std::abs(bytes_per_second);
  if (size >= 1 << 20) return human_signed_bytes(bytes_per_second) + "/s";
  if (size * 60 >= 1 << 20) return human_signed_bytes(bytes_per_second * 60) + "/min";
  return human_signed_bytes(bytes_per_second * 3600) + "/h";
}

std::string human_duration(std::uint64_t ns) {
  double value = double(ns);
  if (ns < 1000) return fmt::format("{} ns", ns);
  if (value < 999.5e3) return fmt::format("{:.0f} us", value / 1e3);
  if (value < 9.95e6) return fmt::format("{:.1f} ms", value / 1e6);
  if (value < 999.5e6) return fmt::format("{:.0f} ms", value / 1e6);
  if (value < 59.95e9) return fmt::format("{:.1f} s", value / 1e9);
  std::uint64_t seconds = (ns + 500'000'000) / 1'000'000'000, minutes = seconds / 60, hours = minutes / 60;
  if (minutes < 60) return fmt::format("{}m{:02}s", minutes, seconds % 60);
  if (hours < 48) return fmt::format("{}h{:02}m", hours, minutes % 60);
  return fmt::format("{}d{:02}h", hours / 24, hours % 24);
}

std::string human_share(double share) {
  double percent = share * 100;
  if (!std::isfinite(percent) || percent <= 0) return "0%";
  if (percent < 0.1) return "<0.1%";
  if (percent < 9.95) return fmt::format("{:.1f}%", percent);
  // All but a trace is not all.
  if (percent > 95 && percent < 99.95) return fmt::format("{:.1f}%", percent);
  if (percent >= 99.95 && percent < 100) return ">99.9%";
  return fmt::format("{:.0f}%", percent);
}

std::string shell_word(std::string_view text) {
  auto harmless = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("_-./:=@,+").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, harmless)) return std::string(text);
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1);
  return quoted + "'";
}

std::string hex(std::uint64_t value) { return fmt::format("{:#x}", value); }

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t change = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace memsnap
