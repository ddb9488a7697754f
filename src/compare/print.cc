#include "compare/print.h"

#include "base/text.h"
#include "profile/units.h"
#include "render/json_writer.h"
#include "render/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace memsnap {

std::string value_words(double value, const std::string& unit) {
  if (unit == "count" || are_units_of_one_kind(unit, "bytes") || are_units_of_one_kind(unit, "nanoseconds"))
    return value_label(whole(std::round(value)), unit);
  return fmt::format("{:.4g} {}", value, unit);
}

std::string change_words(const ComparedRow& row) {
  if (row.verdict == ChangeKind::kNew || row.verdict == ChangeKind::kGone) return word(row.verdict);
  if (std::isinf(row.change)) return "from 0";
  return fmt::format("{:+.2f}%", row.change * 100);
}

namespace {

std::string verdict_words(const ComparedRow& row) {
  if (row.verdict == ChangeKind::kNoise) return "~";
  std::string text = word(row.verdict);
  if (is_worse(row)) text += fmt::format(" ({})", word(row.severity));
  return row.is_known ? text + ", known" : text;
}

std::string counts_words(const Comparison& comparison) {
  std::size_t worse = 0, known = 0, better = 0, noise = 0;
  for (const ComparedRow& row : comparison.rows) {
    worse += is_worse(row) && !row.is_known;
    known += is_worse(row) && row.is_known;
    better += row.verdict == ChangeKind::kBetter || row.verdict == ChangeKind::kGone;
    noise += row.verdict == ChangeKind::kNoise;
  }
  return fmt::format("{} worse{}, {} better, {} may be noise, {} unchanged", worse,
                     known > 0 ? fmt::format(" ({} more known)", known) : "", better, noise, comparison.same);
}

std::string place_words(const ComparedRow& row) {
  if (row.file.empty()) return "";
  return row.line > 0 ? fmt::format("{}:{}", row.file, row.line) : row.file;
}

}  // namespace

namespace {

// The signs of limits for a terminal that has none of them.
std::string plain_limits(std::string text, const Style& style) {
  if (!style.ascii) return text;
  for (auto [sign, plain] :
       {std::pair<std::string_view, std::string_view>{"\u00b1", "+-"}, {"\u221e", "inf"}})
    for (std::size_t at = 0; (at = text.find(sign, at)) != text.npos; at += plain.size())
      text.replace(at, sign.size(), plain);
  return text;
}

}  // namespace

void print_comparison(const Comparison& comparison, const ComparedSides& sides, const Style& style,
                      std::size_t most, Out& out) {
  auto safe = [&](const std::string& text) {
    return style.ascii ? escape_ascii(text) : escape_terminal(text);
  };
  out.print("{} -> {}\n{}\n", safe(sides.before), safe(sides.after), safe(comparison.summary));
  for (const std::string& problem : comparison.problems) out.print("note: {}\n", safe(problem));
  out.print("{}\n", counts_words(comparison));
  if (comparison.rows.empty()) return;
  Table table{.name = "compare",
              .columns = {{"change", "change"},
                          {"before", "before"},
                          {"after", "after"},
                          {"limits", "95 %"},
                          {"verdict", "verdict"},
                          {"metric", "metric"},
                          {"name", "name"},
                          {"place", "at", As::kPath}}};
  for (const ComparedRow& row : comparison.rows)
    table.add(change_words(row), value_words(row.before, row.unit), value_words(row.after, row.unit),
              plain_limits(row.limits, style), verdict_words(row), row.metric, row.name, place_words(row));
  render_table(table, style, most, out);
}

void print_comparison_json(const Comparison& comparison, const ComparedSides& sides, Out& out) {
  JsonWriter json(out);
  json.open_object();
  json.member("schema", "memsnap.compare/1");
  json.member("kind", comparison.kind);
  json.member("before", sides.before);
  json.member("after", sides.after);
  json.member("summary", comparison.summary);
  json.key("problems").open_array();
  for (const std::string& problem : comparison.problems) json.value(problem);
  json.close_array();
  json.key("rows").open_array();
  for (const ComparedRow& row : comparison.rows) {
    json.open_object();
    json.member("id", row.id);
    json.member("verdict", word(row.verdict));
    if (is_worse(row)) json.member("severity", word(row.severity));
    json.member("known", row.is_known);
    json.member("name", row.name);
    json.member("metric", row.metric);
    json.member("unit", row.unit);
    json.member("before", row.before);
    json.member("after", row.after);
    if (std::isfinite(row.change)) json.member("change", row.change);
    json.member("limits", row.limits);
    json.member("file", row.file);
    json.member("line", row.line);
    json.close_object();
  }
  json.close_array();
  json.member("unchanged", std::uint64_t(comparison.same));
  json.close_object();
  json.end();
}

namespace {

// Text of a table's cell: nothing in it is markup, and nobody is notified by an @.
std::string cell_text(std::string_view text) {
  std::string escaped;
  for (char c : escape_terminal(text)) {
    if (c == '\n' || c == '\r') {
      escaped += ' ';
      continue;
    }
    if (c == '<')
      escaped += "&lt;";
    else if (c == '@')
      escaped += "&#64;";
    else if (std::string_view("\\`*_{}[]()#+!|~>").find(c) != std::string_view::npos)
      (escaped += '\\') += c;
    else
      escaped += c;
  }
  return escaped;
}

void put_rows(const std::vector<const ComparedRow*>& rows, std::size_t most, Out& out) {
  out.put("| change | before | after | 95 % | metric | name |\n| ---: | ---: | ---: | --- | --- | --- |\n");
  for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) {
    const ComparedRow& row = *rows[i];
    std::string place = place_words(row);
    out.print("| {} | {} | {} | {} | {} | {}{} |\n", cell_text(change_words(row)),
              cell_text(value_words(row.before, row.unit)), cell_text(value_words(row.after, row.unit)),
              cell_text(row.limits), cell_text(row.metric), cell_text(row.name),
              place.empty() ? "" : " " + cell_text(place));
  }
  if (rows.size() > most) out.print("\n{} more\n", rows.size() - most);
}

void put_folded(const char* title, const std::vector<const ComparedRow*>& rows, std::size_t most, Out& out) {
  if (rows.empty()) return;
  out.print("\n<details><summary>{} {}</summary>\n\n", rows.size(), title);
  put_rows(rows, most, out);
  out.put("\n</details>\n");
}

}  // namespace

void print_comparison_markdown(const Comparison& comparison, const ComparedSides& sides, std::size_t most,
                               Out& out) {
  std::vector<const ComparedRow*> worse, known, better, noise;
  for (const ComparedRow& row : comparison.rows) {
    if (row.verdict == ChangeKind::kNoise)
      noise.push_back(&row);
    else if (!is_worse(row))
      better.push_back(&row);
    else
      (row.is_known ? known : worse).push_back(&row);
  }
  out.print("### memsnap diff: {}\n\n{} \u2192 {}: {}\n",
            worse.empty() ? "no regression" : counts_words(comparison), cell_text(sides.before),
            cell_text(sides.after), cell_text(comparison.summary));
  if (!comparison.problems.empty()) out.put("\n");
  for (const std::string& problem : comparison.problems) out.print("- {}\n", cell_text(problem));
  if (!worse.empty()) {
    out.put("\n");
    put_rows(worse, most, out);
  }
  put_folded("known", known, most, out);
  put_folded("better", better, most, out);
  put_folded("may be noise", noise, most, out);
}

}  // namespace memsnap
