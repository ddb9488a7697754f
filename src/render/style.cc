#include "render/style.h"

namespace memsnap {

std::string Style::ink(Ink ink, std::string_view text) const {
  if (!colour) return std::string(text);
  std::string_view code;
  switch (ink) {
    case Ink::kHigh: code = "\x1b[1;31m"; break;
    case Ink::kMedium: code = "\x1b[1;33m"; break;
    case Ink::kLow: code = "\x1b[36m"; break;
    case Ink::kStrong: code = "\x1b[1m"; break;
    case Ink::kFaint: code = "\x1b[2m"; break;
  }
  return std::string(code).append(text).append("\x1b[0m");
}

std::string Style::rule(std::size_t width_of_it) const {
  if (ascii) return std::string(width_of_it, '-');
  std::string line;
  for (std::size_t i = 0; i < width_of_it; ++i) line += "\u2500";
  return line;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    std::size_t from = text.find_first_not_of(' ');
    if (from == std::string_view::npos) break;
    text.remove_prefix(from);
    std::string_view one = text.substr(0, text.find(' '));
    text.remove_prefix(one.size());
    if (!line.empty() && columns(line) + 1 + columns(one) > width)
      lines.push_back(std::move(line)), line.clear();
    if (!line.empty()) line += ' ';
    line += fit(one, width);
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace memsnap
