#include "profile/tag_filter.h"

#include "profile/units.h"

#include <fmt/format.h>

#include <charconv>

namespace memsnap {
namespace {

struct Quantity {
  std::string_view whole, digits, unit;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The first sign, digits and letters at or behind `from`; an empty `whole` when there are none.
Quantity find_quantity(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    std::size_t digits = at;
    if (text[at] == '+' || text[at] == '-') ++digits;
    std::size_t end = digits;
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end == digits) continue;
    std::size_t unit = end;
    while (end < text.size() && is_letter(text[end])) ++end;
    return {text.substr(at, end - at), text.substr(at, unit - at), text.substr(unit, end - unit)};
  }
  return {};
}

Result<std::int64_t> number_of(std::string_view digits) {
  std::int64_t value = 0;
  std::string_view text = digits;
  if (text.starts_with('+')) text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return fail(Cause::usage, "failed to parse int {}: expected at most 64 bits", digits);
  return value;
}

}  // namespace

bool TagRange::holds(std::int64_t value, std::string_view of_unit) const {
  ScaledValue scaled = scale_value(value, of_unit, unit);
  return scaled.unit == unit && (!least || scaled.value >= *least) && (!most || scaled.value <= *most);
}

Result<std::optional<TagRange>> parse_tag_range(const std::string& text) {
  Quantity first = find_quantity(text, 0);
  if (first.whole.empty()) return std::nullopt;
  std::size_t behind = std::size_t(first.whole.data() - text.data()) + first.whole.size();
  Quantity second = find_quantity(text, behind);
  ScaledValue low = scale_value(TRY(number_of(first.digits)), first.unit, first.unit);
  if (second.whole.empty()) {
    if (text == first.whole) return TagRange{low.unit, low.value, low.value};
    if (text == std::string(first.whole) + ":") return TagRange{low.unit, low.value, {}};
    if (text == ":" + std::string(first.whole)) return TagRange{low.unit, {}, low.value};
    return std::nullopt;
  }
  if (text != fmt::format("{}:{}", first.whole, second.whole)) return std::nullopt;
  ScaledValue high = scale_value(TRY(number_of(second.digits)), second.unit, low.unit);
  if (high.unit != low.unit) return std::nullopt;
  return TagRange{low.unit, low.value, high.value};
}

Result<TagFilter> TagFilter::compile(const std::string& name, const std::string& value,
                                     std::vector<std::string>& remarks) {
  TagFilter filter;
  std::string rest = value;
  if (std::size_t equals = value.find('='); equals != std::string::npos) {
    filter.key_ = value.substr(0, equals);
    rest = value.substr(equals + 1);
  }
  filter.range_ = TRY(parse_tag_range(rest));
  if (filter.range_) {
    remarks.push_back(fmt::format("{}:Interpreted '{}' as range, not regexp", name, rest));
    return filter;
  }
  for (std::size_t at = 0; at <= rest.size();) {
    std::size_t comma = std::min(rest.find(',', at), rest.size());
    Result<Regex> expression = Regex::compile(rest.substr(at, comma - at));
    if (!expression) return fail(Cause::usage, "parsing {} regexp: {}", name, expression.error().what);
    filter.expressions_.push_back(std::move(*expression));
    at = comma + 1;
  }
  return filter;
}

bool TagFilter::matches(const Profile& profile, std::span<const ProfileLabel> labels,
                        const LabelUnits& units) const {
  if (range_) return matches_range(profile, labels, units);
  return key_ ? matches_key(profile, labels) : matches_all(profile, labels);
}

bool TagFilter::matches_range(const Profile& profile, std::span<const ProfileLabel> labels,
                              const LabelUnits& units) const {
  for (const ProfileLabel& label : labels) {
    if (label.is_text() || (key_ && profile.text(label.key) != *key_)) continue;
    if (range_->holds(label.value, units[label.key])) return true;
  }
  return false;
}

// With a key one of the expressions must match one of its texts.
bool TagFilter::matches_key(const Profile& profile, std::span<const ProfileLabel> labels) const {
  for (const ProfileLabel& label : labels) {
    if (!label.is_text() || profile.text(label.key) != *key_) continue;
    for (const Regex& expression : expressions_)
      if (expression.matches(profile.text(label.text()))) return true;
  }
  return false;
}

// Without a key each of the expressions must match some key:text.
bool TagFilter::matches_all(const Profile& profile, std::span<const ProfileLabel> labels) const {
  for (const Regex& expression : expressions_) {
    bool matched = false;
    for (const ProfileLabel& label : labels)
      if (label.is_text() && !matched)
        matched =
            expression.matches(fmt::format("{}:{}", profile.text(label.key), profile.text(label.text())));
    if (!matched) return false;
  }
  return true;
}

}  // namespace memsnap
