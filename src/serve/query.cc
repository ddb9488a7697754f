#include "serve/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace memsnap {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

std::string decode_url(std::string_view text) {
  std::string plain_text;
  plain_text.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    int high = -1, low = -1;
    if (text[i] == '%' && i + 2 < text.size()) high = digit_of(text[i + 1]), low = digit_of(text[i + 2]);
    if (high >= 0 && low >= 0) {
      plain_text += char(high * 16 + low);
      i += 2;
    } else {
      plain_text += text[i] == '+' ? ' ' : text[i];
    }
  }
  return plain_text;
}

std::string encode_url(std::string_view text) {
  std::string encoded;
  for (char c : text) {
    if (plain(c))
      encoded += c;
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

Query::Query(std::string_view query) {
  while (!query.empty() && all_.size() < kMost) {
    std::size_t end = std::min(query.find('&'), query.size());
    std::string_view one = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (one.empty()) continue;
    std::size_t equals = std::min(one.find('='), one.size());
    all_.emplace_back(decode_url(one.substr(0, equals)),
                      decode_url(one.substr(std::min(equals + 1, one.size()))));
  }
}

bool Query::has(std::string_view name) const {
  return std::ranges::any_of(all_, [&](const auto& one) { return one.first == name; });
}

const std::string& Query::text(std::string_view name) const {
  static const std::string none;
  auto found = std::ranges::find_if(all_, [&](const auto& one) { return one.first == name; });
  return found == all_.end() ? none : found->second;
}

std::uint64_t Query::number(std::string_view name, std::uint64_t otherwise, std::uint64_t most) const {
  const std::string& given = text(name);
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
  if (given.empty() || error != std::errc() || end != given.data() + given.size()) return otherwise;
  return std::min(value, most);
}

std::string Query::without(std::string_view name) const {
  std::string query;
  for (const auto& [key, value] : all_) {
    if (key == name) continue;
    query += (query.empty() ? "?" : "&") + encode_url(key);
    if (!value.empty()) query += "=" + encode_url(value);
  }
  return query;
}

}  // namespace memsnap
