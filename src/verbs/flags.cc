#include "verbs/flags.h"

#include "base/text.h"
#include "driver/go_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

namespace memsnap {
namespace {

std::vector<std::string> split(std::string_view text, char by) {
  std::vector<std::string> parts;
  while (true) {
    std::size_t at = text.find(by);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

Result<void> check_value(const Flag& flag, std::string_view value) {
  std::string shown = escape_terminal(value);
  switch (flag.kind) {
    case FlagKind::kSwitch:
      if (!go_parse_bool(value))
        return fail(Cause::usage, "{}: got {}, want true or false", dashed(flag.name), shown);
      break;
    case FlagKind::kNumber: {
      auto number = parse_number(value);
      if (!number || *number < flag.least)
        return fail(Cause::usage, "{}: got '{}', want a whole number of at least {}", dashed(flag.name),
                    shown, flag.least);
      break;
    }
    case FlagKind::kInteger:
      if (!go_parse_int(value))
        return fail(Cause::usage, "{}: got '{}', want a whole number", dashed(flag.name), shown);
      break;
    case FlagKind::kReal:
      if (!go_parse_float(value))
        return fail(Cause::usage, "{}: got '{}', want a number", dashed(flag.name), shown);
      break;
    case FlagKind::kDuration:
      if (!parse_duration(value))
        return fail(Cause::usage, "{}: got '{}', want a duration such as 5s, 100ms or 1m30s",
                    dashed(flag.name), shown);
      break;
    case FlagKind::kChoice: {
      auto choices = split(flag.choices, '|');
      if (std::ranges::find(choices, value) == choices.end())
        return fail(Cause::usage, "{}: got '{}', want one of {}", dashed(flag.name), shown, flag.choices);
      break;
    }
    case FlagKind::kPid: {
      auto number = parse_number(value);
      if (!number || *number == 0 || *number > std::uint64_t(std::numeric_limits<std::int32_t>::max()))
        return fail(Cause::usage, "{}: got '{}', want the number of a process", dashed(flag.name), shown);
      break;
    }
    case FlagKind::kAnyText: break;
    case FlagKind::kText:
    case FlagKind::kFile:
    case FlagKind::kFolder:
      if (value.empty()) return fail(Cause::usage, "{}: got nothing, want {}", dashed(flag.name), flag.value);
      break;
  }
  return {};
}

std::unexpected<Error> unknown_flag(std::string_view name, std::span<const Flag> known) {
  std::vector<std::string> names;
  for (const Flag& flag : known) names.emplace_back(flag.name);
  std::string near = nearest(name, names);
  std::string shown = escape_terminal(name);
  if (near.empty()) return fail(Cause::usage, "no flag {} here", dashed(shown));
  return fail(Cause::usage, "no flag {} here; did you mean {}?", dashed(shown), dashed(near));
}

}  // namespace

std::string dashed(std::string_view name) { return (name.size() == 1 ? "-" : "--") + std::string(name); }

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::nanoseconds(0);
  struct Unit {
    std::string_view name;
    double ns;
  };
  // The longer names first: m would match ms.
  static constexpr Unit kUnits[] = {{"ns", 1},   {"us", 1e3}, {"\u00b5s", 1e3}, {"\u03bcs", 1e3},
                                    {"ms", 1e6}, {"s", 1e9},  {"m", 60e9},      {"h", 3600e9}};
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    std::size_t digits = text.find_first_not_of("0123456789.");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    double value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + digits, value, std::chars_format::fixed);
    if (error != std::errc{} || end != text.data() + digits) return std::nullopt;
    text.remove_prefix(digits);
    const Unit* unit = std::ranges::find_if(kUnits, [&](const Unit& u) { return text.starts_with(u.name); });
    if (unit == std::end(kUnits)) return std::nullopt;
    text.remove_prefix(unit->name.size());
    total += value * unit->ns;
  }
  if (total > 9.2e18) return std::nullopt;
  return std::chrono::nanoseconds(std::llround(total));
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  std::string best;
  if (word.size() < 2 || word.size() > 64) return best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    bool begins = word.size() >= 2 && candidate.starts_with(word);
    std::size_t distance = edit_distance(word, candidate);
    if (begins) distance = std::min<std::size_t>(distance, 1);
    if (distance < least) least = distance, best = candidate;
  }
  return best;
}

Flags::Flags(std::span<const Flag> known) {
  for (const Flag& flag : known)
    values_[flag.name] = flag.kind == FlagKind::kSwitch && !*flag.standard ? "false" : flag.standard;
}

Result<Flags> Flags::parse(std::span<const std::string> words, std::span<const Flag> known) {
  Flags flags(known);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (word == "--") {
      flags.targets_.insert(flags.targets_.end(), words.begin() + std::ptrdiff_t(i) + 1, words.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      flags.targets_.emplace_back(word);
      continue;
    }
    std::string_view name = word.substr(word.starts_with("--") ? 2 : 1);
    std::optional<std::string> value;
    if (std::size_t equals = name.find('='); equals != std::string_view::npos) {
      value = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    auto flag = std::ranges::find_if(known, [&](const Flag& f) { return name == f.name; });
    if (flag == known.end()) return unknown_flag(name, known);
    if (!value && flag->kind == FlagKind::kSwitch) value = "true";
    if (!value && i + 1 < words.size()) value = words[++i];
    if (!value) return fail(Cause::usage, "{0} needs a value: {0} {1}", dashed(flag->name), flag->value);
    TRY_VOID(check_value(*flag, *value));
    flags.values_[flag->name] = std::move(*value);
    flags.given_[flag->name] = true;
  }
  return flags;
}

const std::string& Flags::text(std::string_view name) const {
  auto value = values_.find(name);
  CHECK(value != values_.end());
  return value->second;
}

bool Flags::on(std::string_view name) const { return go_parse_bool(text(name)).value_or(false); }

std::uint64_t Flags::number(std::string_view name) const { return parse_number(text(name)).value_or(0); }

std::chrono::nanoseconds Flags::duration(std::string_view name) const {
  return parse_duration(text(name)).value_or(std::chrono::nanoseconds(0));
}

}  // namespace memsnap
