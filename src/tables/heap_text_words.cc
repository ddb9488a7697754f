#include "tables/heap_text_words.h"

#include <charconv>
#include <cmath>

namespace memsnap {

namespace {

// Appends the words of one line; false when a quote does not end.
bool split_words(std::string_view line, std::vector<std::string>& words) {
  for (std::size_t at = 0; at < line.size();) {
    char c = line[at];
    if (c == ' ' || c == '\t') {
      ++at;
    } else if (c == '#') {
      return true;
    } else if (c == ',') {
      words.emplace_back(",");
      ++at;
    } else {
      std::string word;
      bool quoted = false;
      for (; at < line.size(); ++at) {
        c = line[at];
        if (c == '"')
          quoted = !quoted;
        else if (!quoted && (c == ' ' || c == '\t'))
          break;
        else if (!quoted && c == ',' && (at + 1 == line.size() || line[at + 1] == ' '))
          break;
        else
          word += c;
      }
      if (quoted) return false;
      words.push_back(std::move(word));
    }
  }
  return true;
}

}  // namespace

Result<std::vector<Statement>> split_statements(std::string_view text) {
  std::vector<Statement> statements;
  int number = 0;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++number;
    std::vector<std::string> words;
    if (!split_words(line, words)) return fail(Cause::bad_input, "line {}: a quote does not end", number);
    if (words.empty()) continue;
    bool continues = line.front() == ' ' || line.front() == '\t';
    if (continues && statements.empty())
      return fail(Cause::bad_input, "line {}: begins with blanks, but there is nothing to continue", number);
    if (!continues) statements.push_back({number, {}});
    auto& all = statements.back().words;
    all.insert(all.end(), words.begin(), words.end());
  }
  return statements;
}

Result<double> to_number(std::string_view word) {
  double value = 0;
  auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  std::string_view unit = word.substr(std::size_t(end - word.data()));
  double factor = unit.empty()  ? 1
                  : unit == "K" ? 1 << 10
                  : unit == "M" ? 1 << 20
                  : unit == "G" ? 1 << 30
                                : 0;
  if (error != std::errc{} || factor == 0 || !std::isfinite(value))
    return fail(Cause::bad_input, "{}: not a number", word);
  return value * factor;
}

Result<std::uint64_t> to_count(std::string_view word) {
  double value = TRY(to_number(word));
  if (value < 0 || value > 9e15) return fail(Cause::bad_input, "{}: not a count", word);
  return std::uint64_t(std::llround(value));
}

Result<std::uint64_t> to_nanoseconds(std::string_view word) {
  struct Unit {
    std::string_view name;
    double ns;
  };
  static constexpr Unit kUnits[] = {{"ns", 1},  {"us", 1e3}, {"ms", 1e6},
                                    {"s", 1e9}, {"m", 60e9}, {"h", 3600e9}};
  for (const Unit& unit : kUnits) {
    if (!word.ends_with(unit.name)) continue;
    auto value = to_number(word.substr(0, word.size() - unit.name.size()));
    if (value && *value >= 0) return std::uint64_t(std::llround(*value * unit.ns));
  }
  return fail(Cause::bad_input, "{}: not a duration such as 600s", word);
}

Result<SourcePlace> to_place(std::string_view word) {
  std::size_t colon = word.rfind(':');
  auto line = colon == std::string_view::npos ? fail(Cause::bad_input, "") : to_count(word.substr(colon + 1));
  if (!line) return fail(Cause::bad_input, "{}: not a place such as main.go:12", word);
  return SourcePlace{std::string(word.substr(0, colon)), std::uint32_t(*line)};
}

Result<Attributes> Attributes::of(std::vector<std::string>::const_iterator from,
                                  std::vector<std::string>::const_iterator to) {
  Attributes attributes;
  for (; from != to; ++from) {
    std::size_t sign = from->find('=');
    Value value{.text = sign == std::string::npos ? "" : from->substr(sign + 1),
                .bare = sign == std::string::npos};
    if (!attributes.values_.emplace(from->substr(0, sign), std::move(value)).second)
      return fail(Cause::bad_input, "{}: given twice", *from);
  }
  return attributes;
}

bool Attributes::flag(const std::string& word) {
  auto at = values_.find(word);
  if (at == values_.end() || !at->second.bare) return false;
  return at->second.used = true;
}

std::string Attributes::text(const std::string& key) {
  auto at = values_.find(key);
  if (at == values_.end() || at->second.bare) return {};
  at->second.used = true;
  return at->second.text;
}

Result<std::uint64_t> Attributes::number(const std::string& key, std::uint64_t otherwise) {
  std::string word = text(key);
  if (word.empty()) return otherwise;
  return to_count(word);
}

Result<void> Attributes::all_used() const {
  for (const auto& [key, value] : values_)
    if (!value.used) return fail(Cause::bad_input, "{}: not known here", key);
  return {};
}

}  // namespace memsnap
