#include "goheap/key_shapes.h"

#include <algorithm>
#include <cstring>

namespace memsnap {

namespace {

constexpr std::size_t kLongestMask = 64;
constexpr std::string_view kStructure = "/.-_:?&=%@ ";

char class_of(char c) {
  if (c >= 'a' && c <= 'z') return 'a';
  if (c >= 'A' && c <= 'Z') return 'A';
  if (c >= '0' && c <= '9') return '9';
  return kStructure.find(c) != std::string_view::npos ? c : '?';
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  std::size_t from = text.find_first_not_of(kBlanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlanks) - from + 1);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string url_decoded(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+')
      plain += ' ';
    else if (text[i] == '%' && text.size() - i > 2 && hex_digit(text[i + 1]) >= 0 &&
             hex_digit(text[i + 2]) >= 0) {
      plain += char(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

std::string slashed(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '/') {
      plain += text[i];
      continue;
    }
    // A run of slashes and single dots between them is one slash.
    while (i + 1 < text.size()) {
      bool dot = text[i + 1] == '.' && (i + 2 == text.size() || text[i + 2] == '/');
      if (text[i + 1] == '/')
        i += 1;
      else if (dot)
        i += i + 2 == text.size() ? 1 : 2;
      else
        break;
    }
    plain += '/';
  }
  if (plain.size() > 1 && plain.back() == '/') plain.pop_back();
  return plain;
}

void in_lower_case(std::string& text) { std::ranges::transform(text, text.begin(), lower); }

__extension__ using Wide = unsigned __int128;

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  Wide product = Wide(a) * b;
  return std::uint64_t(product) ^ std::uint64_t(product >> 64);
}

}  // namespace

std::string class_mask(std::string_view text) {
  std::string mask;
  for (char c : text) {
    char next = class_of(c);
    if (!mask.empty() && mask.back() == next) continue;
    if (mask.size() == kLongestMask) break;
    mask += next;
  }
  return mask;
}

std::string normal_form(std::string_view text, NormalForm form) {
  switch (form) {
    case NormalForm::kAsIs: return std::string(text);
    case NormalForm::kCase: {
      std::string plain(text);
      in_lower_case(plain);
      return plain;
    }
    case NormalForm::kTrim: return std::string(trimmed(text));
    case NormalForm::kUrl: return url_decoded(text);
    case NormalForm::kQuery: return std::string(text.substr(0, text.find_first_of("?#")));
    case NormalForm::kSlash: return slashed(text);
    case NormalForm::kAll: break;
  }
  std::string_view head = text.substr(0, text.find_first_of("?#"));  // before decoding: %3F is no query
  std::string plain = slashed(trimmed(url_decoded(head)));
  in_lower_case(plain);
  return plain;
}

// Wyhash's scheme: 16 bytes at a time through a 64 x 64 -> 128 bit product that the salt enters.
std::uint64_t salted_hash(std::string_view text, std::uint64_t salt) {
  constexpr std::uint64_t kA = 0xa0761d6478bd642f, kB = 0xe7037ed1a0b428db;
  std::uint64_t state = mixed(salt ^ kA, text.size() ^ kB);
  while (!text.empty()) {
    std::uint64_t words[2] = {};
    std::size_t size = std::min<std::size_t>(text.size(), sizeof words);
    std::memcpy(words, text.data(), size);
    state = mixed(words[0] ^ salt ^ kB, words[1] ^ state);
    text.remove_prefix(size);
  }
  return mixed(state ^ kA, salt ^ kB);
}

std::array<std::uint64_t, kNormalForms> normal_hashes(std::string_view text, std::uint64_t salt) {
  std::array<std::uint64_t, kNormalForms> hashes{};
  for (std::size_t form = 0; form < kNormalForms; ++form)
    hashes[form] =
        form == 0 ? salted_hash(text, salt) : salted_hash(normal_form(text, NormalForm(form)), salt);
  return hashes;
}

}  // namespace memsnap
