#include "reports/tab_table.h"

#include "base/text.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace memsnap {
namespace {

struct Cell {
  std::string_view text;
  std::size_t width = 0;  // code points
};
using Line = std::vector<Cell>;

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_code_point(text).bytes);
  return count;
}

// Lines end at a newline or form feed, cells at a tab or vertical tab.
std::vector<Line> split_cells(std::string_view text) {
  std::vector<Line> lines(1);
  std::size_t from = 0;
  auto end_cell = [&](std::size_t to) {
    std::string_view cell = text.substr(from, to - from);
    lines.back().push_back({cell, code_points(cell)});
    from = to + 1;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '\t' || c == '\v') end_cell(at);
    if (c == '\n' || c == '\f') end_cell(at), lines.emplace_back();
  }
  end_cell(text.size());
  return lines;
}

}  // namespace

std::string align_tabs(std::string_view text) {
  std::vector<Line> lines = split_cells(text);
  std::vector<std::size_t> widths;  // of the columns that the line before had, 0 where it is to be found anew
  std::string out;
  for (std::size_t row = 0; row < lines.size(); ++row) {
    const Line& line = lines[row];
    std::size_t columns = line.size() - 1;
    widths.resize(std::min(widths.size(), columns));
    for (std::size_t column = widths.size(); column < columns; ++column) {
      std::size_t width = 0;
      for (std::size_t below = row; below < lines.size() && column + 1 < lines[below].size(); ++below)
        width = std::max(width, lines[below][column].width + 1);
      widths.push_back(width);
    }
    for (std::size_t column = 0; column < columns; ++column) {
      out.append(widths[column] - line[column].width, ' ');
      out += line[column].text;
    }
    out += line.back().text;
    if (row + 1 < lines.size()) out += '\n';
  }
  return out;
}

}  // namespace memsnap
