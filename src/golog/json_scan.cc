#include "golog/json_scan.h"

#include <limits>

namespace memsnap {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void put_utf8(std::string& out, std::uint32_t c) {
  auto byte = [&](std::uint32_t value) { out += char(value); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xc0 | c >> 6);
  } else if (c < 0x10000) {
    byte(0xe0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3f));
  } else {
    byte(0xf0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3f));
    byte(0x80 | (c >> 6 & 0x3f));
  }
  byte(0x80 | (c & 0x3f));
}

// The four digits of \uXXXX at `at`; -1 when they are not there.
std::int32_t unit_at(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return -1;
  std::int32_t value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

void JsonScan::skip_blanks() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
    ++at_;
}

bool JsonScan::take(char c) {
  skip_blanks();
  if (!ok_ || at_ >= text_.size() || text_[at_] != c) return fail();
  ++at_;
  return true;
}

bool JsonScan::enter(char bracket) {
  first_ = true;
  return take(bracket);
}

bool JsonScan::next(char end) {
  skip_blanks();
  if (!ok_ || at_ >= text_.size()) return fail();
  if (text_[at_] == end) {
    ++at_;
    first_ = false;
    return false;
  }
  if (!first_ && !take(',')) return false;
  first_ = false;
  return true;
}

bool JsonScan::next_member(std::string_view& key) {
  if (!next('}')) return false;
  bool escaped = false;
  skip_blanks();
  key = raw_string(escaped);
  return ok_ && take(':');
}

bool JsonScan::next_element() { return next(']'); }

std::string_view JsonScan::raw_string(bool& escaped) {
  if (!take('"')) return {};
  std::size_t from = at_;
  for (;;) {
    std::size_t stop = text_.find_first_of("\"\\", at_);
    if (stop == text_.npos) return fail(), std::string_view{};
    at_ = stop + 1;
    if (text_[stop] == '"') return text_.substr(from, stop - from);
    escaped = true;
    ++at_;
  }
}

std::string_view JsonScan::string(std::string& own) {
  bool escaped = false;
  std::string_view raw = raw_string(escaped);
  if (!escaped) return raw;
  own.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      own += raw[i];
      continue;
    }
    char c = ++i < raw.size() ? raw[i] : 0;
    if (c != 'u') {
      constexpr std::string_view kNames = "bfnrt", kBytes = "\b\f\n\r\t";
      std::size_t which = kNames.find(c);
      own += which == kNames.npos ? c : kBytes[which];
      continue;
    }
    std::int32_t unit = unit_at(raw, i + 1);
    if (unit < 0) return fail(), std::string_view{};
    i += 4;
    if (unit >= 0xd800 && unit < 0xdc00 && raw.substr(i + 1).starts_with("\\u")) {
      std::int32_t low = unit_at(raw, i + 3);
      if (low >= 0xdc00 && low < 0xe000) {
        i += 6;
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
      }
    }
    put_utf8(own, std::uint32_t(unit));
  }
  return own;
}

std::uint32_t JsonScan::number() {
  skip_blanks();
  std::uint64_t value = 0;
  std::size_t from = at_;
  while (ok_ && at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
    value = value * 10 + std::uint64_t(text_[at_++] - '0');
    if (value > std::numeric_limits<std::uint32_t>::max()) return fail(), 0;
  }
  if (at_ == from) return fail(), 0;
  return std::uint32_t(value);
}

void JsonScan::skip_value() {
  int depth = 0;
  do {
    skip_blanks();
    if (!ok_ || at_ >= text_.size()) return void(fail());
    char c = text_[at_];
    if (c == '"') {
      bool escaped = false;
      (void)raw_string(escaped);
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepest) return void(fail());
      ++at_;
      continue;
    } else if (c == '}' || c == ']') {
      if (--depth < 0) return void(fail());
      ++at_;
    } else {
      ++at_;  // of a number or a word, or a comma or colon inside
      if (depth == 0)
        while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != ']') ++at_;
    }
  } while (depth > 0 && ok_);
  first_ = false;
}

}  // namespace memsnap
