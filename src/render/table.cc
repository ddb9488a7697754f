#include "render/table.h"

#include "base/text.h"
#include "render/json_writer.h"

#include <algorithm>
#include <cmath>

namespace memsnap {
namespace {

constexpr std::size_t kLeastText = 16;  // columns that a text column keeps

std::uint64_t total_of(const Table& table) { return std::max<std::uint64_t>(table.total, table.rows.size()); }

bool is_text(As as) { return as == As::kText || as == As::kPath || as == As::kFlag; }

std::string show(const Cell& cell, As as, const Style& style) {
  if (!cell.known) return {};
  switch (as) {
    case As::kText:
    case As::kPath: return style.safe(cell.text);
    case As::kBytes: return human_bytes(cell.exact);
    case As::kSignedBytes: return human_signed_bytes(cell.number);
    case As::kCount: return human_count(cell.exact);
    case As::kSignedCount: return human_signed_count(std::int64_t(cell.number));
    case As::kShare: return human_share(cell.number);
    case As::kRate: return human_rate(cell.number);
    case As::kDuration: return human_duration(cell.exact);
    case As::kAddress: return cell.exact == 0 ? "" : hex(cell.exact);
    case As::kId: return fmt::format("{}", cell.exact);
    case As::kNumber: return fmt::format("{:.2f}", cell.number);
    case As::kFlag: return cell.exact != 0 ? "yes" : "";
  }
  return {};
}

void write_cell(JsonWriter& json, const Cell& cell, As as) {
  if (!cell.known) return json.value(std::nan(""));
  switch (as) {
    case As::kText:
    case As::kPath: return json.value(cell.text);
    case As::kAddress: return json.value(hex(cell.exact));
    case As::kBytes:
    case As::kCount:
    case As::kId:
    case As::kDuration: return json.value(cell.exact);
    case As::kFlag: return json.value(cell.exact != 0);
    default: return json.value(cell.number);
  }
}

// A place is "function  folder/file.go:12". When it is too long the folders go first, then the package's,
// then the file and the package: the function says most.
std::string fit_place(const std::string& place, std::size_t width) {
  std::size_t gap = place.find("  ");
  if (columns(place) <= width || gap == std::string::npos) return fit_end(place, width);
  std::string function = place.substr(0, gap), file = place.substr(gap + 2);
  file.erase(0, file.rfind('/') == std::string::npos ? 0 : file.rfind('/') + 1);
  if (columns(function) + 2 + columns(file) <= width) return function + "  " + file;
  std::size_t slash = function.substr(0, function.find('[')).rfind('/');
  if (slash != std::string::npos) function.erase(0, slash + 1);
  if (columns(function) + 2 + columns(file) <= width) return function + "  " + file;
  std::size_t dot = function.substr(0, function.find('[')).find('.');
  if (columns(function) > width && dot != std::string::npos) function.erase(0, dot + 1);
  return fit_end(function, width);
}

// Takes columns from the widest text until the table fits.
void shrink(std::vector<std::size_t>& widths, const std::vector<TableColumn>& titles, std::size_t most) {
  if (most == 0) return;
  auto total = [&] {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (*titles[i].title) sum += widths[i] + (sum > 0 ? 2 : 0);
    return sum;
  };
  for (std::size_t sum = total(); sum > most; sum = total()) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (*titles[i].title && is_text(titles[i].as) && widths[i] > kLeastText &&
          (widest == widths.size() || widths[i] > widths[widest]))
        widest = i;
    if (widest == widths.size()) return;
    std::size_t second = kLeastText;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (i != widest && is_text(titles[i].as) && *titles[i].title && widths[i] <= widths[widest])
        second = std::max(second, widths[i]);
    widths[widest] -= std::clamp<std::size_t>(widths[widest] - second, 1, sum - most);
  }
}

}  // namespace

void render_table(const Table& table, const Style& style, std::size_t most, Out& out) {
  if (!table.missing.empty())
    for (const std::string& line : wrap(style.safe("partial: " + table.missing), style.width))
      out.put(line + "\n");
  if (!table.note.empty())
    for (const std::string& line : wrap(style.safe(table.note), style.width)) out.put(line + "\n");
  std::size_t shown = std::min(most, table.rows.size()), last = 0;
  std::vector<std::size_t> widths;
  std::vector<std::vector<std::string>> text(shown);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (*table.columns[c].title) last = c;
    std::size_t width = columns(table.columns[c].title);
    for (std::size_t r = 0; r < shown; ++r) {
      text[r].push_back(show(table.rows[r][c], table.columns[c].as, style));
      width = std::max(width, columns(text[r].back()));
    }
    widths.push_back(width);
  }
  shrink(widths, table.columns, style.table);
  auto put_row = [&](auto&& cell_of, bool head) {
    std::string line;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const TableColumn& column = table.columns[c];
      if (!*column.title) continue;
      std::string cell = cell_of(c);
      cell = column.as == As::kPath && !head ? fit_place(cell, widths[c]) : fit(cell, widths[c]);
      if (!line.empty()) line += "  ";
      if (!is_text(column.as))
        line += pad_left(cell, widths[c]);
      else
        line += c == last ? cell : pad(cell, widths[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out.put((head ? style.ink(Ink::kStrong, line) : line) + "\n");
  };
  if (table.rows.empty()) return out.put("nothing to list\n");
  if (shown > 0) put_row([&](std::size_t c) { return std::string(table.columns[c].title); }, true);
  for (std::size_t r = 0; r < shown; ++r) put_row([&](std::size_t c) { return text[r][c]; }, false);
  if (shown < total_of(table))
    out.print("{} of {} rows (-n ROWS or --all shows more)\n", human_count(shown),
              human_count(total_of(table)));
}

void write_rows(const Table& table, std::size_t most, JsonWriter& json) {
  json.open_array();
  for (std::size_t r = 0; r < std::min(most, table.rows.size()); ++r) {
    json.open_object();
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      json.key(table.columns[c].key);
      write_cell(json, table.rows[r][c], table.columns[c].as);
    }
    json.close_object();
  }
  json.close_array();
}

void write_missing(std::span<const std::string> missing, JsonWriter& json) {
  if (missing.empty()) return;
  json.member("partial", true);
  json.key("missing").open_array();
  for (const std::string& what : missing) json.value(what);
  json.close_array();
}

void render_table_json(const Table& table, std::size_t most, Out& out) {
  JsonWriter json(out);
  json.open_object();
  json.member("schema", fmt::format("memsnap.{}/1", table.name));
  json.key("rows");
  write_rows(table, most, json);
  json.member("total", total_of(table));
  if (!table.missing.empty()) write_missing({&table.missing, 1}, json);
  json.close_object();
  json.end();
}

}  // namespace memsnap
