#include "gosrc/source_file.h"

#include <algorithm>

namespace memsnap {

Position SourceFile::position(std::uint32_t offset) const {
  auto after = std::ranges::upper_bound(lines_, offset);
  if (after == lines_.begin()) return {};
  return {int(after - lines_.begin()), int(offset - after[-1]) + 1};
}

std::string_view SourceFile::line(int number) const {
  if (number < 1 || std::size_t(number) > lines_.size()) return {};
  std::size_t from = lines_[std::size_t(number) - 1];
  bool last = std::size_t(number) == lines_.size();
  std::string_view text =
      bytes().substr(from, last ? std::string_view::npos : lines_[std::size_t(number)] - from);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace memsnap
