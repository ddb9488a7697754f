#include "goheap/go_names.h"

#include <algorithm>
#include <cctype>

namespace memsnap {

namespace {

constexpr std::string_view kNoAlg = "noalg.";  // cmd/compile: types without hash and equality functions

// Characters that end a qualified identifier in a type's name. Paths hold none of them: objabi.PathToPrefix
// escapes quotes, blanks and everything beyond ASCII.
bool ends_word(char c) { return std::string_view(" []{}()*,;<>\"").find(c) != std::string_view::npos; }

bool is_version(std::string_view text) {
  return text.size() > 1 && text[0] == 'v' &&
         std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      plain += char(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

// Where the import path of a qualified identifier ends: at the first dot behind the last slash, since dots of
// the last path element are escaped. npos when it is not qualified.
std::size_t path_end(std::string_view word) {
  std::size_t slash = word.rfind('/');
  return word.find('.', slash == std::string_view::npos ? 0 : slash);
}

}  // namespace

void PackageNames::learn(std::string_view full, std::string_view printed) {
  // Type arguments keep their paths in both; the part before them is what differs.
  full = full.substr(0, full.find('['));
  printed = printed.substr(0, printed.find('['));
  std::size_t end = path_end(full), dot = printed.find('.');
  if (end == std::string_view::npos || dot == std::string_view::npos) return;
  if (full.substr(end) != printed.substr(dot)) return;
  if (std::ranges::any_of(full, ends_word) || std::ranges::any_of(printed, ends_word)) return;
  names_.emplace(full.substr(0, end), printed.substr(0, dot));
}

std::string PackageNames::name_of(std::string_view path) const {
  if (auto known = names_.find(path); known != names_.end()) return known->second;
  std::size_t slash = path.rfind('/');
  std::string_view last = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (slash != std::string_view::npos && slash > 0 && is_version(last)) {
    std::string_view before = path.substr(0, slash);
    return unescape(before.substr(before.rfind('/') + 1));
  }
  return unescape(last);
}

std::string PackageNames::path_of(std::string_view full) {
  full = full.substr(0, full.find('['));
  std::size_t end = path_end(full);
  if (end == std::string_view::npos || std::ranges::any_of(full, ends_word)) return {};
  while (full.starts_with(kNoAlg)) full.remove_prefix(kNoAlg.size()), end = path_end(full);
  return end == std::string_view::npos ? std::string() : unescape(full.substr(0, end));
}

std::string PackageNames::shorten(std::string_view full) const {
  std::string out;
  out.reserve(full.size());
  for (std::size_t i = 0; i < full.size();) {
    if (full[i] == '"') {  // a struct tag: content of the program's source, of no use in a path
      std::size_t end = i + 1;
      while (end < full.size() && full[end] != '"') end += full[end] == '\\' ? 2 : 1;
      i = std::min(end + 1, full.size());
      if (out.ends_with(' ')) out.pop_back();
      continue;
    }
    if (ends_word(full[i])) {
      out += full[i++];
      continue;
    }
    std::size_t end = i;
    while (end < full.size() && !ends_word(full[end])) ++end;
    std::string_view word = full.substr(i, end - i);
    while (word.starts_with(kNoAlg)) word.remove_prefix(kNoAlg.size());
    if (word.starts_with("...")) {
      out += "...";
      word.remove_prefix(3);
    }
    std::size_t path = path_end(word);
    if (path == std::string_view::npos)
      out += word;
    else
      out.append(name_of(word.substr(0, path))).append(word.substr(path));
    i = end;
  }
  return out;
}

}  // namespace memsnap
