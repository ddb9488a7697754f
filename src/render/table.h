// The answer of a verb that lists things: rows under named columns, for people and as JSON.
#pragma once

#include "render/out.h"
#include "render/style.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace memsnap {

class JsonWriter;

// How a cell is written for people; JSON has the plain number.
enum class As : std::uint8_t {
  kText,
  kPath,
  kBytes,
  kSignedBytes,
  kCount,
  kSignedCount,
  kShare,
  kRate,
  kDuration,
  kAddress,
  kId,
  kNumber,
  kFlag
};

struct TableColumn {
  const char* key;    // of JSON
  const char* title;  // "" leaves the column out of the text
  As as = As::kText;
};

struct Cell {
  std::string text;  // of kText and kPath
  double number = 0;
  std::uint64_t exact = 0;  // of kBytes, kCount, kDuration, kAddress, kId: beyond what a double holds
  bool known = true;        // false: "" for people, null in JSON

  static Cell of(std::string_view text) { return {.text = std::string(text)}; }
  static Cell of(std::uint64_t value) { return {.number = double(value), .exact = value}; }
  static Cell of(double value) { return {.number = value}; }
  static Cell none() { return {.known = false}; }
};

struct Table {
  const char* name = "";  // of the schema: memsnap.<name>/1
  std::vector<TableColumn> columns;
  std::vector<std::vector<Cell>> rows;
  std::uint64_t total = 0;  // when there are more than `rows`, which then hold the first of them
  std::string note;         // one line above the table, for people
  std::string missing;      // not "": the result is partial, and this is what is not in it

  template <class... Values>
  void add(const Values&... values) {
    rows.push_back({cell(values)...});
  }

 private:
  static Cell cell(const Cell& ready) { return ready; }
  static Cell cell(std::string_view text) { return Cell::of(text); }
  static Cell cell(const std::string& text) { return Cell::of(text); }
  static Cell cell(const char* text) { return Cell::of(std::string_view(text)); }
  static Cell cell(std::uint64_t value) { return Cell::of(value); }
  static Cell cell(std::uint32_t value) { return Cell::of(std::uint64_t(value)); }
  static Cell cell(double value) { return Cell::of(value); }
  static Cell cell(bool yes) { return Cell::of(std::uint64_t(yes)); }
};

// At most `most` rows, and a line that says how many there are when that is not all. The widest text
// columns give way when the table would be wider than style.table.
void render_table(const Table& table, const Style& style, std::size_t most, Out& out);

// {"schema": "memsnap.<name>/1", "rows": [{...}, ...], "total": n}
void render_table_json(const Table& table, std::size_t most, Out& out);
// The rows as an array inside an object that is being written.
void write_rows(const Table& table, std::size_t most, JsonWriter& json);
// "partial" and "missing" of a result that is not whole; nothing of one that is.
void write_missing(std::span<const std::string> missing, JsonWriter& json);

}  // namespace memsnap
